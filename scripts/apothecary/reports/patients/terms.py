"""Which plain words stand for a term of genetics, and what a medicine is called in a language.

Both are curated in `resources/patients`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from apothecary.pharmacogenes import facts

OTHER = "other"
"""The result of a term that the table does not have."""
_WHOLE = "whole"


@dataclass(frozen=True)
class Terms:
    """Plain words, by the key of the catalogues, for the terms of a report.

    Attributes:
        results: Key of the words for a phenotype.
        endings: Key of the words for a phenotype by what it ends with, such as that an HLA allele
            is there.
        strengths: Key of the words for the strength of a recommendation.
        names: What a medicine is called, by language and international name.
    """

    results: Mapping[str, str]
    endings: Mapping[str, str]
    strengths: Mapping[str, str]
    names: Mapping[tuple[str, str], str]

    def result(self, phenotype: str) -> str:
        """The key for a phenotype; `other` where the tables do not have it."""
        found = self.results.get(phenotype.lower())
        if found is None:
            ends = (key for end, key in self.endings.items() if phenotype.endswith(f" {end}"))
            found = next(ends, OTHER)
        return found

    def name(self, medicine: str, language: str) -> str:
        """A medicine's name in a language; the international one where the table has none."""
        return self.names.get((language, medicine), medicine)


def load(paths: Sequence[Path | str]) -> Terms:
    """Read the tables `results.tsv`, `strengths.tsv` and `names.tsv`.

    Args:
        paths: Files of `resources/patients`; others are left alone.

    Raises:
        ResourceError: A table is absent or not in its form.
    """
    files = {Path(path).name: path for path in paths}
    results = facts.read(
        files.get("results.tsv", "results.tsv"), ("phenotype", "part", "result", "source")
    )
    strengths = facts.read(
        files.get("strengths.tsv", "strengths.tsv"), ("strength", "certainty", "source")
    )
    names = facts.read(
        files.get("names.tsv", "names.tsv"), ("name", "language", "local_name", "source")
    )
    return Terms(
        {row["phenotype"].lower(): row["result"] for row in results if row["part"] == _WHOLE},
        {row["phenotype"]: row["result"] for row in results if row["part"] != _WHOLE},
        {row["strength"]: row["certainty"] for row in strengths},
        {(row["language"], row["name"]): row["local_name"] for row in names},
    )
