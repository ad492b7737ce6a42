"""The quality of alignments in the report: with findings, and alone where the sample failed."""

from __future__ import annotations

import json

import jsonschema
import pytest
from report_builders import RUN, germline_tables, pack, row, sample

from apothecary import schemas
from apothecary.reports import html, model
from apothecary.reports.sections import findings


def quality_tables(status: str):
    outcome = {"pass": "ok", "warn": "warn", "fail": "failed"}[status]
    named = {"sample_id": "HG00276"}
    t = schemas.TABLES
    return {
        "qc_metrics": [
            row(
                t["qc_metrics"],
                metric="mean_target_depth",
                value=31.23456,
                unit="x",
                status=status,
                threshold="fail below 10",
                **named,
            ),
            row(t["qc_metrics"], metric="at_dropout", unit="fraction", reason="why", **named),
        ],
        "qc_gates": [
            row(t["qc_gates"], level="sample", name="HG00276", status=status, reason="w", **named),
            row(t["qc_gates"], level="gene", name="EGFR", status="not_assessed", **named),
            row(t["qc_gates"], level="gene", name="KIT", status="pass", **named),
        ],
        "identity": [
            row(
                t["identity"],
                other_id="HG00276",
                other_from="self",
                status="pass",
                contamination=0.0123,
                contamination_low=0.0,
                contamination_high=0.02,
                contamination_snps=90,
                inferred_sex="F",
                **named,
            )
        ],
        "ancestry": [
            row(t["ancestry"], population="EUR", posterior=0.999, snps=90, status="called", **named)
        ],
        "qc_outcomes": [
            row(
                schemas.QC_OUTCOMES,
                step="gate_samples",
                status=outcome,
                reason="quality control: low" if status == "fail" else "",
                **named,
            )
        ],
    }


def built(status):
    tables = {**germline_tables(), **quality_tables(status)}
    return model.build_model(sample(), tables, pack(), RUN)


@pytest.mark.parametrize("status", ["pass", "warn", "fail"])
def test_the_model_is_what_its_schema_says(status, repository):
    path = repository / "workflow" / "schemas" / "report_model.schema.json"
    validator = jsonschema.Draft202012Validator(json.loads(path.read_text(encoding="utf-8")))
    assert [error.message for error in validator.iter_errors(built(status))] == []


def test_a_sample_that_passes_shows_its_quality_beside_its_findings():
    made = built("pass")
    assert made["genes"]
    values = {entry["metric"]: entry["value"] for entry in made["quality"]["metrics"]}
    assert values == {"mean_target_depth": 31.23, "at_dropout": None}
    facts = [entry["value"] for entry in made["quality"]["facts"]]
    assert facts[0] == "0.012 of the reads (0.000 to 0.020), from 90 SNPs"
    assert facts[2] == "EUR, probability 0.999 among five groups, from 90 SNPs"
    assert [entry["name"] for entry in made["quality"]["genes"]] == ["EGFR"]
    assert any("EGFR" in step["reason"] for step in made["not_assessed"]["steps"])
    page = html.render_sample(made)
    assert 'id="quality"' in page
    assert all(f'data-finding="{name}"' in page for name in findings(made) if "quality" in name)


def test_a_sample_that_fails_has_a_page_of_its_quality_and_no_findings():
    made = built("fail")
    assert made["status"] == "failed"
    assert made["failure"] == [{"step": "gate_samples", "reason": "quality control: low"}]
    assert {name.split(":")[0] for name in findings(made)} == {"quality"}
    page = html.render_sample(made)
    assert "mean_target_depth" in page
    assert "CYP2C19" not in page


def test_a_warning_makes_a_report_with_remarks():
    assert built("warn")["status"] == "warn"


def test_of_a_sample_given_as_variants_the_section_says_why_it_is_empty():
    made = model.build_model(sample(), germline_tables(), pack(), RUN)
    assert made["quality"] == {
        "facts": [],
        "metrics": [],
        "checks": [],
        "genes": [],
        "gene_count": 0,
    }
    assert "No reads were given" in html.render_sample(made)


def gates_of(*gates, **changed):
    rows = [
        row(schemas.TABLES["qc_gates"], level=level, name=name, status=status, sample_id="HG00276")
        for level, name, status in gates
    ]
    tables = {**germline_tables(), **quality_tables("pass"), "qc_gates": rows}
    made = model.build_model(sample(**changed), tables, pack(), RUN)
    told = {entry["name"]: entry for entry in made["quality"]["genes"]}
    steps = [s["reason"] for s in made["not_assessed"]["steps"] if s["step"] == "coverage"]
    return told, steps


def test_exons_of_pharmacogenes_are_told_in_one_line_and_are_no_gap():
    told, steps = gates_of(
        ("gene", "CYP2C9", "not_assessed"),
        ("gene", "CYP2D6", "warn"),
        ("pharmacogene", "CYP2C9", "pass"),
        ("pharmacogene", "CYP2D6", "warn"),
    )
    assert set(told) == {"2 genes", "CYP2D6"}
    assert "CYP2C9, CYP2D6" in told["2 genes"]["reason"]
    assert told["CYP2D6"]["level"] == "pharmacogene"
    assert steps == []


@pytest.mark.parametrize(("count", "lines"), [(20, 20), (21, 1)])
def test_many_genes_are_told_in_one_line(count, lines):
    names = [f"GENE{number}" for number in range(count)]
    told, steps = gates_of(*(("gene", name, "not_assessed") for name in names))
    assert len(told) == lines
    assert len(steps) == 1
    assert all(name in steps[0] for name in names)


def test_the_panel_of_a_tumor_says_that_other_genes_were_not_measured():
    gates = (("gene", "KIT", "pass"), ("gene", "TP53", "pass"))
    _, (step,) = gates_of(*gates, role="tumor", assay="panel")
    assert "(2)" in step
    for changed in ({"assay": "panel"}, {"role": "tumor", "assay": "exome"}):
        assert gates_of(*gates, **changed)[1] == []


@pytest.mark.parametrize(("assay", "told"), [("panel", True), ("genome", False)])
def test_a_panel_of_unknown_genes_claims_nothing_of_those_its_reads_miss(assay, told):
    tables = {**germline_tables(), **quality_tables("pass")}
    for known in (True, False):
        made = model.build_model(sample(assay=assay), tables, pack(), {**RUN, "panel_known": known})
        said = "Nothing says which genes the panel is meant to cover"
        assert any(said in s["reason"] for s in made["not_assessed"]["steps"]) is (
            told and not known
        )
