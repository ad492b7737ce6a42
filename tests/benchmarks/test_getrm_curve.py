"""Coverage and accuracy by threshold; alleles of positions that were not assessed."""

from __future__ import annotations

import getrm_curve
import pytest
from pharmacogene_builders import make_gene

from apothecary.pharmacogenes.frequencies import POPULATIONS, Frequencies

GENE = make_gene([(10, "A", "G"), (20, "C", "T")], {"*1": {}, "*2": {0: "G"}, "*3": {1: "T"}})
FREQUENCIES = Frequencies.from_rows(
    [
        {
            "gene": "GENE1",
            "population": population,
            "allele": allele,
            "count": count,
            "chromosomes": 1000,
            "source_id": "test",
        }
        for population in POPULATIONS
        for allele, count in {"*1": 975.0, "*2": 10.0, "*3": 15.0}.items()
    ],
    (),
    [{"gene": "GENE1", "allele": "*2"}],
)


def site(first: str, second: str) -> dict[str, object]:
    called = {"state": "called", "allele_1": first, "allele_2": second}
    return {**called, "phased": True, "phase_set": None}


SITES = {
    ("A", "GENE1"): {"chr1:10:A": site("A", "A"), "chr1:20:C": site("C", "C")},
    ("B", "GENE1"): {"chr1:10:A": site("A", "A")},
    ("C", "GENE1"): {"chr1:20:C": site("C", "C")},
    ("D", "GENE1"): {"chr1:10:A": site("G", "A"), "chr1:20:C": site("C", "C")},
}
TRUTH = {"A": "*1/*1", "B": "*1/*3", "C": "*1/*1", "D": "*1/*2"}


def judge(key, rows):
    return None if key[0] == "D" else rows[0]["diplotype"] == TRUTH[key[0]]


def test_right_of_called_by_threshold():
    told = list(getrm_curve.lines(SITES, {"GENE1": GENE}, FREQUENCIES, judge))
    # *1/*1 has 97 % where *3 may be there (B, wrong) and 98 % where *2 may be (C).
    assert told[0].startswith(
        "unknown_frequency 0, of 3, right of called at 0.95: 2/3 = 0.6667, 0.98: 1/1 = 1.0000"
    )
    assert len(told) == len(getrm_curve.UNKNOWN)


def test_chromosomes_found_and_expected():
    truth = {(sample, "GENE1"): diplotype for sample, diplotype in TRUTH.items()}
    truth["E", "GENE1"] = "*1/*2"
    (told,) = getrm_curve.carriers(truth, SITES, {"GENE1": GENE}, FREQUENCIES, {"GENE1"})
    # B may have *3 (two of .015) and C may have *2 (two of .01).
    assert told == ("GENE1", 1, pytest.approx(0.05), 8)
