"""Report models for the tests of FHIR, and what bundles are made and checked with."""

from __future__ import annotations

import copy
import sys
from functools import cache
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "reports"))

from report_builders import (
    RUN,
    failed_tables,
    germline_tables,
    pack,
    sample,
    tumor_sample,
    tumor_tables,
)

from apothecary.fhir import bundle, check, codes, structures
from apothecary.reports import model

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
CASES = {
    "germline": (sample(), germline_tables()),
    "tumor": (tumor_sample(), tumor_tables()),
    "failed": (sample(), failed_tables("HG00276")),
}


@cache
def _model(name: str) -> dict[str, Any]:
    found = model.build_model(*CASES[name], pack(), RUN)
    if name == "germline":
        phased = {
            "depth": 30,
            "gq": 99,
            "phase_reads": None,
            "phase_set": None,
            "phase_source": "file",
            "reason": None,
            "undocumented": [],
        }
        for section in found["sites"]:
            if section["gene"] == "SLCO1B1" or section is found["sites"][0]:
                section["variants"] += [
                    {
                        **phased,
                        "position": f"chr12:{pos}",
                        "position_id": f"chr12:{pos}:{ref}",
                        "ref": ref,
                        "rsid": f"rs{pos}",
                        "genotype": genotype,
                    }
                    for pos, ref, genotype in (
                        (21_176_804, "A", "A|G"),
                        (21_178_615, "T", "T|C"),
                        (21_178_999, "T", "C|T"),
                    )
                ]
    if name == "tumor":
        found["tumor_analyses"]["variant_origins"] = [
            {
                "alteration": "BRAF V600E",
                "finding": "origin:chr7:140753336:A:T",
                "germline_probability": 0.97,
                "origin": "likely germline",
                "reason": "the allele fraction",
                "status": "likely_germline",
                "vaf": 0.5,
            }
        ]
    return found


def report_model(name: str) -> dict[str, Any]:
    """A copy of a report model that a test may change."""
    return copy.deepcopy(_model(name))


@cache
def known_codes() -> codes.Codes:
    return codes.load(
        {
            "answers": str(RESOURCES / "fhir" / "answers.tsv"),
            "codes": str(RESOURCES / "fhir" / "codes.tsv"),
            "genes": str(RESOURCES / "fhir" / "genes.tsv"),
            "drugs": str(RESOURCES / "drugs.tsv"),
            "accessions": str(RESOURCES / "consequences" / "chromosome_accessions.tsv"),
        }
    )


@cache
def definitions() -> structures.Definitions:
    return structures.load(RESOURCES / "fhir")


def bundle_of(made: dict[str, Any]) -> dict[str, Any]:
    return bundle.build(made, known_codes())


def errors(document: dict[str, Any]) -> list[check.Deviation]:
    return [one for one in check.check(document, definitions()) if one.error]


def of_profile(document: dict[str, Any], profile: str) -> list[dict[str, Any]]:
    """The resources of a bundle that say they follow a profile of the guide."""
    return [
        entry["resource"]
        for entry in document["entry"]
        if any(
            url.endswith(f"/{profile}")
            for url in entry["resource"].get("meta", {}).get("profile", ())
        )
    ]


def components(resource: dict[str, Any], code: str) -> list[dict[str, Any]]:
    """The components of an observation with a code."""
    return [
        one for one in resource.get("component", ()) if one["code"]["coding"][0]["code"] == code
    ]
