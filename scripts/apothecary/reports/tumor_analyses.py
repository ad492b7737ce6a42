"""Copy number by depth, clonality, origin, two hits and expression of a tumor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from apothecary.reports.context import Context, Row, SampleTables
from apothecary.reports.text import fraction

_Entry = dict[str, Any]
_UNTOLD = frozenset({"neutral", "not_assessed"})


def tumor_analyses(tables: SampleTables, shared: Context) -> dict[str, Any]:
    """What was told of a tumor beside its findings, with what is to be borne in mind.

    Args:
        tables: The rows of the sample.
        shared: What every report of the run shares.

    Returns:
        The section `tumor_analyses` of the report model; without an entry for other samples.
    """
    made: dict[str, Any] = {
        name: [build(row, shared) for row in _sorted(tables.rows(name)) if keep(row)]
        for name, (build, keep) in _TABLES.items()
    }
    return {"caveats": _caveats(tables, shared), **made}


def _sorted(rows: list[Row]) -> list[Row]:
    keys = ("gene", "chrom", "pos", "ref", "alt")
    return sorted(rows, key=lambda row: tuple(str(row.get(key, "")).zfill(12) for key in keys))


def _caveats(tables: SampleTables, shared: Context) -> list[str]:
    """What a missing normal, purity, copy number or baseline costs."""
    found = []
    origins, shares = tables.rows("variant_origins"), tables.rows("clonality")
    if origins:
        counts = {
            status: sum(row["status"] == status for row in origins)
            for status in ("likely_germline", "likely_somatic", "uncertain")
        }
        found.append(shared.words("tumor_analyses.tumor_only", **counts))
        if all(row["population_af"] is None for row in origins):
            found.append(shared.words("tumor_analyses.no_frequencies"))
    if shares and shares[0]["purity"] is None:
        found.append(shared.words("tumor_analyses.no_purity"))
    elif any(not row["copies_given"] for row in shares):
        found.append(shared.words("tumor_analyses.no_copies"))
    if any(not row["germline_looked_at"] for row in tables.rows("two_hits")):
        found.append(shared.words("tumor_analyses.no_germline"))
    untold = [r for r in tables.rows("depth_copy_number") if r["state"] == "not_assessed"]
    for reason in sorted({row["reason"] for row in untold}):
        count = sum(row["reason"] == reason for row in untold)
        found.append(shared.words("tumor_analyses.no_depth", count=count, reason=reason))
    return found


def _interval(row: Row, name: str, shared: Context) -> str | None:
    """A value with its interval in brackets."""
    if row.get(name) is None:
        return None
    values = (fraction(row[key]) for key in (name, f"{name}_low", f"{name}_high"))
    value, low, high = values
    return shared.words("tumor_analyses.interval", value=value, low=low, high=high)


def _depth(row: Row, shared: Context) -> _Entry:
    return {
        "finding": f"depth_copy_number:{row['gene']}",
        "gene": row["gene"],
        "state": row["state"],
        "state_words": shared.words.term("copy_number", row["state"]),
        "targets": row["targets"],
        "log2": _interval(row, "log2", shared),
        "copies": _interval(row, "total", shared),
        "reason": row["reason"],
    }


def _place(row: Row) -> str:
    return f"{row['chrom']}:{row['pos']}:{row['ref']}:{row['alt']}"


def _clonality(row: Row, shared: Context) -> _Entry:
    return {
        "finding": f"clonality:{_place(row)}",
        "alteration": row["alteration"],
        "vaf": fraction(row["vaf"]),
        "ccf": _interval(row, "ccf", shared),
        "status": row["status"],
        "clonality": shared.words.term("clonality", row["status"]),
        "reason": row["reason"],
    }


def _origin(row: Row, shared: Context) -> _Entry:
    return {
        "finding": f"origin:{_place(row)}",
        "alteration": row["alteration"],
        "vaf": fraction(row["vaf"]),
        "germline_probability": float(f"{row['germline_probability']:.2g}"),
        "status": row["status"],
        "origin": shared.words.term("origin", row["status"]),
        "reason": row["reason"],
    }


def _two_hits(row: Row, shared: Context) -> _Entry:
    return {
        "finding": f"two_hits:{row['gene']}",
        "gene": row["gene"],
        "status": row["status"],
        "hits": shared.words.term("two_hits", row["status"]),
        "truncating": list(row["truncating"] or []),
        "altering": list(row["altering"] or []),
        "germline": list(row["germline"] or []),
        "lost": list(row["lost"] or []),
        "reason": row["reason"],
    }


def _outlier(row: Row, shared: Context) -> _Entry:
    return {
        "finding": f"expression:{row['gene']}",
        "gene": row["gene"],
        "expression": fraction(row["value"]),
        "robust_z": fraction(row["robust_z"]),
        "samples": row["samples"],
        "outlier": shared.words.term("outlier", row["status"]),
    }


def _multi_omic(row: Row, shared: Context) -> _Entry:
    return {
        "finding": f"multi_omic:{row['gene']}",
        "gene": row["gene"],
        "dna": list(row["dna"] or []),
        "expression": fraction(row["expression"]),
        "expressed": shared.words.term("yes_no", row["expressed"]),
        "outlier": shared.words.term("outlier", row["outlier"]) if row["outlier"] else None,
        "reason": row["reason"],
    }


def _every(row: Row) -> bool:
    return bool(row)


def _told(row: Row) -> bool:
    return row["state"] not in _UNTOLD


def _has_share(row: Row) -> bool:
    """Whether a cancer cell fraction is told; why none is stands among the caveats."""
    return row["ccf"] is not None


_TABLES: dict[str, tuple[Callable[[Row, Context], _Entry], Callable[[Row], bool]]] = {
    "depth_copy_number": (_depth, _told),
    "two_hits": (_two_hits, _every),
    "clonality": (_clonality, _has_share),
    "variant_origins": (_origin, _every),
    "multi_omic": (_multi_omic, _every),
    "expression_outliers": (_outlier, _every),
}
