"""Variants named from their coordinate, and hotspot residues.

Two sources: the recurrent substitutions of cancerhotspots (GRCh38) and the loci that cacao made of
CIViC. What a source names in a way that its own data do not bear out is left out and counted.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from apothecary.errors import Problem, ResourceError
from apothecary.knowledge.importers.upstream import Row, read_json, read_table
from apothecary.variants.normalise import normalise
from apothecary.variants.reference import Reference

_HOTSPOT_COLUMNS = ("chrom", "pos", "ref", "alt", "gene", "type", "change", "prediction")
_HOTSPOT_TYPES: Mapping[str, str] = {
    "Missense_Mutation": "missense_variant",
    "Nonsense_Mutation": "stop_gained",
}
_CIVIC_COLUMNS = (
    "symbol",
    "hgvsp",
    "consequence",
    "variant_name",
    "hgvsc",
    "genomic_change",
    "ensembl_transcript_id",
)
_KEY = ("chrom", "pos", "ref", "alt", "gene", "protein_change")
_BASES = re.compile(r"[ACGT]+")
_SUBSTITUTION = re.compile(r"([A-Z])(\d+)([A-Z*])")


def import_cancerhotspots(
    variants: Path | str, residues: Path | str, indels: Path | str, source_id: str
) -> dict[str, list[Row]]:
    """Read the recurrent hotspots of cancerhotspots v2.

    The file of variants gives insertions and deletions without the base before them and under the
    name of their cluster, not of the change; they are left to the table of residues.

    Args:
        variants: GRCh38 substitutions, no header line: chromosome, position, reference,
            alternate, gene, type, one-letter change, prediction.
        residues: JSON of gene to residue to changed residue to count of tumors.
        indels: JSON of gene to residue range to change to count of tumors.
        source_id: Source of every row.

    Returns:
        Rows of the tables known_variants and hotspot_residues.

    Raises:
        ResourceError: A file is not such a one.
    """
    known: list[Row] = []
    for item in read_table(variants, _HOTSPOT_COLUMNS, header=_HOTSPOT_COLUMNS):
        term = _HOTSPOT_TYPES.get(item["type"])
        if term is None or not (
            _BASES.fullmatch(item["ref"])
            and _BASES.fullmatch(item["alt"])
            and _SUBSTITUTION.fullmatch(item["change"])
        ):
            continue
        known.append(
            {
                "chrom": f"chr{item['chrom'].removeprefix('chr')}",
                "pos": int(item["pos"]),
                "ref": item["ref"],
                "alt": item["alt"],
                "gene": item["gene"],
                "protein_change": item["change"],
                "consequence": term,
                "hgvs_c": None,
                "transcript": None,
                "name": None,
                "hgvs_source_id": None,
                "hotspot": True,
                "source_id": source_id,
            }
        )
    counted = [
        {
            "gene": gene,
            "residue": residue,
            "change": change,
            "samples": int(samples),
            "source_id": source_id,
        }
        for path in (residues, indels)
        for gene, of_gene in _nested(path).items()
        for residue, changes in of_gene.items()
        for change, samples in changes.items()
    ]
    return {"known_variants": known, "hotspot_residues": counted}


def _nested(path: Path | str) -> dict[str, dict[str, dict[str, Any]]]:
    value = read_json(path)
    if not isinstance(value, dict) or not all(
        isinstance(changes, dict)
        for of_gene in value.values()
        if isinstance(of_gene, dict)
        for changes in of_gene.values()
    ):
        raise ResourceError(
            Problem(str(path), "not gene to residue to change to count", "another release?")
        )
    nested: dict[str, dict[str, dict[str, Any]]] = value
    return nested


def import_civic_loci(
    path: Path | str, source_id: str, mane: Collection[str], reference: Reference | None = None
) -> dict[str, list[Row]]:
    """Read the coordinates and names that cacao gives to variants of CIViC.

    A locus whose protein change is not the name that CIViC gives is kept only on a MANE Select
    transcript: on another transcript its residue number is not the one of the literature.

    Args:
        path: The table of cacao, GRCh38.
        source_id: Source of every row.
        mane: Ensembl identifiers of MANE Select transcripts, without version.
        reference: GRCh38 bases; insertions and deletions are left-aligned where it knows them.

    Returns:
        Rows of the table known_variants.

    Raises:
        ResourceError: The file is not such a table.
    """
    found: dict[tuple[str, int, str, str, str, str], Row] = {}
    for item in read_table(path, _CIVIC_COLUMNS):
        changes = item["genomic_change"].split(", ")
        names = item["hgvsc"].split(", ")
        transcript = item["ensembl_transcript_id"]
        protein = _protein(item["hgvsp"])
        if item["genomic_change"] == "NA" or len(changes) != len(names):
            continue
        if protein and transcript not in mane and protein != _protein(item["variant_name"]):
            continue
        for change, name in zip(changes, names, strict=True):
            chrom, pos, ref, alt = change.split("_")
            if not (_BASES.fullmatch(ref) and _BASES.fullmatch(alt)):
                continue
            place = normalise(f"chr{chrom}", int(pos), ref, alt, reference)
            key = (f"chr{chrom}", place.pos, place.ref, place.alt, item["symbol"], protein)
            found[key] = {
                **dict(zip(_KEY, key, strict=True)),
                "consequence": item["consequence"],
                "hgvs_c": _given(name),
                "transcript": _given(transcript),
                "name": None if protein else _given(item["variant_name"]),
                "hgvs_source_id": None,
                "hotspot": False,
                "source_id": source_id,
            }
    return {"known_variants": [found[key] for key in sorted(found)]}


def _given(text: str) -> str | None:
    return None if text in {"", ".", "NA"} else text


def _protein(text: str) -> str:
    """A one-letter change as CIViC and cacao write it, with `*` for a stop; empty when none."""
    if text in {"", ".", "NA"}:
        return ""
    return re.sub(r"(?<=\d)X$", "*", text)


def merge_known_variants(hotspots: list[Row], others: list[Row]) -> list[Row]:
    """One row a variant and name; a hotspot takes its HGVS from the other source.

    Args:
        hotspots: Rows that win; they carry no HGVS.
        others: Rows of another source.

    Returns:
        All hotspots, then the other rows that name no hotspot.
    """

    def key(row: Row) -> tuple[Any, ...]:
        return tuple(row[column] for column in _KEY)

    by_key = {key(row): row for row in others}
    merged = []
    for row in hotspots:
        other = by_key.pop(key(row), None)
        if other is not None:
            row = {
                **row,
                "hgvs_c": other["hgvs_c"],
                "transcript": other["transcript"],
                "hgvs_source_id": other["source_id"],
            }
        merged.append(row)
    return [*merged, *by_key.values()]
