"""Accepted evidence of CIViC: the facts of an item, without its statement."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from apothecary.errors import Problem, ResourceError
from apothecary.knowledge.importers.upstream import Row, read_table

_COLUMNS = (
    "molecular_profile",
    "molecular_profile_id",
    "disease",
    "doid",
    "therapies",
    "therapy_interaction_type",
    "evidence_type",
    "evidence_direction",
    "evidence_level",
    "significance",
    "citation_id",
    "source_type",
    "asco_abstract_id",
    "rating",
    "evidence_status",
    "evidence_id",
    "variant_origin",
    "evidence_civic_url",
    "is_flagged",
)
# Names of therapies may hold a comma and a blank; the list is joined by a comma alone.
_BETWEEN_THERAPIES = re.compile(r",(?! )")
_CITATION_PREFIXES = {"PubMed": "PMID", "ASCO": "ASCO", "ASH": "ASH"}


def import_civic(path: Path | str, source_id: str) -> dict[str, list[Row]]:
    """Read the table of accepted clinical evidence that CIViC releases.

    Args:
        path: `AcceptedClinicalEvidenceSummaries.tsv`, gzipped or not.
        source_id: Source of every row.

    Returns:
        Rows of the table civic_evidence, one an accepted item.

    Raises:
        ResourceError: The file is not such a table.
    """
    rows = []
    for item in read_table(path, _COLUMNS):
        if item["evidence_status"] != "accepted":
            continue
        number = item["evidence_id"]
        if not number.isdigit() or item["is_flagged"] not in {"true", "false"}:
            raise ResourceError(
                Problem(
                    str(path),
                    f"evidence {number!r}, flagged {item['is_flagged']!r}",
                    "another release of the source?",
                )
            )
        rows.append(
            {
                "evidence_id": f"EID{number}",
                "molecular_profile": item["molecular_profile"],
                "molecular_profile_id": item["molecular_profile_id"],
                "disease": item["disease"] or None,
                "doid": item["doid"] or None,
                "therapies": [name for name in _BETWEEN_THERAPIES.split(item["therapies"]) if name],
                "therapy_interaction": item["therapy_interaction_type"] or None,
                "evidence_type": item["evidence_type"],
                "direction": _given(item["evidence_direction"]),
                "level": item["evidence_level"],
                "significance": _given(item["significance"]),
                "rating": int(item["rating"]) if item["rating"] else None,
                "origin": _given(item["variant_origin"]),
                "flagged": item["is_flagged"] == "true",
                "citation": _citation(item),
                "link": item["evidence_civic_url"],
                "source_id": source_id,
            }
        )
    return {"civic_evidence": rows}


def genes_named(evidence: Iterable[Mapping[str, Any]]) -> set[str]:
    """Genes, and partners of fusions, that molecular profiles begin with.

    Args:
        evidence: Rows of the table civic_evidence.
    """
    firsts = (row["molecular_profile"].split(" ")[0] for row in evidence)
    return {gene for first in firsts for gene in first.split("::")}


def _given(text: str) -> str | None:
    return None if text in {"", "N/A"} else text


def _citation(item: dict[str, str]) -> str | None:
    """`PMID:` and number, or the society and the number of its abstract."""
    prefix = _CITATION_PREFIXES.get(item["source_type"])
    number = item["asco_abstract_id"] if prefix == "ASCO" else ""
    number = number or item["citation_id"]
    return f"{prefix}:{number}" if prefix and number else None
