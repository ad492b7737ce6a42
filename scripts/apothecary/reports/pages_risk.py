"""Polygenic scores of a printed report; see `pages`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from apothecary.reports.blocks import Block, heading, lines, muted, note, strong, table

Model = Mapping[str, Any]


def _risk(model: Model) -> list[Block]:
    words = model["words"]
    columns = (
        ("model", 2.4),
        ("score", 2.4),
        ("coverage", 2.4),
        ("excluded", 3),
        ("notes", 4),
        ("source", 3),
    )
    rows = [
        (
            lines(strong(row["model"]), row["trait"], muted(row["name"])),
            lines(strong(row["score_text"])),
            lines(row["coverage_text"]),
            lines(*row["excluded"]),
            lines(*row["notes"]),
            lines(row["source"], muted(row["licence"])),
        )
        for row in model["risk"]
    ]
    made = [heading(words["section.risk"]), *note(words["risk.intro"])]
    return made + table(words, None, columns, rows)


SECTIONS: Mapping[str, Callable[[Model], list[Block]]] = {"risk": _risk}
