"""Changes of what the reads of tumors say at known variants, between two runs."""

from __future__ import annotations

from collections import Counter

from apothecary import schemas
from apothecary.calling.verdicts import FOUND
from apothecary.changes import DATA, KNOWN_VARIANT, TECHNICAL, Change, Key, Row
from apothecary.runs import Run

_PLACE = ("chrom", "pos", "ref", "alt")


def hotspot_changes(a: Run, b: Run, both: frozenset[str]) -> list[Change]:
    """What was found in one run only, and by gene what else differs.

    Args:
        a: The first run.
        b: The second.
        both: The samples to look at.

    Returns:
        A clinical change for each known variant that is found in one of the runs; by gene, one
        change of the data that counts the variants with another verdict, and a technical one that
        tells the worst detection limit, where limits differ.
    """
    before, after = _evidence(a, both), _evidence(b, both)
    changes = []
    verdicts: Counter[tuple[str, str, str, str]] = Counter()
    limits: dict[tuple[str, str], tuple[list[float], list[float]]] = {}
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        row = new or old or {}
        name, gene = row["sample_id"], row["gene"]
        said = _verdict(old), _verdict(new)
        if said[0] != said[1]:
            if FOUND in said:
                changes.append(Change(KNOWN_VARIANT, name, _subject(row), _told(old), _told(new)))
            else:
                verdicts[name, gene, *said] += 1
        elif old and new and old["detection_limit"] != new["detection_limit"]:
            held = limits.setdefault((name, gene), ([], []))
            for side, limit in zip(
                held, (old["detection_limit"], new["detection_limit"]), strict=True
            ):
                side.extend([limit] if limit is not None else [])
    for (name, gene, was, now), count in sorted(verdicts.items()):
        subject = f"{count} known variant{'s' * (count != 1)} of {gene}"
        changes.append(Change(DATA, name, subject, was, now))
    for (name, gene), (old_limits, new_limits) in sorted(limits.items()):
        worst = (f"{max(side):.3g}" if side else "" for side in (old_limits, new_limits))
        changes.append(
            Change(TECHNICAL, name, f"worst detection limit that differs, {gene}", *worst)
        )
    return changes


def _evidence(run: Run, both: frozenset[str]) -> dict[Key, Row]:
    """Rows by sample and place; a batch without reads has no table."""
    table = schemas.HOTSPOT_EVIDENCE
    here = {n: s["batch"] for n, s in run.samples.items() if n in both and s["role"] == "tumor"}
    return {
        tuple(row[column] for column in ("sample_id", *_PLACE)): row
        for name in sorted(here)
        for row in run.sample_rows(table, name) or ()
    }


def _verdict(row: Row | None) -> str:
    return str(row["status"]) if row else "not looked at"


def _told(row: Row | None) -> str:
    if row and row["status"] == FOUND and row["depth"]:
        return f"{FOUND}, {row['alt_depth']} of {row['depth']} fragments"
    if row and row["detection_limit"] is not None:
        return f"{row['status']}, detection limit {row['detection_limit']:.3g}"
    return f"{row['status']} ({row['reason']})" if row and row["reason"] else _verdict(row)


def _subject(row: Row) -> str:
    place = ":".join(str(row[column]) for column in _PLACE)
    return " ".join((row["gene"], *(row["protein_changes"] or ()), place))
