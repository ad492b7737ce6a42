"""The findings of a tumor in a printed report; see `pages`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from apothecary.reports.blocks import (
    Block,
    Cell,
    badge,
    bullets,
    code,
    heading,
    labelled,
    lines,
    link,
    muted,
    note,
    plain,
    strong,
    table,
)

Model = Mapping[str, Any]
Row = Mapping[str, Any]


def _tumor(model: Model) -> list[Block]:
    words, told = model["words"], model["tumor"]
    made = [heading(words["section.tumor"]), *note(told["note"])]
    columns = (
        ("tier", 1.6),
        ("alteration", 2.2),
        ("hgvs", 4),
        ("position", 3.5),
        ("oncogenicity", 2.5),
        ("tier_reason", 3.5),
    )
    made += table(words, None, columns, [_finding(words, row) for row in told["findings"]])
    for finding in told["findings"]:
        made.append(heading(finding["alteration"], 3))
        made += note(finding["evidence_count"])
        made += _evidence(words, finding["evidence"])
    return [*made, *_copy_number(words, told["copy_number"]), *_fusions(words, told["fusions"])]


def change(row: Row) -> list[Any]:
    """Position and alleles of a variant as the runs of a line."""
    if not row["position"]:
        return []
    alleles = [code(row["ref"]), plain(">"), code(row["alt"])] if row["ref"] else []
    return [code(row["position"]), *alleles]


def _finding(words: Mapping[str, str], row: Row) -> tuple[Cell, ...]:
    return (
        lines(badge(f"tier-{row['tier']}", row["tier_words"])),
        lines(strong(row["alteration"])),
        lines(
            code(row["hgvs_p"]),
            code(row["hgvs_c"]),
            code(row["transcript"]),
            row["consequence"],
            muted(row["named_by"]),
        ),
        lines(
            change(row),
            labelled(words, "vaf", row["vaf"]),
            labelled(words, "depth", row["depth"]),
        ),
        lines(
            row["oncogenicity"],
            labelled(words, "escat", row["escat"]),
            muted(row["escat_reason"]),
        ),
        lines(row["tier_reason"]),
    )


def _evidence(words: Mapping[str, str], rows: Sequence[Row]) -> list[Block]:
    columns = (
        ("evidence", 2.2),
        ("tier", 1.3),
        ("therapies", 3.4),
        ("match", 3.2),
        ("disease", 3),
        ("tier_reason", 4.4),
    )
    return table(words, None, columns, [_evidence_item(words, row) for row in rows])


def _evidence_item(words: Mapping[str, str], row: Row) -> tuple[Cell, ...]:
    by = [plain(name) for name in row["vetoed_by"]]
    named = link(row["link"], row["evidence_id"])
    return (
        lines(named or muted(row["match_words"]), muted(row["citation"])),
        lines(badge(f"tier-{row['tier']}", row["tier_words"])),
        lines(
            strong(row["therapies_text"]),
            [plain(row["effect_words"]), muted(row["evidence_type"])],
            [badge("resistant", words["therapy.vetoed"]), *by] if by else None,
        ),
        lines(
            labelled(words, "level", row["level"]),
            row["match_words"],
            muted(row["molecular_profile"]),
        ),
        lines(row["disease"], muted(row["tumor_match_words"])),
        lines(row["tier_reason"]),
    )


def _copy_number(words: Mapping[str, str], rows: Sequence[Row]) -> list[Block]:
    columns = (
        ("gene", 2),
        ("state", 3),
        ("#total", 1),
        ("#major", 1),
        ("#minor", 1),
        ("segment", 4),
    )
    return table(
        words,
        "copy_number",
        columns,
        [
            (
                lines(strong(row["gene"])),
                lines(row["state_words"]),
                lines(row["total"]),
                lines(row["major"]),
                lines(row["minor"]),
                lines(code(row["segment"])),
            )
            for row in rows
        ],
    )


def _fusions(words: Mapping[str, str], rows: Sequence[Row]) -> list[Block]:
    columns = (("fusion", 3), ("breakpoints", 4), ("#reads", 1), ("frame", 2), ("caller", 2))
    return table(
        words,
        "fusions",
        columns,
        [
            (
                lines(strong(row["fusion"])),
                lines(code(row["breakpoint_5prime"]), code(row["breakpoint_3prime"])),
                lines(row["reads"]),
                lines(row["frame"]),
                lines(row["caller"]),
            )
            for row in rows
        ],
    )


def _hotspots(model: Model) -> list[Block]:
    words, told = model["words"], model["hotspots"]
    made = [heading(words["section.hotspots"])]
    if told["note"]:
        made += note(told["note"])
    else:
        made += [*bullets(told["summary"]), *note(words["hotspots.intro"])]
    columns = (("gene", 2), ("change", 3), ("position", 4), ("vaf", 3), ("strands", 3), ("call", 3))
    made += table(
        words,
        "hotspots",
        columns,
        [
            (
                lines(strong(row["gene"])),
                lines(strong(row["change"])),
                lines(change(row)),
                lines(
                    row["vaf_text"],
                    labelled(words, "depth", row["depth"]),
                    labelled(words, "alt_depth", row["alt_depth"]),
                ),
                lines(row["strands_text"]),
                lines(row["call"]),
            )
            for row in told["found"]
        ],
    )
    names = ("sites", "found", "not_found", "detection_limit", "not_assessable", "least_depth")
    counted = [("gene", 2.0), *((f"#{name}", 1.5) for name in names), ("reasons", 4.0)]
    return made + table(
        words,
        "hotspot_genes",
        counted,
        [
            (
                lines(strong(row["gene"])),
                *(lines(row[name]) for name in names),
                lines(*row["reasons"]),
            )
            for row in told["genes"]
        ],
    )


def _analyses(model: Model) -> list[Block]:
    told = model["tumor_analyses"]
    made = [heading(model["words"]["section.tumor_analyses"]), *bullets(told["caveats"])]
    for name, columns in _ANALYSES.items():
        made += _rows(model["words"], name, columns, told[name])
    return made


def _trials(model: Model) -> list[Block]:
    words, told = model["words"], model["trials"]
    made = [heading(words["section.trials"]), *bullets(told["summary"])]
    return [*made, *note(words["trials.intro"]), *_rows(words, "trials", _TRIALS, told["rows"])]


def _rows(
    words: Mapping[str, str],
    caption: str,
    columns: Sequence[tuple[str, float]],
    rows: Sequence[Row],
) -> list[Block]:
    """A table that shows a key of each row a column; a list is a line an entry."""
    names = [name.lstrip("#") for name, _ in columns]
    made = []
    for row in rows:
        values = [row[name] if isinstance(row[name], list) else [row[name]] for name in names]
        made.append([lines(*value) for value in values])
    return table(words, caption, columns, made)


_ANALYSES: Mapping[str, Sequence[tuple[str, float]]] = {
    "depth_copy_number": (
        ("gene", 2),
        ("state_words", 2),
        ("#targets", 1),
        ("log2", 3),
        ("copies", 3),
        ("reason", 4),
    ),
    "two_hits": (
        ("gene", 2),
        ("hits", 2),
        ("truncating", 3),
        ("altering", 3),
        ("germline", 3),
        ("lost", 3),
        ("reason", 4),
    ),
    "clonality": (("alteration", 3), ("#vaf", 1.5), ("ccf", 3), ("clonality", 2), ("reason", 4)),
    "variant_origins": (
        ("alteration", 3),
        ("#vaf", 1.5),
        ("#germline_probability", 2),
        ("origin", 2),
        ("reason", 4),
    ),
    "multi_omic": (
        ("gene", 2),
        ("dna", 3),
        ("#expression", 2),
        ("expressed", 2),
        ("outlier", 2),
        ("reason", 4),
    ),
    "expression_outliers": (
        ("gene", 2),
        ("#expression", 2),
        ("#robust_z", 2),
        ("#samples", 2),
        ("outlier", 2),
    ),
}
_TRIALS: Sequence[tuple[str, float]] = (
    ("trial", 2),
    ("title", 3),
    ("part", 2),
    ("phase", 1.2),
    ("accrual", 1.5),
    ("status_words", 2),
    ("met", 3),
    ("unmet", 3),
    ("unknown", 3),
    ("matched_by", 2),
)
SECTIONS: Mapping[str, Callable[[Model], list[Block]]] = {
    "tumor": _tumor,
    "hotspots": _hotspots,
    "tumor_analyses": _analyses,
    "trials": _trials,
}
