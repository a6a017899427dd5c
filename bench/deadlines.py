"""The million deadlines of `examples/deadlines.rs`, asked of numpy's busday_offset: the same dates, the same days off
(weekends and holidays; numpy knows no worked Saturday), the same machine, one after the other. Each answer is compared.

usage: deadlines.py DIRECTORY    (written by the example)
"""

import pathlib
import sys
import time

import numpy as np

TRIES = 7
here = pathlib.Path(sys.argv[1])


def read(name):
    return np.fromfile(here / name, dtype="<i4")


received = read("received.i32").astype("datetime64[D]")
amounts = read("amounts.i32").astype(np.int64)
ours = read("due.i32").astype("datetime64[D]")
calendar = np.busdaycalendar(weekmask="1111100", holidays=read("off.i32").astype("datetime64[D]"))

best = float("inf")
for _ in range(TRIES):
    started = time.perf_counter()
    # The day of reception is not counted: from it, or from the working day before it, `amount` steps on.
    theirs = np.busday_offset(received, amounts, roll="backward", busdaycal=calendar)
    best = min(best, time.perf_counter() - started)

ours_ms = float((here / "ours.ms").read_text())
different = int((ours != theirs).sum())
print(f"numpy {np.__version__} busday_offset, the same {len(received)}: {best * 1e3:.1f} ms, best of {TRIES}")
print(f"times numpy: {ours_ms / (best * 1e3):.2f}; answers that differ: {different}")
sys.exit(different > 0)
