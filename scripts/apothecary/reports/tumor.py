"""Tumor findings with tier, match, level and reason; resistance beside sensitivity."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from apothecary.oncogenes.escat import TIERS as ESCAT
from apothecary.oncogenes.tiers import NOT_ASSESSED
from apothecary.reports import oncogenicity
from apothecary.reports.context import Context, Row, SampleTables
from apothecary.reports.not_assessed import locus
from apothecary.reports.text import fraction, web_link

TIERS = ("I", "II", "III", "IV", "withheld")
AGAINST = frozenset({"resistant", "reduced_sensitivity", "adverse_response"})


def tumor(tables: SampleTables, shared: Context) -> dict[str, Any]:
    """The findings of a tumor, best tier first, with copy number and fusions of the input.

    Args:
        tables: The rows of the sample.
        shared: What every report of the run shares.

    Returns:
        The section `tumor` of the report model.
    """
    withheld = "tumor" in tables.withheld(shared.run.get("consent_asked", True))
    note = None
    if tables.sample["role"] != "tumor":
        note = shared.words("tumor.not_applicable")
    elif withheld:
        note = shared.words("tumor.withheld")
    elif not _assessed(tables):
        note = shared.words("tumor.none")
    return {
        "note": note,
        "findings": _findings(tables, shared),
        "copy_number": _copy_number(tables, shared),
        "fusions": _fusions(tables),
    }


def flags(tables: SampleTables, shared: Context) -> list[dict[str, Any]]:
    """What speaks against reading the calls as somatic, failures first."""
    rows = sorted(tables.rows("tumor_flags"), key=lambda r: (r["status"] != "fail", r["flag"]))
    return [
        {
            "finding": f"flag:{row['flag']}",
            "flag": row["flag"],
            "status": row["status"],
            "status_words": shared.words.term("flag", row["status"]),
            "value": fraction(row.get("value")),
            "reason": row["reason"],
        }
        for row in rows
    ]


def tier_place(tier: str) -> int:
    """The place of a tier in the order of the report, 0 first."""
    return TIERS.index(tier) if tier in TIERS else len(TIERS)


def _assessed(tables: SampleTables) -> list[Row]:
    """The rows of findings; genes that could not be assessed stand with the steps not done."""
    return [row for row in tables.rows("actionability") if row["tier"] != NOT_ASSESSED]


def _findings(tables: SampleTables, shared: Context) -> list[dict[str, Any]]:
    grouped: defaultdict[str, list[Row]] = defaultdict(list)
    for row in _assessed(tables):
        grouped[row["finding_id"]].append(row)
    named = naming(tables)
    classes = oncogenicity.beside(tables, shared)
    findings = [
        {**_finding(key, rows, named, shared), "oncogenicity": _class(rows[0], classes)}
        for key, rows in grouped.items()
    ]
    return sorted(findings, key=lambda f: (tier_place(f["tier"]), f["alteration"], f["finding_id"]))


def _class(row: Row, classes: dict[tuple[Any, ...], str]) -> str | None:
    place = (row.get("chrom"), row.get("pos"), row.get("ref"), row.get("alt"), row["gene"])
    return classes.get(place)


def _finding(
    finding_id: str, rows: list[Row], named: dict[tuple[Any, ...], Row], shared: Context
) -> dict[str, Any]:
    rows = sorted(rows, key=_evidence_order)
    first = rows[0]
    consequence = named.get(
        (first.get("chrom"), first.get("pos"), first.get("ref"), first.get("alt"))
    )
    consequence = consequence or {}
    evidence = [_evidence(row, shared) for row in rows]
    graded = min(rows, key=_escat_order)
    return {
        "finding_id": finding_id,
        "gene": first["gene"],
        "alteration": first["alteration"],
        "tier": first["tier"],
        "tier_words": shared.words.term("tier", first["tier"]),
        "tier_reason": first["tier_reason"],
        "escat": graded.get("escat"),
        "escat_reason": graded.get("escat_reason"),
        "position": f"{first['chrom']}:{first['pos']}" if first.get("pos") else None,
        "ref": first.get("ref"),
        "alt": first.get("alt"),
        "vaf": fraction(first.get("vaf")),
        "depth": first.get("depth"),
        "consequence": consequence.get("consequence"),
        "transcript": consequence.get("transcript") or None,
        "hgvs_g": consequence.get("hgvs_g"),
        "hgvs_c": consequence.get("hgvs_c"),
        "hgvs_p": consequence.get("hgvs_p"),
        "named_by": consequence.get("method"),
        "evidence": evidence,
        "evidence_count": _evidence_count(evidence, shared),
    }


def _escat_order(row: Row) -> tuple[bool, int]:
    """The strongest computed tier first, then a reason for none."""
    tier = row.get("escat")
    return tier is None and not row.get("escat_reason"), escat_place(tier)


def escat_place(tier: str | None) -> int:
    """The place of a computed ESCAT tier in the order of the report, 0 first."""
    return ESCAT.index(tier) if tier in ESCAT else len(ESCAT)


def _evidence_count(evidence: list[dict[str, Any]], shared: Context) -> str:
    count = sum(entry["evidence_id"] is not None for entry in evidence)
    return shared.words("ui.evidence_one" if count == 1 else "ui.evidence_count", count=count)


def _evidence_order(row: Row) -> tuple[Any, ...]:
    return (
        tier_place(row["tier"]),
        row.get("level") or "Z",
        -(row.get("rating") or 0),
        row["evidence_id"],
    )


def _evidence(row: Row, shared: Context) -> dict[str, Any]:
    words = shared.words
    return {
        "finding": f"evidence:{row['finding_id']}:{row['evidence_id']}",
        "evidence_id": row["evidence_id"] or None,
        "tier": row["tier"],
        "tier_words": words.term("tier", row["tier"]),
        "tier_reason": row["tier_reason"],
        "escat": row.get("escat"),
        "escat_reason": row.get("escat_reason"),
        "match": row["match"],
        "match_words": words.term("match", row["match"]),
        "molecular_profile": row.get("molecular_profile"),
        "therapies": list(row.get("therapies") or []),
        "therapies_text": _therapies_text(row),
        "therapy_interaction": row.get("therapy_interaction"),
        "evidence_type": row.get("evidence_type"),
        "effect": row.get("effect"),
        "effect_words": words.term("effect", row["effect"]) if row.get("effect") else None,
        "level": row.get("level"),
        "source_level": row.get("source_level"),
        "rating": row.get("rating"),
        "disease": row.get("disease"),
        "tumor_match": row.get("tumor_match"),
        "tumor_match_words": (
            words.term("tumor_match", row["tumor_match"]) if row.get("tumor_match") else None
        ),
        "vetoed_by": list(row.get("vetoed_by") or []),
        "citation": row.get("citation"),
        "link": web_link(row.get("link")),
        "source_id": row.get("source_id"),
        "licence": row.get("licence"),
    }


def _therapies_text(row: Row) -> str | None:
    """Therapies joined as they are given: together by +, in turn by →, one of them by 'or'."""
    between = {"combination": " + ", "sequential": " → ", "substitutes": " or "}
    interaction = (row.get("therapy_interaction") or "").lower()
    return between.get(interaction, ", ").join(row.get("therapies") or []) or None


def naming(tables: SampleTables) -> dict[tuple[Any, ...], Row]:
    """The consequence to show by locus: MANE Select first, then by transcript."""
    builds = {row["build"] for row in tables.rows("variants")}
    chosen: dict[tuple[Any, ...], Row] = {}
    rows = sorted(
        tables.rows("consequences"),
        key=lambda row: (row["method"] == "not_named", not row.get("mane"), row["transcript"]),
    )
    for row in rows:
        if not builds or row["build"] in builds:
            chosen.setdefault(locus(row)[1:], row)
    return chosen


def _copy_number(tables: SampleTables, shared: Context) -> list[dict[str, Any]]:
    rows = sorted(tables.rows("copy_number"), key=lambda row: str(row["gene"]))
    return [
        {
            "finding": f"copy_number:{row['gene']}",
            "gene": row["gene"],
            "state": row["state"],
            "state_words": shared.words.term("copy_number", row["state"]),
            "total": fraction(row["total"]),
            "major": fraction(row.get("major")),
            "minor": fraction(row.get("minor")),
            "segment": f"{row['chrom']}:{row['start']}-{row['end']}",
        }
        for row in rows
        if row["state"] != "neutral"
    ]


def _fusions(tables: SampleTables) -> list[dict[str, Any]]:
    rows = sorted(
        tables.rows("fusions"), key=lambda r: (r["gene_5prime"], r["gene_3prime"], r["row"])
    )
    return [
        {
            "finding": f"fusion:{row['gene_5prime']}:{row['gene_3prime']}:{row['row']}",
            "fusion": f"{row['gene_5prime']}::{row['gene_3prime']}",
            "gene_5prime": row["gene_5prime"],
            "gene_3prime": row["gene_3prime"],
            "breakpoint_5prime": row.get("breakpoint_5prime"),
            "breakpoint_3prime": row.get("breakpoint_3prime"),
            "reads": row.get("reads"),
            "frame": (row.get("frame") or "").replace("_", " ") or None,
            "caller": row.get("caller"),
        }
        for row in rows
    ]
