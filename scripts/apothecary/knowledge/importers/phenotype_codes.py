"""LOINC answer codes of phenotypes, from the value set of FHIR Genomics Reporting."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from apothecary.errors import Problem, ResourceError
from apothecary.knowledge.importers.upstream import Row, read_table

_VALUE_SET = "ValueSet-genetic-therapeutic-implications-vs.json"
_LOINC = "http://loinc.org"
# A package is under 1 MB; a member beyond this is not a value set.
_MEMBER_BYTES = 5_000_000


def import_phenotype_terms(path: Path | str, source_id: str) -> dict[str, list[Row]]:
    """Read the terms that a phenotype may have.

    Args:
        path: Table with the columns phenotype and used_for.
        source_id: Source of every row.

    Returns:
        Rows of the table phenotype_terms.

    Raises:
        ResourceError: The file is not such a table.
    """
    return {
        "phenotype_terms": [
            {"phenotype": item["phenotype"], "source_id": source_id}
            for item in read_table(path, ("phenotype", "used_for"))
        ]
    }


def import_phenotype_codes(
    path: Path | str, source_id: str, terms: Iterable[str]
) -> dict[str, list[Row]]:
    """Read the answer codes whose display is a phenotype term, in any case of letters.

    Args:
        path: The package (`package.tgz`) of the implementation guide.
        source_id: Source of every row.
        terms: Phenotype terms; one without a code gets no row.

    Returns:
        Rows of the table phenotype_codes.

    Raises:
        ResourceError: The file is not such a package.
    """
    codes = {
        concept["display"].casefold(): concept["code"]
        for include in _value_set(path)["compose"]["include"]
        if include["system"] == _LOINC
        for concept in include["concept"]
    }
    return {
        "phenotype_codes": [
            {"phenotype": term, "answer_code": codes[term.casefold()], "source_id": source_id}
            for term in sorted(terms)
            if term.casefold() in codes
        ]
    }


def _value_set(path: Path | str) -> dict[str, Any]:
    try:
        with tarfile.open(path, "r:gz") as archive:
            for member in archive:
                if Path(member.name).name == _VALUE_SET and member.size <= _MEMBER_BYTES:
                    stream = archive.extractfile(member)
                    if stream is not None:
                        value: dict[str, Any] = json.load(stream)
                        return value
    except (OSError, EOFError, tarfile.TarError, ValueError) as error:
        raise ResourceError(
            Problem(str(path), f"cannot be read ({error})", "fetch the file anew")
        ) from error
    raise ResourceError(Problem(str(path), f"no {_VALUE_SET} in it", "another release?"))
