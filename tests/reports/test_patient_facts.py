"""The section of the report model that pages for patients are made of."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from report_builders import (
    RUN,
    consent,
    diplotype,
    evidence,
    failed_tables,
    germline_tables,
    pack,
    phenotype,
    sample,
    site,
    tumor_sample,
    tumor_tables,
)

from apothecary.reports import model

SCHEMA = json.loads(
    (
        Path(__file__).resolve().parents[2] / "workflow" / "schemas" / "report_model.schema.json"
    ).read_text(encoding="utf-8")
)


def patient(rows=None, **run):
    made = model.build_model(sample(), rows or germline_tables(), pack(), {**RUN, **run})
    jsonschema.validate(made["patient"], {**SCHEMA["$defs"]["patient"], "$defs": SCHEMA["$defs"]})
    return made["patient"]


def gene_of(rows, gene):
    return next(entry for entry in patient(rows)["genes"] if entry["gene"] == gene)


def changes(*entries):
    rows = tumor_tables()
    rows["actionability"] = [
        evidence("T001", f"E{n}", "I", finding_id=finding_id, gene=gene, alteration=alteration)
        for n, (finding_id, gene, alteration) in enumerate(entries)
    ]
    found = model.build_model(tumor_sample(), rows, pack(), RUN)["patient"]["tumor"]
    return [(entry["name"], entry["kind"]) for entry in found]


def test_medicines_stand_in_the_order_of_urgency_with_what_decides():
    found = patient()
    assert [(e["drug"], e["action"], e["strength"]) for e in found["medicines"]] == [
        ("clopidogrel", "avoid", "Strong")
    ]
    assert found["medicines"][0]["changed_by"] == ["metformin"]
    assert [(e["drug"], e["strength"]) for e in found["other"]] == [
        ("simvastatin", "Strong"),
        ("amitriptyline", "Moderate"),
        ("voriconazole", "Moderate"),
    ]
    assert found["look_up"] == ["omeprazole"]
    assert found["no_advice"] == ["metformin"]


def test_an_advice_that_is_no_advice_has_no_strength():
    rows = germline_tables()
    for entry in rows["recommendations"]:
        entry |= {"action": "see_guideline", "strength": "Strong"}
    assert [entry["strength"] for entry in patient(rows)["medicines"]] == [None]


def test_genes_that_were_not_assessed_are_told_by_kind():
    rows = germline_tables()
    rows["sites"] += [
        site("HG00276", "NAT2", 1, "not_assessed"),
        site("HG00276", "UGT1A1", 2),
    ]
    rows["diplotypes"] += [diplotype("HG00276", gene, 1, None) for gene in ("NAT2", "UGT1A1")]
    why = {entry["gene"]: entry["why"] for entry in patient(rows)["not_tested"]}
    assert why["HLA-B"] == "other_test"
    assert why["NAT2"] == "no_data"
    assert why["UGT1A1"] == "unclear"
    assert patient(rows)["read_in_part"] == ["CYP2B6"]


@pytest.mark.parametrize(
    ("posteriors", "decision", "sure", "of_100"),
    [
        ([("Normal Metabolizer", 0.999)], "called", True, [None]),
        ([("Normal Metabolizer", 0.999)], "indeterminate", True, [None]),
        ([("Normal Metabolizer", 0.9)], "indeterminate", False, [90]),
        (
            [
                ("Normal Metabolizer", 0.8),
                ("Rapid Metabolizer", 0.154),
                ("Rapid Metabolizer", 0.154),
            ],
            "indeterminate",
            False,
            [80, 15],
        ),
        ([("Normal Metabolizer", None), ("Rapid Metabolizer", None)], None, False, [None, None]),
    ],
)
def test_probabilities_are_of_phenotypes_and_told_where_it_is_not_sure(
    posteriors, decision, sure, of_100
):
    rows = germline_tables()
    rows["diplotypes"].append(
        diplotype("HG00276", "NAT2", 1, "*1/*2", decision=decision, method="posterior")
    )
    rows["phenotypes"] += [
        phenotype("HG00276", "NAT2", rank, name, posterior=posterior)
        for rank, (name, posterior) in enumerate(posteriors, start=1)
    ]
    settings = {"mode": "posterior", "call_threshold": 0.95}
    found = next(g for g in patient(rows, pharmacogenes=settings)["genes"] if g["gene"] == "NAT2")
    assert found["sure"] is sure
    assert [result["of_100"] for result in found["results"]] == of_100


def test_markers_hold_together():
    rows = germline_tables()
    rows["phenotypes"] += [
        phenotype("HG00276", "HLA-B", 1, "*57:01 positive", method="outside"),
        phenotype("HG00276", "HLA-B", 2, "*58:01 negative", method="outside"),
    ]
    found = gene_of(rows, "HLA-B")
    assert found["together"] is True
    assert found["sure"] is True


def test_only_star_alleles_are_short_names():
    assert gene_of(germline_tables(), "DPYD")["diplotypes"] == []
    assert gene_of(germline_tables(), "CYP2C19")["diplotypes"] == ["*2/*2"]


def test_what_was_agreed_to_is_told_with_its_day_and_nothing_of_others():
    rows = germline_tables()
    rows["consent"][0]["date"] = "2026-01-05"
    rows["consent"] += consent("somebody else", secondary_findings="yes")
    assert patient(rows)["agreed"] == [{"scope": "pharmacogenes", "date": "2026-01-05"}]
    assert patient(rows, consent_asked=False)["agreed"] == []


def test_without_consent_nothing_is_told():
    rows = germline_tables()
    rows["consent"] = consent("P-HG00276", pharmacogenes="no")
    found = patient(rows)
    assert found["kind"] == "not_agreed"
    assert not any(value for value in found.values() if isinstance(value, list))


@pytest.mark.parametrize(
    ("step", "kind"), [("read_variants", "data"), ("measure_alignments", "quality")]
)
def test_a_failure_is_told_by_kind_alone(step, kind):
    rows = failed_tables("BAD")
    for entry in rows["outcomes"]:
        entry["step"] = step
    found = model.build_model(sample("BAD"), rows, pack(), RUN)["patient"]
    assert (found["kind"], found["failure"]) == ("failed", kind)
    assert not found["genes"]


def test_changes_of_a_tumor_are_told_by_kind_without_words():
    assert changes(
        ("chr7:140753336:A:T", "BRAF", "BRAF V600E"),
        ("copy_number:ERBB2:amplification", "ERBB2", "ERBB2 amplification (13 copies)"),
        ("copy_number:CDKN2A:homozygous_deletion", "CDKN2A", "CDKN2A homozygous deletion"),
        ("fusion:TPM3::NTRK1", "TPM3::NTRK1", "TPM3::NTRK1 fusion"),
        ("chr7:55174772:GG:G", "EGFR", "EGFR exon 19 deletion"),
        ("wildtype:KRAS", "KRAS", "KRAS wild type"),
        ("biomarker:tmb", "TMB", "TMB high"),
    ) == [
        ("BRAF V600E", "change"),
        ("CDKN2A", "fewer_copies"),
        ("EGFR", "change"),
        ("ERBB2", "more_copies"),
        ("TPM3::NTRK1", "joined"),
    ]
