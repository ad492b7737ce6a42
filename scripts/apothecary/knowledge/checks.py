"""What a pack must hold before it is built: sources, licences, and no contradiction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator, Mapping
from typing import Any

from apothecary.errors import Problem
from apothecary.iupac import spelled
from apothecary.knowledge.schemas import PACK
from apothecary.knowledge.tsv import TsvTable, line_of

Tables = Mapping[str, TsvTable]

ACTIONS = frozenset(
    {
        "standard_dosing",
        "change_dose",
        "alternative",
        "avoid",
        "monitor",
        "no_recommendation",
        "see_guideline",
    }
)
_SOURCE_COLUMNS = (
    "source_id",
    "function_source_id",
    "grch37_source_id",
    "hgvs_source_id",
    "split_source_id",
    "reference_source_id",
)
_SAID = ("action", "dose_change", "strength", "dosing_information", "alternate_drug")
_POPULATIONS = ("AFR", "AMR", "EAS", "EUR", "SAS")
_UNDEFINED = "undefined"
# Counts are rounded to thousandths, so that many of them add up with a small difference.
_ROUNDING = 0.5
_PHENOTYPE_TABLES = ("pgx_phenotype_rules", "pgx_phenotype_exceptions")


def check(tables: Tables) -> list[Problem]:
    """Every problem of the tables of a pack.

    Args:
        tables: Table name to its rows; every table of `knowledge.schemas.PACK`.

    Returns:
        The problems in the order of tables and rows; empty when the pack may be built.
    """
    return [
        *_keys(tables),
        *_licences(tables),
        *_sources(tables),
        *_guidance(tables),
        *_alleles(tables),
        *_frequencies(tables),
        *_phenotypes(tables),
    ]


def _keys(tables: Tables) -> Iterator[Problem]:
    for name, table in tables.items():
        first: dict[tuple[Any, ...], int] = {}
        for index, row in enumerate(table.rows):
            key = tuple(row[column] for column in PACK[name].key)
            if key in first:
                yield Problem(
                    str(table.path),
                    f"{', '.join(map(str, key))} stands in row {line_of(first[key])} too",
                    f"{', '.join(PACK[name].key)} must be unique",
                    line_of(index),
                )
            else:
                first[key] = index


def _licences(tables: Tables) -> Iterator[Problem]:
    table = tables["sources"]
    for index, row in enumerate(table.rows):
        for column in ("licence", "attribution", "version"):
            if not row[column].strip():
                yield Problem(
                    str(table.path),
                    f"source {row['source_id']} has no {column}",
                    f"every source needs its {column}",
                    line_of(index),
                    column,
                )


def _sources(tables: Tables) -> Iterator[Problem]:
    known = {row["source_id"] for row in tables["sources"].rows}
    for name, table in tables.items():
        columns = [column.name for column in PACK[name].columns if column.name in _SOURCE_COLUMNS]
        for index, row in enumerate(table.rows):
            for column in columns:
                if row[column] is not None and row[column] not in known:
                    yield Problem(
                        str(table.path),
                        f"{row[column]!r} is no source",
                        f"a source_id of {tables['sources'].path.name} is needed",
                        line_of(index),
                        column,
                    )


def _guidance(tables: Tables) -> Iterator[Problem]:
    keys: dict[tuple[str, str], list[tuple[str, str, float | None]]] = defaultdict(list)
    table = tables["guidance"]
    of_key = tables["guidance_keys"]
    ids = {(row["guidance_id"], row["drug"]): row for row in table.rows}
    for name in ("guidance_keys", "guidance_text"):
        for index, row in enumerate(tables[name].rows):
            if (row["guidance_id"], row["drug"]) not in ids:
                yield Problem(
                    str(tables[name].path),
                    f"{row['guidance_id']} for {row['drug']} is no recommendation",
                    f"a row of {table.path.name} is needed",
                    line_of(index),
                )
    for row in of_key.rows:
        keys[row["guidance_id"], row["drug"]].append((row["gene"], row["key"], row["allele_count"]))
    by_lookup: dict[tuple[Any, ...], int] = {}
    for index, row in enumerate(table.rows):
        if row["action"] not in ACTIONS:
            yield Problem(
                str(table.path),
                f"{row['action']!r}",
                f"an action is one of {', '.join(sorted(ACTIONS))}",
                line_of(index),
                "action",
            )
        lookup = tuple(sorted(keys[row["guidance_id"], row["drug"]], key=str))
        if not lookup and row["guidance_id"] == row["guideline_id"]:
            # A guideline without keyed recommendations stands as a whole.
            continue
        if not lookup:
            yield Problem(
                str(table.path),
                f"{row['guidance_id']} for {row['drug']} has no lookup key",
                f"a row of {of_key.path.name} is needed",
                line_of(index),
            )
            continue
        key = (row["drug"], row["source"], row["guideline_id"], row["population"], lookup)
        earlier = by_lookup.setdefault(key, index)
        said = tuple(table.rows[earlier][column] for column in _SAID)
        if earlier != index and said != tuple(row[column] for column in _SAID):
            yield Problem(
                str(table.path),
                f"{row['guidance_id']} contradicts row {line_of(earlier)} on {row['drug']}, "
                + ", ".join(f"{gene} {value}" for gene, value, _ in lookup),
                "one key has one recommendation of a guideline and population",
                line_of(index),
            )


def _alleles(tables: Tables) -> Iterator[Problem]:
    positions = {(row["gene"], row["position_id"]): row for row in tables["pgx_positions"].rows}
    alleles = {(row["gene"], row["allele"]) for row in tables["pgx_alleles"].rows}
    genes = {row["gene"] for row in tables["pgx_genes"].rows}
    table = tables["pgx_allele_bases"]
    for index, row in enumerate(table.rows):
        gene, allele = row["gene"], row["allele"]
        position = positions.get((gene, row["position_id"]))
        if (gene, allele) not in alleles:
            yield Problem(
                str(table.path),
                f"{gene} {allele} is no allele",
                f"a row of {tables['pgx_alleles'].path.name} is needed",
                line_of(index),
                "allele",
            )
        if position is None:
            yield Problem(
                str(table.path),
                f"{gene} {allele} is defined by {row['position_id']}, which is no position",
                f"a row of {tables['pgx_positions'].path.name} is needed",
                line_of(index),
                "position_id",
            )
            continue
        wanted = spelled(row["bases"])
        if not wanted <= {position["ref"], *position["alts"]}:
            yield Problem(
                str(table.path),
                f"{gene} {allele} has {row['bases']} at {row['position_id']}",
                f"the position has {position['ref']} and {', '.join(position['alts'])}",
                line_of(index),
                "bases",
            )
    for name in ("pgx_alleles", "pgx_positions", "pgx_phenotype_rules"):
        right = f"a row of {tables['pgx_genes'].path.name} is needed"
        yield from _strangers(tables[name], "gene", genes, "pharmacogene", right)


def _frequencies(tables: Tables) -> Iterator[Problem]:
    table = tables["pgx_allele_frequencies"]
    alleles = {(row["gene"], row["allele"]) for row in tables["pgx_alleles"].rows}
    sums: dict[tuple[str, str], float] = defaultdict(float)
    totals: dict[tuple[str, str], set[int]] = defaultdict(set)
    for index, row in enumerate(table.rows):
        gene, allele, population = row["gene"], row["allele"], row["population"]
        sums[gene, population] += row["count"]
        totals[gene, population].add(row["chromosomes"])
        for wrong, field, found, right in (
            (
                allele != _UNDEFINED and (gene, allele) not in alleles,
                "allele",
                f"{gene} {allele} is no allele",
                f"a row of {tables['pgx_alleles'].path.name} is needed",
            ),
            (
                population not in _POPULATIONS,
                "population",
                f"{population!r} is no population",
                f"one of {', '.join(_POPULATIONS)}",
            ),
            (
                not 0 < row["count"] <= row["chromosomes"],
                "count",
                f"{row['count']} of {row['chromosomes']} chromosomes",
                "above 0 and not above the chromosomes",
            ),
        ):
            if wrong:
                yield Problem(str(table.path), found, right, line_of(index), field)
    for (gene, population), total in sorted(sums.items()):
        chromosomes = totals[gene, population]
        if len(chromosomes) > 1 or abs(total - max(chromosomes)) > _ROUNDING:
            yield Problem(
                str(table.path),
                f"{gene} {population}: the counts add up to {total:g}",
                f"as many as the chromosomes, {' or '.join(map(str, sorted(chromosomes)))}",
                field="count",
            )


def _strangers(
    table: TsvTable, column: str, known: Container[str], kind: str, right: str
) -> Iterator[Problem]:
    """The rows whose value in a column is none that is known."""
    for index, row in enumerate(table.rows):
        if row[column] not in known:
            found = f"{row[column]!r} is no {kind}"
            yield Problem(str(table.path), found, right, line_of(index), column)


def _phenotypes(tables: Tables) -> Iterator[Problem]:
    terms = {row["phenotype"] for row in tables["phenotype_terms"].rows}
    for name in (*_PHENOTYPE_TABLES, "phenotype_codes"):
        right = f"a term of {tables['phenotype_terms'].path.name} is needed"
        yield from _strangers(tables[name], "phenotype", terms, "phenotype term", right)
