from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apothecary.oncogenes import profiles
from apothecary.oncogenes.profiles import Component, Joined, Not, components, parse
from apothecary.oncogenes.proteins import parse as protein


def only(name: str) -> Component:
    profile = parse(name)
    assert isinstance(profile, Component)
    return profile


@pytest.mark.parametrize(
    ("name", "kind", "gene"),
    [
        ("BRAF V600E", profiles.PROTEIN, "BRAF"),
        ("VHL F76del (c.227_229del)", profiles.PROTEIN, "VHL"),
        ("VHL 106insR (c.316insGCC)", profiles.PROTEIN, "VHL"),
        ("VHL Splice Site (c.340+1G>A)", profiles.CODING, "VHL"),
        ("CHEK2 1100DELC", profiles.CODING, "CHEK2"),
        ("CDKN1A rs1059234", profiles.RSID, "CDKN1A"),
        ("BRAF V600", profiles.CODON, "BRAF"),
        ("KRAS G12/G13", profiles.CODON, "KRAS"),
        ("BRAF Non-V600", profiles.NOT_CODON, "BRAF"),
        ("EGFR Exon 19 Deletion", profiles.EXON, "EGFR"),
        ("NPM1 EXON 11 MUTATION", profiles.EXON, "NPM1"),
        ("MET Exon 14 Skipping Mutation", profiles.EXON, "MET"),
        ("EGFR Mutation", profiles.MUTATION, "EGFR"),
        ("EZH2 Activating Mutation", profiles.ACTIVATING, "EZH2"),
        ("BRCA1 Loss-of-function", profiles.LOSS_OF_FUNCTION, "BRCA1"),
        ("TP53 Deleterious Mutation", profiles.LOSS_OF_FUNCTION, "TP53"),
        ("TP53 Truncating Mutation", profiles.TRUNCATING, "TP53"),
        ("PTEN Loss", profiles.ALLELE_LOSS, "PTEN"),
        ("MTAP Deletion", profiles.DELETION, "MTAP"),
        ("FLT3 ITD", profiles.TANDEM_DUPLICATION, "FLT3"),
        ("TERT Promoter Mutation", profiles.PROMOTER, "TERT"),
        ("TERT C228T", profiles.NUMBERED_PROMOTER, "TERT"),
        ("KRAS Wildtype", profiles.WILDTYPE, "KRAS"),
        ("ERBB2 Amplification", profiles.AMPLIFICATION, "ERBB2"),
        ("EWSR1 Fusion", profiles.FUSION, "EWSR1"),
        ("BRAF intron 10 rearrangement", profiles.REARRANGEMENT, "BRAF"),
        ("ERBB2 Overexpression", profiles.EXPRESSION, "ERBB2"),
        ("CDKN2A p16 Expression", profiles.EXPRESSION, "CDKN2A"),
        ("MGMT Promoter Methylation", profiles.METHYLATION, "MGMT"),
        ("TMB High", profiles.SIGNATURE, ""),
        ("MSI High", profiles.SIGNATURE, ""),
        ("FLT3 TKD MUTATION", profiles.DOMAIN, "FLT3"),
        ("EGFR VIII", profiles.TRANSCRIPT, "EGFR"),
        ("DPYD DPYD*2A HOMOZYGOSITY", profiles.GENOTYPE, "DPYD"),
        ("EGFR Something Unheard Of", profiles.UNPARSED, "EGFR"),
    ],
)
def test_shapes(name: str, kind: str, gene: str) -> None:
    component = only(name)
    assert (component.kind, component.gene) == (kind, gene)


def test_alternatives_of_one_residue() -> None:
    assert only("ERBB2 S310F/Y").changes == (protein("S310F"), protein("S310Y"))
    assert only("KRAS G12/G13").codons == (("G", 12), ("G", 13))


def test_exons_and_what_is_asked_of_them() -> None:
    deletion = only("VHL EXON 2-3 DELETION")
    assert (deletion.exons, deletion.what) == ((2, 3), "deletion")
    assert only("MET Exon 14 Skipping Mutation").what == "skipping"


