"""Reference bases on both sides of a substitution, as an input carries them.

They stand in for the reference sequence where none is given. The column of a MAF of the GDC
(CONTEXT) and of Oncotator (ref_context) and the INFO key of GATK (REF_BASES) hold an odd number of
bases around the place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

MAF_COLUMNS = ("CONTEXT", "ref_context")
INFO_KEYS = ("REF_BASES", *MAF_COLUMNS)
_BASES = frozenset("ACGT")


def given(fields: Mapping[str, str], names: Iterable[str], ref: str, alt: str) -> str | None:
    """The base before, the reference base and the base after, where the input has them.

    Args:
        fields: Values of the record by name.
        names: Names of fields that may hold the bases, the first that does is taken.
        ref: Reference bases of the record.
        alt: Alternate bases.

    Returns:
        Three bases in upper case; None for another change than a substitution of one base, where
        no field holds an odd number of bases, or where the middle one is not the reference base,
        since the text is then of another strand or place.
    """
    if ref not in _BASES or alt not in _BASES:
        return None
    for name in names:
        text = fields.get(name, "").strip().upper()
        middle, odd = divmod(len(text), 2)
        if odd and middle:
            around = text[middle - 1 : middle + 2]
            return around if around[1] == ref and set(around) <= _BASES else None
    return None
