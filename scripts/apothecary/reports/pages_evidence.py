"""Biomarkers, oncogenicity, negatives and approvals in a printed report; see `pages`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
    strong,
    table,
)
from apothecary.reports.pages_tumor import change

Model = Mapping[str, Any]
Row = Mapping[str, Any]


def _biomarkers(model: Model) -> list[Block]:
    words, told = model["words"], model["biomarkers"]
    made = [heading(words["section.biomarkers"]), *note(words["biomarkers.intro"])]
    columns = (
        ("marker", 3),
        ("biomarker_status", 2.5),
        ("value", 2.5),
        ("counted", 3),
        ("method", 3),
        ("reason", 4),
    )
    rows = [
        (
            lines(strong(row["name"])),
            lines(badge(f"marker-{row['status']}", row["status_words"])),
            lines(
                [strong(row["value"]), muted(None if row["value"] is None else row["unit"])],
                labelled(words, "interval", row["interval_text"]),
            ),
            lines(row["counted_text"], muted(row["denominator_source"])),
            lines(row["method"]),
            lines(row["reason_text"]),
        )
        for row in told["markers"]
    ]
    made += table(words, "biomarkers", columns, rows)
    return made + _signatures(words, told["signatures"])


def _signatures(words: Mapping[str, str], rows: list[Row]) -> list[Block]:
    columns = (
        ("catalogue", 2),
        ("signature", 3),
        ("biomarker_status", 2.5),
        ("share", 2.5),
        ("counted", 3),
        ("reason", 4),
    )
    return table(
        words,
        "signatures",
        columns,
        [
            (
                lines(strong(row["catalogue"])),
                lines(row["signature"], muted(row["group_words"] if row["group"] else None)),
                lines(badge(f"marker-{row['status']}", row["status_words"])),
                lines(
                    row["fraction"],
                    labelled(words, "interval", row["interval_text"]),
                    labelled(words, "exposure", row["exposure"]),
                ),
                lines(
                    row["counted_text"],
                    muted(row["matrix"]),
                    labelled(words, "cosine", row["cosine"]),
                ),
                lines(row["reason"]),
            )
            for row in rows
        ],
    )


def _oncogenicity(model: Model) -> list[Block]:
    words, told = model["words"], model["oncogenicity"]
    made = [heading(words["section.oncogenicity"]), *bullets(told["summary"], "small")]
    columns = (
        ("class", 2),
        ("#points", 1.2),
        ("gene", 1.4),
        ("change", 2.8),
        ("position", 3.2),
        ("codes", 1.7),
        ("not_assessed", 6),
    )
    rows = [
        (
            lines(strong(row["class"])),
            lines(row["points"]),
            lines(row["gene"]),
            lines(code(row["change"]), code(row["transcript"])),
            lines(change(row), labelled(words, "vaf", row["vaf"])),
            lines(*row["codes"]),
            lines(*row["not_assessed"]),
        )
        for row in told["variants"]
    ]
    made += table(words, None, columns, rows)
    ledger = (
        ("gene", 1.6),
        ("code", 2),
        ("strength", 2),
        ("#points", 1),
        ("status", 3),
        ("evidence", 4),
        ("source", 2),
    )
    return made + table(
        words,
        "oncogenicity_codes",
        ledger,
        [_code(line) for row in told["variants"] for line in row["ledger"]],
    )


def _code(line: Row) -> tuple[Cell, ...]:
    return (
        lines(strong(line["gene"]), code(line["change"] or line["position"])),
        lines(line["code"], muted(line["weak_words"])),
        lines(line["strength"]),
        lines(line["points"]),
        lines(line["status_words"], muted(line["reason"])),
        lines(line["evidence"], *(muted(text) for text in line["references"])),
        lines(line["source_id"]),
    )


def _unknown_significance(model: Model) -> list[Block]:
    words = model["words"]
    made = [heading(words["section.unknown_significance"])]
    made += note(words["unknown_significance.intro"])
    columns = (("alteration", 3), ("hgvs", 4), ("position", 4), ("consequence", 3), ("reason", 4))
    rows = [
        (
            lines(strong(row["alteration"])),
            lines(code(row["hgvs_p"]), code(row["hgvs_c"])),
            lines(
                change(row),
                labelled(words, "vaf", row["vaf"]),
                labelled(words, "depth", row["depth"]),
            ),
            lines(row["consequence"], labelled(words, "oncogenicity", row["oncogenicity"])),
            lines(row["reason"]),
        )
        for row in model["unknown_significance"]
    ]
    return made + table(words, None, columns, rows)


def _pertinent_negatives(model: Model) -> list[Block]:
    words, told = model["words"], model["pertinent_negatives"]
    made = [heading(words["section.pertinent_negatives"]), *bullets(told["summary"])]
    made += note(words["pertinent_negatives.intro"])
    columns = (
        ("molecular_profile", 3),
        ("#detection_limit", 1.5),
        ("reason", 4),
        ("level", 2),
        ("sensitive_to", 3),
        ("resistant_to", 3),
    )
    for status in ("not_found", "found", "not_assessable"):
        rows = [
            (
                lines(strong(row["molecular_profile"])),
                lines(row["detection_limit"]),
                lines(row["reason"]),
                lines(row["level"], muted(row["tumor_match_words"])),
                lines(*row["sensitive_to"]),
                lines(*row["resistant_to"]),
            )
            for row in told["biomarkers"]
            if row["status"] == status
        ]
        if rows:
            made.append(heading(words[f"negative_status.{status}"], 3))
            made += table(words, None, columns, rows)
    return made


def _approvals(model: Model) -> list[Block]:
    words = model["words"]
    made = [heading(words["section.approvals"]), *note(words["approval.intro"])]
    columns = (
        ("agency", 1.5),
        ("therapies", 3),
        ("molecular_profile", 3),
        ("disease", 3),
        ("approved", 2.2),
        ("reason", 3),
        ("document", 3),
    )
    for status in ("meets", "does_not_meet", "not_assessable"):
        rows = [
            (
                lines(row["agency"]),
                lines(*(strong(text) for text in row["therapies"])),
                lines(row["molecular_profile"]),
                lines(row["disease"], muted(row["tumor_match_words"])),
                lines(row["approved"], muted(row["test_words"])),
                lines(row["reason"]),
                lines(link(row["link"], row["document"] or row["link"])),
            )
            for row in model["approvals"]
            if row["status"] == status
        ]
        if rows:
            made.append(heading(words[f"approval_status.{status}"], 3))
            made += table(words, None, columns, rows)
    return made


SECTIONS: Mapping[str, Callable[[Model], list[Block]]] = {
    "biomarkers": _biomarkers,
    "oncogenicity": _oncogenicity,
    "unknown_significance": _unknown_significance,
    "pertinent_negatives": _pertinent_negatives,
    "approvals": _approvals,
}
