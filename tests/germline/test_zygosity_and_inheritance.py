"""How alleles are carried, their phase, and whether a variant of a gene is reported."""

from __future__ import annotations

import pytest
from germline_builders import BOTH, POS, called, classify, csq, listed, mechanism, only, pack

from apothecary.germline import zygosity

STOP = csq("stop_gained", protein="p.Glu5Ter", exon="1/9")
RECESSIVE = pack(listed("PLUS", inheritance="AR"))
SECONDARY = listed("PLUS", "acmg_sf", inheritance="AR", report="P and LP (2 variants)")


def stops(*genotypes: str, **more) -> list[dict]:
    """Stops of the first gene, one a record, with the genotypes given."""
    return [
        called(STOP, POS + 9 * at, genotype=text, phased="|" in text, **more)
        for at, text in enumerate(genotypes)
    ]


@pytest.mark.parametrize(
    ("genotype", "chrom", "sex", "expected"),
    [("0/1", "chr7", "F", "heterozygous"), ("1/1", "chr7", "F", "homozygous"),
     ("1", "chr7", "F", "unknown"), ("1", "chrX", "unknown", "hemizygous"),
     ("1/1", "chrX", "M", "hemizygous"), ("1/1", "chrX", "F", "homozygous"),
     ("0/1", "chrX", "M", "heterozygous"), ("1/2", "chr7", "F", "heterozygous"),
     ("./1", "chr7", "F", "unknown"), (".", "chr7", "F", "unknown")],
)  # fmt: skip
def test_zygosity(genotype, chrom, sex, expected):
    assert zygosity.carried(called(genotype=genotype, chrom=chrom), sex).zygosity == expected


def carried(genotype: str, record: int, phase_set: str | None = None, index: int = 1):
    row = called(genotype=genotype, phased="|" in genotype, phase_set=phase_set, record=record)
    return zygosity.carried({**row, "allele_index": index}, "F")


def test_phase_is_told_by_set_side_and_record():
    one = carried("0|1", 1, "7")
    assert zygosity.phase(one, carried("0|1", 2, "7")) == "in cis"
    assert zygosity.phase(one, carried("1|0", 2, "7")) == "in trans"
    assert zygosity.phase(one, carried("1|0", 2, "8")) == "phase not known"
    assert zygosity.phase(one, carried("0/1", 2)) == "phase not known"
    assert zygosity.phase(carried("0|1", 1), carried("1|0", 2)) == "in trans"
    assert zygosity.phase(carried("1/2", 1), carried("1/2", 1, index=2)) == "in trans"


@pytest.mark.parametrize(
    ("genotypes", "reported", "reason"),
    [
        (("0/1",), "carrier", "one hit of a recessive gene: carrier"),
        (("1/1",), "finding", "both alleles have it"),
        (("0/1", "0/1"), "finding", "two hits, phase not known"),
        (("0|1", "1|0"), "finding", "two hits, in trans"),
        (("0|1", "0|1"), "carrier", "one hit of a recessive gene: carrier (2 hits in cis)"),
        (("0|1", "0|1", "0/1"), "finding", "two hits, phase not known"),
    ],
)
def test_a_recessive_gene_needs_two_hits_on_two_chromosomes(genotypes, reported, reason):
    rows = classify(stops(*genotypes), RECESSIVE)
    assert {row["reported_as"] for row in rows} == {reported}
    assert all(reason in row["reason"] for row in rows)
    assert {row["reportable"] for row in rows} == {reported == "finding"}
    doubted = "phase not known" in reason
    assert {row["needs_confirmation"] for row in rows} == {doubted}
    assert [len(row["partners"]) for row in rows] == [len(genotypes) - 1] * len(genotypes)


def test_a_call_that_failed_a_filter_is_no_hit_and_not_reported():
    first, second = stops("0/1", "0/1")
    rows = classify([first, {**second, "fate": "filtered"}], RECESSIVE)
    assert [row["reported_as"] for row in rows] == ["carrier", None]
    assert rows[1]["reason"] == "the call failed a filter"
    assert rows[1]["class"] == "Likely pathogenic"


def test_carriers_are_no_secondary_findings():
    row = only(stops("0/1"), pack(SECONDARY), scopes=BOTH)
    assert (row["reported_as"], row["secondary"]) == (None, True)
    assert row["reason"].endswith("the list of secondary findings does not ask for carriers")
    row = only(stops("1/1"), pack(SECONDARY), scopes=BOTH)
    assert (row["reported_as"], row["secondary"], row["list_version"]) == ("finding", True, "3.1")


def test_a_gene_of_both_lists_is_a_primary_finding_where_both_were_agreed_to():
    both = pack(listed("PLUS"), listed("PLUS", "acmg_sf"))
    row = only(stops("0/1"), both, scopes=BOTH)
    assert (row["lists"], row["secondary"]) == (["acmg_sf", "predisposition"], False)
    row = only(stops("0/1"), both, scopes=("secondary_findings",))
    assert (row["lists"], row["secondary"], row["reported_as"]) == (["acmg_sf"], True, "finding")
    row = only(stops("0/1"), both, scopes=("germline",))
    assert (row["lists"], row["list_version"]) == (["predisposition"], None)


