"""Gives the tests the module `cotorra` of this build, or ends them as skipped (in CI: as failed)."""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
MODULE = os.environ.get("COTORRA_MODULE", "build/release/python")
sys.path[:0] = [MODULE, os.path.join(HERE, "..", "interop")]

from desk import SKIPPED, note  # noqa: E402


def leave(lacking):
    if os.environ.get("CI") == "true":
        print("FAILED: CI runs every test, and", lacking)
        sys.exit(1)
    note("skipped: " + lacking)
    sys.exit(SKIPPED)


try:
    import cotorra  # noqa: F401
except ImportError:
    leave("the Python module is not built: apt-get install --no-install-recommends pybind11-dev python3-dev, "
          "then tests/run python")


def refused(error, call, *words, **named):
    """The sentence with which this call is refused."""
    try:
        call(*words, **named)
    except error as e:
        assert type(e) is error, type(e)
        return str(e)
    raise AssertionError(f"{call} took {words} {named}")


def run_all(module):
    """Calls each function of this dictionary whose name starts with test_."""
    failed = 0
    for name, test in list(module.items()):
        if not name.startswith("test_"):
            continue
        try:
            test()
        except Exception:
            import traceback
            traceback.print_exc()
            print("FAILED:", name[5:].replace("_", " "), flush=True)
            failed += 1
    return 1 if failed else 0
