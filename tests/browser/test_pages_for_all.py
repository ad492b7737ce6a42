"""Pages that all can read: axe-core finds nothing, in light, dark and grey; nothing complains."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "reports"))

from dashboard_examples import many
from hereditary_builders import lists_pack, person
from report_builders import (
    RUN,
    failed_tables,
    germline_tables,
    pack,
    sample,
    tumor_sample,
    tumor_tables,
)
from test_report_html import poisoned, poisoned_rows

from apothecary.reports import dashboard, html, model, run_page
from apothecary.reports.summary import summary

pytestmark = pytest.mark.browser

PAGES = ("germline", "hereditary", "tumor", "failed", "batch", "dashboard")
SCHEMES = ("light", "dark")
_OPEN = "document.querySelectorAll('details').forEach((d) => { d.open = true; })"
# How dark each text is on its ground when all colour is gone, by the formula of WCAG 2.
_GREY = """(() => {
  const channels = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = (c) => [0.2126, 0.7152, 0.0722].reduce((sum, part, n) => {
    const share = c[n] / 255;
    return sum + part * (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4);
  }, 0);
  const ground = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const c = channels(getComputedStyle(e).backgroundColor);
      if (c.length === 3 || c[3] > 0) return c;
    }
    return [255, 255, 255];
  };
  const told = {};
  for (const badge of document.querySelectorAll(".badge")) {
    const a = light(channels(getComputedStyle(badge).color)), b = light(ground(badge));
    const sign = getComputedStyle(badge, "::before").content;
    told[badge.className] = [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), sign,
      badge.textContent.trim()];
  }
  return told;
})()"""


def many_genes():
    """A germline sample of which many genes have positions that were not assessed."""
    rows = germline_tables()
    (partial,) = [one for one in rows["diplotypes"] if one["missing_sites"] and one["rank"] == 1][
        :1
    ]
    rows["diplotypes"] += [{**partial, "gene": f"GENE{n:02}"} for n in range(40)]
    return rows


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """The pages of made models, a file a page."""
    place = tmp_path_factory.mktemp("pages")
    models = {
        "germline": model.build_model(sample(), many_genes(), pack(), RUN),
        "hereditary": model.build_model(*person(), lists_pack(), RUN),
        "tumor": model.build_model(tumor_sample(), tumor_tables(), pack(), RUN),
        "failed": model.build_model(sample("BAD"), failed_tables("BAD"), pack(), RUN),
    }
    for name, made in models.items():
        (place / f"{name}.html").write_text(html.render_sample(made), encoding="utf-8")
    rows = [
        sample(m["identity"]["sample_id"], row=n, role=m["identity"]["role"])
        for n, m in enumerate(models.values(), start=2)
    ]
    links = {m["identity"]["sample_id"]: name for name, m in models.items()}
    # More than a page of samples, so that all of its controls are there.
    (place / "dashboard.html").write_text(dashboard.render(many(60)), encoding="utf-8")
    run = run_page.build_run_model(rows, [summary(m) for m in models.values()], links, "A place")
    (place / "batch.html").write_text(run_page.render_run(run), encoding="utf-8")
    return place


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_in_light_and_dark(name, browser, folder, axe):
    browser.open((folder / f"{name}.html").as_uri())
    browser.run(_OPEN)
    for scheme in SCHEMES:
        browser.scheme(scheme)
        assert browser.violations(axe) == [], scheme


def test_axe_would_find_what_cannot_be_read(browser, folder, axe):
    browser.open((folder / "failed.html").as_uri())
    browser.run("document.querySelector('h1').style.color = '#e8e8e8'")
    assert any(line.startswith("color-contrast") for line in browser.violations(axe))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_for_itself_only_and_nothing_complains(name, browser, folder):
    address = (folder / f"{name}.html").as_uri()
    browser.open(address)
    assert browser.requests() == [address]
    assert browser.complaints() == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_state_is_told_by_word_sign_and_contrast_without_colour(scheme, browser, folder):
    signs: dict[str, str] = {}
    for name in PAGES:
        browser.open((folder / f"{name}.html").as_uri(), scheme=scheme)
        for kind, (contrast, sign, word) in browser.run(_GREY).items():
            assert contrast >= 4.5, (name, kind, contrast)
            assert word
            signs[kind.removeprefix("badge ")] = sign
    # Actions that stand beside one another never share a sign.
    actions = ("avoid", "alternative", "standard_dosing", "monitor", "see_guideline")
    told = [signs[kind] for kind in actions if kind in signs]
    assert len(told) == len(set(told)) > 3
    assert "none" not in told


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_a_telephone_and_a_screen(name, browser, folder):
    for width in (360, 1100):
        browser.open((folder / f"{name}.html").as_uri(), width=width)
        browser.run(_OPEN)
        assert browser.run("document.documentElement.scrollWidth") <= width


def test_tables_sort_by_value_and_are_filtered(browser, folder):
    browser.open((folder / "germline.html").as_uri())
    table = "document.querySelector('#genes table')"
    first = f"{table}.tBodies[0].rows[0].cells[0].textContent"
    button = f"{table}.tHead.querySelector('button')"
    browser.run(f"{button}.click()")
    up = browser.run(first)
    browser.run(f"{button}.click()")
    assert browser.run(first) > up
    assert browser.run(f"{button}.parentElement.getAttribute('aria-sort')") == "descending"
    assert browser.run("order('9.5', '10.25') < 0 && order('0.5', '0.45') > 0")
    browser.run(f"keep([{table}], 'cyp2c19')")
    shown = f"Array.from({table}.tBodies[0].rows).filter((r) => !r.hidden).length"
    assert browser.run(shown) == 1


def test_without_a_script_all_of_it_is_there(browser, folder):
    browser.send("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.open((folder / "germline.html").as_uri())
        root = browser.send("DOM.getDocument")["root"]["nodeId"]
        held = browser.send("DOM.getOuterHTML", nodeId=root)["outerHTML"]
    finally:
        browser.send("Emulation.setScriptExecutionDisabled", value=False)
    assert 'class="js"' not in held
    assert "clopidogrel" in held
    assert "<summary>" in held


@pytest.mark.parametrize("letter", [False, True], ids=["A4", "Letter"])
def test_a_page_is_printed(letter, browser, folder, tmp_path):
    browser.open((folder / "germline.html").as_uri(), scheme="dark")
    path = tmp_path / "page.pdf"
    browser.printed(path, letter=letter)
    data = path.read_bytes()
    assert data.startswith(b"%PDF")
    assert data.count(b"/Type /Page\n") + data.count(b"/Type /Page ") >= 2


@pytest.mark.parametrize("kind", ["germline", "tumor", "failed"])
def test_a_script_in_any_text_is_shown_as_text(kind, browser, tmp_path):
    attack = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>"
    rows = {
        "germline": germline_tables(),
        "tumor": tumor_tables(),
        "failed": failed_tables("HG00276"),
    }[kind]
    who = tumor_sample() if kind == "tumor" else sample()
    who = {**who, **poisoned({k: v for k, v in who.items() if k not in ("role", "assay")}, attack)}
    who["subject_id"] = rows["consent"][0]["subject_id"]
    made = model.build_model(
        who, poisoned_rows(rows, attack), pack(), {**RUN, "laboratory": attack}
    )
    run = run_page.build_run_model([who], [summary(made)], {}, attack)
    for name, text in (("sample", html.render_sample(made)), ("run", run_page.render_run(run))):
        page = tmp_path / f"{name}.html"
        page.write_text(text, encoding="utf-8")
        browser.open(page.as_uri())
        browser.run(_OPEN)
        assert browser.requests() == [page.as_uri()]
        assert browser.complaints() == []
        assert browser.run("document.title") != "taken"
        assert browser.run("document.querySelectorAll('img').length") == 0
        assert browser.run("document.querySelectorAll('script').length") == 1
        assert browser.run("document.body.textContent").count("<img src=x onerror=") > 3
