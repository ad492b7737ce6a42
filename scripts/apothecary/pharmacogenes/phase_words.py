"""How much of the phase of a gene reads tell, in words for reports and for `apothecary why`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def read_backed(sites: Iterable[Mapping[str, Any]]) -> str:
    """What reads tell of the phase of a gene.

    Args:
        sites: Rows of the table sites, of one gene in one sample.

    Returns:
        Such as `read-backed: 3 positions in 1 phase set, linked by at least 24 fragments`; empty
        where reads gave no phase.
    """
    sets: dict[str | None, int] = {}
    positions = 0
    for row in sites:
        if row.get("phase_source") == "reads":
            positions += 1
            reads = row["phase_reads"] or 0
            sets[row["phase_set"]] = min(sets.get(row["phase_set"], reads), reads)
    if not positions:
        return ""
    count = len(sets)
    return (
        f"read-backed: {positions} positions in {count} phase set{'s' * (count != 1)}, "
        f"linked by at least {min(sets.values())} fragments"
    )
