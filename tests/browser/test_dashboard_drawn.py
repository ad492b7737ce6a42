"""The dashboard in a real browser: pages, choices and pictures are drawn, and soon."""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "reports"))

from dashboard_examples import many
from test_report_pages import browse, chromium  # noqa: F401 (fixtures)

from apothecary.reports import dashboard

pytestmark = pytest.mark.browser

# A lenient bar for machines that are shared; benchmarks/dashboard.py measures by itself.
LIMIT = 30.0


def test_a_thousand_samples_are_shown_in_pages_with_heat_map_and_tumors(
    browse,  # noqa: F811
    tmp_path,
):
    page = tmp_path / "dashboard.html"
    page.write_text(dashboard.render(many(1000)), encoding="utf-8")
    began = time.monotonic()
    shown = browse(page.as_uri(), "--dump-dom")
    assert time.monotonic() - began < LIMIT
    samples = shown.split('id="sample-table"')[1].split("</table>")[0]
    assert samples.count("<tr") == 51
    assert "1 to 50 of 1000" in shown
    heat = shown.split('id="heat-map"')[1].split("</table>")[0]
    assert heat.count("<tr") == 51
    assert heat.count("dash-fail") > 50
    drawn = shown.split('id="oncoprint"')[1].split("</table>")[0]
    assert len(re.findall(r"dash-tier-I\b", drawn)) > 20
    assert drawn.count("<tr") == 51
