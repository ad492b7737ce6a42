"""Trials and analyses of a tumor in the report: every view shows them, and the schema holds."""

from __future__ import annotations

import json

import jsonschema
from report_builders import RUN, pack, row, tumor_sample, tumor_tables

from apothecary import schemas
from apothecary.reports import html, model, run_page
from apothecary.reports.sections import findings

TRIAL = {
    "sample_id": "T001", "trial_id": "T-1", "block": 1, "title": "A <b>trial</b>", "arm": "A",
    "step": "1", "accrual": "open", "form": "ctml", "file": "t.yaml",
}  # fmt: skip


def trial(**values):
    return row(schemas.TABLES["trials"], **{**TRIAL, **values})


TRIALS = [
    trial(status="unmet", unmet=["age numerical <18: 58 years old"]),
    trial(block=2, status="met", met=["BRAF V600E"], matched_by=["chr7:1:A:T"]),
    trial(block=3, status="unknown", unknown=["ecog <=1: ecog is not known"]),
    trial(block=4, status="met", accrual="closed"),
]
PLACE = {"sample_id": "T001", "chrom": "chr7", "pos": 140_753_336, "ref": "A", "alt": "T"}
NAMED = {**PLACE, "genes": ["BRAF"], "alteration": "BRAF V600E", "vaf": 0.3, "total": 2.0}
ANALYSES = {
    "variant_origins": [
        row(
            schemas.TABLES["variant_origins"], **NAMED, copies_given=False, known_somatic=True,
            prior=0.5, germline_probability=0.01234, status="likely_somatic", reason="why",
        )
    ],
    "clonality": [
        row(
            schemas.TABLES["clonality"], **NAMED, copies_given=False, purity=0.6, ccf=0.9,
            ccf_low=0.8, ccf_high=1.0, status="clonal", reason="1 of 2 copies",
        )
    ],
    "two_hits": [
        row(
            schemas.TABLES["two_hits"], sample_id="T001", gene="TP53", truncating=["TP53 R213*"],
            lost=["loss (1 copies)"], status="two_hits", reason="both", germline_looked_at=False,
        )
    ],
    "depth_copy_number": [
        row(
            schemas.TABLES["depth_copy_number"], sample_id="T001", gene=gene, targets=5,
            log2=1.5, log2_low=1.4, log2_high=1.6, state=state, reason="against the normal N",
        )
        for gene, state in (("ERBB2", "gain"), ("KIT", "neutral"), ("MET", "not_assessed"))
    ],
    "multi_omic": [
        row(
            schemas.TABLES["multi_omic"], sample_id="T001", gene="BRAF", dna=["BRAF V600E"],
            expression=12.5, expressed="yes", outlier="high", robust_z=3.4,
        )
    ],
    "expression_outliers": [
        row(
            schemas.TABLES["expression_outliers"], sample_id="T001", gene="BRAF", value=12.5,
            median=2.0, robust_z=3.4, samples=20, status="high",
        )
    ],
}  # fmt: skip


def built(**tables):
    return model.build_model(tumor_sample(), {**tumor_tables(), **tables}, pack(), RUN)


def test_the_model_is_what_its_schema_says(repository):
    path = repository / "workflow" / "schemas" / "report_model.schema.json"
    validator = jsonschema.Draft202012Validator(json.loads(path.read_text(encoding="utf-8")))
    for made in (built(), built(trials=TRIALS, **ANALYSES)):
        assert [error.message for error in validator.iter_errors(made)] == []


def test_met_comes_first_and_what_is_closed_is_counted():
    section = built(trials=TRIALS)["trials"]
    assert [r["status"] for r in section["rows"]] == ["met", "unknown", "unmet"]
    assert section["summary"][0].endswith("1 met, 1 that cannot be told, 1 not met.")
    assert "closed: 1" in section["summary"][1]
    assert section["rows"][0]["part"] == "step 1, arm A"


def test_a_section_without_trials_says_so():
    made = built()
    assert made["trials"] == {"summary": [], "rows": []}
    page = html.render_sample(made)
    assert '<section class="empty" id="trials">' in page
    assert '<section class="empty" id="tumor-analyses">' in page


def test_the_page_shows_every_finding_and_escapes_what_a_trial_says():
    made = built(trials=TRIALS, **ANALYSES)
    page = html.render_sample(made)
    assert "A &lt;b&gt;trial&lt;/b&gt;" in page
    for finding in findings(made):
        assert f'data-finding="{html_text(finding)}"' in page, finding


def html_text(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def test_the_report_of_a_tumor_without_a_normal_says_what_that_costs():
    section = built(**ANALYSES)["tumor_analyses"]
    assert "No normal of this person is in the sheet" in section["caveats"][0]
    assert "no population frequencies" in section["caveats"][1]
    assert any("not assessed in 1 genes" in text for text in section["caveats"])
    assert [r["gene"] for r in section["depth_copy_number"]] == ["ERBB2"]
    assert section["clonality"][0]["ccf"] == "0.9 (0.8 to 1.0)"


def test_the_page_of_a_run_tells_counts_by_batch_and_what_is_suppressed() -> None:
    def count(batch: str, block: int, **persons: int | None) -> list[dict[str, object]]:
        place = {"trial_id": "T-1", "block": block, "arm": "A", "accrual": "open"}
        return [
            row(schemas.TABLES["trial_counts"], **place, status=status, persons=number)
            for status, number in persons.items()
        ]

    counts = {
        "b": count("b", 1, met=7, unknown=None, unmet=None),
        "a": count("a", 1, met=0, unknown=None, unmet=None) + count("a", 2, met=9, unmet=5),
    }
    page_model = run_page.build_run_model([], [], {}, None, counts)
    lines = page_model["trials"]
    assert [(line["batch"], line["met"], line["unmet"]) for line in lines] == [
        ("a", "0", "not told"),
        ("b", "7", "not told"),
        ("a", "9", "5"),
    ]
    page = run_page.render_run(page_model)
    assert page.count("<td>arm A</td>") == 3
    assert '<section id="trials">' not in run_page.render_run(run_page.build_run_model([], [], {}))
