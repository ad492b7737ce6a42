"""How soon the dashboard of a run of 1,000 samples opens in a browser.

    python benchmarks/dashboard.py

Chromium loads the page from disk, without a window, three times; a script that is no part of the
page tells when its tables were drawn and laid out. Printed are the three times and the limit of
the design, and the size of the page.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "tests" / "reports"), str(ROOT / "tests")]
sys.path.append(str(ROOT / "benchmarks"))

from dashboard_examples import many  # noqa: E402
from run_page import LIMIT, NAMES, WATCH, opened  # noqa: E402

from apothecary.reports import dashboard  # noqa: E402

SAMPLES = 1000


def main() -> None:
    browser = next(filter(None, map(shutil.which, NAMES)), None)
    if browser is None:
        sys.exit("no Chromium on this machine: the page was not opened")
    # The watch is no part of the page, so its policy is lifted for the measurement.
    made = dashboard.render(many(SAMPLES))
    text = re.sub(r"<meta http-equiv=[^>]*>", "", made).replace("</body>", WATCH)
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "dashboard.html"
        page.write_text(text, encoding="utf-8")
        times = [opened(browser, page, Path(folder) / f"profile{n}") for n in range(3)]
    listed = ", ".join(f"{seconds:.2f}" for seconds in times)
    print(f"{SAMPLES:,} samples, {len(made) / 1e6:.1f} MB: opened in {listed} s; limit {LIMIT:g} s")


if __name__ == "__main__":
    main()
