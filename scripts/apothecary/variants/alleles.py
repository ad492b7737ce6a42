"""Alleles as a VCF spells them, and genotypes."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

SYMBOLIC_TYPES = frozenset(
    {"DEL", "INS", "DUP", "INV", "CNV", "BND", "TRA", "STR", "CNV:TR", "DUP:TANDEM", "DUP:INT"}
    | {"DEL:ME", "DEL:ME:ALU", "DEL:ME:L1", "DEL:ME:SVA"}
    | {"INS:ME", "INS:ME:ALU", "INS:ME:L1", "INS:ME:SVA", "ALU", "LINE1", "SVA"}
)
"""Symbolic alleles of structural variants; further ones are taken when the header declares them."""

REFERENCE_ALLELES = frozenset({".", "<*>", "<NON_REF>", "<X>"})
"""ALT values that stand for no, or for any other, allele."""

_AMBIGUOUS_BASES = re.compile(rb"[ACGTUNRYSWKMBDHV]+$", re.IGNORECASE)
_COPY_NUMBER = re.compile(r"CN\d+$")
_SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_:.+-]*$")
_BREAKEND = re.compile(
    r"(?:[ACGTN]+[\[\]][^\[\]<> \t]+[\[\]]|[\[\]][^\[\]<> \t]+[\[\]][ACGTN]+"
    r"|\.[ACGTN]+|[ACGTN]+\.)$",
    re.IGNORECASE,
)


def is_bases(allele: str) -> bool:
    """Whether an allele is spelled in A, C, G, T only."""
    return bool(allele) and not allele.upper().strip("ACGT")


def ref_problem(ref: bytes) -> str | None:
    """What is wrong with a REF, or None."""
    if _AMBIGUOUS_BASES.match(ref):
        return None
    return f"REF {shown(ref)} is not spelled in bases"


def alt_problem(ref: bytes, alts: bytes, declared: frozenset[str]) -> str | None:
    """What is wrong with an ALT field, or None.

    Args:
        ref: The REF of the record.
        alts: The whole ALT field.
        declared: Symbolic alleles that the header declares.
    """
    for alt in alts.split(b","):
        if alt.upper() == ref.upper():
            return f"ALT {shown(alt)} is the same as REF"
        if _AMBIGUOUS_BASES.match(alt) or alt in (b".", b"*", b"<*>", b"<NON_REF>", b"<X>"):
            continue
        if not _symbolic_is_known(alt, declared):
            return f"ALT {shown(alt)} is neither bases nor a known symbolic allele"
    return None


def _symbolic_is_known(alt: bytes, declared: frozenset[str]) -> bool:
    try:
        text = alt.decode("ascii")
    except UnicodeDecodeError:
        return False
    if text.startswith("<") and text.endswith(">"):
        name = text[1:-1]
        if name in SYMBOLIC_TYPES or _COPY_NUMBER.match(name):
            return True
        return name in declared and bool(_SAFE_NAME.match(name))
    return bool(_BREAKEND.match(text))


def shown(value: bytes, most: int = 30) -> str:
    """A value of the file, printable and short, for a message."""
    text = value.decode("utf-8", errors="backslashreplace")
    return repr(text if len(text) <= most else text[: most - 1] + "…")


class Genotype(NamedTuple):
    """A genotype as allele numbers.

    Attributes:
        alleles: Numbers into REF (0) and ALT (from 1); None where one is missing.
        phased: Whether every separator is a bar; a single allele is not phased.
        valid: Whether the text is a genotype at all.
    """

    alleles: tuple[int | None, ...]
    phased: bool
    valid: bool

    @property
    def ploidy(self) -> int:
        """Number of alleles, missing ones among them."""
        return len(self.alleles)

    @property
    def missing(self) -> bool:
        """Whether no allele is given."""
        return all(allele is None for allele in self.alleles)

    @property
    def partial(self) -> bool:
        """Whether some alleles are given and some are not."""
        return None in self.alleles and not self.missing


NO_GENOTYPE = Genotype((None,), False, True)
_GENOTYPE = re.compile(r"[|/]?(?:\d{1,6}|\.)(?:[|/](?:\d{1,6}|\.))*$")


@lru_cache(maxsize=65_536)
def genotype(text: str) -> Genotype:
    """Parse a GT value.

    Args:
        text: Such as 0/1, 1|0, 1, ./. or a dot. A leading separator (VCF 4.4) is taken.

    Returns:
        The genotype; with `valid` False when the text is none.
    """
    if not _GENOTYPE.match(text):
        return Genotype((None,), False, False)
    leading = text[0] if text[0] in "|/" else ""
    bare = text[len(leading) :]
    parts = bare.replace("|", "/").split("/")
    phased = "|" in bare and "/" not in bare if len(parts) > 1 else leading == "|"
    return Genotype(tuple(None if p == "." else int(p) for p in parts), phased, True)
