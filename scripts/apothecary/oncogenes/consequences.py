"""What each variant does to the transcripts it lies in.

The first of these that speaks is taken: what the input brings (VEP's CSQ, SnpEff's ANN, a MAF),
the user's reference and gene models (`modelled`), the knowledge pack's known variants by
coordinate, the classes of variants that a place alone tells (`variant_classes`). A variant that
none of them names is kept and says so. A name that the input brings is held against that of the
gene models in MANE transcripts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol

from apothecary.knowledge.lift import Lift, read_chain
from apothecary.knowledge.placement import KNOWN_BUILD
from apothecary.oncogenes import (
    disagreement,
    entries,
    maf,
    modelled,
    snpeff,
    variant_classes,
    vep,
)
from apothecary.oncogenes.consequence_facts import Facts
from apothecary.oncogenes.known import KnownVariants
from apothecary.oncogenes.names import Locus, Named, not_named, row

MANE_SELECT = "MANE Select"
MANE_PLUS_CLINICAL = "MANE Plus Clinical"
_FATES = frozenset({"kept", "filtered"})
_BASES = frozenset("ACGTN")
_NO_FACTS = Facts()


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
    facts: Facts = _NO_FACTS,
    lift: Lift | None = None,
    reported: frozenset[str] = frozenset(),
) -> list[dict[str, Any]]:
    """Name the consequences of all variants of a batch.

    Args:
        variants_rows: Rows of the table `variants`; those kept or filtered are named.
        pack: The knowledge pack.
        reference: FASTA of the genome or of slices of it; see `gene_models.Reference`.
        gff: GFF3 of Ensembl or RefSeq, of the same build. Used only together with `reference`.
        work_folder: An existing folder for temporary files.
        reference_build: Build of `reference` and `gff`; variants of another are not named by them.
        facts: Classes of variants, accessions and rules; see `consequence_facts`.
        lift: From GRCh37 to GRCh38, for variants of GRCh37; None leaves them where they are.
        reported: Genes that are named by HGVS beside those of cancer.

    Returns:
        Rows of the table `consequences`, at least one for each distinct variant.

    Raises:
        ResourceError: `reference` or `gff` cannot be read.
        WorkflowInputError: An annotation of the input has not the fields that its header says.
    """
    rows_given = list(variants_rows)
    texts = _texts(rows_given)
    symbolic = _symbolic(rows_given, facts)
    found: dict[Locus, list[dict[str, Any]]] = {}
    for locus, text in texts.items():
        if text and (rows := _from_input(locus, text)):
            found[locus] = rows
    lifted = {locus: there for locus in sorted(texts) if (there := _lifted(locus, lift))}
    select = _transcripts(pack)
    named_at: dict[Locus, Locus] = {}
    have_models = reference is not None and gff is not None
    if reference is not None and gff is not None:
        preferred = frozenset(select) | facts.plus_clinical
        named_genes = _reported_genes(pack) | reported
        models = modelled.load(reference, gff, work_folder, named_genes, preferred, facts)
        # Models of the variant's own build need no chain.
        places = {
            locus: locus if locus[0] == reference_build else lifted.get(locus, locus)
            for locus in texts
        }
        by_models = modelled.name(
            sorted({place for place in places.values() if place[0] == reference_build}),
            models,
            work_folder,
        )
        for locus, place in places.items():
            rows = by_models.get(place, [])
            if locus in found:
                found[locus] = disagreement.told(found[locus], rows, select)
            elif rows:
                found[locus], named_at[locus] = [_moved(r, locus, place) for r in rows], place
    known = KnownVariants(pack.rows("known_variants"))
    for locus in sorted(set(texts) - set(found)):
        place = lifted.get(locus, locus)
        by_models_too = have_models and reference_build in (locus[0], place[0])
        rows = _from_knowledge(place, known, facts, have_models=by_models_too)
        found[locus] = [_moved(r, locus, place) for r in rows]
    completed = [
        _completed(r, select, facts, named_at.get(locus, lifted.get(locus, locus)))
        for locus in sorted(found)
        for r in found[locus]
    ]
    return completed + symbolic


def _symbolic(variants_rows: Iterable[Mapping[str, Any]], facts: Facts) -> list[dict[str, Any]]:
    """Rows of symbolic insertions and duplications of a class; others stay without."""
    found: dict[Locus, dict[str, Any]] = {}
    for variant in variants_rows:
        length = variant.get("sv_length") if variant["fate"] == "symbolic" else None
        if not length or variant["build"] != KNOWN_BUILD:
            continue
        chrom, pos, alt = variant["chrom"], variant["pos"], variant["alt"]
        members = variant_classes.of_symbolic(facts.classes, chrom, pos, alt, length)
        if members:
            first = members[0]
            locus = (KNOWN_BUILD, chrom, pos, variant["ref"], alt)
            exon = str(first.exon) if first.exon else None
            named = Named("", first.gene, first.consequence, exon=exon)
            names = [one.name for one in members]
            found[locus] = {**row(locus, named, "place"), "classes": names}
    return list(found.values())


def lift_of(variants_rows: Iterable[Mapping[str, Any]], chain: Path | str) -> Lift | None:
    """The lift for variants of GRCh37; None where there are none, or no chain is given.

    Args:
        variants_rows: Rows of the table `variants`.
        chain: Chain file from GRCh37 to GRCh38, or the empty string.

    Raises:
        ResourceError: The file is not a chain file.
    """
    chroms = {row["chrom"] for row in variants_rows if row["build"] == "GRCh37"}
    return read_chain(chain, chroms) if chain and chroms else None


def _texts(variants_rows: Iterable[Mapping[str, Any]]) -> dict[Locus, str | None]:
    """What the input says of each variant that is named."""
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
    return texts


def _lifted(locus: Locus, lift: Lift | None) -> Locus | None:
    """The place of a GRCh37 variant in GRCh38; None for others and where the chain has none."""
    build, chrom, pos, ref, alt = locus
    if lift is None or build != "GRCh37":
        return None
    there = lift.to_grch38(chrom, pos, len(ref))
    return (KNOWN_BUILD, chrom, there, ref, alt) if there else None


def _moved(consequence: dict[str, Any], locus: Locus, place: Locus) -> dict[str, Any]:
    """A row of a variant that was named at a place, under the place that the input gives."""
    if place == locus:
        return consequence
    build, chrom, pos, _, _ = locus
    words = f"named at {place[0]} {place[1]}:{place[2]}, where the chain file leads"
    reason = f"{words}; {consequence['reason']}" if consequence["reason"] else words
    return {**consequence, "build": build, "chrom": chrom, "pos": pos, "reason": reason}


def _completed(
    consequence: dict[str, Any], select: Mapping[str, str], facts: Facts, place: Locus
) -> dict[str, Any]:
    """The row with its classes, its accession and whether its transcript is MANE."""
    build, chrom, pos, ref, alt = place
    transcript = consequence["transcript"].split(".")[0]
    mane = consequence["mane"]
    if mane is None and transcript:
        mane = transcript in select
    plus = transcript in facts.plus_clinical
    classes = []
    if build == KNOWN_BUILD:
        members = variant_classes.of_variant(facts.classes, chrom, pos, ref, alt)
        classes = [one.name for one in members if one.gene == consequence["gene"]]
    return {
        **consequence,
        "mane": mane,
        "mane_status": MANE_SELECT if mane else MANE_PLUS_CLINICAL if plus else None,
        "accession": facts.accessions.get((build, chrom)) if consequence["hgvs_g"] else None,
        "classes": classes,
    }


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


def _from_knowledge(
    locus: Locus, known: KnownVariants, facts: Facts, *, have_models: bool
) -> list[dict[str, Any]]:
    build, chrom, pos, ref, alt = locus
    if build != KNOWN_BUILD and not have_models:
        reason = (
            f"{build}: known variants are {KNOWN_BUILD}; give calling.chain, lift the input over, "
            "or give one that VEP, SnpEff or a MAF has named"
        )
        return [not_named(locus, reason)]
    hgvs_g = modelled.substitution(locus)
    by_place = build == KNOWN_BUILD
    named = known.named(chrom, pos, ref, alt) if by_place else []
    rows = [row(locus, one, "known_variant") for one in named]
    if rows:
        return [{**r, "hgvs_g": hgvs_g} for r in rows]
    members = variant_classes.of_variant(facts.classes, chrom, pos, ref, alt) if by_place else []
    if members:
        first = members[0]
        exon = str(first.exon) if first.exon else None
        by_class = Named("", first.gene, first.consequence, hgvs_g=hgvs_g, exon=exon)
        return [row(locus, by_class, "place")]
    if not _BASES.issuperset(ref + alt):
        reason = "a symbolic allele"
    elif have_models:
        reason = "in no transcript of the gene models, or its bases are not the reference's"
    else:
        reason = "not a known variant, and no reference with gene models was given"
    return [not_named(locus, reason, hgvs_g)]


def _reported_genes(pack: Knowledge) -> frozenset[str]:
    """Genes whose variants a report may name: those with evidence, a role or a hotspot."""
    found = {r["gene"] for name in ("gene_roles", "hotspot_residues") for r in pack.rows(name)}
    for evidence in pack.rows("civic_evidence"):
        first = evidence["molecular_profile"].split(" ")[0]
        found.update(first.split("::"))
    return frozenset(found)


def _transcripts(pack: Knowledge) -> dict[str, str]:
    """The gene of each MANE Select transcript, Ensembl's and RefSeq's, without version."""
    return {
        r[column].split(".")[0]: r["gene"]
        for r in pack.rows("gene_regions")
        for column in ("transcript", "refseq")
    }
