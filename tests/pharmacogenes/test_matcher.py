from __future__ import annotations

import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pharmacogene_builders import genotypes, make_gene

from apothecary.pharmacogenes.combinations import (
    TooManyPhasingsError,
    match_combinations,
    partial_name,
)
from apothecary.pharmacogenes.matcher import (
    AlikeSites,
    Genotype,
    find_phase,
    match,
    name_key,
    ordered,
)

BASES = "ACGT"


@pytest.fixture(scope="module")
def gene():
    return make_gene(
        [(10, "A", "G"), (20, "C", "T"), (30, "G", "A,C")],
        {"*1": {}, "*2": {0: "G"}, "*3": {1: "T"}, "*4": {0: "G", 1: "T"}, "*5": {2: "R"}},
    )


def _names(gene, *texts):
    seen = genotypes(*texts)
    return [(m.name, m.score) for m in match(gene, seen, find_phase(seen))]


def test_reference(gene) -> None:
    assert _names(gene, "A/A", "C/C", "G/G") == [("*1/*1", 6), ("*1/*5", 3), ("*5/*5", 0)]


def test_unphased_sites_give_all_pairs_best_score_first(gene) -> None:
    found = _names(gene, "A/G", "C/T", "G/G")
    assert [name for name, _ in found] == ["*1/*4", "*2/*3", "*4/*5"]
    assert [score for _, score in found] == [5, 2, 2]


def test_phase_decides(gene) -> None:
    assert _names(gene, "A|G", "C|T", "G|G")[0][0] == "*1/*4"
    assert [name for name, _ in _names(gene, "A|G", "T|C", "G|G")] == ["*2/*3"]


def test_sites_of_different_phase_sets_are_not_combined(gene) -> None:
    together = [name for name, _ in _names(gene, "A|G:1", "T|C:1", "G/G")]
    apart = [name for name, _ in _names(gene, "A|G:1", "T|C:2", "G/G")]
    assert together == ["*2/*3"]
    assert apart == ["*1/*4", "*2/*3", "*4/*5"]


def test_wobble_counts_where_it_is_not_the_reference(gene) -> None:
    assert ("*5/*5", 2) in _names(gene, "A/A", "C/C", "A/A")
    assert _names(gene, "A/A", "C/C", "A/G") == [("*1/*5", 4), ("*5/*5", 1)]


def test_missing_site_leaves_both_ways_open(gene) -> None:
    names = [name for name, _ in _names(gene, None, "C/T", "G/G")]
    assert "*1/*4" in names
    assert "*1/*3" in names


def test_allele_without_an_assessed_position_is_not_matched(gene) -> None:
    names = [name for name, _ in _names(gene, None, "C/C", "G/G")]
    assert not any("*2" in name for name in names)


def test_haploid(gene) -> None:
    assert _names(gene, "G", "C", "G") == [("*2", 1)]


def test_unknown_strand_matches_nothing(gene) -> None:
    assert _names(gene, "./G", "C/C", "G/G") == []


def test_sixteen_unphased_sites_cost_a_moment() -> None:
    positions = [(pos, "A", "G") for pos in range(10, 330, 10)]
    alleles = {"*1": {}, **{f"*{i + 2}": {i: "G", i + 16: "G"} for i in range(16)}}
    many = make_gene(positions, {**alleles, "*90": {i: "G" for i in range(16)}})
    seen = genotypes(*["A/G"] * 16, *["A/A"] * 16)
    start = time.process_time()
    assert [m.name for m in match(many, seen, find_phase(seen))] == ["*1/*90"]
    assert time.process_time() - start < 1
    with pytest.raises(TooManyPhasingsError, match="16 heterozygous sites are not phased"):
        match_combinations(many, seen, find_phase(seen))


def _calls(count: int) -> int:
    """Calls, of Python and of builtins, that a match of unphased sites makes."""
    positions = [(10 * i + 10, "A", "G") for i in range(count)]
    alleles = {"*1": {}, **{f"*{i + 2}": {i: "G"} for i in range(count)}}
    many = make_gene(positions, {**alleles, "*90": {i: "G" for i in range(count)}})
    seen = genotypes(*["A/G"] * count)
    made = 0

    def count_one(_frame: object, event: str, _argument: object) -> None:
        nonlocal made
        made += event in ("call", "c_call")

    sys.setprofile(count_one)
    try:
        found = match(many, seen, find_phase(seen))
    finally:
        sys.setprofile(None)
    assert [one.name for one in found] == ["*1/*90"]
    return made


def test_operations_grow_with_the_sites_and_not_with_their_phasings() -> None:
    small, large = _calls(8), _calls(16)
    assert large < 2**16
    assert large / small < 2**3.5, "alleles times sites, squared at most; not 2 to the power of 8"


ALLELES = st.lists(
    st.dictionaries(st.integers(0, 5), st.sampled_from("GT"), min_size=1, max_size=4),
    min_size=1,
    max_size=6,
    unique_by=lambda bases: tuple(sorted(bases.items())),
)


def _simulated(data, definition):
    alleles = {"*1": {}, **{f"*{i + 2}": bases for i, bases in enumerate(definition)}}
    gene = make_gene([(10 * i + 10, "A", "G,T") for i in range(6)], alleles)
    pair = [data.draw(st.sampled_from(sorted(alleles))) for _ in range(2)]
    strands = [[alleles[name].get(i, "A") for i in range(6)] for name in pair]
    seen = []
    for i in range(6):
        phased = data.draw(st.booleans())
        bases = [strand[i] for strand in strands]
        if not phased and data.draw(st.booleans()):
            bases.reverse()
        seen.append(Genotype((bases[0], bases[1]), phased))
    return gene, tuple(seen), "/".join(str(name) for name in ordered(*pair))


