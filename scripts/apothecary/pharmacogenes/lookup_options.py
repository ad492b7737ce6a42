"""What the genes of a sample may be looked up by in guidance, with the posterior of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apothecary.pharmacogenes.phenotypes import NO_RESULT


@dataclass(frozen=True)
class Option:
    """What one gene of a sample may be looked up by.

    Attributes:
        keys: Keys that hold together: a phenotype and its score, or all allele statuses.
        alleles: The pairs of alleles that have these keys.
        diplotypes: The diplotypes as written.
        phenotypes: The phenotypes.
        posterior: Probability of these keys; None where it is not known.
    """

    gene: str
    keys: frozenset[str]
    alleles: tuple[tuple[str, ...], ...]
    diplotypes: tuple[str, ...]
    phenotypes: tuple[str, ...]
    called: bool
    posterior: float | None = None


def no_result(gene: str) -> Option:
    """The option of a gene without a call."""
    return Option(gene, frozenset({NO_RESULT}), (), (), (NO_RESULT,), False)


def gene_options(gene: str, rows: Sequence[Mapping[str, Any]]) -> tuple[Option, ...]:
    """What a gene may be looked up by: one option a phenotype, whatever its diplotypes.

    Args:
        gene: The gene.
        rows: Its rows of the table phenotypes.
    """
    looked_up = [row["lookup_key"] for row in rows if row["lookup_key"] is not None]
    status = bool(looked_up) and all(map(_is_status, looked_up))
    groups: dict[tuple[str, ...], list[Mapping[str, Any]]] = defaultdict(list)
    for row in _ranked(rows):
        if row["lookup_key"] is None:
            continue
        groups[("status",) if status else _genetic(row)].append(row)
    options = []
    for found in groups.values():
        keys = {str(row[name]) for row in found for name in ("lookup_key", "phenotype")}
        if status and len(looked_up) < len(rows):
            keys.add(NO_RESULT)
        options.append(
            Option(
                gene=gene,
                keys=frozenset(keys),
                alleles=_pairs(found),
                diplotypes=_written(found),
                phenotypes=tuple(dict.fromkeys(str(row["phenotype"]) for row in found)),
                called=True,
                posterior=None if status else found[0].get("posterior"),
            )
        )
    return tuple(options) or (no_result(gene),)


def clinical_options(gene: str, rows: Sequence[Mapping[str, Any]], drug: str) -> tuple[Option, ...]:
    """What a gene is looked up by with the medicines taken, but for the medicine itself.

    Phenotypes of the genes that the medicines make alike are one option, and their posteriors add
    up.

    Args:
        gene: The gene.
        rows: Its rows of the table phenotypes, converted.
        drug: The medicine that guidance is looked up for.

    Returns:
        Nothing when the other medicines taken change nothing.
    """
    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for row in _ranked(rows):
        # A strong inhibitor decides even where the genes have no result.
        if row["lookup_key"] is not None or _converting(row, drug):
            groups[_clinical(row, drug)].append(row)
    if not any(_converting(row, drug) for row in rows):
        return ()
    return tuple(
        Option(
            gene=gene,
            keys=frozenset(key),
            alleles=_pairs(row for row in found if not _converting(row, drug)),
            diplotypes=_written(found),
            phenotypes=tuple(dict.fromkeys(clinical_phenotype(row, drug) for row in found)),
            called=True,
            posterior=_sum_of_phenotypes(found),
        )
        for key, found in groups.items()
    )


def clinical_phenotype(row: Mapping[str, Any], drug: str) -> str:
    """The phenotype with the other medicines taken, and by which; else that of the genes.

    Args:
        row: A row of the table phenotypes.
        drug: The medicine that guidance is looked up for.
    """
    by = _converting(row, drug)
    return f"{row['converted_phenotype']} with {', '.join(by)}" if by else str(row["phenotype"])


def _converting(row: Mapping[str, Any], drug: str) -> list[str]:
    if not row.get("converted_phenotype"):
        return []
    return [name for name in row.get("converted_by") or () if name != drug]


def _clinical(row: Mapping[str, Any], drug: str) -> tuple[str, str]:
    if _converting(row, drug):
        return str(row["converted_lookup_key"]), str(row["converted_phenotype"])
    return _genetic(row)


def _genetic(row: Mapping[str, Any]) -> tuple[str, str]:
    return str(row["lookup_key"]), str(row["phenotype"])


def _sum_of_phenotypes(rows: Iterable[Mapping[str, Any]]) -> float | None:
    """The posteriors of the phenotypes of the genes, each counted once."""
    found = {_genetic(row): row.get("posterior") for row in rows}
    known = [value for value in found.values() if value is not None]
    return min(round(sum(known), 4), 1.0) if len(known) == len(found) else None


def _pairs(rows: Iterable[Mapping[str, Any]]) -> tuple[tuple[str, ...], ...]:
    pairs = {tuple(name for name in (row["allele_1"], row["allele_2"]) if name) for row in rows}
    return tuple(sorted(pairs))


def _written(rows: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    names = (str(row["lookup_diplotype"]) for row in rows if row["lookup_diplotype"])
    return tuple(dict.fromkeys(names))


def _ranked(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return sorted(rows, key=lambda row: int(row["rank"]))


def _is_status(key: object) -> bool:
    return isinstance(key, str) and key.startswith("*") and key.endswith((" positive", " negative"))
