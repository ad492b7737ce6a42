"""A small knowledge pack, made in the test, and upstream files as their publishers shape them."""

from __future__ import annotations

import copy
import gzip
import json
from pathlib import Path
from typing import Any

from apothecary.knowledge import tsv
from apothecary.knowledge.schemas import PACK

Tables = dict[str, list[dict[str, Any]]]

_SMALL: Tables = {
    "sources": [
        {
            "source_id": "made",
            "name": "Made for the test",
            "version": "1",
            "released": "2026-01-31",
            "licence": "CC0-1.0",
            "attribution": "nobody",
            "address": "none",
            "files": "none",
            "sha256": "0" * 64,
        }
    ],
    "pgx_genes": [
        {
            "gene": "CYP9Z9",
            "chrom": "chr10",
            "version": "1",
            "kind": "diplotype",
            "undocumented_as_reference": False,
            "reference_allele": "*1",
            "by_activity_score": False,
            "research": False,
            "source_id": "made",
        }
    ],
    "pgx_positions": [
        {
            "gene": "CYP9Z9",
            "position_id": "chr10:100:A",
            "position_order": 0,
            "chrom": "chr10",
            "pos": 100,
            "ref": "A",
            "alts": ["G", "T"],
            "rsid": "rs1",
            "hgvs_g": "g.100A>G",
            "role": "defining",
            "required": False,
            "amp_tier_1": False,
            "source_id": "made",
        }
    ],
    "pgx_alleles": [
        {
            "gene": "CYP9Z9",
            "allele": name,
            "allele_order": order,
            "defined": True,
            "reference": order == 0,
            "structural": False,
            "ignored": False,
            "amp_tier_1": False,
            "function": function,
            "lookup_key": function,
            "function_source_id": "made",
            "source_id": "made",
        }
        for order, (name, function) in enumerate([("*1", "Normal function"), ("*2", "No function")])
    ],
    "pgx_allele_bases": [
        {
            "gene": "CYP9Z9",
            "allele": "*2",
            "position_id": "chr10:100:A",
            "bases": "G",
            "core": True,
            "source_id": "made",
        }
    ],
    "pgx_phenotype_rules": [
        {
            "gene": "CYP9Z9",
            "key_1": "No function",
            "key_2": "No function",
            "phenotype": "Poor Metabolizer",
            "activity_score": "",
            "lookup_key": "Poor Metabolizer",
            "source_id": "made",
        }
    ],
    "phenotype_terms": [{"phenotype": "Poor Metabolizer", "source_id": "made"}],
    "guidance": [
        {
            "guidance_id": "G1",
            "drug": "madeupine",
            "source": "CPIC",
            "guideline_id": "L1",
            "guideline_version": "1",
            "link": "https://example.org/L1",
            "genes": ["CYP9Z9"],
            "population": "general",
            "strength": "Strong",
            "action": "avoid",
            "dosing_information": False,
            "alternate_drug": True,
            "other_guidance": False,
            "pmids": [],
            "source_id": "made",
        }
    ],
    "guidance_keys": [
        {
            "guidance_id": "G1",
            "drug": "madeupine",
            "gene": "CYP9Z9",
            "key": "Poor Metabolizer",
            "key_kind": "value",
        }
    ],
    "civic_evidence": [
        {
            "evidence_id": "EID1",
            "molecular_profile": "GENE A1B",
            "molecular_profile_id": "1",
            "disease": "Madeoma",
            "therapies": ["Drug A", "Drug B"],
            "evidence_type": "Predictive",
            "direction": "Supports",
            "level": "B",
            "significance": "Sensitivity/Response",
            "rating": 3,
            "flagged": False,
            "link": "https://example.org/1",
            "source_id": "made",
        }
    ],
}

CIVIC_ITEM = {
    "molecular_profile": "BRAF V600E",
    "molecular_profile_id": "12",
    "disease": "Colorectal Cancer",
    "doid": "9256",
    "phenotypes": "",
    "therapies": "Encorafenib,Inhibitor, PD173074",
    "therapy_interaction_type": "Combination",
    "evidence_type": "Predictive",
    "evidence_direction": "Supports",
    "evidence_level": "A",
    "significance": "Sensitivity/Response",
    "evidence_statement": "Words that must not be taken.",
    "citation_id": "123",
    "source_type": "PubMed",
    "asco_abstract_id": "",
    "rating": "5",
    "evidence_status": "accepted",
    "evidence_id": "1",
    "variant_origin": "N/A",
    "evidence_civic_url": "https://civicdb.org/links/evidence_items/1",
    "is_flagged": "false",
}


def small_tables() -> Tables:
    """Tables of a small, sound pack; the caller may change them."""
    return {name: copy.deepcopy(_SMALL.get(name, [])) for name in PACK}


def write_tables(folder: Path, tables: Tables) -> Path:
    """Write the TSV files of a pack; `guidance_text` only when it has rows."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        if rows or name != "guidance_text":
            tsv.write(folder, PACK[name], rows)
    return folder


def write_gzip(path: Path, text: str) -> Path:
    """Write text gzipped."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.encode(), mtime=0))
    return path


def table_text(rows: list[dict[str, str]]) -> str:
    """Rows as tab-separated text with a header line."""
    lines = ["\t".join(rows[0])] + ["\t".join(row.values()) for row in rows]
    return "\n".join(lines) + "\n"


def guideline(**changes: Any) -> dict[str, Any]:
    """A guideline annotation with one recommendation, whose fields `changes` replaces."""
    recommendation = {
        "id": "PA1",
        "name": "Recommendation PA1",
        "population": "general",
        "classification": {"term": "Strong"},
        "relatedChemicals": [{"id": "PA9", "name": "Madeupine", "symbol": None}],
        "text": {"id": 1, "html": "<p>Use 65% of the standard dose.</p>"},
        "implications": ["CYP9Z9: less"],
        "lookupKey": {"CYP9Z9": "Poor Metabolizer"},
        "dosingInformation": True,
        "alternateDrugAvailable": False,
        "otherPrescribingGuidance": False,
        **changes,
    }
    return {
        "guideline": {"id": "PA2", "source": "CPIC", "version": 7, "url": "https://example.org/2"},
        "recommendations": [recommendation],
        "citations": [{"pmid": "123"}, {"pmid": None}],
        "version": "2024",
    }


def write_guideline(path: Path, value: dict[str, Any]) -> Path:
    """Write a guideline annotation as gzipped JSON."""
    return write_gzip(path, json.dumps(value))