@given(data=st.data(), definition=ALLELES)
def test_simulated_diplotype_is_among_the_matches(data, definition) -> None:
    gene, seen, name = _simulated(data, definition)
    assert name in [m.name for m in match(gene, seen, find_phase(seen))]


@given(data=st.data(), definition=ALLELES)
def test_simulated_diplotype_stays_when_sites_are_missing(data, definition) -> None:
    gene, seen, name = _simulated(data, definition)
    keep = data.draw(st.lists(st.booleans(), min_size=6, max_size=6))
    fewer = tuple(g if kept else None for g, kept in zip(seen, keep, strict=True))
    callable_ = {
        a.name for a in gene.alleles if a.reference or any(fewer[i] is not None for i in a.bases)
    }
    found = {m.name for m in match(gene, fewer, find_phase(fewer))}
    if any(keep) and callable_.issuperset(name.split("/")):
        assert name in found


@given(data=st.data(), definition=ALLELES)
def test_matches_do_not_depend_on_the_order_of_the_strands(data, definition) -> None:
    gene, seen, _ = _simulated(data, definition)
    turned = tuple(Genotype((g.bases[1], g.bases[0]), g.phased, g.phase_set) for g in seen)
    assert match(gene, seen, find_phase(seen)) == match(gene, turned, find_phase(turned))


@given(data=st.data(), definition=ALLELES)
def test_pairs_agree_with_trying_every_phasing(data, definition) -> None:
    gene, seen, _ = _simulated(data, definition)
    phase = find_phase(seen)
    expected = set()
    for flips in range(1 << len(phase.blocks)):
        first = [g.bases[0] for g in seen]
        second = [g.bases[1] for g in seen]
        for b, block in enumerate(phase.blocks):
            if flips >> b & 1:
                for i in block:
                    first[i], second[i] = second[i], first[i]
        fits = [
            {
                a.name
                for a in gene.alleles
                if all(s in ok for s, ok in zip(x, a.accepts, strict=True))
            }
            for x in (first, second)
        ]
        expected |= {ordered(a, b) for a in fits[0] for b in fits[1]}
    assert {(m.allele_1, m.allele_2) for m in match(gene, seen, phase)} == expected


@given(data=st.data(), definition=ALLELES)
def test_sites_alike_ask_the_same_as_every_position_looked_at(data, definition) -> None:
    gene, seen, _ = _simulated(data, definition)
    seen = tuple(
        Genotype((data.draw(st.sampled_from("AGT.")),) * 2) if data.draw(st.booleans()) else one
        for one in seen
    )
    fewer = tuple(one if data.draw(st.booleans()) else None for one in seen)
    alike = AlikeSites.of(gene, fewer)
    for allele in gene.alleles:
        expected = all(
            one.bases[0] in accepted
            for one, accepted in zip(fewer, allele.accepts, strict=True)
            if one is not None and not one.heterozygous
        )
        assert alike.accepted_by(allele) == expected


def _combined(gene, *texts):
    seen = genotypes(*texts)
    return [(m.name, m.score) for m in match_combinations(gene, seen, find_phase(seen))]


def test_combination_of_disjoint_alleles() -> None:
    gene = make_gene(
        [(10, "A", "G"), (20, "C", "T"), (30, "G", "A")],
        {"*1": {}, "*2": {0: "G"}, "*3": {1: "T"}, "*4": {0: "G", 1: "T"}, "*5": {2: "A"}},
    )
    assert _combined(gene, "G|A", "T|C", "A|G") == [("*1/[*4 + *5]", 6)]
    assert _combined(gene, "G|G", "C|C", "A|A") == [("[*2 + *5]/[*2 + *5]", 4)]


def test_what_no_allele_explains_becomes_a_partial() -> None:
    gene = make_gene([(10, "A", "G"), (20, "C", "T"), (30, "G", "A")], {"*1": {}, "*2": {0: "G"}})
    assert _combined(gene, "A|G", "C|T", "G|G") == [("*1/[*2 + g.20C>T]", 3)]
    assert _combined(gene, "A|A", "C|T", "G|G") == [("*1/g.20C>T", 5)]
    assert _combined(gene, "A|A", ".|C", "G|G") == [("*1/g.20?", 5)]


@pytest.mark.parametrize(
    ("ref", "base", "name"),
    [
        ("C", "T", "g.100C>T"),
        ("CAT", "C", "g.101_102del"),
        ("CA", "C", "g.101del"),
        ("C", "CAT", "g.100_101insAT"),
        ("CAT", "CGG", "g.101_102delinsGG"),
    ],
)
def test_partial_in_hgvs(ref, base, name) -> None:
    gene = make_gene([(100, ref, base)], {"*1": {}})
    assert partial_name(gene.positions[0], base) == name


def test_names_sort_by_number() -> None:
    names = ["*17", "*2", "[*1 + *2]", "c.1129-5923C>G, c.1236G>A (HapB3)", "c.557A>G"]
    assert sorted(names, key=name_key) == [
        "*2",
        "*17",
        "c.557A>G",
        "c.1129-5923C>G, c.1236G>A (HapB3)",
        "[*1 + *2]",
    ]
