"""The section on oncogenicity, and the class beside the finding of a tumor."""

from __future__ import annotations

import pytest
from report_builders import RUN, failed_tables, pack, sample, tumor_sample, tumor_tables

from apothecary.reports import exports, html, model
from apothecary.reports.sections import SECTIONS


def built(**changes):
    tables = {**tumor_tables(), **changes}
    return model.build_model(tumor_sample(), tables, pack(), RUN)


def test_a_variant_has_its_class_points_codes_and_ledger():
    section = built()["oncogenicity"]
    (entry,) = section["variants"]
    assert (entry["class"], entry["points"]) == ("Likely Oncogenic", 9)
    assert entry["codes"] == ["OP4", "OS2", "OS3"]
    assert entry["not_assessed"] == ["OP2: told by no source here"]
    assert [line["code"] for line in entry["ledger"]] == ["OP3", "OP4", "OS2", "OS3"]
    assert entry["ledger"][0]["status_words"] == "excluded"


def test_silent_variants_are_counted_and_the_mask_is_told():
    words = " ".join(built()["oncogenicity"]["summary"])
    assert "Oncogenic from 10" in words
    assert "not listed here: 1" in words
    assert "was left out" in words


def test_the_class_stands_beside_the_finding():
    findings = {f["alteration"]: f["oncogenicity"] for f in built()["tumor"]["findings"]}
    assert findings["BRAF V600E"] == "Likely Oncogenic, 9 points (OP4, OS2, OS3)"
    assert findings["TP53 R248Q"] is None


def test_all_vus_are_listed():
    first = tumor_tables()["oncogenicity"][0]
    variant = tumor_tables()["variants"][0]
    places = [140_000_000 + number for number in range(300)]
    made = built(
        variants=[{**variant, "pos": pos, "record": pos} for pos in places],
        oncogenicity=[{**first, "pos": pos, "class": "VUS", "points": 1} for pos in places],
    )
    assert len(made["oncogenicity"]["variants"]) == 300
    page = html.render_sample(made)
    assert all(entry["finding"] in page for entry in made["oncogenicity"]["variants"])


def test_variants_that_failed_a_filter_are_not_listed():
    variants = [{**row, "fate": "filtered"} for row in tumor_tables()["variants"]]
    assert built(variants=variants)["oncogenicity"] == {"summary": [], "variants": []}


@pytest.mark.parametrize("name", ["oncogenicity", "oncogenicity_codes"])
def test_the_exports_hold_every_row(name: str):
    (section,) = [one for one in SECTIONS if one.name == name]
    made = built()
    lines = exports.tsv(section, made).splitlines()
    assert len(lines) == 2 + len(section.rows(made))
    assert "BRAF" in lines[2]


def test_a_germline_and_a_failed_sample_have_no_section():
    failed = model.build_model(sample("BAD"), failed_tables("BAD"), pack(), RUN)
    assert failed["oncogenicity"]["variants"] == []
    assert 'id="oncogenicity"' not in html.render_sample(failed)
    assert 'id="oncogenicity"' in html.render_sample(built())
