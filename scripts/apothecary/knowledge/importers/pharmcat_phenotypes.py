"""Allele functions and phenotypes, from the JSON files of PharmCAT into table rows.

The files are those of a PharmCAT release, one a gene. Older releases name or lack some fields.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from apothecary.errors import Problem, WorkflowInputError
from apothecary.knowledge.importers.pharmcat_definitions import (
    Row,
    Tables,
    json_files,
    load_json,
)


def import_phenotypes(
    folder: Path | str,
    source_ids: Mapping[str, str],
    rules: Iterable[Mapping[str, Any]] = (),
) -> Tables:
    """Read allele functions and phenotypes; fold diplotype tables into rules of function pairs.

    A diplotype table holds one row for every pair of alleles, yet its answer follows from the
    lookup keys of the two alleles (activity values, or else functions). One rule for each pair of
    keys is kept, and every diplotype that upstream answers otherwise becomes an exception, so
    that rules and exceptions together give back every upstream row.

    Args:
        folder: Folder of phenotype files (JSON, may be gzipped), one a gene.
        source_ids: Source by file name; the key "" is the default.
        rules: Rows with gene, rule and value; `renamed_allele` (old=new) renames alleles of
            older releases.

    Returns:
        Rows of pgx_phenotype_rules and pgx_phenotype_exceptions, and, under the name
        `functions`, rows with gene, allele, function, activity_value, lookup_key and
        function_source_id, to be joined to pgx_alleles by `with_functions`.

    Raises:
        WorkflowInputError: A file is no phenotype file, or the folder has none.
    """
    renamed = {
        (str(rule["gene"]), old): new
        for rule in rules
        if rule["rule"] == "renamed_allele"
        for old, _, new in [str(rule["value"]).partition("=")]
    }
    tables: Tables = {"pgx_phenotype_rules": [], "pgx_phenotype_exceptions": [], "functions": []}
    files = json_files(Path(folder))
    if not files:
        raise WorkflowInputError(Problem(str(folder), "no phenotype file", "give JSON files"))
    for file in files:
        content = load_json(file)
        if not isinstance(content.get("haplotypes"), Mapping) or "gene" not in content:
            raise WorkflowInputError(
                Problem(str(file), "no phenotype file", "a JSON object with gene and haplotypes")
            )
        source = source_ids.get(file.name, source_ids.get("", ""))
        _add_phenotypes(tables, content, renamed, source)
    return tables


def with_functions(definitions: Tables, phenotypes: Tables) -> Tables:
    """Join what `import_definitions` and `import_phenotypes` give into whole pack tables.

    Alleles that have a function but no definition (copy numbers, structural alleles, all alleles
    of genes called outside only) are appended after the defined ones.

    Args:
        definitions: Result of `import_definitions`.
        phenotypes: Result of `import_phenotypes`.

    Returns:
        All pgx tables; the input is not changed.
    """
    functions = {(row["gene"], row["allele"]): row for row in phenotypes["functions"]}
    genes = {row["gene"] for row in definitions["pgx_genes"]}
    alleles: list[Row] = []
    order: Counter[str] = Counter()
    known: set[tuple[str, str]] = set()
    for row in definitions["pgx_alleles"]:
        key = (row["gene"], row["allele"])
        known.add(key)
        order[row["gene"]] = max(order[row["gene"]], row["allele_order"] + 1)
        alleles.append({**row, **_function_fields(functions.get(key))})
    for key, row in functions.items():
        if key in known or key[0] not in genes:
            continue
        alleles.append(
            {
                "gene": key[0],
                "allele": key[1],
                "allele_id": None,
                "allele_order": order[key[0]],
                "defined": False,
                "reference": False,
                "structural": False,
                "ignored": False,
                "amp_tier_1": False,
                "core_allele": None,
                **_function_fields(row),
                "source_id": row["function_source_id"],
            }
        )
        order[key[0]] += 1
    tables = {**definitions, "pgx_alleles": alleles}
    for name in ("pgx_phenotype_rules", "pgx_phenotype_exceptions"):
        tables[name] = [row for row in phenotypes[name] if row["gene"] in genes]
    return tables


def _function_fields(row: Row | None) -> Row:
    names = ("function", "activity_value", "lookup_key", "function_source_id")
    return {name: row[name] if row else None for name in names}


def _add_phenotypes(
    tables: Tables,
    content: Mapping[str, Any],
    renamed: Mapping[tuple[str, str], str],
    source_id: str,
) -> None:
    gene = str(content["gene"])

    def current(name: str) -> str:
        return renamed.get((gene, name), name)

    named = content.get("namedAlleles") or [
        {"name": name, "functionValue": value, "lookupKey": value}
        for name, value in content["haplotypes"].items()
    ]
    keys: dict[str, str] = {}
    for allele in named:
        name = current(str(allele["name"]))
        keys[name] = str(allele["lookupKey"])
        tables["functions"].append(
            {
                "gene": gene,
                "allele": name,
                "function": allele.get("functionValue"),
                "activity_value": allele.get("activityValue"),
                "lookup_key": allele["lookupKey"],
                "function_source_id": source_id,
            }
        )
    answers: dict[tuple[str, str], Counter[tuple[str, str, str]]] = defaultdict(Counter)
    diplotypes: list[tuple[tuple[str, str], tuple[str, str, str]]] = []
    for diplotype in content.get("diplotypes") or ():
        pair = _pair(current(n) for n, c in diplotype["diplotypekey"].items() for _ in range(c))
        score = diplotype.get("activityScore")
        answer = (
            str(diplotype.get("phenotype") or diplotype["generesult"]),
            "" if score is None else str(score),
            str(diplotype["lookupkey"]),
        )
        diplotypes.append((pair, answer))
        answers[_pair(keys[name] for name in pair if name)][answer] += 1
    common = {
        pair: min(counted, key=lambda answer: (-counted[answer], answer))
        for pair, counted in answers.items()
    }
    for pair, answer in sorted(common.items()):
        tables["pgx_phenotype_rules"].append(
            _phenotype_row(gene, ("key_1", "key_2"), pair, answer, source_id)
        )
    for pair, answer in sorted(diplotypes):
        if common[_pair(keys[name] for name in pair if name)] != answer:
            tables["pgx_phenotype_exceptions"].append(
                _phenotype_row(gene, ("allele_1", "allele_2"), pair, answer, source_id)
            )


def _pair(names: Iterable[str]) -> tuple[str, str]:
    first, *rest = sorted(names)
    return (first, rest[0]) if rest else (first, "")


def _phenotype_row(
    gene: str,
    columns: tuple[str, str],
    pair: tuple[str, str],
    answer: tuple[str, str, str],
    source_id: str,
) -> Row:
    return {
        "gene": gene,
        columns[0]: pair[0],
        columns[1]: pair[1],
        "phenotype": answer[0],
        "activity_score": answer[1],
        "lookup_key": answer[2],
        "source_id": source_id,
    }
