"""Reports in a real browser: they draw, ask for nothing and run nothing foreign."""

from __future__ import annotations

import http.server
import os
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "reports"))

from devtools import QUIET, find
from report_builders import (
    RUN,
    germline_tables,
    pack,
    recommendation,
    sample,
    tumor_sample,
    tumor_tables,
)

from apothecary.reports import html, model, run_page
from apothecary.reports.summary import summary

pytestmark = pytest.mark.browser


@pytest.fixture(scope="session")
def chromium() -> str:
    if found := find():
        return found
    if os.environ.get("CI") == "true" and os.environ.get("APOTHECARY_BROWSER") == "1":
        pytest.fail("no Chromium, although this job is for the tests in a browser")
    pytest.skip("no Chromium on this machine: pages were not opened in a browser")


@pytest.fixture
def browse(chromium, tmp_path):
    """Start a browser of its own on an address; gives what it printed."""

    def run(address: str, *options: str) -> str:
        profile = tmp_path / "profile"
        shutil.rmtree(profile, ignore_errors=True)
        command = [chromium, *QUIET, f"--user-data-dir={profile}", *options, address]
        done = subprocess.run(command, capture_output=True, timeout=120, check=False)
        return done.stdout.decode("utf-8", "replace")

    return run


@pytest.fixture
def server(tmp_path):
    """A server that remembers what was asked of it; gives its address and the paths asked."""
    asked: list[str] = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments):
            super().__init__(*arguments, directory=str(tmp_path))

        def do_GET(self):
            asked.append(self.path)
            super().do_GET()

        def log_message(self, *_):
            pass

    listening = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.server_port}", asked
    listening.shutdown()
    listening.server_close()


def germline(rows=None):
    return model.build_model(sample(), rows or germline_tables(), pack(), RUN)


def tumor():
    return model.build_model(tumor_sample(), tumor_tables(), pack(), RUN)


def run_of(count: int) -> str:
    one = summary(germline())
    genes = [
        {
            "gene": f"GENE{n:02}",
            "diplotype": "*1/*2",
            "phenotype": "Intermediate Metabolizer",
            "called": True,
        }
        for n in range(23)
    ]
    medicines = [
        {"drug": f"medicine{n}", "action": "avoid", "action_words": "Avoid", "taken": n == 0}
        for n in range(20)
    ]
    names = [f"S{n:05}" for n in range(count)]
    found = [{**one, "sample_id": name, "genes": genes, "medicines": medicines} for name in names]
    rows = [sample(name, row=n) for n, name in enumerate(names, start=2)]
    links = {name: f"reports/b/{name}" for name in names}
    return run_page.render_run(run_page.build_run_model(rows, found, links))


@pytest.mark.parametrize("width", [1280, 500])
@pytest.mark.parametrize("made", [germline, tumor], ids=["germline", "tumor"])
def test_a_report_is_drawn(made, width, browse, tmp_path):
    page = tmp_path / "page.html"
    page.write_text(html.render_sample(made()), encoding="utf-8")
    picture = tmp_path / "page.png"
    browse(page.as_uri(), f"--screenshot={picture}", f"--window-size={width},1600")
    # A page without content gives a picture of a few kB.
    assert picture.stat().st_size > 40_000


def test_a_page_asks_for_nothing_but_itself_and_runs_nothing_foreign(browse, tmp_path, server):
    address, asked = server
    attack = (
        f'<img src="{address}/stolen" onerror="document.title=1">'
        f'<script src="{address}/stolen"></script><style>@import "{address}/stolen";</style>'
    )
    rows = germline_tables()
    rows["recommendations"].append(
        recommendation("HG00276", attack, "CPIC", "avoid", dose_change=attack, population=attack)
    )
    for item in rows["diplotypes"]:
        item["warnings"] = [attack]
    for name, text in (
        ("sample.html", html.render_sample(germline(rows))),
        ("run.html", run_page.render_run(_run_with(rows))),
        # What a hole in the escaping would let through, the policy must still stop.
        ("hole.html", html.render_sample(germline()).replace("</main>", f"{attack}</main>")),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
        asked.clear()
        shown = browse(f"{address}/{name}", "--dump-dom")
        assert re.search(r"<title>[^<]*(HG00276|Batch)", shown)
        assert set(asked) <= {f"/{name}", "/favicon.ico"}, name


def _run_with(rows):
    made = germline(rows)
    return run_page.build_run_model([sample()], [summary(made)], {"HG00276": "reports/b/HG00276"})


def test_filter_and_sort_work_under_the_policy(browse, tmp_path):
    page = tmp_path / "run.html"
    page.write_text(run_of(3), encoding="utf-8")
    shown = browse(page.as_uri(), "--dump-dom")
    assert '<html lang="en" class="js">' in shown
    assert '<button type="button">Status</button>' in shown


def test_a_run_of_a_thousand_samples_opens(browse, tmp_path):
    """How soon it opens is printed by `benchmarks/run_page.py`."""
    page = tmp_path / "run.html"
    page.write_text(run_of(1000), encoding="utf-8")
    shown = browse(page.as_uri(), "--dump-dom")
    assert shown.count("reports/b/S") == run_of(1000).count("reports/b/S") >= 1000
    assert "reports/b/S00999" in shown
