"""Trials, patients and findings for the tests of trials."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from apothecary.oncogenes import proteins
from apothecary.oncogenes.findings import COPY_NUMBER, FUSION, VARIANT, Finding, Name
from apothecary.oncogenes.tumor_types import load as load_types
from apothecary.trials.diagnoses import Diagnoses
from apothecary.trials.patients import Patient
from apothecary.trials.terms import Terms
from apothecary.trials.terms import load as load_terms

CTML_TERMS = Path(__file__).resolve().parents[2] / "resources" / "trials" / "ctml_terms.tsv"

TYPES = {
    "LUNG": ("Lung Tumor", "Lung Cancer, NOS", "Lung"),
    "NSCLC": ("Non-Small Cell Lung Cancer", "Non-Small Cell Lung Cancer", "Lung"),
    "LUAD": ("Lung Adenocarcinoma", "Non-Small Cell Lung Cancer", "Lung"),
    "NEWLU": ("A Newer Lung Type", "Non-Small Cell Lung Cancer", "Lung"),
    "COAD": ("Colon Adenocarcinoma", "Colorectal Cancer", "Bowel"),
    "AML": ("Acute Myeloid Leukemia", "Leukemia", "Myeloid"),
}
BELOW = {
    "NSCLC": frozenset({"NSCLC", "LUAD"}),
    "LUAD": frozenset({"LUAD"}),
    "COAD": frozenset({"COAD"}),
}


def terms() -> Terms:
    return load_terms(CTML_TERMS)


def diagnoses() -> Diagnoses:
    oncotree = [
        {"code": code, "name": name, "main_type": main, "tissue": tissue}
        for code, (name, main, tissue) in TYPES.items()
    ]
    disease = {"doid": "9256", "scope": "main_type", "code": "", "tissue": ""}
    named = [{**disease, "name": "Bowel Cancer", "main_type": "Colorectal Cancer"}]
    return Diagnoses(
        {name.lower(): code for code, (name, _, _) in TYPES.items()},
        TYPES,
        BELOW,
        load_types(oncotree, named),
    )


def variant(gene: str, change: str, term: str = "missense_variant", **more: Any) -> Finding:
    name = Name(gene, proteins.parse(change), "", frozenset({term}), more.pop("exon", None))
    return Finding(f"{gene}:{change}", VARIANT, (gene,), f"{gene} {change}", names=(name,), **more)


def copies(gene: str, state: str) -> Finding:
    return Finding(f"copy_number:{gene}", COPY_NUMBER, (gene,), f"{gene} {state}", state=state)


def fusion(five: str, three: str) -> Finding:
    name = f"{five}::{three}"
    return Finding(f"fusion:{name}", FUSION, (five, three), name, partners=(five, three))


def patient(*findings: Finding, **facts: Any) -> Patient:
    given = {"sample_id": "T1", "subject_id": "P1", "tumor_type": "LUAD", "sex": "F"}
    clinical = facts.pop("clinical", {"age_years": "58"})
    return Patient(**{**given, **facts}, clinical=clinical, findings=findings)


def ctml(*match: Any, **more: Any) -> dict[str, Any]:
    arm = {"arm_code": "A", "arm_suspended": "N", "match": list(match)}
    return {
        "protocol_no": "T-1",
        "status": "Open to Accrual",
        "treatment_list": {"step": [{"step_code": "1", "arm": [arm]}]},
        **more,
    }


def study(**eligibility: Any) -> dict[str, Any]:
    """A study of ClinicalTrials.gov."""
    conditions = eligibility.pop("conditions", ["Non-Small Cell Lung Cancer"])
    countries = eligibility.pop("countries", [])
    status = eligibility.pop("status", "RECRUITING")
    return {
        "protocolSection": {
            "identificationModule": {"nctId": "NCT00000001", "briefTitle": "A study"},
            "statusModule": {"overallStatus": status},
            "designModule": {"phases": ["PHASE2"]},
            "conditionsModule": {"conditions": conditions},
            "eligibilityModule": {
                "eligibilityCriteria": "Inclusion:\n* words\n",
                "sex": "ALL",
                **eligibility,
            },
            "contactsLocationsModule": {"locations": [{"country": c} for c in countries]},
        }
    }
