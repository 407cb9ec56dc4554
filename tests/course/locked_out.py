"""Places where nobody may write: a folder's mode says so, and root obeys it, too. Neither /sys nor a disk of
our own is needed."""
import os
import sys
import tempfile


def folder(test):
    """A folder with nothing in it, and nothing can be put there until the test is over."""
    at = tempfile.TemporaryDirectory()
    test.addCleanup(at.cleanup)
    os.chmod(at.name, 0o555)
    test.addCleanup(os.chmod, at.name, 0o755)
    return at.name


def command(*words):
    """These words, run without root's right to pass over modes."""
    if os.geteuid() != 0:
        return list(words)
    return ["setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override", "--", *words]


def python(*words):
    return command(sys.executable, "-B", *words)
