"""Alleles counted on haplotypes: sharing of what cannot be told apart."""

from __future__ import annotations

import pytest
from pharmacogene_builders import make_gene

from apothecary.pharmacogenes.frequencies import POPULATIONS, UNDEFINED, Frequencies, estimate

POSITIONS = [(10, "A", "G"), (20, "C", "T")]
ALLELES = {"*1": {}, "*2": {0: "G"}, "*3": {0: "G", 1: "T"}}


def test_what_is_told_apart_is_counted():
    gene = make_gene(POSITIONS, ALLELES)
    seen = {("A", "C"): 70, ("G", "C"): 20, ("G", "T"): 8, ("A", "T"): 2}
    found = estimate(gene, {"EUR": seen}).counts["EUR"]
    assert found == pytest.approx({"*1": 70, "*2": 20, "*3": 8, UNDEFINED: 2})


def test_an_absent_position_is_taken_as_not_varying():
    gene = make_gene(POSITIONS, ALLELES)
    found = estimate(gene, {"EUR": {("A", None): 70, ("G", None): 30}}).counts["EUR"]
    assert found["*2"] == pytest.approx(30, abs=0.01)


def test_published_frequencies_share_what_looks_alike():
    gene = make_gene(POSITIONS, ALLELES)
    published = {"EUR": {"*1": 0.7, "*2": 0.1, "*3": 0.2}, "AFR": {"*2": 0.3, "*3": 0.1}}
    seen = {("A", None): 70, ("G", None): 30}
    found = estimate(gene, {"EUR": seen, "AFR": seen}, published).counts
    # Ten published chromosomes and .02 for *2, whose variant the panel has: 1.02 against 2 of *3.
    assert found["EUR"]["*2"] == pytest.approx(30 * 1.02 / 3.02, abs=0.01)
    assert found["EUR"]["*3"] == pytest.approx(30 * 2.00 / 3.02, abs=0.01)
    assert found["AFR"]["*2"] == pytest.approx(30 * 3.02 / 4.02, abs=0.01)
    assert sum(found["EUR"].values()) == pytest.approx(100)


def test_an_allele_that_nobody_published_keeps_what_the_others_leave():
    # *38 was published for what is *38 and *1 today; *2 looks like *1 in the panel.
    gene = make_gene(POSITIONS, {"*38": {}, "*1": {0: "G"}, "*2": {0: "G", 1: "T"}})
    published = {"EAS": {"*38": 0.98, "*2": 0.02}}
    found = estimate(gene, {"EAS": {("A", None): 40, ("G", None): 60}}, published).counts["EAS"]
    # Of the 60 % that look alike 2 % were published as *2; .02 chromosomes more for *1.
    assert found["*1"] == pytest.approx(60 * 5.82 / 6.02, abs=0.01)
    assert found["*2"] == pytest.approx(60 * 0.20 / 6.02, abs=0.01)
    assert found["*38"] == pytest.approx(40)


def test_bases_that_a_definition_leaves_open_are_learnt():
    gene = make_gene(POSITIONS, {"*1": {}, "*2": {0: "G", 1: "Y"}})
    found = estimate(gene, {"EUR": {("G", "T"): 90, ("G", "C"): 9, ("A", "C"): 50}})
    assert found.counts["EUR"]["*2"] == pytest.approx(99)
    # One chromosome beforehand, half of each base: 90.5 and 9.5 of 100.
    assert found.wobbles["*2", 1] == pytest.approx({"C": 0.095, "T": 0.905})


def test_a_prior_without_frequencies_is_flat():
    gene = make_gene(POSITIONS, ALLELES)
    prior = Frequencies().prior(gene, 0.02, 0.01)
    assert prior.alleles == pytest.approx(0.33)
    assert prior.source == ""


def test_what_nobody_looked_for_is_told():
    gene = make_gene(POSITIONS, ALLELES)
    absent, present = {("A", None): 70, ("G", None): 30}, {("A", "C"): 70, ("G", "C"): 30}
    assert estimate(gene, {"EUR": absent}).unobserved == ("*3",)
    assert estimate(gene, {"EUR": present}).unobserved == ()
    assert estimate(gene, {"EUR": absent}, {"AFR": {"*3": 0.01}}).unobserved == ()
    assert estimate(gene, {"EUR": absent}, {"AFR": {"*3": 0.0}}).unobserved == ("*3",)


def test_an_unknown_frequency_is_at_least_what_is_set():
    gene = make_gene(POSITIONS, ALLELES)
    rows = [
        {
            "gene": "GENE1",
            "population": "EUR",
            "allele": allele,
            "count": count,
            "chromosomes": 1000,
            "source_id": "test",
        }
        for allele, count in {"*1": 899.0, "*2": 100.0, "*3": 1.0}.items()
    ]
    known = Frequencies.from_rows(rows, (), [{"gene": "GENE1", "allele": "*3"}])
    at = POPULATIONS.index("EUR")
    whole = known.prior(gene, 1e-9, 0.0, 0.25).alleles[at]
    assert whole == pytest.approx([0.899 / 1.249, 0.1 / 1.249, 0.25 / 1.249])
    # A frequency above it stays, and so does one that was looked for.
    assert known.prior(gene, 1e-9, 0.0, 1e-4).alleles[at] == pytest.approx([0.899, 0.1, 0.001])
    seen = Frequencies.from_rows(rows)
    assert seen.prior(gene, 1e-9, 0.0, 0.25).alleles[at] == pytest.approx([0.899, 0.1, 0.001])


def test_a_variant_that_the_panel_has_not_draws_no_open_bases_to_its_allele():
    places = [*POSITIONS, (30, "C", "T")]
    gene = make_gene(places, {"*1": {}, "*2": {0: "G", 1: "Y"}, "*3": {0: "G", 1: "Y", 2: "T"}})
    seen = {("G", "T", None): 970, ("G", "C", None): 30, ("A", "C", None): 1000}
    found = estimate(gene, {"AFR": seen}, {"AFR": {"*1": 0.5, "*2": 0.49, "*3": 0.01}})
    # Of the strands with either base, *3 has its published share, and *2 has the others.
    assert found.counts["AFR"]["*3"] == pytest.approx(1000 * 0.1 / 5.02, rel=0.01)
    for name in ("*2", "*3"):
        assert found.wobbles[name, 1]["C"] == pytest.approx(0.03, abs=0.002)
