"""The allele that a record gives at a position, whatever way the record spells it.

An allele of a position is the text of its window: the bases that stand where the reference has
`ref`. A record may have the same REF, a longer one, or spell an indel at a neighbouring base of a
repeat; all are brought to the text of the window.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

Change = tuple[int, str, str]
"""Position of the first changed base (1-based), deleted bases, inserted bases."""


@lru_cache(maxsize=65_536)
def changes(pos: int, ref: str, alt: str) -> frozenset[Change]:
    """All spellings of a change that the bases of REF and ALT prove to be equal.

    Args:
        pos: 1-based position of REF.
        ref: Reference bases.
        alt: Bases instead.

    Returns:
        The change without shared bases, at its leftmost place within REF and at every place to
        the right that gives the same sequence; empty when both are equal.
    """
    if ref == alt:
        return frozenset()
    suffix = 0
    while suffix < min(len(ref), len(alt)) and ref[-1 - suffix] == alt[-1 - suffix]:
        suffix += 1
    head_ref, head_alt = ref[: len(ref) - suffix], alt[: len(alt) - suffix]
    prefix = 0
    while prefix < min(len(head_ref), len(head_alt)) and head_ref[prefix] == head_alt[prefix]:
        prefix += 1
    start, deleted, inserted = prefix, head_ref[prefix:], head_alt[prefix:]
    found = {(pos + start, deleted, inserted)}
    moving = deleted or inserted
    if deleted and inserted:
        return frozenset(found)
    after = start + len(deleted)
    while after < len(ref) and ref[after] == moving[0]:
        moving = moving[1:] + moving[0]
        start, after = start + 1, after + 1
        found.add((pos + start, moving, "") if deleted else (pos + start, "", moving))
    return frozenset(found)


def windows(
    position: int,
    ref: str,
    alts: Sequence[str],
    record_pos: int,
    record_ref: str,
    record_alts: Sequence[str],
) -> tuple[str | None, ...] | None:
    """The text of a position's window for every allele of a record.

    Args:
        position: 1-based position of the window, in the build of the record.
        ref: Reference bases of the window, in that build.
        alts: The other alleles that are known there.
        record_pos: 1-based position of the record.
        record_ref: Its REF.
        record_alts: Its ALT alleles; symbolic ones among them.

    Returns:
        One text for REF and for each ALT, None where an allele changes the window in a way that
        cannot be told (symbolic, or a deletion over its border). None when the record says
        nothing about the window or its REF contradicts it.
    """
    if (position, ref) == (record_pos, record_ref):
        return (ref, *(alt if _is_bases(alt) else None for alt in record_alts))
    offset = position - record_pos
    covers = offset >= 0 and record_pos + len(record_ref) >= position + len(ref)
    if covers and record_ref[offset : offset + len(ref)] != ref:
        return None
    known = {change: alt for alt in alts for change in changes(position, ref, alt)}
    found: list[str | None] = [ref]
    speaks = False
    for alt in record_alts:
        text, says = _window(ref, offset, covers, known, record_pos, record_ref, alt)
        found.append(text)
        speaks = speaks or says
    return tuple(found) if speaks else None


def _window(
    ref: str,
    offset: int,
    covers: bool,
    known: dict[Change, str],
    record_pos: int,
    record_ref: str,
    alt: str,
) -> tuple[str | None, bool]:
    """The window's text for one ALT, and whether the ALT concerns the window."""
    if not _is_bases(alt):
        return (None, covers) if alt == "*" else (ref, False)
    for change in changes(record_pos, record_ref, alt):
        if change in known:
            return known[change], True
    if not covers:
        return ref, False
    left, right = record_ref[:offset], record_ref[offset + len(ref) :]
    if len(alt) == len(record_ref):
        text = alt[offset : offset + len(ref)]
        return text, text != ref
    if alt.startswith(left) and alt.endswith(right) and len(alt) > len(left) + len(right):
        text = alt[len(left) : len(alt) - len(right)]
        return text, text != ref
    touched = any(
        start < record_pos + offset + len(ref) and start + len(deleted) > record_pos + offset
        for start, deleted, _ in changes(record_pos, record_ref, alt)
        if deleted
    )
    return (None, True) if touched else (ref, False)


def _is_bases(allele: str) -> bool:
    return bool(allele) and not allele.strip("ACGTN")
