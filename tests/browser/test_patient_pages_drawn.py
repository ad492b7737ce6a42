"""Pages for patients in a real browser: they draw, ask for nothing, and their cards hold it all."""

from __future__ import annotations

import csv
import json
import os
import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "reports" / "patients"))
sys.path.insert(1, str(Path(__file__).resolve().parents[1] / "reports"))

from patient_builders import TERMS, WORDS, germline
from report_builders import germline_tables, recommendation
from test_report_pages import browse, chromium, server  # noqa: F401

from apothecary.reports.patients import pages

pytestmark = pytest.mark.browser

GENES = (["CYP2C19"], ["CYP2D6"], ["CYP2C19", "CYP2D6"], ["CYP2B6"], ["SLCO1B1"], ["DPYD"])
# Sizes in mm at 96 pixels an inch; by how much a card or the page is too small for what it holds.
MEASURE = """
const mm = (pixels) => pixels / 96 * 25.4;
const cards = [...document.querySelectorAll(".card")];
document.title = JSON.stringify({
  sizes: cards.map((card) => [mm(card.offsetWidth), mm(card.offsetHeight)]),
  over: cards.map((card) => Math.max(
    card.scrollHeight - card.clientHeight, card.scrollWidth - card.clientWidth)),
  wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
});
"""


@pytest.fixture(scope="module")
def crowded(repository):
    """The model of a person for whom every medicine of the dictionary asks for an action."""
    with (repository / "resources" / "drugs.tsv").open(encoding="utf-8", newline="") as stream:
        names = [row["name"] for row in csv.DictReader(stream, delimiter="\t")]
    rows = germline_tables()
    rows["recommendations"] = [
        recommendation("HG00276", name, "CPIC", "avoid", genes=GENES[place % len(GENES)])
        for place, name in enumerate(names)
    ]
    return germline(rows)


@pytest.mark.parametrize(("language", "width"), [("en", 1000), ("de", 500), ("es", 1000)])
def test_cards_are_of_the_size_of_a_wallet_and_nothing_is_cut_off(
    crowded,
    language,
    width,
    browse,  # noqa: F811
    tmp_path,
):
    markup = pages.render(crowded, WORDS[language], TERMS)
    # The page itself runs no script: this copy of it is let to.
    markup = re.sub(r"<meta http-equiv[^>]*>", "", markup)
    path = tmp_path / "page.html"
    path.write_text(markup.replace("</body>", f"<script>{MEASURE}</script></body>"), "utf-8")
    shown = browse(path.as_uri(), "--dump-dom", f"--window-size={width},900")
    found = json.loads(re.search(r"<title>(.*?)</title>", shown)[1])
    assert len(found["sizes"]) > 5
    assert found["over"] == [0] * len(found["sizes"])
    assert found["wide"] <= 0
    if width == 1000:
        for size in found["sizes"]:
            assert size == pytest.approx([85, 54], abs=0.6)


def test_pages_draw_and_ask_for_nothing(browse, tmp_path, server):  # noqa: F811
    address, asked = server
    attack = f'<img src="{address}/stolen"><script src="{address}/stolen"></script>'
    markup = pages.render(germline(), WORDS["en"], TERMS)
    # What a hole in the escaping would let through, the policy must still stop.
    (tmp_path / "page.en.html").write_text(markup.replace("</main>", f"{attack}</main>"), "utf-8")
    asked.clear()
    picture = tmp_path / "page.png"
    browse(f"{address}/page.en.html", f"--screenshot={picture}", "--window-size=500,1600")
    assert set(asked) <= {"/page.en.html", "/favicon.ico"}
    # A page without content gives a picture of a few kB.
    assert picture.stat().st_size > 40_000


@pytest.mark.parametrize("scheme", ["--blink-settings=preferredColorScheme=1", "--force-dark-mode"])
def test_axe_finds_nothing(browse, tmp_path, scheme):  # noqa: F811
    path = Path(os.environ.get("APOTHECARY_NPM", "build/npm")) / "node_modules/axe-core/axe.min.js"
    if not path.is_file():
        pytest.skip("axe-core is not installed (npm install --prefix build/npm axe-core)")
    look = (
        'axe.run(document, {resultTypes: ["violations"]}).then((found) => {'
        "document.title = found.violations.map((v) => v.id).join() || 'none'; })"
    )
    markup = re.sub(r"<meta http-equiv[^>]*>", "", pages.render(germline(), WORDS["de"], TERMS))
    scripts = f"<script>{path.read_text(encoding='utf-8')}</script><script>{look}</script>"
    page = tmp_path / "page.html"
    page.write_text(markup.replace("</body>", f"{scripts}</body>"), encoding="utf-8")
    shown = browse(page.as_uri(), "--dump-dom", "--virtual-time-budget=20000", scheme)
    assert re.search(r"<title>(.*?)</title>", shown)[1] == "none"
