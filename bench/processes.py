"""What a server takes of the machine: the time of its processors, and their memory.

Both are of a process and all that descend from it, as Linux counts them below /proc.
"""

import os
from collections.abc import Iterator
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
MEGABYTE = 1_000_000


def family(root: int) -> list[int]:
    """The process and its descendants that run now."""
    children: dict[int, list[int]] = {}
    for pid, fields in _all():
        children.setdefault(int(fields[1]), []).append(pid)
    found = [root]
    for pid in found:
        found += children.get(pid, [])
    return found


def processor_seconds(root: int) -> float:
    """What the family has worked so far, in the kernel too, with children that have ended."""
    ticks = 0
    for pid in family(root):
        if fields := _fields(pid):
            ticks += sum(int(each) for each in fields[11:15])
    return ticks / TICKS


def megabytes(root: int) -> dict[str, float]:
    """The proportional set size (PSS) of each of the family, by its name and number: memory that
    two processes share counts half for each."""
    found = {}
    for pid in family(root):
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except (OSError, ProcessLookupError):
            continue  # it has ended meanwhile
        pss = next((line for line in lines if line.startswith("Pss:")), None)
        if pss:
            found[f"{_name(pid)} {pid}"] = int(pss.split()[1]) * 1024 / MEGABYTE
    return found


def _all() -> Iterator[tuple[int, list[str]]]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _fields(int(entry.name))):
            yield int(entry.name), fields


def _fields(pid: int) -> list[str]:
    """Those of /proc/<pid>/stat behind the name, from its state on; none where it has ended."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (OSError, ProcessLookupError):
        return []
    return text.rpartition(")")[2].split()


def _name(pid: int) -> str:
    """What it calls itself."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip().removeprefix("newsroom ")
    except (OSError, ProcessLookupError):
        return "ended"
