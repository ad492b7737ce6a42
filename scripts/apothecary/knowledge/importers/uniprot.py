"""UniProt: domains of proteins, and substitutions in neoplastic conditions."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path
from xml.etree import ElementTree

from apothecary.errors import Problem, ResourceError
from apothecary.knowledge.importers.upstream import Row, read_json, read_member, read_table
from apothecary.oncogenes import proteins

_RANGE = re.compile(r"[A-Z](\d+)-[A-Z](\d+)")
_FOLDER = "trytond/modules/health_genetics_uniprot/data"
_GENE = re.compile(r"'name', '=', '([^']+)'")
_PATHOGENIC = "lpp"


def import_domains(
    path: Path | str, source_id: str, genes: Collection[str]
) -> dict[str, list[Row]]:
    """Read domains as OncoVI tabulates them.

    The ranges of all isoforms of a gene stand side by side in the source, which does not tell
    them apart; so they do here.

    Args:
        path: JSON of gene to ranges such as S23-T284.
        source_id: Source of every row.
        genes: Genes of interest.

    Returns:
        Rows of the table functional_domains. Ranges in another form (an end that is not known)
        are left out.

    Raises:
        ResourceError: The file is not such a one.
    """
    value = read_json(path)
    if not isinstance(value, dict) or not all(isinstance(of, list) for of in value.values()):
        raise ResourceError(Problem(str(path), "not gene to ranges", "another release?"))
    found = {
        (gene, int(match[1]), int(match[2]))
        for gene in genes
        for text in value.get(gene, ())
        if (match := _RANGE.fullmatch(text)) and int(match[1]) <= int(match[2])
    }
    return {
        "functional_domains": [
            {"gene": gene, "start": start, "end": end, "source_id": source_id}
            for gene, start, end in sorted(found)
        ]
    }


def import_pathogenic_changes(
    path: Path | str, source_id: str, genes: Collection[str], terms: Path | str
) -> dict[str, list[Row]]:
    """Read the substitutions that UniProt calls pathogenic, from the tables of GNU Health.

    Only those are taken that have a neoplastic condition, by its name.

    Args:
        path: The wheel of gnuhealth-genetics-uniprot, or a folder with the unpacked package.
        source_id: Source of every row.
        genes: Genes of interest.
        terms: Table of words, one of which the name of a neoplastic condition holds.

    Returns:
        Rows of the table pathogenic_changes.

    Raises:
        ResourceError: A file is not such a one.
    """
    words = [row["term"] for row in read_table(terms, ("term",))]
    neoplastic = re.compile("|".join(map(re.escape, words)), re.IGNORECASE)
    diseases = {
        fields["name"]: fields.get("disease_name", "")
        for fields in records(path, "protein_diseases.xml")
    }
    conditions: dict[str, set[str]] = {}
    for fields in records(path, "variant_phenotypes.xml"):
        name = diseases.get(fields.get("phenotype", ""), "")
        if neoplastic.search(name):
            conditions.setdefault(fields.get("variant", ""), set()).add(name)
    rows = []
    for fields in records(path, "gene_variants.xml"):
        change = proteins.parse(fields.get("aa_change", ""))
        wanted = fields.get("significance") == _PATHOGENIC and fields.get("gene") in genes
        named = conditions.get(fields.get("variant", ""))
        if wanted and named and change and change.kind == proteins.SUBSTITUTION:
            rows.append(
                {
                    "gene": fields["gene"],
                    "change": change.one_letter(),
                    "variant_id": fields["variant"],
                    "conditions": sorted(named),
                    "source_id": source_id,
                }
            )
    return {"pathogenic_changes": rows}


def records(path: Path | str, name: str) -> Iterator[dict[str, str]]:
    """The records of a data file, each as its fields by name.

    A field that refers gives what it refers to: another record, or a gene by its symbol.
    """
    try:
        root = ElementTree.fromstring(read_member(Path(path), f"{_FOLDER}/{name}"))
    except ElementTree.ParseError as error:
        raise ResourceError(
            Problem(str(path), f"{name} is not XML ({error})", "another release?")
        ) from error
    for record in root.iter("record"):
        fields = {}
        for field in record.iter("field"):
            gene = _GENE.search(field.get("search", ""))
            fields[field.get("name", "")] = (
                gene[1] if gene else field.get("ref") or (field.text or "").strip()
            )
        yield fields
