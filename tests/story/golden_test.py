#!/usr/bin/env python3
"""golden_test.py PROGRAM [--refill]: does a failing story still say, word for word, what golden.txt says?

PROGRAM is built of failing.cpp; every test in it fails. What Catch2 puts around a failure (which differs
between its versions) is left out, and the number of a line in src is written as N."""
import difflib
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
GOLDEN = os.path.join(HERE, "golden.txt")


def said(program, test):
    """What the program prints when this test fails, without Catch2's frame."""
    env = dict(os.environ, COTORRA_ROOT=os.path.join(HERE, "course"))
    run = subprocess.run([program, test], env=env, text=True, capture_output=True)
    told, inside = [], False
    for line in run.stdout.splitlines():
        if line.endswith("with message:"):
            told += [line] if "unexpected" in line else []
            inside = True
        elif not line.strip():
            told += [""] if inside else []
            inside = False
        elif inside:
            told.append(line)
    told += [line for line in run.stderr.splitlines()]
    text = "\n".join(line.rstrip() for line in told).strip("\n")
    return re.sub(r"(src/\S+\.cpp):\d+", r"\1:N", text) or "IT DID NOT FAIL"


def tests(program):
    listed = subprocess.run([program, "--list-test-names-only"], text=True, capture_output=True).stdout
    if not listed.strip() or "--" in listed.splitlines()[0]:
        listed = subprocess.run([program, "--list-tests", "--verbosity", "quiet"], text=True, capture_output=True).stdout
    return [line.strip() for line in listed.splitlines() if line.strip()]


def main(program, *words):
    now = "".join(f"=== {test}\n{said(program, test.replace(',', chr(92) + ','))}\n\n" for test in tests(program))
    if "--refill" in words:
        with open(GOLDEN, "w", encoding="utf-8") as f:
            f.write(now)
    with open(GOLDEN, encoding="utf-8") as f:
        golden = f.read()
    difference = list(difflib.unified_diff(golden.splitlines(), now.splitlines(), "golden.txt", "now", lineterm=""))
    print("\n".join(difference) or f"{now.count('=== ')} failures read as they should")
    return 1 if difference else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
