"""bcftools csq and hgvs-weaver on two toy genes, one a strand, and one against the other."""

from __future__ import annotations

from pathlib import Path

import pytest
from oncogene_builders import GENOME, MINUS_START, START, base, reverse_complement, write_models

from apothecary.oncogenes import csq, hgvs, proteins
from apothecary.oncogenes.gene_models import Reference, Transcript, TranscriptIndex, read_gff
from apothecary.oncogenes.messengers import messenger


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Transcript], Reference]:
    fasta, gff = write_models(tmp_path_factory.mktemp("models"))
    return {t.gene: t for t in read_gff(gff)}, Reference(fasta)


Models = tuple[dict[str, Transcript], Reference]


def coding_position(transcript: Transcript, number: int) -> int:
    """Chromosome position of c.number."""
    places = [p for s, e, _ in transcript.cds for p in range(s, e + 1)]
    return places[number - 1] if transcript.strand == "+" else places[-number]


def on_strand(transcript: Transcript, bases: str) -> str:
    return bases if transcript.strand == "+" else reverse_complement(bases)


@pytest.mark.parametrize("gene", ["PLUS", "MINUS"])
def test_every_substitution_gets_one_protein_change_from_both(
    models: Models, gene: str, tmp_path: Path
) -> None:
    transcripts, reference = models
    transcript = transcripts[gene]
    loci = [
        ("chr7", pos, base(pos), alt)
        for start, end, _ in transcript.cds
        for pos in range(start, end + 1)
        for alt in "ACGT"
        if alt != base(pos)
    ]
    told = csq.annotate(loci, TranscriptIndex(list(transcripts.values())), reference, tmp_path)
    namer = hgvs.Namer(reference)
    assert len(told) == len(loci) == 3 * 72
    for locus in loci:
        (consequence,) = told[locus]
        names = namer.name(transcript, *locus[1:])
        change = consequence.protein_change()
        assert change is not None
        if change.kind == proteins.STOP_LOST:
            assert names.change is None or names.change.kind == proteins.STOP_LOST
            continue
        assert names.change is not None, (locus, names)
        assert names.change.one_letter() == change.one_letter(), (locus, names)


@pytest.mark.parametrize("gene", ["PLUS", "MINUS"])
def test_names_on_both_strands(models: Models, gene: str) -> None:
    transcripts, reference = models
    transcript = transcripts[gene]
    namer = hgvs.Namer(reference)

    def name(number: int, ref: str, alt: str) -> hgvs.Names:
        pos = coding_position(transcript, number)
        if transcript.strand == "-":
            pos -= len(ref) - 1
        here, there = on_strand(transcript, ref), on_strand(transcript, alt)
        assert base(pos, len(ref)) == here
        return namer.name(transcript, pos, here, there)

    assert name(3, "G", "A").hgvs_c == "c.3G>A"
    changed = name(3, "G", "A").change
    assert changed is not None
    assert changed.one_letter() == "M1?"
    missense = name(5, "C", "A")
    assert (missense.hgvs_c, missense.change and missense.change.three_letter()) == (
        "c.5C>A",
        "p.Ala2Asp",
    )
    # GAA of Glu4: without its first base the frame shifts.
    shift = name(10, "GA", "A") if transcript.strand == "-" else name(9, "CG", "C")
    assert shift.hgvs_c == "c.10del"
    assert shift.change is not None
    assert (shift.change.kind, shift.change.start) == (proteins.FRAMESHIFT, 4)


