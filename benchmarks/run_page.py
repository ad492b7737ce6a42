"""How soon the page of a run of 1,000 samples opens in a browser.

    python benchmarks/run_page.py

Chromium loads the page from disk, without a window, three times; a script that is no part of the
page tells when it was laid out. Printed are the three times and the limit of the design.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [
    str(ROOT / "scripts"),
    str(ROOT / "tests" / "reports"),
    str(ROOT / "tests" / "browser"),
]

from devtools import QUIET, find  # noqa: E402
from test_report_pages import run_of  # noqa: E402

LIMIT = 2.0
WATCH = (
    "<script>addEventListener('load', () => { document.body.offsetHeight;"
    "document.title = 'opened ' + performance.now(); })</script></body>"
)


def opened(browser: str, page: Path, profile: Path) -> float:
    """Seconds from the start of loading until the page is laid out."""
    command = [browser, *QUIET, f"--user-data-dir={profile}", "--dump-dom", page.as_uri()]
    shown = subprocess.run(command, capture_output=True, timeout=120, check=True).stdout
    return float(re.findall(r"<title>opened ([\d.]+)", shown.decode("utf-8", "replace"))[0]) / 1000


def main() -> None:
    browser = find()
    if browser is None:
        sys.exit("no Chromium on this machine: the page was not opened")
    # The watch is no part of the page, so its policy is lifted for the measurement.
    text = re.sub(r"<meta http-equiv=[^>]*>", "", run_of(1000)).replace("</body>", WATCH)
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "run.html"
        page.write_text(text, encoding="utf-8")
        times = [opened(browser, page, Path(folder) / f"profile{n}") for n in range(3)]
    listed = ", ".join(f"{seconds:.2f}" for seconds in times)
    print(f"1,000 samples, {len(text) / 1e6:.1f} MB: opened in {listed} s; limit {LIMIT:g} s")


if __name__ == "__main__":
    main()
