"""The Molecular Oncology Almanac, from files that a user holds under its licence.

Two forms are read: the database as one JSON list of assertions, and the folder of the referenced
database, of which the approvals of the agencies are taken.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from apothecary.errors import Problem, ResourceError
from apothecary.knowledge.importers.imported import (
    Import,
    Levels,
    fusion,
    level,
    small_variant,
)
from apothecary.knowledge.importers.upstream import Row, read_json

SOURCE_ID = "moalmanac"
REFERENCED_ID = "moalmanac_referenced"
_ANY_SOLID = re.compile(r"any solid tumou?rs?", re.IGNORECASE)
_TEST = re.compile(r"\bapproved (?:companion diagnostic )?tests?\b", re.IGNORECASE)
_TABLES = (
    "about",
    "biomarkers",
    "statements",
    "propositions",
    "indications",
    "documents",
    "diseases",
    "therapies",
    "therapy_groups",
    "genes",
)


def import_database(path: Path | str, levels: Levels) -> Import:
    """Read the assertions of the database.

    Args:
        path: `molecular-oncology-almanac.json`, gzipped or not.
        levels: See `imported.read_levels`.

    Returns:
        Rows of the table imported_evidence; deprecated assertions and features that no profile
        names are left out and counted.

    Raises:
        ResourceError: The file is not such a list.
    """
    items = read_json(path)
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise ResourceError(Problem(str(path), "no list of assertions", "another release?"))
    found = Import(version=max((str(i.get("last_updated", "")) for i in items), default=""))
    for index, item in enumerate(items, start=1):
        try:
            _assertion(item, levels, path, found)
        except KeyError as error:
            field = str(error.args[0])
            right = "another release of the source?"
            raise ResourceError(
                Problem(str(path), f"assertion {index} lacks it", right, field=field)
            ) from error
    return found


def _assertion(item: Mapping[str, Any], levels: Levels, path: Path | str, found: Import) -> None:
    if item["_deprecated"]:
        found.left_out["deprecated"] += 1
        return
    kind = item["feature_type"]
    profile = _feature(kind, item)
    if profile is None:
        found.left_out[f"{kind}: no profile names it"] += 1
        return
    given = item["predictive_implication"]
    shared = {
        "molecular_profile": profile,
        **_tumor(item["oncotree_code"], item["disease"]),
        "therapies": _joined(item["therapy_name"]),
        "therapy_interaction": "Combination" if " + " in item["therapy_name"] else None,
        "level": level(levels, SOURCE_ID, given, path),
        "source_level": given,
        "rating": None,
        "origin": "Rare Germline" if kind == "Germline Variant" else "Somatic",
        "citation": f"PMID:{item['pmid']}" if item["pmid"] else None,
        "link": item["url"] or None,
        "source_id": SOURCE_ID,
    }
    number = f"MOA{item['assertion_id']}"
    told = list(_told(item))
    if not told:
        found.left_out["tells no effect"] += 1
    for part, (evidence_type, direction, significance) in enumerate(told, start=1):
        found.evidence.append(
            {
                **shared,
                "evidence_id": number if len(told) == 1 else f"{number}.{part}",
                "evidence_type": evidence_type,
                "direction": direction,
                "significance": significance,
            }
        )


def _told(item: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Evidence type, direction and significance of what an assertion tells."""
    words = {1: "Supports", 0: "Does Not Support"}
    told = []
    for field, significance in (
        ("therapy_sensitivity", "Sensitivity/Response"),
        ("therapy_resistance", "Resistance"),
    ):
        if item[field] in words:
            told.append(("Predictive", words[item[field]], significance))
    outcome = {1: "Better Outcome", 0: "Poor Outcome"}.get(item["favorable_prognosis"])
    if outcome:
        told.append(("Prognostic", "Supports", outcome))
    return told


def _feature(kind: str, item: Mapping[str, Any]) -> str | None:
    if kind in ("Somatic Variant", "Germline Variant"):
        return small_variant(
            _text(item["gene"]),
            _text(item["protein_change"]),
            _text(item["cdna_change"]),
            _text(item["exon"]),
            _text(item["variant_annotation"]),
        )
    if kind == "Rearrangement":
        return fusion(_text(item["gene1"]), _text(item["gene2"]), _text(item["rearrangement_type"]))
    if kind == "Copy Number":
        return f"{item['gene']} {item['direction']}" if item["gene"] else None
    if kind == "Microsatellite Stability":
        return "MSI High" if item["status"] == "MSI-High" else None
    if kind == "Mutational Burden":
        return "TMB High" if item["classification"] == "High" else None
    return None


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _joined(names: str) -> list[str]:
    return [name for name in names.split(" + ") if name]


def _tumor(code: str, disease: str) -> Row:
    if _ANY_SOLID.fullmatch(disease):
        return {"disease": "Solid Tumor", "oncotree_code": None}
    return {"disease": disease or None, "oncotree_code": code or None}


