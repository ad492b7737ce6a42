"""What became of the input records, and which variants were present but not used."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from apothecary.reports.context import Context, Row, SampleTables
from apothecary.reports.not_assessed import locus
from apothecary.reports.text import fraction
from apothecary.variants.matched_normal import GERMLINE, INHERITED

PRESENT_BUT_FAILED = frozenset({"filtered", "conflicting", "symbolic", "rejected", "duplicate"})
FAILED_SHOWN = 200


def fates(tables: SampleTables, shared: Context) -> dict[str, Any]:
    """Counts of the input records by fate, and the variants that were present but not used.

    Args:
        tables: The rows of the sample.
        shared: What every report of the run shares.

    Returns:
        The section `fates` of the report model. Of the variants not used, at most `FAILED_SHOWN`
        are given, those at a position of a pharmacogene or with a known name first. Beside them
        stand all variants that were used and may be of a copy of the region.
    """
    rows = sorted(tables.rows("record_fates"), key=lambda row: (row["fate"], row["reason"]))
    failed = _listed(tables, shared, "failed", lambda row: row["fate"] in PRESENT_BUT_FAILED)
    marked = _listed(
        tables, shared, "marked", lambda row: row["fate"] == "kept" and bool(row.get("copy_places"))
    )
    shown = failed[:FAILED_SHOWN]
    words = shared.words
    return {
        "records": sum(row["records"] for row in rows),
        "counts": [
            {
                "fate": row["fate"],
                "fate_words": words.term("fate", row["fate"]),
                "reason": row["reason"],
                "records": row["records"],
            }
            for row in rows
        ],
        "failed": shown,
        "failed_total": len(failed),
        "failed_note": words("ui.shown_of", shown=len(shown), total=len(failed)),
        "marked": marked,
    }


def _listed(
    tables: SampleTables, shared: Context, kind: str, chosen: Callable[[Row], bool]
) -> list[dict[str, Any]]:
    genes: dict[int, set[str]] = {}
    for row in tables.rows("sites"):
        if row.get("record") is not None:
            genes.setdefault(row["record"], set()).add(row["gene"])
    named = {locus(row): row for row in tables.rows("consequences") if row["method"] != "not_named"}
    entries = []
    for row in tables.rows("variants"):
        if row["alt"] == "." or not chosen(row):
            continue
        consequence = named.get(locus(row), {})
        at_position = sorted(genes.get(row["record"], ()))
        place = 0 if at_position else 1 if consequence.get("method") == "known_variant" else 2
        gene = ", ".join(at_position) or consequence.get("gene")
        entries.append(((place, *locus(row), row["record"]), _entry(row, kind, gene, shared)))
    return [entry for _, entry in sorted(entries, key=lambda pair: pair[0])]


def _entry(row: Row, kind: str, gene: str | None, shared: Context) -> dict[str, Any]:
    germline = GERMLINE in str(row["filters"]).split(";") or INHERITED.text in (
        row.get("reason") or ""
    )
    return {
        "finding": f"{kind}:{row['chrom']}:{row['pos']}:{row['ref']}:{row['alt']}:{row['record']}",
        "gene": gene,
        "position": f"{row['chrom']}:{row['pos']}",
        "rsid": row.get("rsid") if row.get("rsid") != "." else None,
        "ref": row["ref"],
        "alt": row["alt"],
        "genotype": row["genotype"],
        "depth": row.get("depth"),
        "vaf": fraction(row.get("vaf")),
        "gq": row.get("gq"),
        "filters": row["filters"],
        "fate": row["fate"],
        "fate_words": shared.words.term("fate", "germline" if germline else row["fate"]),
        "reason": row.get("reason"),
        "record": row["record"],
    }
