"""Ambiguity codes of nucleic acids (IUPAC-IUB 1984; NC-IUB nomenclature)."""

from __future__ import annotations

from collections.abc import Mapping

CODES: Mapping[str, str] = {
    "R": "AG",
    "Y": "CT",
    "S": "CG",
    "W": "AT",
    "K": "GT",
    "M": "AC",
    "B": "CGT",
    "D": "AGT",
    "H": "ACT",
    "V": "ACG",
    "N": "ACGT",
}


def spelled(bases: str) -> frozenset[str]:
    """What a spelling stands for: a single ambiguity code is a wobble, all else is itself.

    Args:
        bases: Bases of an allele, or one ambiguity code.

    Returns:
        The spellings in plain bases.
    """
    return frozenset(CODES.get(bases, (bases,)))
