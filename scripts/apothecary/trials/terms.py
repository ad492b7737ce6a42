"""What the terms of a genomic criterion of CTML ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from apothecary.errors import Problem, ResourceError
from apothecary.oncogenes.findings import COPY_NUMBER, FUSION, VARIANT
from apothecary.pharmacogenes import facts

_COLUMNS = ("field", "term", "meaning", "source")
_CATEGORY = "variant_category"
_CALL = "cnv_call"
_KINDS = (VARIANT, COPY_NUMBER, FUSION)


@dataclass(frozen=True)
class Terms:
    """Terms in lower case with their meaning.

    Attributes:
        categories: Kinds of finding by term of `variant_category`.
        calls: States of a gene's copy number by term of `cnv_call`.
    """

    categories: Mapping[str, tuple[str, ...]]
    calls: Mapping[str, frozenset[str]]

    @property
    def altered(self) -> frozenset[str]:
        """Every state that some term asks for; what no term asks for is no alteration."""
        return frozenset().union(*self.calls.values())


def load(path: Path | str) -> Terms:
    """Read the terms.

    Args:
        path: `ctml_terms.tsv` of `resources/trials`.

    Raises:
        ResourceError: The table is absent or faulty, or a row is of another field or kind.
    """
    found: dict[str, dict[str, list[str]]] = {_CATEGORY: {}, _CALL: {}}
    for number, row in enumerate(facts.read(path, _COLUMNS), start=2):
        field, meaning = row["field"], row["meaning"]
        if field not in found:
            raise ResourceError(Problem(str(path), f"field {field!r}", ", ".join(found), number))
        if field == _CATEGORY and meaning not in _KINDS:
            raise ResourceError(
                Problem(str(path), f"meaning {meaning!r}", ", ".join(_KINDS), number)
            )
        found[field].setdefault(row["term"], []).append(meaning)
    return Terms(
        {term: tuple(kinds) for term, kinds in found[_CATEGORY].items()},
        {term: frozenset(states) for term, states in found[_CALL].items()},
    )
