"""Substitutions of a base whose substitution is pathogenic, and frequencies that the pack knows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sop_builders import CHROM, PLACE, annotated, classify, codes, common, hotspot, locus, pack

from apothecary.oncogenes import proteins
from apothecary.oncogenes.sop import loci
from apothecary.oncogenes.sop.subject import Subject
from apothecary.oncogenes.translation import CODONS


@pytest.mark.parametrize(
    ("change", "residue", "ref", "alt", "met"),
    [
        ("A20D", "A", "C", "A", True),  # GCN: no stop by one base
        ("A20D", "A", "G", "T", True),  # the same on the other strand
        ("E20K", "E", "G", "A", False),  # the pathogenic one may be TAA or TAG
        ("E20G", "E", "A", "G", True),  # the second base of GAN
        ("R20C", "R", "C", "T", True),  # TGT or TGC come of CGT or CGC, which make no stop
        ("R20W", "R", "C", "T", True),  # TGG of CGG
        ("R20G", "R", "C", "G", False),  # CGA, too
        ("Y20H", "Y", "T", "C", True),
        ("Y20C", "Y", "A", "G", True),
        ("A20D", "A", "T", "C", False),  # no codon of alanine becomes aspartate so
        ("A20D", "V", "C", "A", False),  # the source has another residue there
        (None, "A", "C", "A", True),  # alanine cannot become a stop, whatever its codon
        (None, "E", "G", "A", False),
    ],
)
def test_os1_where_no_substitution_of_the_base_makes_a_stop(change, residue, ref, alt, met):
    knowledge = pack(pathogenic_loci=[locus("TOY", residue)])
    found = codes(change, knowledge=knowledge, ref=ref, alt=alt)
    assert ("OS1" in found) is met


def test_the_place_the_gene_and_the_kind_of_change_must_be_those_of_the_source():
    knowledge = pack(pathogenic_loci=[locus("TOY", "A")])
    row, ledger = classify("A20D", knowledge=knowledge, ref="C", alt="A")
    assert (row["codes"], row["points"]) == (["OS1"], 4)
    assert ledger["OS1"]["source_id"] == "cacao_clinvar"
    assert ledger["OS1"]["references"] == [f"{CHROM}:{PLACE}"]
    elsewhere = pack(pathogenic_loci=[locus("TOY", "A", PLACE + 1)])
    assert "OS1" not in codes("A20D", knowledge=elsewhere, ref="C", alt="A")
    assert "OS1" not in codes("A20D", gene="OTHER", knowledge=knowledge, ref="C", alt="A")
    assert "OS1" not in codes("A20D", knowledge=knowledge, ref="CC", alt="AA")
    silent = codes("A20=", "synonymous_variant", knowledge=knowledge, ref="C", alt="A")
    assert silent == ["SBP2"]


def test_the_older_build_is_not_looked_up():
    change = proteins.parse("A20D")
    known = loci.index([locus("TOY", "A")])
    terms = frozenset({"missense_variant"})
    for build, met in (("GRCh38", True), ("GRCh37", False)):
        subject = Subject((build, CHROM, PLACE, "C", "A"), "TOY", terms=terms, change=change)
        assert bool(loci.assess(subject, known)) is met


def test_a_hotspot_goes_with_os1():
    knowledge = pack(
        pathogenic_loci=[locus("TOY", "A")], hotspot_residues=[hotspot("TOY", "A20", "D", 60)]
    )
    _, ledger = classify("A20D", knowledge=knowledge, ref="C", alt="A")
    assert ledger["OS3"]["reason"] == "not counted with OS1"


@given(st.sampled_from(sorted(CODONS)), st.integers(0, 2), st.sampled_from("ACGT"))
def test_a_codon_that_can_become_a_stop_at_its_base_never_counts(codon, at, base):
    fresh = CODONS[codon[:at] + base + codon[at + 1 :]]
    residue = CODONS[codon]
    change = proteins.parse(f"{residue}20{fresh}")
    if residue == fresh or "*" in (residue, fresh) or change is None:
        return
    terms = frozenset({"missense_variant"})
    place = ("GRCh38", CHROM, PLACE, codon[at], base)
    subject = Subject(place, "TOY", terms=terms, change=change)
    stops = any(CODONS[codon[:at] + other + codon[at + 1 :]] == "*" for other in "ACGT")
    found = loci.assess(subject, loci.index([locus("TOY", residue)]))
    assert not (stops and found)


@pytest.mark.parametrize(
    ("frequency", "expected"),
    [(0.3, ["SBVS1"]), (0.05, ["SBS1"]), (0.02, ["SBS1"]), (0.01, [])],
)
def test_a_common_variant_of_the_pack_is_benign_without_frequencies_in_the_input(
    frequency, expected
):
    knowledge = pack(population_frequencies=[common(frequency)])
    row, ledger = classify("G20D", knowledge=knowledge)
    assert row["codes"] == expected
    for code in expected:
        assert ledger[code]["source_id"] == "peddy_1kg"


def test_the_highest_frequency_counts_with_its_source():
    knowledge = pack(population_frequencies=[common(0.02)])
    text = annotated("TOY", af="0.2")
    _, ledger = classify("G20D", knowledge=knowledge, annotation=text, af=0.2)
    assert ledger["SBVS1"]["source_id"] == "input"
    _, ledger = classify("G20D", knowledge=knowledge, annotation=text, af=0.001)
    assert ledger["SBS1"]["source_id"] == "peddy_1kg"
    # An empty field of the input is no absence where the pack knows better.
    assert codes("G20D", knowledge=knowledge, annotation=annotated("TOY")) == ["SBS1"]


def test_what_the_pack_does_not_list_is_not_absent():
    knowledge = pack(population_frequencies=[common(0.3, alt="C"), common(0.3, pos=PLACE + 1)])
    row, _ = classify("G20D", knowledge=knowledge)
    assert row["codes"] == []
    assert any(text.startswith("OP4, SBS1, SBVS1") for text in row["not_assessed"])