@pytest.mark.parametrize("gene", ["PLUS", "MINUS"])
def test_before_and_between_exons(models: Models, gene: str, tmp_path: Path) -> None:
    transcripts, reference = models
    transcript = transcripts[gene]
    namer = hgvs.Namer(reference)
    plus = transcript.strand == "+"
    before = transcript.start - 20 if plus else transcript.end + 20
    ref = base(before)
    alt = "A" if ref != "A" else "C"
    names = namer.name(transcript, before, ref, alt)
    assert names.hgvs_c == f"c.-29{on_strand(transcript, ref)}>{on_strand(transcript, alt)}"
    assert names.change is None
    donor = transcript.exons[0][1] + 1 if plus else transcript.exons[-1][0] - 1
    ref = base(donor)
    assert on_strand(transcript, ref) == "G"
    locus = ("chr7", donor, ref, "A" if ref != "A" else "C")
    (told,) = csq.annotate([locus], TranscriptIndex([transcript]), reference, tmp_path)[locus]
    assert "splice_donor_variant" in told.terms
    assert (namer.name(transcript, *locus[1:]).hgvs_c or "").startswith("c.31+1G>")


def test_neighbours_are_judged_one_by_one(models: Models, tmp_path: Path) -> None:
    """Two substitutions in one codon are two consequences, not one merged change."""
    transcripts, reference = models
    transcript = transcripts["PLUS"]
    first = coding_position(transcript, 4)
    loci = [("chr7", first, "G", "A"), ("chr7", first + 1, "C", "A")]
    told = csq.annotate(loci, TranscriptIndex([transcript]), reference, tmp_path)
    changes = [c.protein_change() for locus in loci for c in told[locus]]
    assert [c and c.one_letter() for c in changes] == ["A2T", "A2D"]


def test_a_multibase_change_is_one_change(models: Models, tmp_path: Path) -> None:
    transcripts, reference = models
    transcript = transcripts["PLUS"]
    pos = coding_position(transcript, 4)
    locus = ("chr7", pos, "GC", "AA")
    (told,) = csq.annotate([locus], TranscriptIndex([transcript]), reference, tmp_path)[locus]
    change = told.protein_change()
    assert change is not None
    assert change.one_letter() == "A2N"
    names = hgvs.Namer(reference).name(transcript, *locus[1:])
    assert names.hgvs_c == "c.4_5delinsAA"


def test_variants_that_are_not_the_references_are_left_out(models: Models, tmp_path: Path) -> None:
    transcripts, reference = models
    pos = coding_position(transcripts["PLUS"], 4)
    wrong = [
        ("chr7", pos, "T", "A"),
        ("chr7", 1, "A", "C"),
        ("chr8", pos, "G", "A"),
        ("chr7", pos, "G", "<DEL>"),
    ]
    assert (
        csq.annotate(wrong, TranscriptIndex(list(transcripts.values())), reference, tmp_path) == {}
    )
    assert list(tmp_path.iterdir()) == []


def test_a_transcript_that_the_slice_holds_in_part_is_named_where_it_holds(tmp_path: Path) -> None:
    _, gff = write_models(tmp_path)
    transcripts = read_gff(gff)
    minus = next(t for t in transcripts if t.gene == "MINUS")
    at = coding_position(minus, 5)
    first = minus.exons[1][0] - START  # exon 1 of MINUS, its coding start, and what is behind
    part = tmp_path / "part.fa"
    part.write_text(f">chr7:{START + first}-{START + len(GENOME) - 1} x\n{GENOME[first:]}\n")
    assert minus.start == MINUS_START < START + first
    reference = Reference(part)
    locus = ("chr7", at, base(at), reverse_complement("A"))
    (told,) = csq.annotate([locus], TranscriptIndex(transcripts), reference, tmp_path)[locus]
    change = told.protein_change()
    assert change is not None
    assert change.one_letter() == "A2D"
    namer = hgvs.Namer(reference)

    def without(number: int) -> proteins.ProteinChange:
        shift = coding_position(minus, number)
        names = namer.name(minus, shift - 1, base(shift - 1, 2), base(shift - 1))
        assert names.change is not None
        assert names.change.kind == proteins.FRAMESHIFT
        return names.change

    assert without(10).stop_in == 5  # the new stop is in the exon that is held
    assert without(28).stop_in is None  # read on into bases that are not


