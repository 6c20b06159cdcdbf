"""What was measured as a table for people and as JSON for programs."""

import json
import os
import platform
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.rows import Row
from tests.running import ROOT

COLUMNS = (
    ("cpu", "CPU ms", 3),
    ("per_second", "req/s", 0),
    ("p50", "p50 ms", 2),
    ("p99", "p99 ms", 1),
    ("size", "bytes", 0),
    ("share", "of nginx %", 1),
    ("megabytes", "MB", 0),
)


def table(rows: Sequence[Row]) -> str:
    """Fixed width, with the bars beside each row, met or not."""
    lines, group = [], ""
    wide = max(len(each.what) for each in rows) + 2
    head = "".join(f"{name:>11}" for _, name, _ in COLUMNS)
    for each in rows:
        if each.group != group:
            group = each.group
            lines += ["", f"{group:{wide}}{head}"]
        cells = "".join(_cell(each.values.get(name), digits) for name, _, digits in COLUMNS)
        note = f"  ({each.note})" if each.note else ""
        lines.append(f"{each.what:{wide}}{cells}  {_bars(each)}{note}".rstrip())
    return "\n".join(lines[1:])


def _bars(row: Row) -> str:
    return "; ".join(f"{bar} {'met' if bar.is_met(row.values) else 'NOT MET'}" for bar in row.bars)


def _cell(value: float | None, digits: int) -> str:
    return f"{'':11}" if value is None else f"{value:>11,.{digits}f}"


def markdown(rows: Sequence[Row], conditions: dict[str, Any]) -> str:
    """For docs/: a table a group, with the bars."""
    told = machine() | conditions
    lines = [
        "# Speed, measured",
        "",
        "Written by `make bench`; [figures.md](figures.md) says how. "
        f"On {told['at'][:10]}, commit {told['commit']}, {told['processors']} processors "
        f"({told['processor']}), Python {told['python']}, {told['size']} pieces; medians of "
        f"{told['times']} samples. The load of the machine was {told['load']} at the end.",
        "",
        "![CPU of one request, on a scale of powers of ten](bench.svg)",
    ]
    for group in dict.fromkeys(each.group for each in rows):
        of_group = [each for each in rows if each.group == group]
        columns = [each for each in COLUMNS if any(each[0] in row.values for row in of_group)]
        names = " | ".join(name for _, name, _ in columns)
        lines += ["", f"## {group[0].upper()}{group[1:]}", "", f"| | {names} | bar |"]
        lines.append("|---" * (len(columns) + 2) + "|")
        for each in of_group:
            cells = " | ".join(_cell(each.values.get(name), n).strip() for name, _, n in columns)
            lines.append(f"| {each.what.strip()} | {cells} | {_bars(each)} |")
        lines += [f"\n{each.what}: {each.note}." for each in of_group if each.note]
    return "\n".join(lines) + "\n"


def as_json(rows: Sequence[Row], conditions: dict[str, Any]) -> str:
    found = {"conditions": machine() | conditions, "rows": [each.as_json() for each in rows]}
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def machine() -> dict[str, Any]:
    """Where and when it was measured; `load` is of the machine when the report was made."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    ).stdout.strip()  # fmt: skip
    names = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit,
        "processors": os.cpu_count(),
        "processor": names[0] if names else platform.machine(),
        "python": platform.python_version(),
        "kernel": platform.release(),
        "load": round(os.getloadavg()[0], 2),
    }
