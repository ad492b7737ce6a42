"""The page of reads in igv.js itself: it draws, asks for nothing and can be steered."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "reports"))

from report_builders import RUN, germline_tables, pack, sample
from test_read_pages import BASES, LENGTH, POS, START, write_alignments

from apothecary.reports import igv, model, reads

pytestmark = pytest.mark.browser

_READY = """new Promise((done) => {
  const drawn = () => document.getElementById("igv").dataset.ready;
  const look = () => (drawn() ? done(true) : setTimeout(look, 50));
  look();
})"""


@pytest.fixture(scope="module")
def page(tmp_path_factory, npm, repository) -> Path:
    place = tmp_path_factory.mktemp("reads")
    write_alignments(place / "HG00276.bam", 40)
    (place / "ref.fa").write_text(f">chr10:{START}-{START + LENGTH - 1}\n{BASES}\n")
    made = model.build_model(sample(format="bam"), germline_tables(), pack(), RUN)
    program = igv.load(npm("igv/dist/igv.min.js"), repository / "resources" / "igv_releases.tsv")
    files = {"HG00276": str(place / "HG00276.bam")}
    reads.write_pages(place / "out", [made], files, place / "ref.fa", program)
    return place / "out" / "HG00276.html"


def test_reads_are_drawn_and_nothing_is_asked_for(browser, page):
    browser.open(page.as_uri())
    assert browser.run(_READY)
    assert browser.requests() == [page.as_uri()]
    assert browser.complaints() == []
    inside = "document.getElementById('igv').shadowRoot"
    browser.run("document.querySelector('button[data-locus]').click()")
    shown = f"{inside}.querySelector('.igv-search-input').value"
    assert browser.run(shown).replace(",", "") == f"chr10:{POS - 150}-{POS + 150}"
    assert browser.run(f"{inside}.querySelectorAll('canvas').length") > 2


def test_axe_finds_nothing_in_what_is_ours(browser, page, axe):
    browser.open(page.as_uri())
    assert browser.run(_READY)
    for scheme in ("light", "dark"):
        browser.scheme(scheme)
        assert browser.violations(axe, without="#igv") == [], scheme