@pytest.mark.parametrize(
    ("name", "partners", "what"),
    [
        ("EML4::ALK Fusion", ("EML4", "ALK"), ""),
        ("v::ALK Fusion", ("", "ALK"), ""),
        ("FGFR2::v Fusion", ("FGFR2", ""), ""),
        ("FGFR3::? Fusion", ("FGFR3", ""), ""),
        ("EML4::ALK e20::e20", ("EML4", "ALK"), "e20::e20"),
        ("C19MC TTYH1::C19MC fusion", ("TTYH1", "C19MC"), ""),
    ],
)
def test_fusions(name: str, partners: tuple[str, str], what: str) -> None:
    component = only(name)
    assert (component.kind, component.partners, component.what) == ("fusion", partners, what)


def test_operators_bind_as_written() -> None:
    profile = parse("BCR::ABL1 Fusion AND ( ABL1 F317L OR ABL1 F317V )")
    assert isinstance(profile, Joined)
    assert profile.operator == "AND"
    inner = profile.operands[1]
    assert isinstance(inner, Joined)
    assert (inner.operator, len(inner.operands)) == ("OR", 2)
    negated = parse("EGFR Amplification AND NOT KRAS Mutation")
    assert isinstance(negated, Joined)
    assert isinstance(negated.operands[1], Not)


def test_two_changes_of_one_gene_joined_by_a_word() -> None:
    profile = parse("VHL P25S (c.73C>T) and L63V (c.187C>G)")
    assert [c.gene for c in components(profile)] == ["VHL", "VHL"]
    assert [c.changes for c in components(profile)] == [(protein("P25S"),), (protein("L63V"),)]


@pytest.mark.parametrize("name", ["", "AND", "( EGFR V600E", "EGFR V600E )", "NOT", "OR EGFR V1M"])
def test_a_name_that_is_cut_is_unparsed(name: str) -> None:
    assert only(name).kind == profiles.UNPARSED


def test_coding_names_leave_out_the_bases_they_need_not_state() -> None:
    assert profiles.normal_coding("NM_1:c.20delA") == "c.20del"
    assert profiles.normal_coding("c.577_588dupAGC") == "c.577_588dup"
    assert profiles.normal_coding("c.263_265delGGCinsTT") == "c.263_265delinsTT"
    assert profiles.normal_coding("c.35G>A") == "c.35G>A"


@given(st.text(max_size=80))
def test_any_text_gives_a_profile(text: str) -> None:
    assert list(components(parse(text)))


words = st.sampled_from(
    [
        "EGFR",
        "v::ALK",
        "BRAF",
        "V600E",
        "Mutation",
        "AND",
        "OR",
        "NOT",
        "(",
        ")",
        "and",
        "Exon",
        "19",
    ]
)


@given(st.lists(words, max_size=12))
def test_any_order_of_its_words_gives_a_profile(parts: list[str]) -> None:
    assert list(components(parse(" ".join(parts))))


genes = st.sampled_from(["EGFR", "KRAS", "TP53"])
residues = st.sampled_from(sorted("ACDEFGHIKLMNPQRSTVWY"))


@given(
    st.lists(
        st.tuples(genes, residues, st.integers(1, 3000), residues).filter(lambda t: t[1] != t[3]),
        min_size=2,
        max_size=5,
    ),
    st.sampled_from(["AND", "OR"]),
)
def test_joined_components_are_read_back(
    parts: list[tuple[str, str, int, str]], operator: str
) -> None:
    names = [f"{gene} {ref}{pos}{alt}" for gene, ref, pos, alt in parts]
    profile = parse(f" {operator} ".join(names))
    assert [c.name for c in components(profile)] == names
    assert isinstance(profile, Joined)
    assert profile.operator == operator


def test_every_profile_of_the_embedded_evidence_is_read(repository: object) -> None:
    from pathlib import Path

    table = Path(str(repository)) / "resources" / "knowledge" / "civic_evidence.tsv"
    lines = table.read_text(encoding="utf-8").splitlines()
    at = lines[0].split("\t").index("molecular_profile")
    names = [line.split("\t")[at] for line in lines[1:]]
    shapes = Counter(c.kind for name in names for c in components(parse(name)))
    assert shapes[profiles.UNPARSED] == 0
    assert len(names) > 4000
    assert shapes[profiles.PROTEIN] > len(names) / 3
