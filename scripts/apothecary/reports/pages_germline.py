"""Hereditary disease of a printed report; see `pages`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from apothecary.germline import rules
from apothecary.reports.blocks import (
    Block,
    Cell,
    badge,
    bullets,
    code,
    heading,
    labelled,
    lines,
    muted,
    note,
    plain,
    strong,
    table,
)

Model = Mapping[str, Any]
Row = Mapping[str, Any]


def to_do(model: Model) -> list[Block]:
    """The findings to act on, of the first page.

    Args:
        model: The report model.
    """
    columns = (("gene", 1.5), ("change", 3), ("class", 2.5), ("condition", 3), ("doubts", 5))
    rows = [
        (
            lines(strong(row["gene"])),
            lines(code(row["change"])),
            lines(_class(row), row["secondary_words"], row["list_text"]),
            lines(row["condition"], muted(row["inheritance_words"])),
            lines(*row["doubts"]),
        )
        for row in model["actions"]["germline"]
    ]
    made = table(model["words"], "germline_actions", columns, rows)
    return [*made, *bullets(model["actions"]["germline_steps"])]


def _class(row: Row) -> dict[str, str] | None:
    return badge("avoid" if row["class"] in rules.REPORTED else "plain", row["class"])


def _germline(model: Model) -> list[Block]:
    words, told = model["words"], model["germline"]
    made = [heading(words["section.germline"]), *note(told["note"])]
    lists = [[plain(entry["name"]), muted(entry["detail"])] for entry in told["lists"]]
    made += bullets([*lists, *told["summary"]], "small")
    if told["findings"]:
        made += note(words["germline.intro"])
    return [*made, *_variants(words, "germline_findings", told["findings"])]


def _uncertain(model: Model) -> list[Block]:
    words, rows = model["words"], model["germline_uncertain"]
    made = [heading(words["section.germline_uncertain"]), *note(words["germline.uncertain_intro"])]
    return [*made, *_variants(words, "germline_uncertain", rows)]


def _variants(words: Mapping[str, str], caption: str, rows: list[Row]) -> list[Block]:
    columns = (
        ("gene", 2.7),
        ("hgvs_position", 3.6),
        ("zygosity", 2.2),
        ("by_points", 3),
        ("condition", 3),
        ("reason", 4),
    )
    made = table(words, caption, columns, [_variant(words, row) for row in rows])
    ledger = [
        (
            lines(strong(line["gene"])),
            lines(code(line["change"])),
            lines(line["code"]),
            lines(line["points"]),
            lines(line["evidence"]),
            lines(line["source"]),
        )
        for row in rows
        for line in row["ledger"]
    ]
    heads = (
        ("gene", 1.5),
        ("change", 3),
        ("code", 1.8),
        ("#points", 1),
        ("evidence", 5),
        ("source", 2.5),
    )
    made += table(words, "germline_codes", heads, ledger)
    left_out = [
        [strong(f"{row['gene']} {row['change']}"), plain("; ".join(row["not_assessed"]))]
        for row in rows
        if row["not_assessed"]
    ]
    by_list = [
        [strong(row["gene"]), plain("; ".join(row["conditions"]))]
        for row in rows
        if len(row["conditions"]) > 1
    ]
    for title, entries in (
        (words["field.not_assessed"], left_out),
        (words["germline.all_conditions"], by_list),
    ):
        made += [heading(title, 3), *bullets(entries, "small")] if entries else []
    return made


def _variant(words: Mapping[str, str], row: Row) -> tuple[Cell, ...]:
    return (
        lines(strong(row["gene"]), _class(row), row["reported_words"]),
        lines(
            code(row["hgvs_p"]),
            code(row["hgvs_c"]),
            code(row["transcript"]),
            [code(row["position"]), code(row["ref"]), plain(">"), code(row["alt"])],
            muted(row["consequence"]),
        ),
        lines(
            row["zygosity_words"],
            labelled(words, "vaf", row["vaf"]),
            labelled(words, "depth", row["depth"]),
            row["phase"],
            *(code(text) for text in row["partners"]),
        ),
        lines(
            row["points_text"],
            muted(row["population_text"]),
            labelled(words, "clinvar", row["clinvar_text"]),
            *(muted(text) for text in row["clinvar_conditions"]),
            row["disagreement"],
        ),
        lines(
            row["condition"],
            muted(row["inheritance_words"]),
            row["secondary_words"],
            row["list_text"],
        ),
        lines(row["reason"], *(strong(text) for text in row["doubts"])),
    )


def _genes(model: Model) -> list[Block]:
    words, told = model["words"], model["germline_genes"]
    made = [heading(words["section.germline_genes"]), *bullets(told["summary"], "small")]
    for group in told["groups"]:
        made += [heading(group["name"], 3), *bullets([", ".join(group["genes"])], "small")]
    return made


SECTIONS: Mapping[str, Callable[[Model], list[Block]]] = {
    "germline": _germline,
    "germline_uncertain": _uncertain,
    "germline_genes": _genes,
}
"""The sections of hereditary disease, by name."""
