"""Coroutines and the protocol's values for gdb: gdb -nx -x chapters/debugger/cotorra_gdb.py PROGRAM

See README.md beside this file, and "help co" inside gdb. For what g++ makes, built with -O0 -g:
tried with GCC 12 and gdb 13 (Debian 12), GCC 14 and gdb 16 (Debian 13)."""
import os
import sys

import gdb

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
for _name in [n for n in sys.modules if n.split(".")[0] == "coroutines"]:
    del sys.modules[_name]      # sourced again: read again

from coroutines import going, looking, printers, threads  # noqa: E402

for _setting in ("pagination off", "confirm off", "print frame-arguments none", "print thread-events off",
                 "debuginfod enabled off"):
    gdb.execute(f"set {_setting}", to_string=True)
printers.register()
looking.register()
going.register()
threads.census.begin()

print("Coroutines: co next, co step, co finish, co bt, co up, co down, co locals, co all, co select, "
      "co break NAME.\n"
      "\"help co\" says more. Begin with: co break NAME, then run.")
