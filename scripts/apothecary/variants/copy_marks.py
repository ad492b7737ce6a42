"""What calls from reads are marked with, as the reader of variants takes it from INFO."""

from __future__ import annotations

from typing import Any

from apothecary.variants.header import Header
from apothecary.variants.records import RecordBlock, whole_number

PLACES, SIGNS = "COPY_PLACES", "COPY_SIGNS"
"""Fields of INFO, a value for each alternate allele."""
LINKED, BALANCE, MAPPING = "linked_differences", "allele_balance", "mapping_quality"
"""The signs of a copy."""
_SIGN_WORDS = {
    LINKED: "several such places",
    BALANCE: "allele fraction far from one half",
    MAPPING: "reads mapped worse than the others",
}


def of_allele(header: Header, block: RecordBlock, allele: int) -> dict[str, Any]:
    """The columns of a call that may come from a copy of the region.

    Args:
        header: The header of the file.
        block: The record.
        allele: Number of the alternate allele, from 1.

    Returns:
        `copy_places` and `copy_signs`; nothing where the file tells nothing of the allele.
    """
    if PLACES not in header.info or PLACES not in block.info_values:
        return {}
    places = whole_number(_value(block, PLACES, allele))
    if not places:
        return {}
    signs = _value(block, SIGNS, allele)
    return {"copy_places": places, "copy_signs": None if signs in ("", ".") else signs}


def words(places: int, signs: str | None) -> str:
    """What a mark says to a reader, from the columns `copy_places` and `copy_signs`."""
    said = f"at {places} further place{'s' * (places != 1)}"
    more = ", ".join(_SIGN_WORDS[sign] for sign in (signs or "").split("+") if sign in _SIGN_WORDS)
    return (
        f"its fragments differ from the others {said}, as those of a copy of the region or of a "
        f"germline haplotype do{' (' * bool(more)}{more}{')' * bool(more)}"
    )


def _value(block: RecordBlock, name: str, allele: int) -> str:
    values = block.info_values.get(name, "").split(",")
    return values[allele - 1] if allele <= len(values) else "."
