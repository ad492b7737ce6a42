"""What each variant does to the transcripts it lies in.

The first of these that speaks is taken: what the input brings (VEP's CSQ, SnpEff's ANN, a MAF),
bcftools csq with HGVS by hgvs-weaver on the user's reference and gene models, the knowledge pack's
known variants by coordinate. A variant that none of them names is kept and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from apothecary.knowledge.placement import KNOWN_BUILD
from apothecary.oncogenes import csq, entries, gene_models, hgvs, maf, snpeff, vep
from apothecary.oncogenes.findings import SPLICE_SITE_BASES, SPLICE_TERMS
from apothecary.oncogenes.gene_models import Reference, Transcript, TranscriptIndex
from apothecary.oncogenes.known import KnownVariants
from apothecary.oncogenes.names import Locus, Named, not_named, row

UPSTREAM_BASES = 1_000
"""How far before a coding transcript a substitution still gets a c. name of it."""

_FATES = frozenset({"kept", "filtered"})
_BASES = frozenset("ACGTN")


class Knowledge(Protocol):
    """The part of a knowledge pack that is used."""

    def rows(self, name: str) -> list[dict[str, Any]]:
        """Rows of a table."""
        ...


def annotate(
    variants_rows: Iterable[Mapping[str, Any]],
    pack: Knowledge,
    reference: Path | str | None = None,
    gff: Path | str | None = None,
    work_folder: Path | str = ".",
    reference_build: str = KNOWN_BUILD,
    chain: str = "",
) -> list[dict[str, Any]]:
    """Name the consequences of all variants of a batch.

    Args:
        variants_rows: Rows of the table `variants`; those kept or filtered are named.
        pack: The knowledge pack.
        reference: FASTA of the genome or of slices of it; see `gene_models.Reference`.
        gff: GFF3 of Ensembl or RefSeq, of the same build. Used only together with `reference`.
        work_folder: An existing folder for temporary files.
        reference_build: Build of `reference` and `gff`; variants of another are not named by them.
        chain: Chain file from GRCh37 to GRCh38, by which variants of GRCh37 are known.

    Returns:
        Rows of the table `consequences`, at least one for each distinct variant.

    Raises:
        ResourceError: `reference` or `gff` cannot be read.
        WorkflowInputError: An annotation of the input has not the fields that its header says.
    """
    texts: dict[Locus, str | None] = {}
    for variant in variants_rows:
        if variant["fate"] in _FATES and variant["allele_index"] > 0:
            locus = (
                variant["build"],
                variant["chrom"],
                variant["pos"],
                variant["ref"],
                variant["alt"],
            )
            texts[locus] = texts.get(locus) or variant.get("annotation")
    found: dict[Locus, list[dict[str, Any]]] = {}
    for locus, text in texts.items():
        if text and (rows := _from_input(locus, text)):
            found[locus] = rows
    rest = sorted(set(texts) - set(found))
    if reference is not None and gff is not None:
        models = [locus for locus in rest if locus[0] == reference_build]
        found.update(_from_models(models, pack, reference, gff, work_folder))
        rest = [locus for locus in rest if locus not in found]
    known = KnownVariants(pack.rows("known_variants"), chain)
    have_models = reference is not None and gff is not None
    for locus in rest:
        modelled = have_models and locus[0] == reference_build
        found[locus] = _from_knowledge(locus, known, have_models=modelled)
    mane = {_unversioned(r["transcript"]) for r in pack.rows("gene_regions")}
    mane |= {_unversioned(r["refseq"]) for r in pack.rows("gene_regions")}
    return [_with_mane(r, mane) for locus in sorted(found) for r in found[locus]]


def _with_mane(consequence: dict[str, Any], mane: set[str]) -> dict[str, Any]:
    if consequence["mane"] is None and consequence["transcript"]:
        return {**consequence, "mane": _unversioned(consequence["transcript"]) in mane}
    return consequence


def _unversioned(transcript: str) -> str:
    return transcript.split(".")[0]


_READERS: Mapping[str, tuple[Callable[[Mapping[str, str]], Named | None], str]] = {
    entries.CSQ: (vep.read, "CSQ"),
    entries.ANN: (snpeff.read, "ANN"),
    entries.MAF: (maf.read, "MAF"),
}


def _from_input(locus: Locus, text: str) -> list[dict[str, Any]]:
    kind, found = entries.decode(text)
    read, method = _READERS[kind]
    named = [n for entry in found if (n := read(entry))]
    by_transcript: dict[str, dict[str, Any]] = {}
    for one in named:
        by_transcript.setdefault(one.transcript, row(locus, one, method))
    return list(by_transcript.values())


def _from_models(
    loci: Sequence[Locus],
    pack: Knowledge,
    reference_path: Path | str,
    gff: Path | str,
    work_folder: Path | str,
) -> dict[Locus, list[dict[str, Any]]]:
    transcripts = gene_models.read_gff(gff)
    index = TranscriptIndex(transcripts)
    reference = Reference(reference_path, work_folder)
    namer = hgvs.Namer(transcripts, reference)
    reported = _reported_genes(pack)
    chosen = _chosen_transcripts(transcripts, pack)
    told = csq.annotate([locus[1:] for locus in loci], index, reference, work_folder)
    found: dict[Locus, list[dict[str, Any]]] = {}
    for locus in loci:
        build_free = locus[1:]
        rows = []
        for consequence in told.get(build_free, ()):
            transcript = consequence.transcript
            start, end = locus[2], locus[2] + len(locus[3]) - 1
            named = Named(
                transcript.name,
                transcript.gene or None,
                consequence.terms,
                hgvs_g=_substitution(locus),
                change=consequence.protein_change(),
                exon=transcript.exon_of(start, end) or _beside(consequence, start, end),
            )
            if transcript.gene in reported and transcript.name in chosen[transcript.gene]:
                named = _with_hgvs(named, namer, transcript, locus)
            rows.append(row(locus, named, "csq"))
        rows += _upstream(locus, index, chosen, namer, {r["transcript"] for r in rows})
        if rows:
            found[locus] = rows
    return found


def _beside(consequence: csq.Consequence, start: int, end: int) -> str | None:
    """The exon whose splice site a variant hits."""
    if not SPLICE_TERMS.intersection(consequence.terms.split("&")):
        return None
    return consequence.transcript.exon_of(start - SPLICE_SITE_BASES, end + SPLICE_SITE_BASES)


def _with_hgvs(named: Named, namer: hgvs.Namer, transcript: Transcript, locus: Locus) -> Named:
    _, _, pos, ref, alt = locus
    names = namer.name(transcript, pos, ref, alt)
    return Named(
        named.transcript,
        named.gene,
        named.consequence,
        names.hgvs_g or named.hgvs_g,
        names.hgvs_c,
        names.change or named.change,
        named.exon,
    )


def _upstream(
    locus: Locus,
    transcripts: TranscriptIndex,
    chosen: Mapping[str, frozenset[str]],
    namer: hgvs.Namer,
    have: set[str],
) -> list[dict[str, Any]]:
    """Rows for the chosen coding transcripts that begin shortly after the variant."""
    _, chrom, pos, ref, alt = locus
    rows = []
    near = transcripts.overlapping(chrom, max(pos - UPSTREAM_BASES, 1), pos + UPSTREAM_BASES)
    for transcript in near:
        if transcript.name in have or not transcript.cds:
            continue
        if transcript.name not in chosen[transcript.gene]:
            continue
        plus = transcript.strand == "+"
        distance = transcript.start - pos if plus else pos - transcript.end
        if not 0 < distance <= UPSTREAM_BASES:
            continue
        names = namer.name(transcript, pos, ref, alt)
        named = Named(
            transcript.name,
            transcript.gene or None,
            "upstream_gene_variant",
            names.hgvs_g,
            names.hgvs_c,
        )
        rows.append(row(locus, named, "csq"))
    return rows


def _from_knowledge(
    locus: Locus, known: KnownVariants, *, have_models: bool
) -> list[dict[str, Any]]:
    build, chrom, pos, ref, alt = locus
    if not known.reads(build) and not have_models:
        reason = (
            f"{build}: known variants are {KNOWN_BUILD}; give calling.chain, lift the input over, "
            "or give one that VEP, SnpEff or a MAF has named"
        )
        return [not_named(locus, reason)]
    named = known.named(chrom, pos, ref, alt, build) if known.reads(build) else []
    rows = [row(locus, one, "known_variant") for one in named]
    if rows:
        return [{**r, "hgvs_g": _substitution(locus)} for r in rows]
    if not _BASES.issuperset(ref + alt):
        reason = "a symbolic allele"
    elif have_models:
        reason = "in no transcript of the gene models, or its bases are not the reference's"
    else:
        reason = "not a known variant, and no reference with gene models was given"
    return [not_named(locus, reason, _substitution(locus))]


def _substitution(locus: Locus) -> str | None:
    """The g. name of a substitution; that of an indel needs the reference to be shifted."""
    _, _, pos, ref, alt = locus
    simple = len(ref) == len(alt) == 1 and _BASES.issuperset(ref + alt)
    return hgvs.genomic(pos, ref, alt) if simple else None


def _reported_genes(pack: Knowledge) -> set[str]:
    """Genes whose variants a report may name: those with evidence, a role or a hotspot."""
    found = {r["gene"] for name in ("gene_roles", "hotspot_residues") for r in pack.rows(name)}
    for evidence in pack.rows("civic_evidence"):
        first = evidence["molecular_profile"].split(" ")[0]
        found.update(first.split("::"))
    return found


def _chosen_transcripts(
    transcripts: Sequence[Transcript], pack: Knowledge
) -> dict[str, frozenset[str]]:
    """The MANE Select transcript of each gene; all of them when the models lack it."""
    mane = {_unversioned(r[c]) for r in pack.rows("gene_regions") for c in ("transcript", "refseq")}
    by_gene: dict[str, list[str]] = {}
    for transcript in transcripts:
        by_gene.setdefault(transcript.gene, []).append(transcript.name)
    return {
        gene: frozenset([n for n in names if _unversioned(n) in mane] or names)
        for gene, names in by_gene.items()
    }
