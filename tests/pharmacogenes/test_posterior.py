"""The posterior of diplotypes: hand-computed genes, laws, and the number of operations."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations_with_replacement

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pharmacogene_builders import genotypes, make_gene

from apothecary.pharmacogenes.diplotypes import GeneCaller, MatchSettings
from apothecary.pharmacogenes.evidence import (
    NOTHING,
    SiteEvidence,
    of_values,
    pair_likelihood,
)
from apothecary.pharmacogenes.frequencies import POPULATIONS, Frequencies
from apothecary.pharmacogenes.matcher import Genotype
from apothecary.pharmacogenes.pair_weights import Errors, GeneModel, weigh

POSITIONS = [(10, "A", "G"), (20, "C", "T"), (30, "G", "A")]
ALLELES = {"*1": {}, "*2": {0: "G"}, "*3": {1: "T"}, "*4": {0: "G", 1: "T"}, "*5": {2: "A"}}
FUNCTIONS = {"*1": "normal", "*2": "decreased", "*3": "none", "*4": "decreased", "*5": "normal"}
RULES = {
    ("normal", "normal"): "NM",
    ("decreased", "normal"): "IM",
    ("none", "normal"): "IM",
    ("decreased", "none"): "PM",
    ("decreased", "decreased"): "PM",
}
COUNTS = {"*1": 60.0, "*2": 10.0, "*3": 5.0, "*4": 20.0, "*5": 5.0}
EXACT = MatchSettings(
    mode="posterior",
    genotype_error=0,
    phase_error=0,
    pseudocount=1e-9,
    undefined_rate=0,
    unknown_frequency=0,
)


def gene():
    return make_gene(POSITIONS, ALLELES, functions=FUNCTIONS, rules=RULES)


def frequencies(counts=None, name="GENE1"):
    rows = [
        {
            "gene": name,
            "population": population,
            "allele": allele,
            "count": count,
            "chromosomes": 100,
            "source_id": "test",
        }
        for population in POPULATIONS
        for allele, count in (counts or COUNTS).items()
    ]
    return Frequencies.from_rows(rows)


def call(*texts, settings=EXACT, of=None, counts=None):
    caller = GeneCaller(settings, frequencies(counts))
    return caller.call(of or gene(), genotypes(*texts))


def posteriors(rows):
    return {row["diplotype"]: row["posterior"] for row in rows}


def test_unphased_by_hand():
    # *1/*4 is 2 * .6 * .2 = .24, *2/*3 is 2 * .1 * .05 = .01: .96 and .04 of both.
    (row,) = call("A/G", "C/T", "G/G")
    assert row["diplotype"] == "*1/*4"
    assert row["posterior"] == pytest.approx(0.96)
    assert row["credible_set"] == ["*1/*4 0.9600", "*2/*3 0.0400"]
    assert (row["decision"], row["method"], row["reason"]) == ("called", "posterior", None)
    # *2/*3 is PM as well as no other: the phenotype of *1/*4 has .96.
    assert row["phenotype_posterior"] == pytest.approx(0.96)


def test_phase_decides():
    assert posteriors(call("A|G", "C|T", "G|G")) == {"*1/*4": 1.0}
    assert posteriors(call("A|G", "T|C", "G|G")) == {"*2/*3": 1.0}
    assert posteriors(call("A|G:7", "T|C:7", "G/G")) == {"*2/*3": 1.0}
    # Other phase sets say nothing of each other.
    assert posteriors(call("A|G:7", "T|C:8", "G/G")) == {"*1/*4": pytest.approx(0.96)}


def test_a_site_not_assessed_is_summed_over_and_named():
    # *2 is 10 and *4 is 20 of 100: with *1 or *5 (60 and 5) on the other strand, 1 to 2.
    rows = call("A/G", None, "G/G")
    found = posteriors(rows)
    # Pairs: *1/*2 .12, *1/*4 .24, *2/*3 .01, *3/*4 .02; together .39.
    assert found["*1/*4"] == pytest.approx(0.24 / 0.39, abs=1e-6)
    assert found["*1/*2"] == pytest.approx(0.12 / 0.39, abs=1e-6)
    assert {row["decision"] for row in rows} == {"indeterminate"}
    assert rows[0]["reason"] == (
        "rs20 was not assessed; *2 and *4 cannot be told apart; both decreased; "
        "the posterior 0.615 is below 0.95"
    )
    by_name = {row["diplotype"]: row["phenotype_posterior"] for row in rows}
    assert by_name["*1/*4"] == by_name["*1/*2"] == pytest.approx(0.36 / 0.39, abs=1e-4)
    assert [row["rank"] for row in rows] == list(range(1, len(rows) + 1))
    assert sum(found.values()) >= 0.99


@pytest.mark.parametrize(
    ("texts", "sex"), [(("A/G", "T/T"), "F"), (("G|A", "T|C"), "F"), (("G", "T"), "M")]
)
def test_a_strand_drawn_that_is_an_allele_by_an_open_base_is_no_novelty(texts, sex):
    """Every strand is an allele here, *2 with either base, though its own all but always have C."""
    wide = make_gene(
        [(10, "A", "G"), (20, "C", "T")], {"*1": {}, "*2": {0: "G", 1: "Y"}, "*3": {1: "T"}}
    )
    wide = replace(wide, chrom="chrX")
    shares = (("C", 0.999), ("T", 0.001))
    known = replace(
        frequencies({"*1": 60.0, "*2": 20.0, "*3": 20.0}),
        wobbles={"GENE1": {("*2", wide.positions[1].position_id): dict(shares)}},
    )
    settings = replace(EXACT, undefined_rate=0.1, all_candidates=True)
    rows = GeneCaller(settings, known).call(wide, genotypes(*texts), sex)
    assert sum(row["posterior"] for row in rows) == pytest.approx(1.0, abs=1e-5)


UNKNOWN_RARE = MatchSettings(
    mode="posterior",
    genotype_error=0,
    phase_error=0,
    pseudocount=1e-9,
    undefined_rate=0,
    unknown_frequency=0.1,
)


def call_unobserved(*texts, settings, research=False):
    rows = [
        {
            "gene": "GENE1",
            "population": population,
            "allele": allele,
            "count": 100.0 if allele == "*1" else 0.0,
            "chromosomes": 100,
            "source_id": "test",
        }
        for population in POPULATIONS
        for allele in ALLELES
    ]
    known = Frequencies.from_rows(rows, (), [{"gene": "GENE1", "allele": "*5"}])
    made = make_gene(POSITIONS, ALLELES, functions=FUNCTIONS, rules=RULES, research=research)
    return GeneCaller(settings, known).call(made, genotypes(*texts))


def test_an_allele_that_nobody_looked_for_is_not_taken_as_absent():
    # Of *1 and *5, 1 to .1: *1/*1 has (1 / 1.1) squared.
    rows = call_unobserved("A/A", "C/C", None, settings=UNKNOWN_RARE)
    assert rows[0]["posterior"] == pytest.approx(1 / 1.21, abs=1e-6)
    assert {row["decision"] for row in rows} == {"indeterminate"}
    assert set(posteriors(rows)) == {"*1/*1", "*1/*5"}
    assert (
        "*5 cannot be excluded, and its frequency is not known (probability 0.174)"
        in (rows[0]["reason"])
    )
    (row,) = call_unobserved("A/A", "C/C", "G/G", settings=UNKNOWN_RARE)
    assert (row["diplotype"], row["decision"]) == ("*1/*1", "called")
    (row,) = call_unobserved("A/A", "C/C", None, settings=EXACT)
    assert (row["diplotype"], row["decision"]) == ("*1/*1", "called")


def test_a_research_gene_is_given_its_likeliest_name():
    (row,) = call_unobserved("A/A", "C/C", None, settings=UNKNOWN_RARE, research=True)
    assert (row["diplotype"], row["decision"]) == ("*1/*1", "called")


def test_strands_that_are_not_known_are_the_reason():
    even = {"*1": 25.0, "*2": 25.0, "*3": 25.0, "*4": 25.0}
    rows = call("A/G", "C/T", "G/G", counts=even)
    assert {row["diplotype"] for row in rows} == {"*1/*4", "*2/*3"}
    assert "which variants share a strand is not known" in rows[0]["reason"]
    assert "their functions differ" in rows[0]["reason"]


def test_a_combination_that_no_allele_is_gives_no_pair():
    sure = MatchSettings(mode="posterior", call_threshold=0.9)
    (row,) = call("A|G", "C|C", "G|A", settings=sure)
    assert (row["diplotype"], row["method"], row["decision"]) == (None, "not_called", "not_called")
    assert row["reason"].startswith("no allele pair fits the genotypes (probability 0.9")


def test_a_pair_that_may_yet_fit_is_listed_and_not_called():
    (row,) = call("A|G", "C|C", "G|A", settings=MatchSettings(mode="posterior"))
    assert (row["diplotype"], row["decision"]) == ("*2/*5", "indeterminate")
    assert row["posterior"] < 0.1
    assert row["credible_set"][0].startswith("no named pair 0.9")
    assert "a strand is no named allele" in row["reason"]


def test_undocumented_bases_are_as_in_the_compatible_mode():
    (row,) = call("A/T", "C/C", "G/G")
    assert row["reason"] == "undocumented variation: chr1:10:A T"
    as_reference = make_gene(POSITIONS, ALLELES, undocumented_as_reference=True)
    (row,) = call("A/T", "C/C", "G/G", of=as_reference)
    assert row["diplotype"] == "*1/*1"
    assert "taken as reference" in row["warnings"][0]


def test_an_undocumented_base_that_leaves_the_protein_is_taken_as_reference():
    silent = make_gene(POSITIONS, ALLELES, silent=[(1, "A")])
    (row,) = call("A|G", "C|A", "G|G", of=silent)
    assert (row["diplotype"], row["decision"]) == ("*1/*2", "called")
    assert row["warnings"] == [
        "chr1:20:C: A is no documented base, but encodes the residue of the reference; "
        "it is taken as it"
    ]
    # Another base there, or the base elsewhere, is undocumented variation as before.
    for texts in (("A/A", "A/G", "G/G"), ("A/C", "C/C", "G/G")):
        (row,) = call(*texts, of=silent)
        assert row["reason"].startswith("undocumented variation: ")
    # The compatible method knows no such rule.
    (row,) = call("A|G", "C|A", "G|G", of=silent, settings=MatchSettings(mode="compatible"))
    assert row["reason"] == "undocumented variation: chr1:20:C A"


def test_nothing_assessed_is_never_reference():
    (row,) = call(None, None, None)
    assert row["reason"] == "no position of the gene was assessed"
    assert row["decision"] == "not_called"


def test_one_strand():
    rows = call("A", None, "G")
    # *1 60 and *3 5 of 65.
    assert posteriors(rows)["*1"] == pytest.approx(60 / 65, abs=1e-6)
    assert rows[0]["allele_2"] is None


def test_population_is_the_prior():
    rows = [
        {
            "gene": "GENE1",
            "population": population,
            "allele": allele,
            "count": count,
            "chromosomes": 100,
            "source_id": "test",
        }
        for population in POPULATIONS
        for allele, count in (("*2", 99.0 if population == "AFR" else 1.0), ("*4", 1.0))
    ]
    caller = GeneCaller(EXACT, Frequencies.from_rows(rows))
    evidence = tuple(map(SiteEvidence, genotypes("G/G", None, "G/G")))
    african = caller.call_evidence(gene(), evidence, population="AFR")
    others = caller.call_evidence(gene(), evidence, population="EUR")
    assert posteriors(african) == {"*2/*2": pytest.approx(0.99**2)}
    assert posteriors(others)["*2/*2"] == pytest.approx(0.25)


def test_genes_that_fall_back_say_so():
    lowest = make_gene(POSITIONS, ALLELES, kind="lowest_function")
    rows = call("A|G", "C|C", "G|G", of=lowest)
    assert {row["method"] for row in rows} == {"compatible"}


def test_likelihoods_of_reads_and_of_pl():
    het = Genotype(("A", "G"))
    sure = of_values(het, ("A", "G", "*"), "300,0,300,330,330,600", None)
    unsure = of_values(het, ("A", "G"), "3,0,60", None)
    reads = of_values(het, ("A", "G"), None, "1,9")
    rest = (SiteEvidence(Genotype(("C", "C"))), SiteEvidence(Genotype(("G", "G"))))
    model = GeneModel(gene(), frequencies().prior(gene(), 1e-9, 0), Errors(0, 0.01, 0))
    found = {}
    for name, seen in (("sure", sure), ("unsure", unsure), ("reads", reads)):
        made = weigh(model, (seen, *rest), False, None)
        found[name] = dict(zip(made.pairs, made.probabilities, strict=True))
    assert found["sure"][0, 1] == pytest.approx(1)
    # PL 3 against 0: a homozygote of A has 10 ** -.3 of the likelihood, .36 against .12 beforehand.
    other = 0.36 * 10**-0.3
    assert found["unsure"][0, 1] == pytest.approx(0.12 / (0.12 + other + 0.01 * 1e-6), abs=1e-6)
    # A read of A and nine of G: binomial at one half against an error rate of .01 / 3.
    half, wrong = (0.5 * 0.99 + 0.5 * 0.01 / 3) ** 10, 0.01 / 3 * 0.99**9
    far = 0.99 * (0.01 / 3) ** 9
    whole = 0.12 * half + 0.01 * wrong + 0.36 * far
    assert found["reads"][0, 1] == pytest.approx(0.12 * half / whole, rel=1e-3)


@pytest.mark.parametrize(
    ("alleles", "likelihoods", "depths"),
    [
        ((), "0,1,2", None),
        (("A", "G"), "0,1", None),
        (("A", "G"), "0,0,0", None),
        (("A", "G"), ".", "x,1"),
        (("A", "G"), None, "0,0"),
    ],
)
def test_values_that_say_nothing_leave_the_genotype(alleles, likelihoods, depths):
    seen = of_values(Genotype(("A", "G")), alleles, likelihoods, depths)
    assert seen.genotype_only


@pytest.mark.parametrize(
    ("phase_reads", "turned"), [(0, 1e-4), (1, 1e-4), (3, 1e-6), (40, 0.01**40)]
)
def test_fragments_that_tell_the_phase_lower_its_error(phase_reads, turned):
    seen = SiteEvidence(Genotype(("A", "G"), True), phase_reads=phase_reads)
    found = pair_likelihood(seen, ("A", "G"), 1e-2, 1e-4)
    assert found[1, 0] == pytest.approx(2 * turned)
    assert found[0, 1] == pytest.approx(2 * (1 - turned))


def test_wide_genes_are_no_blow_up():
    """Operations grow with the sites, not with two to the power of them."""
    operations = {}
    for count in (16, 40):
        positions = [(10 * i + 10, "A", "G") for i in range(count)]
        alleles = {"*1": {}, **{f"*{i + 2}": {i: "G"} for i in range(count)}}
        alleles["*all"] = {i: "G" for i in range(count)}
        wide = make_gene(positions, alleles)
        prior = Frequencies().prior(wide, 1.0, 1e-3)
        made = weigh(
            GeneModel(wide, prior, Errors()),
            [SiteEvidence(Genotype(("A", "G")))] * count,
            False,
            None,
        )
        best = made.pairs[int(np.argmax(made.probabilities))]
        assert [wide.alleles[i].name for i in best] == ["*1", "*all"]
        operations[count] = made.operations
        assert made.operations <= 2 * count * (count + 3) ** 2
    assert operations[40] / operations[16] < (43 / 19) ** 3 * 1.2


_bases = st.sampled_from(["A/A", "A/G", "G/G", "A|G", "G|A", None])
_others = st.sampled_from(["C/C", "C/T", "T/T", "C|T", "T|C", None])
_counts = st.lists(st.floats(0.1, 100), min_size=5, max_size=5)


@settings(max_examples=60, deadline=None)
@given(_bases, _others, st.sampled_from(["G/G", "A/G", None]), _counts)
def test_posteriors_add_up_to_one(first, second, third, counts):
    of = gene()
    prior = frequencies(dict(zip(ALLELES, counts, strict=True))).prior(of, 0.02, 1e-3)
    evidence = [SiteEvidence(g) if g else NOTHING for g in genotypes(first, second, third)]
    made = weigh(GeneModel(of, prior, Errors()), evidence, False, None)
    assert sum(made.probabilities) + made.none == pytest.approx(1)
    assert all(p >= 0 for p in made.probabilities)


@settings(max_examples=40, deadline=None)
@given(st.permutations(range(3)), st.permutations(["*2", "*3", "*4", "*5"]), _counts)
def test_the_order_of_sites_and_alleles_does_not_matter(order, names, counts):
    texts = ["A/G", "C/T", None]
    shares = dict(zip(ALLELES, counts, strict=True))
    # Positions have to stay in ascending order; what changes is which of them comes first.
    moved = [(10 * (k + 1), *POSITIONS[i][1:]) for k, i in enumerate(order)]
    place = {i: k for k, i in enumerate(order)}
    other = make_gene(
        moved,
        {"*1": {}, **{n: {place[i]: b for i, b in ALLELES[n].items()} for n in names}},
    )
    settings_ = MatchSettings(mode="posterior", all_candidates=True)
    a = posteriors(call(*texts, settings=settings_, counts=shares))
    b = posteriors(call(*(texts[i] for i in order), settings=settings_, of=other, counts=shares))
    assert a.keys() == b.keys()
    for name, value in a.items():
        assert b[name] == pytest.approx(value, abs=2e-6)


@settings(max_examples=40, deadline=None)
@given(st.booleans(), st.booleans(), _counts)
def test_flipping_a_phase_set_changes_nothing(flip_first, flip_second, counts):
    shares = dict(zip(ALLELES, counts, strict=True))
    first = "G|A:1" if flip_first else "A|G:1"
    second = "T|C:2" if flip_second else "C|T:2"
    settings_ = MatchSettings(mode="posterior", all_candidates=True)
    flipped = posteriors(call(first, second, "G/G", settings=settings_, counts=shares))
    plain = posteriors(call("A|G:1", "C|T:2", "G/G", settings=settings_, counts=shares))
    assert flipped == plain


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(list(combinations_with_replacement(range(5), 2))),
    st.integers(1, 40),
    st.integers(1, 40),
    _counts,
)
def test_surer_likelihoods_never_lower_the_right_pair(pair, quality, more, counts):
    """PL of the true genotypes, phased, at one quality and at a higher one."""
    of = gene()
    prior = frequencies(dict(zip(ALLELES, counts, strict=True))).prior(of, 0.02, 1e-3)
    model = GeneModel(of, prior, Errors(genotype=0))

    def probability(phred: int) -> float:
        evidence = []
        for i, (_, ref, alt) in enumerate(POSITIONS):
            bases = tuple(next(iter(of.alleles[a].accepts[i])) for a in pair)
            number = sum(base == alt for base in bases)
            likelihoods = ",".join(str(phred * abs(number - k)) for k in range(3))
            genotype = Genotype(bases, phased=True)
            evidence.append(of_values(genotype, (ref, alt), likelihoods, None))
        made = weigh(model, evidence, False, None)
        return dict(zip(made.pairs, made.probabilities, strict=True)).get(pair, 0.0)

    assert probability(quality + more) >= probability(quality) - 1e-9
