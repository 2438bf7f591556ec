"""Start a command and tell what it took: `python launching.py TOLD.json COMMAND...`.

A process of its own, and a small one: the system counts the memory of the process that starts another as that one's.
"""

import json
import os
import subprocess
import sys
import time

MEGABYTE = 1024**2 if sys.platform == "darwin" else 1024
"""How many of the system's units of memory a megabyte is."""

if __name__ == "__main__":
    begun = time.perf_counter()
    process = subprocess.Popen(sys.argv[2:])  # noqa: S603  # our own commands
    _, status, usage = os.wait4(process.pid, 0)
    told = {
        "seconds": time.perf_counter() - begun,
        "cpu": usage.ru_utime + usage.ru_stime,
        "peak": usage.ru_maxrss / MEGABYTE,
        "exit": os.waitstatus_to_exitcode(status),
    }
    with open(sys.argv[1], "w") as file:  # noqa: PTH123  # pathlib would take more memory
        json.dump(told, file)