def test_uncertain_variants_are_listed_of_primary_genes_only():
    missense = [called(csq("missense_variant", protein="p.Glu5Lys"))]
    assert only(missense)["reported_as"] == "uncertain"
    row = only(missense, pack(listed("PLUS", "acmg_sf")), scopes=BOTH)
    assert (row["reported_as"], row["class"]) == (None, "Uncertain significance")
    untranslated = [called(csq("3_prime_UTR_variant"))]
    assert only(untranslated)["reported_as"] is None
    row = only([called()])
    assert row["reason"] == "nothing names what it does in the gene: it is not judged"
    assert row["not_assessed"][0].startswith("PVS1, PS1")


@pytest.mark.parametrize(
    ("genotype", "sex", "report", "expected"),
    [("1", "M", None, "finding"), ("0/1", "F", None, "carrier"), ("1/1", "F", None, "finding"),
     ("0/1", "F", "All hemi, het, homozygous P and LP", "finding")],
)  # fmt: skip
def test_x_linked_genes_go_by_sex_and_by_what_the_list_asks(genotype, sex, report, expected):
    knowledge = pack(
        listed("EX", inheritance="XL", report=report), gene_mechanisms=[mechanism("EX")]
    )
    stop = called(csq("stop_gained", "EX", "p.Glu5Ter", "1/9"), 9010, chrom="chrX",
                  genotype=genotype)  # fmt: skip
    row = only([stop], knowledge, sex=sex)
    assert row["reported_as"] == expected


def test_a_man_who_is_heterozygous_on_x_is_doubted():
    stop = called(csq("stop_gained", "EX", "p.Glu5Ter"), 9010, chrom="chrX")
    row = only([stop], pack(listed("EX", inheritance="XL")), sex="M")
    assert row["doubts"] == ["heterozygous on the X chromosome of a man"]


def test_of_a_list_that_asks_for_truncating_variants_no_other_is_reported():
    asked = listed("PLUS", "acmg_sf", report="P and LP (truncating variants only)")
    told = "CLNSIG=Pathogenic;CLNREVSTAT=reviewed_by_expert_panel"
    missense = called(csq("missense_variant", protein="p.Glu5Lys"), clinvar=told)
    row = only([missense], pack(asked), scopes=BOTH)
    assert (row["decided_class"], row["reported_as"]) == ("Pathogenic", None)
    assert row["reason"].startswith("truncating variants only; this variant is not")
    assert only(stops("0/1"), pack(asked), scopes=BOTH)["reported_as"] == "finding"
    row = only([called(clinvar=told)], pack(asked), scopes=BOTH)
    assert row["reported_as"] is None
    assert row["doubts"][0].startswith("whether it is truncating is not known")


@pytest.mark.parametrize(
    ("protein", "genotype", "reported", "words"),
    [("p.Cys282Tyr", "1/1", "finding", "the list names it"),
     ("p.Cys282Tyr", "0/1", None, "this is heterozygous C282Y"),
     ("p.His63Asp", "1/1", None, "this is homozygous H63D")],
)  # fmt: skip
def test_a_change_that_the_list_names_is_reported_as_it_asks(protein, genotype, reported, words):
    asked = listed("PLUS", "acmg_sf", inheritance="AR", report="p.C282Y homozygotes only")
    common = called(csq("missense_variant", protein=protein), genotype=genotype, population_af=0.06)
    row = only([common], pack(asked), scopes=BOTH)
    assert row["reported_as"] == reported
    # That it is common is not held against the change that the list names.
    assert ("BA1" in row["codes"]) == (protein != "p.Cys282Tyr")
    assert words in row["reason"]


def test_an_unnamed_variant_may_be_the_change_that_the_list_names():
    asked = listed("PLUS", "acmg_sf", inheritance="AR", report="p.C282Y homozygotes only")
    row = only([called(genotype="1/1")], pack(asked), scopes=BOTH)
    assert row["needs_confirmation"]
    assert row["doubts"] == ["whether it is C282Y is not known: nothing names what it does"]
    row = only([called(genotype="0/1")], pack(asked), scopes=BOTH)
    assert row["doubts"] == []
    assert row["reason"].endswith("this is heterozygous and not named")


@pytest.mark.parametrize(
    ("vaf", "doubted"), [(0.5, False), (0.3, False), (0.12, True), (0.8, True)]
)
def test_a_fraction_far_from_one_half_is_doubted(vaf, doubted):
    row = only(stops("0/1", vaf=vaf))
    assert row["needs_confirmation"] == doubted
    assert row["reported_as"] == "finding"
    assert not doubted or "mosaic" in row["doubts"][0]
