"""The command that tells which variants of the genome make a change of a protein."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from apothecary.errors import Problem, WorkflowInputError
from apothecary.oncogenes import back_translation, hgvs, proteins
from apothecary.oncogenes.gene_models import Reference, read_gff
from apothecary.oncogenes.proteins import ProteinChange

COLUMNS = ("chrom", "pos", "ref", "alt", "transcript")


def spell(arguments: argparse.Namespace, root: Path) -> int:
    """Print the variants that make a protein change, a line a variant and transcript.

    Args:
        arguments: `query`, `reference` and `gff`; see `variants`.
        root: Not looked at.
    """
    rows = variants(arguments.query, arguments.reference, arguments.gff)
    for row in (COLUMNS, *rows):
        print("\t".join(map(str, row)))
    return 0


def variants(
    query: str, fasta: Path | str, gff: Path | str
) -> list[tuple[str, int, str, str, str]]:
    """The variants that make a protein change, in every transcript that has its residues.

    Args:
        query: Gene and change, such as BRAF V600E or BRAF p.Val600Glu.
        fasta: FASTA of the genome or of slices of it.
        gff: GFF3 of Ensembl or RefSeq, of the same build.

    Returns:
        Rows of `COLUMNS`: VCF style with a 1-based position, sorted.

    Raises:
        WorkflowInputError: The query is not of that form, the gene is not in the models, or
            nothing makes the change.
        ResourceError: A file cannot be read.
    """
    gene, change = _parsed(query)
    transcripts = [t for t in read_gff(gff) if t.gene == gene]
    if not transcripts:
        raise _fault(query, f"no transcript of {gene} in {gff}", "a gene of the gene models")
    with tempfile.TemporaryDirectory() as folder:
        reference = Reference(fasta, folder)
        namer = hgvs.Namer(reference)
        found = [
            (*variant, transcript.name)
            for transcript in transcripts
            for variant in back_translation.variants(change, namer.messenger(transcript), reference)
        ]
    if not found:
        right = "residues as a transcript has them, whose bases the reference holds"
        raise _fault(query, f"no simple variant of {gene} makes {change.one_letter()}", right)
    return sorted(found)


def _parsed(query: str) -> tuple[str, ProteinChange]:
    gene, _, text = query.strip().partition(" ")
    change = proteins.parse(text.strip())
    if change is None:
        raise _fault(query, f"no protein change in {query!r}", "such as 'BRAF V600E'")
    return gene, change


def _fault(query: str, found: str, right: str) -> WorkflowInputError:
    return WorkflowInputError(Problem(query, found, right))
