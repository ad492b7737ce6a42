"""Calls of genes that no guideline looks at: without frequencies, and where no name fits."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pharmacogene_builders import genotypes, make_gene

from apothecary.pharmacogenes import definitions
from apothecary.pharmacogenes.diplotypes import UNWEIGHED, GeneCaller, MatchSettings
from apothecary.pharmacogenes.frequencies import POPULATIONS, Frequencies
from apothecary.pharmacogenes.phenotypes import PhenotypeAssigner

POSITIONS = [(10, "A", "G"), (20, "C", "T"), (30, "G", "A")]
ALLELES = {"*1": {}, "*2": {0: "G"}, "*3": {1: "T"}, "*4": {1: "T", 2: "A"}}
FUNCTIONS = {"*1": "Normal function", "*2": "No function"}


def gene(research=True):
    return make_gene(POSITIONS, ALLELES, functions=FUNCTIONS, research=research)


def frequencies():
    return Frequencies.from_rows(
        {
            "gene": "GENE1",
            "population": population,
            "allele": allele,
            "count": 25.0,
            "chromosomes": 100,
            "source_id": "test",
        }
        for population in POPULATIONS
        for allele in ALLELES
    )


def call(*texts, mode, known=None, of=None):
    caller = GeneCaller(MatchSettings(mode=mode), known or Frequencies())
    return caller.call(of or gene(), genotypes(*texts))


def test_without_frequencies_a_missing_site_does_not_make_the_reference_doubtful():
    (row,) = call("A/A", None, "G/G", mode="posterior")
    assert (row["diplotype"], row["method"]) == ("*1/*1", "compatible")
    assert row["not_excludable"] == ["*3"]
    assert row["warnings"] == [UNWEIGHED]


def test_a_gene_with_guidance_keeps_its_posterior_without_frequencies():
    rows = call("A/A", None, "G/G", mode="posterior", of=gene(research=False))
    assert {row["method"] for row in rows} == {"posterior"}
    assert UNWEIGHED not in rows[0]["warnings"]


def test_with_frequencies_a_research_gene_has_its_posterior():
    (row,) = call("A/G", "C/C", "G/G", mode="posterior", known=frequencies())
    assert (row["diplotype"], row["method"]) == ("*1/*2", "posterior")


@pytest.mark.parametrize("mode", ["compatible", "posterior"])
def test_a_strand_without_a_name_is_given_by_its_variants(mode):
    known = frequencies() if mode == "posterior" else None
    (row,) = call("A/A", "C/C", "G/A", mode=mode, known=known)
    assert row["diplotype"] == "*1/g.30G>A"
    (clinical,) = call("A/A", "C/C", "G/A", mode=mode, known=known, of=gene(research=False))
    assert clinical["method"] == "not_called"


def test_a_strand_is_named_by_its_allele_and_the_rest_is_told():
    (row,) = call("A|G", "C|C", "G|A", mode="compatible")
    assert row["diplotype"] == "*1/*2"
    assert row["warnings"] == ["a strand of *2 has g.30G>A too"]
    rows = call("A/G", "C/C", "G/A", mode="compatible")
    assert {one["diplotype"] for one in rows} == {"*1/*2", "*2/g.30G>A"}


def test_an_allele_is_named_only_where_all_its_variants_were_seen():
    # *4 is 20 T and 30 A; 20 was not assessed, and 10 G is no part of it.
    (row,) = call("G/G", None, "A/A", mode="compatible")
    assert row["diplotype"] == "*2/*2"
    assert row["warnings"] == ["a strand of *2 has g.30G>A too"]


def test_functions_are_told_and_no_phenotype_is_made_up():
    made = gene()
    rows = call("A/G", "C/C", "G/G", mode="compatible", of=made)
    assigner = PhenotypeAssigner(definitions.Definitions({"GENE1": made}))
    (row,) = assigner.assign(made, rows)
    assert (row["function_1"], row["function_2"]) == ("Normal function", "No function")
    assert (row["phenotype"], row["lookup_key"]) == ("n/a", None)


class _Pack:
    def __init__(self, *genes: str) -> None:
        self._rows = {
            "pgx_genes": [
                {
                    "gene": name,
                    "chrom": "chr1",
                    "kind": "diplotype",
                    "undocumented_as_reference": False,
                    "by_activity_score": False,
                    "reference_allele": "*1",
                    "research": name.startswith("R"),
                }
                for name in genes
            ],
            "pgx_positions": [],
        }

    def rows(self, table: str) -> list[dict]:
        return self._rows.get(table, [])


def test_research_genes_are_left_out_entirely_when_not_wanted():
    pack = _Pack("R1", "X1")
    pack._rows["pgx_positions"] = [{"gene": "R1"}, {"gene": "X1"}]
    assert definitions.position_rows(pack, research_genes=False) == [{"gene": "X1"}]
    assert len(definitions.position_rows(pack, research_genes=True)) == 2
    pack._rows["pgx_positions"] = []
    assert list(definitions.from_pack(pack, research_genes=False).genes) == ["X1"]
    assert list(definitions.from_pack(pack).genes) == ["R1", "X1"]
    assert replace(gene(), research=False) == gene(research=False)
