"""What the figures of a report show: every number and word of them; a view only places them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from apothecary.reports.context import Context, Row, SampleTables
from apothecary.reports.text import fraction

Model = Mapping[str, Any]
Figure = dict[str, Any]
# Rows of one figure, bins of a histogram and marks of an axis; our own choices, of layout only.
ROWS_SHOWN = 30
BINS = 20
_TICKS = 5
# Fewer variants are read in their table; our own choice.
_LEAST_VARIANTS = 5
_CHROMOSOMES = {name: n for n, name in enumerate([*map(str, range(1, 23)), "X", "Y", "M"])}


def figures(model: Model, tables: SampleTables, shared: Context) -> list[Figure]:
    """The figures for which a report has data.

    Args:
        model: The other sections of the report model.
        tables: The rows of the sample.
        shared: What every report of the run shares.

    Returns:
        A figure an entry: the `section` it stands in, its `kind` (bars and dots lie, columns and
        points stand), title and description, the `axis` of its values and its `rows`; of points,
        `groups` of neighbouring rows. A row has a label, a value, and an interval where there is
        one. A sample that failed has none.
    """
    if model["failure"]:
        return []
    made = [
        *_posteriors(model, shared),
        _coverage(tables, shared),
        _fractions(model, tables, shared),
        _clonality(tables, shared),
        _depth_copy_number(tables, shared),
        _segments(tables, shared),
        _burden(model, shared),
        *_signatures(model, shared),
    ]
    return [figure for figure in made if figure]


def ticks(low: float, high: float, *, least: float = 0.0) -> list[dict[str, Any]]:
    """Marks of an axis at round values from `low` to `high`, `least` or more apart."""
    rough = max((high - low) / _TICKS, least)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= rough)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    values = [round(n * step, 10) for n in range(first, last + 1)]
    return [{"at": value, "text": f"{value:g}"} for value in values]


def _figure(
    name: str,
    section: str,
    kind: str,
    rows: Sequence[dict[str, Any]],
    span: tuple[float, float],
    shared: Context,
    **values: object,
) -> Figure:
    words, of = shared.words, name.split(":")[0]
    # A column is a number of variants, which has no parts.
    marks = ticks(*span, least=1.0 if kind == "columns" else 0.0)
    axis = {
        "label": words(f"figure.{of}_axis"),
        "low": span[0],
        "high": span[1],
        "ticks": marks,
    }
    return {
        "figure": name,
        "section": section,
        "kind": kind,
        "title": words(f"figure.{of}", **values),
        "description": words(f"figure.{of}_description", **values),
        "axis": axis,
        "rows": list(rows),
        "groups": [],
    }


def _row(
    label: str,
    value: float,
    text: str,
    low: float | None = None,
    high: float | None = None,
    *,
    strong: bool = False,
) -> dict[str, Any]:
    return {
        "label": label,
        "value": value,
        "low": low,
        "high": high,
        "text": text,
        "strong": strong,
    }


def _top(rows: Sequence[dict[str, Any]]) -> float:
    """The end of an axis that begins at 0: the greatest value or bound, at least a little."""
    values: list[float] = [row["high"] or row["value"] for row in rows]
    return max([*values, 1e-9]) * 1.05


def _posteriors(model: Model, shared: Context) -> list[Figure]:
    """The diplotypes of each gene of which more than one is possible."""
    made = []
    for gene in model["genes"]:
        told = [row for row in gene["diplotypes"] if row["diplotype"] and row["posterior"]]
        if len(told) < 2:
            continue
        rows = [
            _row(row["diplotype"], row["posterior"], str(row["posterior"]), strong=row["rank"] == 1)
            for row in told[:ROWS_SHOWN]
        ]
        values = {"gene": gene["gene"], "count": len(told), "shown": len(rows)}
        name = f"posterior:{gene['gene']}"
        made.append(_figure(name, "genes", "bars", rows, (0.0, 1.0), shared, **values))
    return made


def _coverage(tables: SampleTables, shared: Context) -> Figure | None:
    """The genes with the fewest reads."""
    genes = [row for row in tables.rows("coverage") if row["kind"] == "gene"]
    ordered = sorted(genes, key=lambda row: (row["mean_depth"], row["gene"]))[:ROWS_SHOWN]
    if not ordered:
        return None
    rows = [
        _row(
            row["gene"],
            round(row["mean_depth"], 1),
            shared.words(
                "figure.coverage_row",
                depth=round(row["mean_depth"], 1),
                share=f"{100 * row['callable_fraction']:.0f}",
            ),
            strong=not row["callable"],
        )
        for row in ordered
    ]
    values = {"shown": len(rows), "count": len(genes)}
    return _figure("coverage", "quality", "bars", rows, (0.0, _top(rows)), shared, **values)


def _fractions(model: Model, tables: SampleTables, shared: Context) -> Figure | None:
    """How many kept variants of a tumor have which allele fraction."""
    if tables.sample["role"] != "tumor":
        return None
    kept = [r["vaf"] for r in tables.rows("variants") if r["fate"] == "kept" and r["vaf"]]
    if len(kept) < _LEAST_VARIANTS or "tumor" in tables.withheld(
        shared.run.get("consent_asked", True)
    ):
        return None
    acted = [
        finding["vaf"]
        for finding in model["tumor"]["findings"]
        if finding["tier"] in ("I", "II") and finding["vaf"]
    ]
    counts, strong = [0] * BINS, [False] * BINS
    for vaf in kept:
        counts[_bin(vaf)] += 1
    for vaf in acted:
        strong[_bin(vaf)] = True
    rows = [
        _row(f"{n / BINS:g}", float(count), str(count), strong=strong[n])
        for n, count in enumerate(counts)
    ]
    span = (0.0, max(counts) * 1.05)
    return _figure("fractions", "tumor", "columns", rows, span, shared, count=len(kept))


def _bin(share: float) -> int:
    return min(int(share * BINS), BINS - 1)


def _clonality(tables: SampleTables, shared: Context) -> Figure | None:
    """The share of tumor cells that have each finding."""
    told = [row for row in tables.rows("clonality") if row["ccf"] is not None]
    ordered = sorted(told, key=lambda row: (-row["ccf"], row["alteration"]))[:ROWS_SHOWN]
    rows = [
        _interval(row, "ccf", row["alteration"], row["status"] == "clonal", shared)
        for row in ordered
    ]
    if not rows:
        return None
    values = {"shown": len(rows), "count": len(told)}
    return _figure("clonality", "tumor_analyses", "dots", rows, (0.0, 1.0), shared, **values)


def _interval(row: Row, name: str, label: str, strong: bool, shared: Context) -> dict[str, Any]:
    value, low, high = (fraction(row[key]) for key in (name, f"{name}_low", f"{name}_high"))
    text = str(value)
    if low is not None and high is not None:
        text = shared.words("tumor_analyses.interval", value=value, low=low, high=high)
    return _row(label, float(value or 0.0), text, low, high, strong=strong)


def _depth_copy_number(tables: SampleTables, shared: Context) -> Figure | None:
    """Depth of each gene against that of normals, in the order of the genome."""
    told = [row for row in tables.rows("depth_copy_number") if row["log2"] is not None]
    if not told:
        return None
    untold = ("neutral", "uncertain", "not_assessed")
    pairs = [
        (row, _interval(row, "log2", row["gene"], row["state"] not in untold, shared))
        for row in sorted(told, key=_by_genome)
    ]
    return _genome("depth_copy_number", "tumor_analyses", pairs, shared)


def _segments(tables: SampleTables, shared: Context) -> Figure | None:
    """Copies of each gene by the segments that were given, in the order of the genome."""
    told = [row for row in tables.rows("copy_number") if row["total"] is not None]
    if not told:
        return None
    pairs = [
        (
            row,
            _row(row["gene"], row["total"], f"{row['total']:g}", strong=row["state"] != "neutral"),
        )
        for row in sorted(told, key=_by_genome)
    ]
    return _genome("segments", "tumor", pairs, shared)


def _by_genome(row: Row) -> tuple[int, str, int, str]:
    name = str(row["chrom"] or "").removeprefix("chr")
    return _CHROMOSOMES.get(name, len(_CHROMOSOMES)), name, row["start"] or 0, row["gene"]


def _genome(
    name: str, section: str, pairs: Sequence[tuple[Row, dict[str, Any]]], shared: Context
) -> Figure:
    rows = [entry for _, entry in pairs]
    lowest = min(min(row["value"], row["low"] or 0.0) for row in rows)
    highest = max(max(row["value"], row["high"] or 0.0) for row in rows)
    span = (min(lowest, 0.0), max(highest, 0.0) or 1.0)
    made = _figure(name, section, "points", rows, span, shared, count=len(rows))
    counts: dict[str, int] = {}
    for row, _ in pairs:
        chrom = str(row["chrom"] or "").removeprefix("chr")
        counts[chrom] = counts.get(chrom, 0) + 1
    made["groups"] = [{"label": label, "count": count} for label, count in counts.items()]
    return made


def _burden(model: Model, shared: Context) -> Figure | None:
    """Mutational burden by each definition that has an interval."""
    rows = [
        _row(
            marker["name"],
            marker["value"],
            shared.words(
                "tumor_analyses.interval",
                value=marker["value"],
                low=marker["low"],
                high=marker["high"],
            ),
            marker["low"],
            marker["high"],
            strong=marker["status"] == "high",
        )
        for marker in model["biomarkers"]["markers"]
        if marker["biomarker"].startswith("tmb_") and marker["unit"] == "mutations/Mb"
        if None not in (marker["value"], marker["low"], marker["high"])
    ]
    if not rows:
        return None
    return _figure("burden", "biomarkers", "dots", rows, (0.0, _top(rows)), shared)


def _signatures(model: Model, shared: Context) -> list[Figure]:
    """The share of each signature, by catalogue."""
    catalogues: dict[str, list[dict[str, Any]]] = {}
    for row in model["biomarkers"]["signatures"]:
        if row["signature"] and row["fraction"] is not None:
            text = str(row["fraction"])
            if row["low"] is not None and row["high"] is not None:
                values = {"value": row["fraction"], "low": row["low"], "high": row["high"]}
                text = shared.words("tumor_analyses.interval", **values)
            entry = _row(
                row["signature"],
                row["fraction"],
                text,
                row["low"],
                row["high"],
                strong=row["status"] == "assigned",
            )
            catalogues.setdefault(row["catalogue"], []).append(entry)
    return [
        _figure(
            f"signatures:{name}", "biomarkers", "bars", rows, (0.0, 1.0), shared, catalogue=name
        )
        for name, rows in catalogues.items()
    ]
