"""Known variants that a tumor's reads were searched for, so that "not found" has a limit."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from apothecary.calling.verdicts import FOUND, NOT_ASSESSABLE, NOT_FOUND
from apothecary.qc.withholding import BY_QUALITY
from apothecary.reads.formats import READ_FORMATS
from apothecary.reports.context import Context, Row, SampleTables
from apothecary.reports.text import DIGITS, rounded_up, unique


def hotspots(tables: SampleTables, shared: Context) -> dict[str, Any]:
    """What the reads of a tumor say at the known variants.

    Args:
        tables: The rows of the sample.
        shared: What every report of the run shares.

    Returns:
        The section `hotspots` of the report model; it is `nothing` for a sample that is no tumor
        or was not given as reads.
    """
    sample = tables.sample
    if sample["role"] != "tumor" or sample["format"] not in READ_FORMATS:
        return nothing()
    rows = tables.rows("hotspot_evidence")
    if not rows:
        withheld = "tumor" in tables.withheld(shared.run.get("consent_asked", True))
        return nothing(shared.words("tumor.withheld" if withheld else "hotspots.none"))
    found = [_found(row, tables, shared) for row in sorted(rows, key=_place) if _is(row, FOUND)]
    grouped: defaultdict[str, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=_place):
        grouped[row["gene"]].append(row)
    counts = _counts(rows)
    return {
        "note": None,
        "counts": counts,
        "summary": _summary(counts, found, shared),
        "found": sorted(found, key=lambda entry: str(entry["gene"])),
        "genes": [_gene(gene, grouped[gene], shared) for gene in sorted(grouped)],
    }


def nothing(note: str | None = None) -> dict[str, Any]:
    """The section without a finding.

    Args:
        note: Why there is none, where the sample could have some.
    """
    return {"note": note, "counts": _counts([]), "summary": [], "found": [], "genes": []}


def not_assessable(section: dict[str, Any], shared: Context) -> list[dict[str, str]]:
    """The known variants that the reads tell nothing of, as a step not done.

    Args:
        section: The section `hotspots` of the report model.
        shared: What every report of the run shares.

    Returns:
        One entry of `not_assessed.steps`, or none.
    """
    count = section["counts"]["not_assessable"]
    if not count:
        return []
    genes = sum(gene["not_assessable"] > 0 for gene in section["genes"])
    text = shared.words("hotspots.step_not_assessable", count=count, genes=genes)
    return [{"step": "genotype_hotspots", "reason": text}]


def _is(row: Row, status: str) -> bool:
    return bool(row["status"] == status)


def _place(row: Row) -> tuple[str, int, str, str]:
    return row["chrom"], row["pos"], row["ref"], row["alt"]


def _counts(rows: list[Row]) -> dict[str, Any]:
    by_status = Counter(row["status"] for row in rows)
    return {
        "sites": len(rows),
        "found": by_status[FOUND],
        "not_found": by_status[NOT_FOUND],
        "not_assessable": by_status[NOT_ASSESSABLE],
        "detection_limit": _worst_limit(rows),
    }


def _worst_limit(rows: list[Row]) -> float | None:
    """The highest detection limit of the variants that were not found."""
    return max((_limit(row) for row in rows if _is(row, NOT_FOUND)), default=None)


def _limit(row: Row) -> float:
    return rounded_up(row["detection_limit"])


def _shown(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.{DIGITS}g}")


def _change(row: Row) -> str:
    """The change in the protein, or in the bases where it has no name there."""
    return ", ".join(row["protein_changes"] or []) or _bases(row)


def _bases(row: Row) -> str:
    return f"{row['chrom']}:{row['pos']} {row['ref']}>{row['alt']}"


def _found(row: Row, tables: SampleTables, shared: Context) -> dict[str, Any]:
    vaf, low, high = (_shown(row[name]) for name in ("vaf", "vaf_low", "vaf_high"))
    call, kept = _call(row, tables, shared)
    strands = {
        name: row[name] for name in ("ref_forward", "ref_reverse", "alt_forward", "alt_reverse")
    }
    return {
        "finding": f"hotspot:{row['chrom']}:{row['pos']}:{row['ref']}:{row['alt']}",
        "gene": row["gene"],
        "change": _change(row),
        "position": f"{row['chrom']}:{row['pos']}",
        "ref": row["ref"],
        "alt": row["alt"],
        "vaf": vaf,
        "vaf_low": low,
        "vaf_high": high,
        "vaf_text": shared.words("hotspots.vaf", vaf=vaf, low=low, high=high),
        "depth": row["depth"],
        "alt_depth": row["alt_depth"],
        **strands,
        "strands_text": shared.words("hotspots.strands", **strands),
        "p_value": _shown(row["p_value"]),
        "call": "; ".join(text for text in (call, row["reason"]) if text),
        "kept": kept,
    }


def _call(row: Row, tables: SampleTables, shared: Context) -> tuple[str, bool]:
    """What became of the call of the same variant, and whether it was kept."""
    place = (row["build"], row["chrom"], row["input_pos"], row["ref"], row["alt"])
    calls = [
        call
        for call in tables.rows("variants")
        if tuple(call[name] for name in ("build", "chrom", "pos", "ref", "alt")) == place
    ]
    if not calls:
        return shared.words("hotspots.no_call"), False
    first = min(calls, key=lambda call: (call["fate"] != "kept", call["record"]))
    told = shared.words.term("fate", first["fate"])
    return f"{told}: {first['reason']}" if first["reason"] else told, first["fate"] == "kept"


def _summary(counts: dict[str, Any], found: list[dict[str, Any]], shared: Context) -> list[str]:
    words = shared.words
    lines = [words("hotspots.found", found=counts["found"], sites=counts["sites"])]
    not_kept = [f"{entry['gene']} {entry['change']}" for entry in found if not entry["kept"]]
    if not_kept:
        lines.append(words("hotspots.not_kept", changes="; ".join(not_kept)))
    if counts["not_found"]:
        limit = f"{counts['detection_limit']:g}"
        lines.append(words("hotspots.not_found", count=counts["not_found"], limit=limit))
    if counts["not_assessable"]:
        lines.append(words("hotspots.not_assessable", count=counts["not_assessable"]))
    others = shared.known_variants() - counts["sites"]
    if others > 0:
        lines.append(words("hotspots.not_looked_at", count=others))
    return lines


def _gene(gene: str, rows: list[Row], shared: Context) -> dict[str, Any]:
    names = Counter(_change(row) for row in rows)

    def label(row: Row) -> str:
        # Several changes of bases may have one name, and not the same fate.
        name = _change(row)
        return name if names[name] == 1 else f"{name} ({_bases(row)})"

    depths = [row["depth"] for row in rows if row["depth"] is not None]
    return {
        "finding": f"hotspot_gene:{gene}",
        "gene": gene,
        **_counts(rows),
        "least_depth": min(depths, default=None),
        "reasons": _reasons([row for row in rows if _is(row, NOT_ASSESSABLE)], shared),
        "not_found_changes": [
            shared.words("hotspots.with_limit", change=label(row), limit=f"{_limit(row):g}")
            for row in rows
            if _is(row, NOT_FOUND)
        ],
        "not_assessable_changes": unique(label(row) for row in rows if _is(row, NOT_ASSESSABLE)),
    }


def _reasons(rows: list[Row], shared: Context) -> list[str]:
    """Why sites are not assessable, with their number; sites of too low a depth together."""
    # A site whose fragments were counted is not assessable for want of depth, by the statistics of
    # its reads or by quality control.
    by_quality = [row for row in rows if str(row["reason"]).endswith(BY_QUALITY)]
    depths = sorted(
        row["depth"] for row in rows if row["depth"] is not None and row not in by_quality
    )
    told = []
    if depths:
        low, high = depths[0], depths[-1]
        span = str(low) if low == high else shared.words("hotspots.span", low=low, high=high)
        told.append(shared.words("hotspots.low_depth", count=len(depths), depth=span))
    others = Counter(row["reason"] for row in rows if row["depth"] is None or row in by_quality)
    told += [
        shared.words("hotspots.reason", count=count, reason=reason)
        for reason, count in sorted(others.items(), key=lambda item: (-item[1], str(item[0])))
    ]
    return told
