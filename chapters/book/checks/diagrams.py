"""Each diagram is what its trace says, and each trace is what the program says today."""
import filecmp
import os
import shutil
import subprocess
import tempfile

import diagram
from places import ROOT

TRACES = sorted({trace for _, trace, _ in diagram.PICTURES})


def recorder():
    """tests/story/record.cpp, built: COTORRA_RECORD or the release build's."""
    return os.environ.get("COTORRA_RECORD") or os.path.join(ROOT, "build/release/tests/record_conversations")


def traces(refill):
    if not os.access(recorder(), os.X_OK):
        yield "the traces cannot be recorded again: ninja -C build/release record_conversations"
        return
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([recorder(), folder], check=True)
        for trace in TRACES:
            old, new = os.path.join(ROOT, trace), os.path.join(folder, os.path.basename(trace))
            if os.path.exists(old) and filecmp.cmp(old, new, shallow=False):
                continue
            if refill:
                shutil.copyfile(new, old)
            else:
                yield f"{trace}: not what a fresh run says"


def check(refill):
    yield from traces(refill)
    for path, now in diagram.drawn():
        where = os.path.join(ROOT, path)
        old = ""
        if os.path.exists(where):
            with open(where, encoding="utf-8") as f:
                old = f.read()
        if old != now and refill:
            with open(where, "w", encoding="utf-8") as f:
                f.write(now)
        elif old != now:
            yield f"{path}: not what its trace says; chapters/check --refill diagrams"
