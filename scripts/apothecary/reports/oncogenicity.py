"""How oncogenic the variants of a tumor are, each with the ledger of its evidence."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from apothecary.reports.context import Context, Row, SampleTables
from apothecary.reports.not_assessed import locus
from apothecary.reports.text import fraction

CLASSES = ("Oncogenic", "Likely Oncogenic", "VUS", "Likely Benign", "Benign")
_MET = "met"
_SILENT = "SBP2"


def oncogenicity(tables: SampleTables, shared: Context) -> dict[str, Any]:
    """The classes of the kept variants of a tumor, most oncogenic first.

    Args:
        tables: The rows of the sample.
        shared: What every report of the run shares.

    Returns:
        The section `oncogenicity` of the report model. Silent and intronic variants are counted,
        not listed; every other one is listed, whatever its class.
    """
    kept = {locus(row): row for row in tables.rows("variants") if row["fate"] == "kept"}
    rows = [row for row in tables.rows("oncogenicity") if locus(row) in kept]
    if not rows:
        return nothing()
    ledger: defaultdict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in tables.rows("oncogenicity_codes"):
        ledger[_key(row)].append(row)
    silent = [row for row in rows if _SILENT in row["codes"]]
    listed = [row for row in rows if _SILENT not in row["codes"]]
    entries = [_entry(row, kept[locus(row)], ledger[_key(row)], shared) for row in listed]
    words = [shared.words.term("criteria", rows[0]["criteria"])]
    if silent:
        words.append(shared.words("oncogenicity.silent", count=len(silent)))
    if any(row["masked"] for row in rows):
        words.append(shared.words("oncogenicity.masked"))
    return {
        "summary": words,
        "variants": sorted(entries, key=_order),
    }


def _order(entry: dict[str, Any]) -> tuple[int, int, str]:
    place = CLASSES.index(entry["class"]) if entry["class"] in CLASSES else len(CLASSES)
    return place, -entry["points"], entry["finding"]


def nothing() -> dict[str, Any]:
    """The section without a variant."""
    return {"summary": [], "variants": []}


def beside(tables: SampleTables, shared: Context) -> dict[tuple[Any, ...], str]:
    """Class, points and codes in words, by chromosome, position, bases and gene."""
    builds = {row["build"] for row in tables.rows("variants")}
    return {
        (*locus(row)[1:], row["gene"]): _words(row, shared)
        for row in tables.rows("oncogenicity")
        if not builds or row["build"] in builds
    }


def _words(row: Row, shared: Context) -> str:
    text = shared.words(
        "oncogenicity.class_and_points",
        classification=row["class"],
        points=row["points"],
        codes=", ".join(row["codes"]) or shared.words("oncogenicity.no_code"),
    )
    return text


def _key(row: Row) -> tuple[Any, ...]:
    return (*locus(row), row["gene"])


def _entry(row: Row, variant: Row, ledger: list[Row], shared: Context) -> dict[str, Any]:
    place = ":".join(str(part) for part in (*locus(row)[1:], row["gene"]))
    finding = f"oncogenicity:{place}"
    return {
        "finding": finding,
        "gene": row["gene"],
        "change": row["protein_change"],
        "transcript": row["transcript"] or None,
        "position": f"{row['chrom']}:{row['pos']}",
        "ref": row["ref"],
        "alt": row["alt"],
        "vaf": fraction(variant.get("vaf")),
        "class": row["class"],
        "points": row["points"],
        "codes": list(row["codes"]),
        "not_assessed": list(row["not_assessed"]),
        "ledger": [
            _line(line, f"{finding}:{line['rank']}", row, shared)
            for line in sorted(ledger, key=lambda line: int(line["rank"]))
        ],
    }


def _line(line: Row, finding: str, row: Row, shared: Context) -> dict[str, Any]:
    return {
        "finding": finding,
        "gene": row["gene"],
        "change": row["protein_change"],
        "position": f"{row['chrom']}:{row['pos']}",
        "code": line["code"],
        "strength": line["strength"],
        "points": line["points"],
        "status": line["status"],
        "status_words": shared.words.term("code_status", line["status"]),
        "weak": line["weak"],
        "weak_words": shared.words("oncogenicity.weak") if line["weak"] else None,
        "evidence": line["evidence"],
        "reason": line["reason"],
        "source_id": line["source_id"],
        "references": list(line["references"]),
    }
