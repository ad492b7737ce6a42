"""Allele definitions, from the JSON files of PharmCAT into table rows.

The files are those of a PharmCAT release: `<GENE>_translation.json` (positions and named alleles)
and `exemptions.json` (what the matcher treats apart). Older releases name or lack some fields; what
is not there is derived or left empty. Functions and phenotypes: `pharmcat_phenotypes.py`.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections import defaultdict
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
    files = [root] if not root.is_dir() else json_files(root)
    for file in files:
        content = load_json(file)
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


def json_files(folder: Path) -> list[Path]:
    """The JSON files of a folder, gzipped ones too, sorted."""
    return sorted(file for file in folder.iterdir() if file.name.endswith((".json", ".json.gz")))


def load_json(file: Path) -> dict[str, Any]:
    """Read a JSON object, gzipped or not.

    Raises:
        WorkflowInputError: The file holds none.
    """
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
