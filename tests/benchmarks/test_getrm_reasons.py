"""Readings of a consensus, and the class of a call that is another."""

from __future__ import annotations

import getrm_reasons
import pytest
from pharmacogene_builders import make_gene

GENE = make_gene(
    [(10, "A", "G"), (20, "C", "T"), (30, "G", "A")],
    {"*1": {}, "*2": {0: "G"}, "*3": {1: "T"}, "*4": {0: "G", 1: "T"}, "*5": {0: "G", 2: "A"}},
)
ALLELES = [
    {"gene": "GENE1", "allele": allele.name, "structural": False, "defined": True}
    for allele in GENE.alleles
] + [{"gene": "GENE1", "allele": "*9", "structural": True, "defined": False}]
ALL = frozenset({"*1", "*2", "*3", "*4", "*5"})


def sites(*texts, phased=True):
    """Rows of the table sites from bases such as `A|G`; None where a site was not assessed."""
    rows = {}
    for position, text in zip(GENE.positions, texts, strict=True):
        first, second = text.replace("|", "/").split("/") if text else (None, None)
        rows[position.position_id] = {
            "allele_1": first,
            "allele_2": second,
            "phased": phased,
            "phase_set": None,
            "record": text and "VCF",
        }
    return rows


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("*1/*2", {"*1/*2"}),
        ("*6/(*27)", {"*6/*27", "*6/*1"}),
        ("*1/*1 (*5)", {"*1/*1", "*1/*5"}),
        ("*4/*5 or *5/*6", {"*4/*5", "*5/*6"}),
        ("(*7/*7)", {"*7/*7"}),
        ("*36+10/*2", {"*36+*10/*2"}),
        ("not determined", set()),
    ],
)
def test_readings_of_a_consensus(raw, found):
    assert getrm_reasons.readings(raw, "*1") == found


@pytest.mark.parametrize(
    ("diplotype", "found"),
    [("*1/*2", False), ("*1/*2x2", True), ("*1/*2xN", True), ("*1/*36+*10", True), ("*1/*9", True)],
)
def test_structure_is_told_by_copies_and_by_alleles_without_small_variants(diplotype, found):
    assert getrm_reasons.structural(GENE, diplotype, ALLELES) is found


@pytest.mark.parametrize(
    ("expected", "given", "seen", "named", "kind"),
    [
        ("*1/*9", "*1/*1", ("A|A", "C|C", "G|G"), ALL, getrm_reasons.STRUCTURE),
        ("*1/*77", "*1/*1", ("A|A", "C|C", "G|G"), ALL, getrm_reasons.NO_DEFINITION),
        ("*1/*2", "*1/*5", ("A|G", "C|C", "G|A"), {"*1", "*2"}, getrm_reasons.OLDER),
        ("*1/*3", "*1/*2", ("A|G", "C|C", "G|G"), ALL, getrm_reasons.CONTRADICTED),
        ("*2/*3", "*1/*4", ("A|G", "C|T", "G|G"), ALL, getrm_reasons.PHASE),
        ("*1/*3", "*1/*1", ("A|A", None, "G|G"), ALL, getrm_reasons.NOT_ASSESSED),
        ("*1/*2", "*1/*1", ("A|G", "C|C", "G|G"), ALL, getrm_reasons.OURS),
    ],
)
def test_the_class_of_a_disagreement(expected, given, seen, named, kind):
    found, shown_by = getrm_reasons.reason(GENE, expected, given, sites(*seen), named, ALLELES)
    assert found == kind
    assert shown_by


def test_unphased_bases_that_fit_both_are_a_matter_of_phase():
    seen = sites("A/G", "C/T", "G/G", phased=False)
    assert getrm_reasons.reason(GENE, "*2/*3", "*1/*4", seen, ALL, ALLELES)[0] == "phase"


def test_what_a_setting_takes_as_reference_was_not_assessed():
    seen = sites("A|A", "C|C", "G|G")
    seen["chr1:20:C"]["record"] = None
    found = getrm_reasons.reason(GENE, "*1/*3", "*1/*1", seen, ALL, ALLELES)
    assert found == (getrm_reasons.NOT_ASSESSED, "rs20 C/C")


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        (("A|G", "C|C", "G|G"), ("A|G", None, "G|G"), "assessed in one build only"),
        (("A|G", "C|C", "G|G"), ("A|A", "C|C", "G|G"), "other genotypes"),
        (("A|G", "C|T", "G|G"), ("A|G", "T|C", "G|G"), "other phase"),
        (("A|G", "C|T", "G|G"), ("G|A", "T|C", "G|G"), "unexplained"),
    ],
)
def test_why_two_builds_differ(one, other, kind):
    assert getrm_reasons.between_builds(GENE, sites(*one), sites(*other))[0] == kind
