"""Positions of mitochondrial alleles, from the names of the alleles and the reference sequence.

No release of definitions holds MT-RNR1: its alleles are named by their variant (m.1555A>G), which
says position and bases of the revised Cambridge Reference Sequence. Each name is held against that
sequence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from apothecary.errors import Problem, ResourceError
from apothecary.knowledge.importers.upstream import Row, read_text

KIND = "mitochondrial"
REFERENCE = "Reference"
VERSION = "NC_012920.1"
LENGTH = 16_569

_NAME = re.compile(r"m\.(?P<pos>\d+)(?P<ref>[ACGT])>(?P<alt>[ACGT]|del)")


def read_reference(path: Path | str) -> str:
    """Read the revised Cambridge Reference Sequence.

    Args:
        path: FASTA with that one sequence.

    Returns:
        Its 16,569 bases.

    Raises:
        ResourceError: The file holds another sequence.
    """
    lines = read_text(Path(path)).split("\n")
    bases = "".join(line.strip() for line in lines if not line.startswith(">")).upper()
    if len(bases) != LENGTH:
        right = f"the {LENGTH} bases of {VERSION}"
        raise ResourceError(Problem(str(path), f"{len(bases)} bases", right))
    return bases


def with_positions(
    tables: Mapping[str, Sequence[Row]], reference: str, source_id: str
) -> dict[str, list[Row]]:
    """Define the alleles of mitochondrial genes by their names.

    Args:
        tables: The pgx tables; genes of the kind mitochondrial have alleles, but no positions.
        reference: See `read_reference`.
        source_id: Source of the positions.

    Returns:
        The tables with pgx_genes, pgx_alleles, pgx_positions and pgx_allele_bases of those genes
        filled in. An allele whose name is no single change of known length (m.961T>del+Cn) stays
        without definition.

    Raises:
        ResourceError: A name contradicts the sequence, or a gene has no allele called Reference.
    """
    made = {name: [dict(row) for row in rows] for name, rows in tables.items()}
    for gene in [row for row in made["pgx_genes"] if row["kind"] == KIND]:
        alleles = [row for row in made["pgx_alleles"] if row["gene"] == gene["gene"]]
        if REFERENCE not in {row["allele"] for row in alleles}:
            raise ResourceError(
                Problem(gene["gene"], f"no allele {REFERENCE}", "the alleles of a release")
            )
        gene |= {"chrom": "chrM", "version": VERSION, "reference_allele": REFERENCE}
        places = {row["allele"]: place for row in alleles if (place := _place(row, reference))}
        for row in alleles:
            row["defined"] = row["allele"] in places or row["allele"] == REFERENCE
            row["reference"] = row["allele"] == REFERENCE
        positions = _positions(gene["gene"], places, source_id)
        made["pgx_positions"] += positions
        made["pgx_allele_bases"] += [
            _bases(gene["gene"], REFERENCE, row["position_id"], row["ref"], source_id)
            for row in positions
        ]
        made["pgx_allele_bases"] += [
            _bases(gene["gene"], allele, f"chrM:{pos}:{ref}", alt, source_id)
            for allele, (pos, ref, alt) in places.items()
        ]
    return made


def _place(row: Row, reference: str) -> tuple[int, str, str] | None:
    """1-based position, reference bases and bases of an allele; None when the name is no change."""
    found = _NAME.fullmatch(row["allele"])
    if found is None:
        return None
    pos, ref, alt = int(found["pos"]), found["ref"], found["alt"]
    if pos > len(reference) or reference[pos - 1] != ref:
        raise ResourceError(
            Problem(
                f"{row['gene']} {row['allele']}",
                f"{VERSION} has {reference[pos - 1 : pos] or 'no base'} there",
                "a name on that sequence",
            )
        )
    if alt != "del":
        return pos, ref, alt
    # The whole run of the base, so that every spelling of the deletion is known; and the base
    # before it, as VCF wants.
    first = last = pos
    while reference[first - 2] == ref:
        first -= 1
    while reference[last] == ref:
        last += 1
    window = reference[first - 2 : last]
    return first - 1, window, window[:-1]


def _positions(gene: str, places: Mapping[str, tuple[int, str, str]], source_id: str) -> list[Row]:
    alts: dict[tuple[int, str], dict[str, str]] = {}
    for allele, (pos, ref, alt) in places.items():
        alts.setdefault((pos, ref), {})[alt] = allele
    return [
        {
            "gene": gene,
            "position_id": f"chrM:{pos}:{ref}",
            "position_order": order,
            "chrom": "chrM",
            "pos": pos,
            "ref": ref,
            "alts": sorted(known),
            "rsid": None,
            "hgvs_g": ", ".join(known[alt] for alt in sorted(known)),
            "role": "defining",
            "required": False,
            "amp_tier_1": False,
            "pos_grch37": pos,
            "ref_grch37": ref,
            "grch37_source_id": source_id,
            "source_id": source_id,
        }
        for order, ((pos, ref), known) in enumerate(sorted(alts.items()))
    ]


def _bases(gene: str, allele: str, position_id: str, bases: str, source_id: str) -> Row:
    return {
        "gene": gene,
        "allele": allele,
        "position_id": position_id,
        "bases": bases,
        "core": allele != REFERENCE,
        "source_id": source_id,
    }
