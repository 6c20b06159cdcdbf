"""Measures readers' pages with Lighthouse, as a phone gets them.

    python -m bench.lighthouse

starts the demo newsroom in a state of its own, installs Lighthouse from the npm registry into
build/lighthouse (needs Node.js), and prints the median of three runs for each page. Exit code 1
where one is below 100. It needs a machine with nothing else to do: on a busy one, performance
drops by tens of points.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.machine.browser import browser
from tests.running import ROOT, running

PACKAGE = "lighthouse@12.8.2"  # the newest that Node.js 20 takes
ATTEMPTS = 3
HOME = ROOT / "build" / "lighthouse"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
PAGES = {
    "article": "/articles/us-japan-alliance-pentagon-chief/",
    "front": "/",
    "section": "/sections/world/",
    "search": "/search/?q=japan",
}
# Search engines are to keep out of what readers searched for, which costs points there.
UNJUDGED = {("search", "seo")}
CHROMIUM = (
    "--headless=new --no-sandbox --disable-gpu --disable-background-networking --no-first-run"
)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="a directory for the full reports")
    options = parser.parse_args()
    lighthouse = _installed()
    below = 0
    print(f"{'':10}" + "".join(f"{category:>16}" for category in CATEGORIES))
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as newsroom:
        for name, path in PAGES.items():
            reports = [
                _report(lighthouse, newsroom.url + path, options.keep, f"{name}-{number}")
                for number in range(options.times)
            ]
            medians = [statistics.median(_score(each, of) for each in reports) for of in CATEGORIES]
            print(f"{name:10}" + "".join(f"{median:>16.0f}" for median in medians), flush=True)
            judged = zip(CATEGORIES, medians, strict=True)
            below += sum(median < 100 for of, median in judged if (name, of) not in UNJUDGED)
    return int(below > 0)


def _installed() -> Path:
    program = HOME / "node_modules" / ".bin" / "lighthouse"
    if not program.exists():
        npm = shutil.which("npm")
        if npm is None:
            sys.exit("Lighthouse needs Node.js and npm.")
        HOME.mkdir(parents=True, exist_ok=True)
        subprocess.run([npm, "install", "--silent", "--no-audit", PACKAGE], cwd=HOME, check=True)
    return program


def _report(lighthouse: Path, url: str, keep: Path | None, name: str) -> dict[str, object]:
    for _ in range(ATTEMPTS):
        done = _run(lighthouse, url)
        if done.returncode == 0:
            break
        print(done.stderr, file=sys.stderr)  # now and then it loses the trace, and says so
    done.check_returncode()
    if keep:
        keep.mkdir(parents=True, exist_ok=True)
        (keep / f"{name}.json").write_text(done.stdout)
    report: dict[str, object] = json.loads(done.stdout)
    return report


def _run(lighthouse: Path, url: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            lighthouse,
            url,
            "--quiet",
            "--output=json",
            "--form-factor=mobile",
            f"--only-categories={','.join(CATEGORIES)}",
            f"--chrome-flags={CHROMIUM}",
        ],
        env=os.environ | {"CHROME_PATH": str(browser() or "")},
        capture_output=True,
        text=True,
    )


def _score(report: dict[str, object], category: str) -> float:
    categories = report["categories"]
    assert isinstance(categories, dict)
    return 100 * float(categories[category]["score"] or 0)


if __name__ == "__main__":
    sys.exit(main())
