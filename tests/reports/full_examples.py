"""Report models in which every field that a guideline asks for is filled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import test_report_hotspots
import test_report_pertinent_negatives
from hereditary_builders import PERSON, lists_pack, person
from report_builders import (
    RUN,
    germline_tables,
    pack,
    row,
    sample,
    tumor_sample,
    tumor_tables,
)

from apothecary import changes, schemas
from apothecary.changes import Change
from apothecary.reports import model

BEFORE = "R-00000000000000ff"
SETTINGS: Mapping[str, Any] = {
    **RUN,
    "laboratory": "Molecular Pharmacology, 1 Hospital Road, Wellington",
    "method": "Hybrid capture, kit A, instrument B",
    "sign_off": {"name": "Ada Example", "role": "Pathologist", "date": "2026-03-09", "reports": []},
}


def order(sample_id: str, **values: Any) -> dict[str, Any]:
    """An order in which nothing is missing."""
    given = {
        "date_of_birth": "1962-05-17",
        "ordered_by": "Dr. Order Example",
        "indication": "recurrent events under treatment",
        "phenotypes": ["HP:0001250", "HP:0001263"],
        "specimen": "blood in EDTA",
        "specimen_remark": "hemolytic",
        "collected": "2026-03-01",
        "received": "2026-03-02",
        "reported": "2026-03-09",
        "amends": BEFORE,
        "amend_reason": "the medicines were completed",
    }
    return row(schemas.ORDERS, sample_id=sample_id, **{**given, **values})


def quality_tables(sample_id: str) -> dict[str, list[dict[str, Any]]]:
    """A sample whose alignments were measured, with a gene that cannot be called."""
    gate = {"sample_id": sample_id, "status": "warn", "reason": "mean depth 17 is below 20"}
    return {
        "qc_metrics": [
            row(
                schemas.TABLES["qc_metrics"],
                sample_id=sample_id,
                metric="mean_target_depth",
                value=17.25,
                unit="reads",
                threshold="warn below 20",
                status="warn",
                reason="below 20",
            )
        ],
        "qc_gates": [
            row(schemas.TABLES["qc_gates"], level="sample", name=sample_id, **gate),
            row(schemas.TABLES["qc_gates"], level="gene", name="RYR1", **gate),
        ],
        "identity": [
            row(
                schemas.TABLES["identity"],
                sample_id=sample_id,
                other_id=sample_id,
                other_from="self",
                contamination=0.001,
                contamination_low=0.0,
                contamination_high=0.004,
                contamination_snps=412,
                inferred_sex="F",
            )
        ],
    }


def before(sample_id: str, weight: int, subject: str) -> dict[str, Any]:
    """The report before, of which one finding was another."""
    change = Change(weight, sample_id, subject, "what it was", "what it is")
    told = {"status": "ok", "status_words": "reported", "changes": [change], "reason": None}
    return {sample_id: {"report_id": BEFORE, **told}}


def germline(**settings: Any) -> dict[str, Any]:
    """A germline sample."""
    name = "HG00276"
    tables = {**germline_tables(name), **quality_tables(name), "orders": [order(name)]}
    facts = {"previous": before(name, changes.DIPLOTYPE, "CYP2C19")}
    return model.build_model(sample(name), tables, pack(), {**SETTINGS, **facts, **settings})


def hereditary(**settings: Any) -> dict[str, Any]:
    """A germline sample of a person who agreed to all that can be found."""
    one, tables = person()
    tables = {**tables, **quality_tables(PERSON), "orders": [order(PERSON)]}
    return model.build_model(one, tables, lists_pack(), {**SETTINGS, **settings})


def tumor(**settings: Any) -> dict[str, Any]:
    """A tumor."""
    name = "T001"
    evidence = [
        {**entry, "citation": f"PMID:1{number:07}"}
        for number, entry in enumerate(tumor_tables(name)["actionability"])
    ]
    tables = {
        **tumor_tables(name),
        **quality_tables(name),
        **test_report_pertinent_negatives.TABLES,
        "actionability": evidence,
        "hotspot_evidence": test_report_hotspots.ROWS,
        "orders": [order(name)],
    }
    facts = {"previous": before(name, changes.ACTIONABILITY, "BRAF V600E")}
    described = {**tumor_sample(name), "purity": 0.45, "format": "bam"}
    return model.build_model(described, tables, pack(), {**SETTINGS, **facts, **settings})
