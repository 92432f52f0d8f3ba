"""Starting, and what a fresh web process holds in memory.

`gloed serve` a second time in the same data folder, from the command to the first page, against 5
seconds; the memory of the web process after its first page against 150 MB (Linux only).
"""

import time
from pathlib import Path

from benchmarks.ratios import Figure
from benchmarks.server import installation, web


def run() -> list[Figure]:
    """Start twice; measure the second time."""
    with installation("sqlite") as place:
        with web(place, "serve"):
            pass
        start = time.perf_counter()
        with web(place, "serve"):
            taken = time.perf_counter() - start
            heaviest = max(memory_of_webs(str(place.folder)), default=0.0)
    figures = [Figure("second start to the first page", taken, "s", 5, "target")]
    if heaviest:
        figures.append(Figure("web process after its first page", heaviest, "MB", 150, "target"))
    return figures


def memory_of_webs(folder: str) -> list[float]:
    """Resident megabytes of every process that serves pages for this data folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
            surroundings = (process / "environ").read_bytes()
            status = (process / "status").read_text()
        except OSError:
            continue
        if b"web" in words and folder.encode() in surroundings:
            kilobytes = int(status.partition("VmRSS:")[2].split()[0])
            found.append(kilobytes / 1000)
    return found
