"""Consequences and HGVS names by gene models: bcftools csq for the class, `hgvs` for the names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from apothecary.oncogenes import csq, decay, edits, gene_models, hgvs
from apothecary.oncogenes.consequence_facts import Facts
from apothecary.oncogenes.edits import Edit
from apothecary.oncogenes.findings import SPLICE_SITE_BASES, SPLICE_TERMS
from apothecary.oncogenes.gene_models import Reference, Transcript, TranscriptIndex
from apothecary.oncogenes.names import Locus, Named, row

UPSTREAM_BASES = 1_000
"""How far before a coding transcript a variant still gets a c. name of it."""

_BASES = frozenset("ACGTN")


@dataclass(frozen=True)
class Models:
    """Gene models, the reference they lie on, and what is named by HGVS.

    Attributes:
        index: Transcripts by place.
        reference: Bases.
        namer: Names by HGVS.
        reported: Genes whose variants a report may name.
        chosen: By gene, the transcripts that are named by HGVS.
        facts: Rules of nonsense-mediated decay.
    """

    index: TranscriptIndex
    reference: Reference
    namer: hgvs.Namer
    reported: frozenset[str]
    chosen: Mapping[str, frozenset[str]]
    facts: Facts


def load(
    reference: Path | str,
    gff: Path | str,
    work_folder: Path | str,
    reported: frozenset[str],
    preferred: frozenset[str],
    facts: Facts,
) -> Models:
    """Read reference and gene models.

    Args:
        reference: FASTA of the genome or of slices of it.
        gff: GFF3 of Ensembl or RefSeq, of the same build.
        work_folder: An existing folder for temporary files.
        reported: Genes whose variants a report may name.
        preferred: Transcripts without version that are named by HGVS; all those of a gene of
            which the models have none of these.
        facts: See `consequence_facts`.

    Raises:
        ResourceError: A file cannot be read.
    """
    transcripts = gene_models.read_gff(gff)
    bases = Reference(reference, work_folder)
    return Models(
        TranscriptIndex(transcripts),
        bases,
        hgvs.Namer(bases),
        reported,
        _chosen(transcripts, preferred),
        facts,
    )


def name(
    loci: Sequence[Locus], models: Models, work_folder: Path | str
) -> dict[Locus, list[dict[str, Any]]]:
    """Name variants of the build of the models.

    Args:
        loci: The variants.
        models: See `load`.
        work_folder: An existing folder for temporary files.

    Returns:
        Rows of the table `consequences` of those that lie in a transcript or shortly before one.
    """
    told = csq.annotate([locus[1:] for locus in loci], models.index, models.reference, work_folder)
    found: dict[Locus, list[dict[str, Any]]] = {}
    for locus in loci:
        rows = [_row(locus, one, models) for one in told.get(locus[1:], ())]
        rows += _beside_exons(locus, models, {r["transcript"] for r in rows})
        if rows:
            found[locus] = rows
    return found


def _row(locus: Locus, consequence: csq.Consequence, models: Models) -> dict[str, Any]:
    transcript = consequence.transcript
    start, end = locus[2], locus[2] + len(locus[3]) - 1
    named = Named(
        transcript.name,
        transcript.gene or None,
        consequence.terms,
        hgvs_g=substitution(locus),
        change=consequence.protein_change(),
        exon=transcript.exon_of(start, end) or _beside(consequence, start, end),
    )
    if transcript.gene in models.reported and transcript.name in models.chosen[transcript.gene]:
        named = _with_hgvs(named, transcript, locus, models)
    return row(locus, named, "csq")


def _beside(consequence: csq.Consequence, start: int, end: int) -> str | None:
    """The exon whose splice site a variant hits."""
    if not SPLICE_TERMS.intersection(consequence.terms.split("&")):
        return None
    return consequence.transcript.exon_of(start - SPLICE_SITE_BASES, end + SPLICE_SITE_BASES)


def _with_hgvs(named: Named, transcript: Transcript, locus: Locus, models: Models) -> Named:
    _, _, pos, ref, alt = locus
    names = models.namer.name(transcript, pos, ref, alt)
    change = names.change or (None if names.unpredicted else named.change)
    of = models.namer.messenger(transcript)
    details: dict[str, Any] = {"splice_distance": hgvs.splice_distance(of, names.edit)}
    rules = models.facts.nmd
    if rules and (fate := decay.predict(of, names.edit, change, rules)):
        details |= {"nmd": fate.prediction, "nmd_reason": fate.reason}
    return replace(
        named,
        hgvs_g=names.hgvs_g,
        hgvs_c=names.hgvs_c,
        change=change,
        unpredicted=names.unpredicted,
        details=details,
    )


def _beside_exons(locus: Locus, models: Models, have: set[str]) -> list[dict[str, Any]]:
    """Rows for chosen transcripts of which csq says nothing: introns, and what lies before them."""
    _, chrom, pos, ref, alt = locus
    held = models.reference.bases(chrom, pos, pos + len(ref) - 1)
    if held not in (ref, "") or not set(ref + alt) <= _BASES:
        return []
    edit = edits.of(chrom, pos, ref, alt)
    rows = []
    near = models.index.overlapping(chrom, max(pos - UPSTREAM_BASES, 1), pos + UPSTREAM_BASES)
    for transcript in near:
        gene = transcript.gene
        if transcript.name in have or transcript.name not in models.chosen[gene]:
            continue
        inside = transcript.start <= edit.start and edit.end <= transcript.end
        if inside and held:
            named = Named(transcript.name, gene or None, "intron_variant", substitution(locus))
            if gene in models.reported:
                named = _with_hgvs(named, transcript, locus, models)
            rows.append(row(locus, named, "csq"))
        elif _shortly_before(transcript, edit):
            named = Named(transcript.name, gene or None, "upstream_gene_variant")
            rows.append(row(locus, _with_hgvs(named, transcript, locus, models), "csq"))
    return rows


def _shortly_before(transcript: Transcript, edit: Edit) -> bool:
    plus = transcript.strand == "+"
    distance = transcript.start - edit.end if plus else edit.start - transcript.end
    return bool(transcript.cds) and 0 < distance <= UPSTREAM_BASES


def substitution(locus: Locus) -> str | None:
    """The g. name of a substitution; that of an indel needs the reference to be shifted."""
    _, _, pos, ref, alt = locus
    simple = len(ref) == len(alt) == 1 and set(ref + alt) <= _BASES
    return f"g.{pos}{ref}>{alt}" if simple else None


def _chosen(
    transcripts: Sequence[Transcript], preferred: frozenset[str]
) -> dict[str, frozenset[str]]:
    by_gene: dict[str, list[str]] = {}
    for transcript in transcripts:
        by_gene.setdefault(transcript.gene, []).append(transcript.name)
    return {
        gene: frozenset([n for n in names if n.split(".")[0] in preferred] or names)
        for gene, names in by_gene.items()
    }
