"""Allele definitions and allele functions, from the JSON files of PharmCAT into table rows.

The files are those of a PharmCAT release: `<GENE>_translation.json` (positions and named
alleles), `exemptions.json` (what the matcher treats apart) and one phenotype file a gene. Older
releases name or lack some fields; what is not there is derived or left empty.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from apothecary.errors import Problem, ResourceError, WorkflowInputError

Row = dict[str, Any]
Tables = dict[str, list[Row]]

WITHOUT_DEFINITION = ("outside_only", "mitochondrial")
"""Kinds of genes that the files of definitions do not hold."""

RULE_COLUMNS = ("gene", "rule", "value", "source")


def read_rules(path: Path | str) -> list[Row]:
    """Read the rules of pharmacogenes that no upstream data file carries.

    Args:
        path: A TSV with the columns gene, rule, value, source.

    Returns:
        One mapping a line, in the file's order.

    Raises:
        ResourceError: The file is absent or has other columns.
    """
    file = Path(path)
    try:
        with file.open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
            rows = [dict(row) for row in reader]
            columns = tuple(reader.fieldnames or ())
    except OSError as error:
        raise ResourceError(Problem(str(file), "cannot be read", "restore the file")) from error
    if columns != RULE_COLUMNS:
        raise ResourceError(
            Problem(str(file), f"columns {list(columns)}", f"columns {list(RULE_COLUMNS)}", row=1)
        )
    return rows


def import_definitions(
    path: Path | str, source_id: str, rules: Iterable[Mapping[str, Any]] = ()
) -> Tables:
    """Read allele definitions.

    Args:
        path: One definition file (JSON, may be gzipped) or a folder of them, which may hold
            `exemptions.json` as well.
        source_id: Source of the definitions, for every row.
        rules: Rows with gene, rule and value (`read_rules`): the kind of a gene, and what the
            data files do not carry. A rule without a definition makes a gene that is called
            outside only.

    Returns:
        Rows of the tables pgx_genes, pgx_positions, pgx_alleles, pgx_allele_bases,
        pgx_priorities and pgx_rules. Coordinates of GRCh37 and functions are left empty.

    Raises:
        WorkflowInputError: A file is not a definition.
    """
    root = Path(path)
    exemptions: dict[str, Any] = {}
    definitions: list[tuple[Path, dict[str, Any]]] = []
    files = [root] if not root.is_dir() else _json_files(root)
    for file in files:
        content = _load(file)
        if file.name.startswith("exemptions.json"):
            exemptions = content
        else:
            _check(file, content)
            definitions.append((file, content))
    if not definitions:
        raise WorkflowInputError(
            Problem(str(root), "no allele definition found", "give JSON files of definitions")
        )
    by_gene: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for rule in rules:
        by_gene[str(rule["gene"])][str(rule["rule"])].append(str(rule["value"]))
    tables: Tables = {
        name: []
        for name in (
            "pgx_genes",
            "pgx_positions",
            "pgx_alleles",
            "pgx_allele_bases",
            "pgx_priorities",
            "pgx_rules",
        )
    }
    whole_set = root.is_dir()
    seen: set[str] = set()
    for file, content in definitions:
        gene = str(content["gene"])
        if gene in seen:
            raise WorkflowInputError(
                Problem(str(file), f"a second definition of {gene}", "one file a gene")
            )
        seen.add(gene)
        _add_gene(tables, content, exemptions.get(gene, {}), by_gene.get(gene, {}), source_id)
    for gene in sorted(by_gene):
        if gene in seen or whole_set:
            _add_rules(tables, gene, by_gene[gene], source_id)
        kind = (by_gene[gene].get("kind") or [""])[0]
        if whole_set and gene not in seen and kind in WITHOUT_DEFINITION:
            tables["pgx_genes"].append(
                {
                    "gene": gene,
                    "chrom": "",
                    "version": "",
                    "kind": kind,
                    "undocumented_as_reference": False,
                    "reference_allele": "",
                    "by_activity_score": "by_activity_score" in by_gene[gene],
                    "research": False,
                    "source_id": source_id,
                }
            )
    return tables


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
    files = _json_files(Path(folder))
    if not files:
        raise WorkflowInputError(Problem(str(folder), "no phenotype file", "give JSON files"))
    for file in files:
        content = _load(file)
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


def _json_files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.iterdir() if file.name.endswith((".json", ".json.gz")))


def _load(file: Path) -> dict[str, Any]:
    try:
        data = file.read_bytes()
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
        content = json.loads(data)
    except (OSError, EOFError, ValueError) as error:
        raise WorkflowInputError(
            Problem(str(file), f"not readable as JSON ({type(error).__name__})", "give a JSON file")
        ) from error
    if not isinstance(content, dict):
        raise WorkflowInputError(Problem(str(file), "no JSON object", "give a JSON object"))
    return content


def _check(file: Path, content: Mapping[str, Any]) -> None:
    problems = [
        Problem(str(file), "missing", f"a definition has {name}", field=name)
        for name in ("gene", "variants", "namedAlleles")
        if name not in content
    ]
    if not problems:
        positions = len(content["variants"])
        for allele in content["namedAlleles"]:
            bases = allele.get("alleles") or allele.get("cpicAlleles") or []
            if len(bases) != positions:
                problems.append(
                    Problem(
                        str(file),
                        f"{len(bases)} bases for {positions} positions",
                        "one base or null for each position",
                        field=str(allele.get("name")),
                    )
                )
        if sum(bool(allele.get("reference")) for allele in content["namedAlleles"]) != 1:
            problems.append(
                Problem(str(file), "not one reference allele", "one allele with reference true")
            )
    if problems:
        raise WorkflowInputError(problems)


def _add_gene(
    tables: Tables,
    content: Mapping[str, Any],
    exemption: Mapping[str, Any],
    rules: Mapping[str, Sequence[str]],
    source_id: str,
) -> None:
    gene = str(content["gene"])
    reference = next(a for a in content["namedAlleles"] if a.get("reference"))
    chrom = str(content.get("chromosome") or content["variants"][0]["chromosome"])
    tables["pgx_genes"].append(
        {
            "gene": gene,
            "chrom": chrom,
            "version": str(content.get("version") or content.get("dataVersion") or ""),
            "kind": (rules.get("kind") or ["diplotype"])[0],
            "undocumented_as_reference": "undocumented_as_reference" in rules,
            "reference_allele": str(reference["name"]),
            "by_activity_score": "by_activity_score" in rules,
            "research": False,
            "source_id": source_id,
        }
    )
    ids = _add_positions(tables, content, exemption, source_id)
    hidden = content.get("hiddenCoreAlleles") or []
    cores: Mapping[str, str] = content.get("suballelesMap") or {}
    for order, allele in enumerate([*content["namedAlleles"], *hidden]):
        name = str(allele["name"])
        is_hidden = order >= len(content["namedAlleles"])
        tables["pgx_alleles"].append(
            {
                "gene": gene,
                "allele": name,
                "allele_id": allele.get("id"),
                "allele_order": order,
                "defined": not is_hidden,
                "reference": bool(allele.get("reference")),
                "structural": bool(allele.get("structuralVariant")),
                "ignored": name in (exemption.get("ignoredAlleles") or ()),
                "amp_tier_1": name in (exemption.get("amp1Alleles") or ()),
                "core_allele": cores.get(name),
                "source_id": source_id,
            }
        )
        core = set(allele.get("corePositions") or ())
        for position_id, position, bases in zip(
            ids, content["variants"], _vcf_bases(content, allele), strict=True
        ):
            if bases is not None:
                tables["pgx_allele_bases"].append(
                    {
                        "gene": gene,
                        "allele": name,
                        "position_id": position_id,
                        "bases": bases,
                        "core": position["position"] in core,
                        "source_id": source_id,
                    }
                )
    for priority in exemption.get("unphasedDiplotypePriorities") or ():
        tables["pgx_priorities"].append(
            {
                "gene": gene,
                "priority_id": str(priority["id"]),
                "diplotypes": [str(name) for name in priority["list"]],
                "pick": str(priority["pick"]),
                "source_id": source_id,
            }
        )


def _vcf_bases(content: Mapping[str, Any], allele: Mapping[str, Any]) -> list[str | None]:
    """The bases of an allele in VCF spelling; upstream spells indels in its own way too."""
    if allele.get("alleles"):
        return [None if bases is None else str(bases) for bases in allele["alleles"]]
    return [
        None if bases is None else str((position.get("cpicToVcfAlleleMap") or {}).get(bases, bases))
        for position, bases in zip(content["variants"], allele["cpicAlleles"], strict=True)
    ]


def _add_positions(
    tables: Tables, content: Mapping[str, Any], exemption: Mapping[str, Any], source_id: str
) -> list[str]:
    """Add the rows of all positions; return the ids of the defining ones in their order."""
    defining = list(content["variants"])
    ignored = {(p["position"], p["ref"]) for p in exemption.get("ignoredPositions") or ()}
    required = set(exemption.get("requiredPositions") or ())
    amp = set(exemption.get("amp1Positions") or ())
    known = {(p["position"], p["ref"]) for p in defining}
    others = [
        (position, role)
        for role, name in (("extra", "extraPositions"), ("ignored", "ignoredPositions"))
        for position in exemption.get(name) or ()
        if (position["position"], position["ref"]) not in known
    ]
    ids: list[str] = []
    everything = [(position, "defining") for position in defining] + others
    for order, (position, role) in enumerate(everything):
        position_id = f"{position['chromosome']}:{position['position']}:{position['ref']}"
        if order < len(defining):
            ids.append(position_id)
            if (position["position"], position["ref"]) in ignored:
                role = "ignored"
        tables["pgx_positions"].append(
            {
                "gene": str(content["gene"]),
                "position_id": position_id,
                "position_order": order,
                "chrom": str(position["chromosome"]),
                "pos": int(position["position"]),
                "ref": str(position["ref"]),
                "alts": [str(alt) for alt in position["alts"]],
                "rsid": position.get("rsid"),
                "hgvs_g": str(position.get("chromosomeHgvsName") or ""),
                "role": role,
                "required": position["position"] in required,
                "amp_tier_1": position["position"] in amp,
                "pos_grch37": None,
                "ref_grch37": None,
                "grch37_source_id": None,
                "source_id": source_id,
            }
        )
    return ids


def _add_rules(
    tables: Tables, gene: str, rules: Mapping[str, Sequence[str]], source_id: str
) -> None:
    for rule in sorted(rules):
        for value in rules[rule]:
            tables["pgx_rules"].append(
                {"gene": gene, "rule": rule, "value": value, "source_id": source_id}
            )


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
