"""Polygenic scores in the report: what they say, what they do not say, and in every view."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import jsonschema
import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "fhir"))
from fhir_models import bundle_of, errors
from report_builders import RUN, failed_tables, germline_tables, pack, row, sample, tumor_sample
from run_builder import RunBuilder

from apothecary import changes, compare, schemas
from apothecary.reports import exports, html, model, pages
from apothecary.reports.sections import SECTIONS

SCHEMA = json.loads(
    (Path(__file__).resolve().parents[2] / "workflow/schemas/report_model.schema.json").read_text()
)
NAME = "HG00276"
GIVEN = {
    "sample_id": NAME, "model": "PGS000001", "name": "PRS <1>", "trait": "a trait",
    "build": "GRCh38", "status": "given", "score": 1.23456, "unit": "log(OR)",
    "weight_type": "OR", "variants": 80,
    "matched": 76, "imputed": 2, "not_matched": 2, "excluded": ["palindromic=2"], "coverage": 0.95,
    "weight_coverage": 0.9, "percentile": 71.25, "reference": "EUR: mean 1; ours",
    "source": "A (2026)", "licence": "CC-BY", "ancestry": "EUR", "score_sha256": "0" * 64,
}  # fmt: skip
STOPPED = {
    **GIVEN, "model": "PGS000002", "status": "not_given", "score": None, "percentile": None,
    "guard": "coverage", "reason": "50.0 % of the variants were matched, 75 % are needed",
}  # fmt: skip
WITHHELD = {
    "sample_id": NAME, "model": "PGS000003", "status": "withheld", "build": "GRCh38", "variants": 5,
    "weight_type": "NR", "reason": "no consent to germline findings",
}  # fmt: skip


def score(**values):
    return row(schemas.TABLES["risk"], **values)


def made(*scores, **tables):
    rows = {**germline_tables(NAME), "risk": [score(**one) for one in scores], **tables}
    return model.build_model(sample(NAME), rows, pack(), RUN)


@pytest.fixture(scope="module")
def report():
    return made(STOPPED, GIVEN, WITHHELD)


def test_a_score_stands_with_its_coverage_and_its_place(report):
    jsonschema.validate(report, SCHEMA)
    given, stopped, withheld = report["risk"]
    assert given["score_text"] == "1.235 (sum of log(OR))"
    assert given["coverage_text"] == "76 of 80 variants (95.0 %), 90.0 % of the weights"
    assert given["excluded"] == ["2: the alleles read the same on both strands"]
    assert given["notes"] == [
        "At percentile 71.2 of the reference persons (EUR: mean 1; ours): a place among them, not a"
        " risk.",
        "For 2 variants without a genotype the frequency that the score gives was put in.",
    ]
    assert (stopped["score_text"], stopped["notes"][0]) == ("Not given", STOPPED["reason"])
    assert (withheld["score_text"], withheld["coverage_text"]) == ("Withheld", None)
    (line,) = [one for one in report["not_assessed"]["steps"] if one["step"] == "risk"]
    assert line["reason"] == f"PGS000002: {STOPPED['reason']}"


def test_every_view_shows_it_and_says_what_it_is_not(report):
    page = html.render_sample(report)
    assert "It is no diagnosis and no probability of a disease" in page
    assert "PRS &lt;1&gt;" in page
    printed = json.dumps(pages.pages(report))
    (section,) = [one for one in SECTIONS if one.name == "risk"]
    table = exports.tsv(section, report)
    for one in report["risk"]:
        assert f'data-finding="{one["finding"]}"' in page
        assert all(one["model"] in text for text in (page, printed, table))
    assert "no diagnosis" in printed


def test_a_bundle_has_an_assessment_without_probability(report):
    made = bundle_of(report)
    assert errors(made) == []
    found = [entry["resource"] for entry in made["entry"]]
    scores = [one for one in found if one["resourceType"] == "RiskAssessment"]
    assert {one["method"]["text"] for one in scores} == {
        "PGS000001, PRS <1>, A (2026)",
        "PGS000002, PRS <1>, A (2026)",
    }
    for one in scores:
        (prediction,) = one["prediction"]
        assert set(prediction) == {"outcome", "rationale"}
    assert sum("genomic-risk-assessment" in one["url"] for one in found[0]["extension"]) == 2


def test_the_part_says_why_it_is_empty():
    def told(found):
        (part,) = [part for part in found["outline"] if part["part"] == "risk"]
        return part["note"] or part["sections"][0]["note"]

    assert told(made()) == "No polygenic score is installed."
    tumor = model.build_model(tumor_sample(), {}, pack(), RUN)
    assert told(tumor) == tumor["words"]["headline.failed"]  # no step told of it
    read = {
        "outcomes": [row(schemas.OUTCOMES, sample_id="T001", step="read_variants", status="ok")]
    }
    tumor = model.build_model(tumor_sample(), read, pack(), RUN)
    assert told(tumor).startswith("Polygenic scores: not summed from a tumor")
    failed = model.build_model(
        sample(NAME), {**failed_tables(NAME), "risk": [score(**GIVEN)]}, pack(), RUN
    )
    jsonschema.validate(failed, SCHEMA)
    assert failed["risk"] == []


def test_two_runs_differ_in_a_score_and_this_is_no_clinical_change(tmp_path):
    def run(folder: Path, *scores) -> Path:
        builder = RunBuilder().sample(NAME).consent(NAME, "germline")
        for one in scores:
            builder.add("risk", **one)
        return builder.write(folder)

    before, after = (
        run(tmp_path / "a", GIVEN),
        run(tmp_path / "b", {**STOPPED, "model": "PGS000001"}),
    )
    (change,) = compare.compare(before, after)
    assert (change.weight, change.subject) == (changes.SCORE, "score PGS000001")
    assert change.before == "1.23456, 76 of 80 variants, percentile 71.2"
    assert change.after == f"not_given ({STOPPED['reason']})"
    assert not compare.clinical([change])
    assert compare.compare(run(tmp_path / "c"), run(tmp_path / "d")) == []