@pytest.mark.parametrize(
    ("terms", "amino_acids", "expected"),
    [
        ("missense_variant", "600V>600E", "V600E"),
        ("synonymous_variant", "600V", "V600="),
        ("stop_gained", "65S>65*", "S65*"),
        ("frameshift_variant", "23ECP>23VVQ*", "E23Vfs*4"),
        ("frameshift_variant", "23ECP>23E*", "C24*"),
        ("frameshift_variant", "23ECP>23VX*", "E23Vfs"),
        ("inframe_deletion", "745KELREA>745K", "E746_A750del"),
        ("inframe_insertion", "772PH>772PYH", "P772_H773insY"),
        ("start_lost", "1M>1V", "M1?"),
        ("stop_lost", "24*>24L", "*24Lext*?"),
        ("intron_variant", "", None),
    ],
)
def test_amino_acids_of_csq(terms: str, amino_acids: str, expected: str | None) -> None:
    change = csq.change_of(terms, amino_acids)
    assert (change.one_letter() if change else None) == expected


@pytest.mark.parametrize(
    ("gene", "offset", "removed", "expected"),
    [
        # The intron begins GTAAGTGATTACAGG; its bases on the minus strand run the other way.
        ("PLUS", 3, 1, "c.31+4del"),
        ("MINUS", 3, 1, "c.31+4del"),
        ("PLUS", 1, 2, "c.31+1_31+2del"),
        ("MINUS", 1, 2, "c.31+1_31+2del"),
    ],
)
def test_repeats_in_introns_are_followed_in_the_direction_of_the_transcript(
    models: Models, gene: str, offset: int, removed: int, expected: str
) -> None:
    transcripts, reference = models
    transcript = transcripts[gene]
    of = messenger(transcript, reference)
    border = of.position(39)
    step = 1 if of.plus else -1
    first, last = sorted((border + step * offset, border + step * (offset + removed - 1)))
    ref = base(first - 1, last - first + 2)
    names = hgvs.Namer(reference).name(transcript, first - 1, ref, ref[0])
    assert names.hgvs_c == expected
    assert names.unpredicted == (offset == 1)
    assert hgvs.splice_distance(of, names.edit) == int(expected.split("+")[1].split("_")[0][0])


@pytest.mark.parametrize("gene", ["PLUS", "MINUS"])
def test_what_spans_a_border_or_lies_before_the_gene_is_not_predicted(
    models: Models, gene: str
) -> None:
    transcripts, reference = models
    transcript = transcripts[gene]
    of = messenger(transcript, reference)
    namer = hgvs.Namer(reference)
    step = 1 if of.plus else -1
    first, last = sorted((of.position(38), of.position(39) + step * 2))
    ref = base(first - 1, last - first + 2)
    names = namer.name(transcript, first - 1, ref, ref[0])
    assert names.hgvs_c == "c.31_31+3del"  # what is lost repeats with a step
    assert names.unpredicted
    assert names.change is not None
    assert names.change.one_letter() == "X11_splice"
    assert hgvs.splice_distance(of, names.edit) == 0
    outside = of.position(0) - step * 5
    before = namer.name(transcript, outside, base(outside), base(outside) + "GGGG")
    assert before.unpredicted
    assert (before.hgvs_c or "").startswith("c.-1")


@pytest.mark.parametrize("gene", ["PLUS", "MINUS"])
def test_bases_put_in_at_a_border_go_with_the_exon_only_as_its_copy(
    models: Models, gene: str
) -> None:
    transcripts, reference = models
    transcript = transcripts[gene]
    of = messenger(transcript, reference)
    namer = hgvs.Namer(reference)

    def put_in(bases: str) -> hgvs.Names:
        pos = of.position(39) if of.plus else of.position(39) - 1
        added = bases if of.plus else reverse_complement(bases)
        return namer.name(transcript, pos, base(pos), base(pos) + added)

    copy = put_in(of.bases[37:40])
    assert copy.hgvs_c == "c.29_31dup"
    assert (copy.unpredicted, copy.change is not None) == (False, True)
    strange = put_in("TTT")
    assert strange.hgvs_c == "c.31_31+1insTTT"
    assert (strange.unpredicted, strange.change) == (True, None)