def import_approvals(folder: Path | str) -> Import:
    """Read the approvals of the referenced database.

    Args:
        folder: Its folder of JSON files, each gzipped or not.

    Returns:
        Rows of the table imported_approvals, one an indication, biomarkers and treatment; those
        of withdrawn documents and of biomarkers that no profile names are left out and counted.

    Raises:
        ResourceError: A file is absent or not such a one.
    """
    tables = {name: _table(Path(folder), name) for name in _TABLES}
    try:
        found = Import(version=str(tables["about"]["last_updated"]))
        _approvals(tables, found)
    except (KeyError, TypeError, StopIteration) as error:
        raise ResourceError(
            Problem(str(folder), f"not the referenced database ({error!r})", "another release?")
        ) from error
    return found


def _table(folder: Path, name: str) -> Any:
    for path in (folder / f"{name}.json", folder / f"{name}.json.gz"):
        if path.is_file():
            return read_json(path)
    wanted = "the folder of the referenced database, with all its files"
    raise ResourceError(Problem(str(folder / f"{name}.json"), "no such file", wanted))


def _approvals(tables: Mapping[str, Any], found: Import) -> None:
    by_id = {name: {r["id"]: r for r in rows} for name, rows in tables.items() if name != "about"}
    profiles = {key: _biomarker(row, by_id["genes"]) for key, row in by_id["biomarkers"].items()}
    for statement in tables["statements"]:
        proposition = by_id["propositions"][statement["proposition_id"]]
        indication = by_id["indications"][statement["indication_id"]]
        document = by_id["documents"][indication["document_id"]]
        if document["status"] != "Active":
            found.left_out["document is not active"] += 1
            continue
        asked = [profiles[key] for key in proposition["biomarkers"]]
        if None in asked:
            found.left_out["biomarker that no profile names"] += 1
            continue
        disease = by_id["diseases"].get(proposition["conditionQualifier_id"], {})
        code = str(disease.get("primary_coding_id") or "")
        found.approvals.append(
            {
                "approval_id": f"MOA-S{statement['id']}",
                "agency": str(document["agent_id"]).upper(),
                "therapies": _treatment(proposition, by_id),
                "molecular_profile": " AND ".join(str(name) for name in asked),
                **_tumor(
                    code.removeprefix("oncotree:") if code.startswith("oncotree:") else "",
                    str(disease.get("name") or ""),
                ),
                "approved": indication["initial_approval_date"] or None,
                "test_required": bool(_TEST.search(indication["indication"] or "")),
                "document": document["name"],
                "link": indication["initial_approval_url"] or None,
                "source_id": REFERENCED_ID,
            }
        )


def _treatment(proposition: Mapping[str, Any], by_id: Mapping[str, Any]) -> list[str]:
    if proposition["therapy_id"] is not None:
        ids = [proposition["therapy_id"]]
    else:
        ids = by_id["therapy_groups"][proposition["therapy_group_id"]]["therapies"]
    return [by_id["therapies"][key]["name"] for key in ids]


def _biomarker(row: Mapping[str, Any], genes: Mapping[Any, Any]) -> str | None:
    """The name of the profile of a biomarker; that of its absence has NOT before it."""
    told = {entry["name"]: entry["value"] for entry in row["extensions"]}
    symbols = [genes[key]["name"] for key in row.get("genes", ())]
    name = _named(told, symbols)
    if name is None:
        return None
    return name if told.get("_present", True) else f"NOT {name}"


def _named(told: Mapping[str, Any], symbols: list[str]) -> str | None:
    kind, gene = told["biomarker_type"], symbols[0] if symbols else ""
    if kind in ("Somatic Variant", "Germline Variant"):
        if told.get("requires_pathogenic") or kind == "Germline Variant":
            return f"{gene} Germline Mutation"  # read as not assessable from a tumor alone
        return small_variant(
            gene,
            _text(told["protein_change"]),
            _text(told["cdna_change"]),
            _text(told["exon"]),
            _text(told["variant_annotation"]),
        )
    if kind == "Rearrangement":
        return fusion(gene, "".join(symbols[1:2]), _text(told["rearrangement_type"]))
    if kind == "Copy Number":
        return f"{gene} {told['direction']}" if gene else None
    if kind == "Wild type":
        return f"{gene} Wildtype" if gene else None
    if kind == "Protein expression":
        marker = re.sub(r"\s*\(.*\)|[^A-Za-z0-9-]", "", told["marker"])
        return f"{marker} {told['value']} Expression"
    if kind == "Microsatellite Stability":
        return "MSI High" if "MSI-H" in told["status"] else f"MSI {told['status'].split()[-1]}"
    if kind == "Tumor mutational burden":
        return f"TMB {told['classification']}"
    if kind == "Homologous Recombination":
        return f"HRD {told['status']}"
    if kind == "Mismatch Repair":
        return f"MSI {told['status']} mismatch repair"
    return None
