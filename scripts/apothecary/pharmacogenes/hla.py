"""Names of HLA alleles, and what a named allele says of an allele that guidance asks for.

A name is the gene, an asterisk and one to four fields of digits: allele group, protein, silent
changes of the coding sequence, changes outside of it. A letter behind the fields tells the
expression (N is not expressed); G and P stand for groups of alleles that share the bases or the
residues of the peptide-binding exons, and are named after the lowest-numbered allele of the group
(WHO nomenclature of factors of the HLA system, hla.alleles.org).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

NULL = "N"
EXPRESSION = "NLSCAQ"
"""Null, low, secreted, cytoplasm, aberrant, questionable."""

_NAME = re.compile(
    r"(?:(?:HLA-)?(?P<gene>[A-Z]+[0-9]*)\*|\*)"
    r"(?P<fields>\d{2,4}(?::\d{2,4}){0,3})"
    rf"(?P<letter>[{EXPRESSION}GP])?"
)
_LONG_FIRST_FIELD = frozenset({"DPB1"})
"""Genes whose first field may have more than two digits; elsewhere *5701 is an old name."""

_FIELDS_OF_GROUP = {"P": 2, "G": 3}

FORM = "a name such as *57:01, HLA-B*57:01:01:01, B*57:01P, *24:09N or *57"


class Carries(Enum):
    """Whether an allele is the one that is asked for."""

    YES = "yes"
    NO = "no"
    MAYBE = "maybe"


@dataclass(frozen=True)
class HlaAllele:
    """A named HLA allele.

    Attributes:
        gene: Gene with prefix, such as HLA-B; None when the name gives none.
        fields: The fields, one to four.
        letter: Letter of expression, G, P, or empty.
    """

    gene: str | None
    fields: tuple[str, ...]
    letter: str

    @property
    def group(self) -> bool:
        """Whether it stands for a group of alleles."""
        return self.letter in _FIELDS_OF_GROUP

    @property
    def name(self) -> str:
        """The name as it is called: two fields, and whatever keeps it from being plain.

        An allele of one field stays one field. A group keeps its fields and letter, since it is
        no single protein.
        """
        fields = self.fields if self.group else self.fields[:2]
        return f"*{':'.join(fields)}{self.letter}"


def parse(text: str) -> HlaAllele | None:
    """Read the name of an HLA allele.

    Args:
        text: The name, with or without the gene.

    Returns:
        The allele; None when it is no such name.
    """
    found = _NAME.fullmatch(text)
    if found is None:
        return None
    fields = tuple(found["fields"].split(":"))
    if len(fields[0]) > 2 and found["gene"] not in _LONG_FIRST_FIELD:
        return None
    letter = found["letter"] or ""
    if len(fields) != _FIELDS_OF_GROUP.get(letter, len(fields)):
        return None
    if letter in set(EXPRESSION) and len(fields) == 1:
        return None
    return HlaAllele(f"HLA-{found['gene']}" if found["gene"] else None, fields, letter)


def carries(name: str, wanted: str) -> Carries:
    """Whether an allele is one that guidance names by two fields.

    Args:
        name: Name of the allele of the sample.
        wanted: Name of two fields, such as *57:01.

    Returns:
        MAYBE for an allele of one field of that allele group, for an allele that is not
        expressed, and for a group that is named after a lower allele of the same allele group, so
        that the wanted one may belong to it. NO for a name that is none.
    """
    allele, asked = parse(name), parse(wanted)
    if allele is None or asked is None or allele.fields[0] != asked.fields[0]:
        return Carries.NO
    if len(allele.fields) == 1:
        return Carries.MAYBE
    if allele.fields[1] == asked.fields[1]:
        return Carries.MAYBE if allele.letter == NULL else Carries.YES
    if allele.group and int(allele.fields[1]) < int(asked.fields[1]):
        return Carries.MAYBE
    return Carries.NO


def status(names: tuple[str | None, str | None], wanted: str) -> tuple[Carries, str | None]:
    """Whether a pair of alleles has an allele, and why that is not known.

    Args:
        names: The two alleles; None for one that is not known.
        wanted: Name of two fields.

    Returns:
        YES when one has it, NO when both are known not to, else MAYBE; and the reason in words.
    """
    found = [Carries.MAYBE if name is None else carries(name, wanted) for name in names]
    if Carries.YES in found:
        return Carries.YES, None
    open_ones = [n for n, c in zip(names, found, strict=True) if c is Carries.MAYBE]
    if not open_ones:
        return Carries.NO, None
    return Carries.MAYBE, "; ".join(dict.fromkeys(_why(name, wanted) for name in open_ones))


def _why(name: str | None, wanted: str) -> str:
    if name is None:
        return f"one allele is not known, so that {wanted} is not excluded"
    allele = parse(name)
    if allele is not None and allele.letter == NULL:
        return f"{name} is not expressed; guidance does not say what holds for it"
    if allele is not None and allele.group:
        return f"{name} is a group that {wanted} may belong to"
    return f"{name} does not tell whether it is {wanted}"


def common(names: list[str]) -> str | None:
    """What alleles that a caller cannot tell apart have in common.

    Args:
        names: Names of one gene.

    Returns:
        The name when all are one by two fields; the allele group when they share it; else None.
    """
    alleles = [parse(name) for name in names]
    known = [allele for allele in alleles if allele is not None]
    if not known or len(known) != len(alleles):
        return None
    if len({allele.name for allele in known}) == 1:
        return known[0].name
    first = {allele.fields[0] for allele in known}
    return f"*{known[0].fields[0]}" if len(first) == 1 else None
