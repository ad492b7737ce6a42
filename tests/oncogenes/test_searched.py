"""Absent, or not looked for: what reads, copy number and fusions let be taken as not there."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oncogene_builders import sample

from apothecary.oncogenes import profiles, searched
from apothecary.oncogenes.searched import Searched


def spot(gene: str, change: str, status: str = "not found", **values: Any) -> dict[str, Any]:
    row = {"gene": gene, "protein_changes": [change] if change else [], "status": status}
    place = {"chrom": "chr7", "pos": 1, "ref": "A", "alt": "T", "reason": None}
    return {**row, **place, "detection_limit": 0.02, **values}


def exon(gene: str, number: int, good: bool = True) -> dict[str, Any]:
    return {"kind": "exon", "gene": gene, "exon": number, "callable": good}


def gate(gene: str, status: str = "pass", reason: str | None = None) -> dict[str, Any]:
    return {"level": "gene", "name": gene, "status": status, "reason": reason}


def looked(who: dict[str, Any] | None = None, **tables: list[dict[str, Any]]) -> Searched:
    names = ("hotspots", "coverage", "gates", "copy_number", "flags")
    given_tables = {name: tables.get(name, []) for name in names}
    return searched.of_sample(who or sample(format="bam"), **given_tables)


def look(name: str, of: Searched) -> searched.Look:
    (component,) = profiles.components(profiles.parse(name))
    return of.look(component)


@pytest.mark.parametrize(
    ("name", "tables", "absent", "limit"),
    [
        ("BRAF V600E", {"hotspots": [spot("BRAF", "V600E")]}, True, 0.02),
        (
            "BRAF V600E",
            {
                "hotspots": [
                    spot("BRAF", "V600E"),
                    spot("BRAF", "V600E", pos=2, detection_limit=0.07),
                ]
            },
            True,
            0.07,
        ),
        ("BRAF V600E", {"hotspots": [spot("BRAF", "V600K")]}, False, None),
        ("BRAF V600E", {"hotspots": [spot("BRAF", "V600E", "found")]}, False, None),
        (
            "BRAF V600E",
            {"hotspots": [spot("BRAF", "V600E", "not assessable", reason="depth 3")]},
            False,
            None,
        ),
        ("BRAF V600", {"hotspots": [spot("BRAF", "V600K")]}, True, 0.02),
        ("BRAF G469", {"hotspots": [spot("BRAF", "V600K")]}, False, None),
        ("BRAF L505H", {"gates": [gate("BRAF")]}, True, None),
        ("BRAF Mutation", {"gates": [gate("BRAF")]}, True, None),
        (
            "BRAF Mutation",
            {"gates": [gate("BRAF")], "hotspots": [spot("BRAF", "V600E", "found")]},
            False,
            None,
        ),
        ("BRAF Mutation", {"gates": [gate("BRAF", "warn", "2 of 18 exons")]}, False, None),
        ("BRAF Mutation", {"gates": [gate("KRAS")]}, False, None),
        ("ABL1 TKD Mutation", {"gates": [gate("ABL1")]}, True, None),
        ("EGFR Exon 19 Deletion", {"coverage": [exon("EGFR", 19)]}, True, None),
        ("EGFR Exon 19 Deletion", {"coverage": [exon("EGFR", 19, False)]}, False, None),
        ("EGFR Exon 19 Deletion", {"coverage": [exon("EGFR", 20)]}, False, None),
        ("KRAS Exon 2-3 Mutation", {"coverage": [exon("KRAS", 2)]}, False, None),
        ("KRAS Exon 2-3 Mutation", {"coverage": [exon("KRAS", 2), exon("KRAS", 3)]}, True, None),
        ("TERT C228T", {"gates": [gate("TERT")]}, False, None),
        ("TERT C228T", {"hotspots": [spot("TERT", "")]}, True, 0.02),
        ("VHL c.341-2A>G", {"gates": [gate("VHL")]}, False, None),
        ("ERBB2 Amplification", {"gates": [gate("ERBB2")]}, False, None),
        ("PTEN Loss", {"gates": [gate("PTEN")]}, False, None),
        ("v::ALK Fusion", {"gates": [gate("ALK")]}, False, None),
        ("CD274 Expression", {"gates": [gate("CD274")]}, False, None),
        ("MSI High", {}, False, None),
    ],
)
def test_small_variants_are_absent_by_reads_alone(
    name: str, tables: dict[str, Any], absent: bool, limit: float | None
) -> None:
    found = look(name, looked(**tables))
    assert (found.absent, found.limit) == (absent, limit)
    assert found.reason


@pytest.mark.parametrize(
    ("name", "state", "gene_is_covered", "absent"),
    [
        ("ERBB2 Amplification", "neutral", False, True),
        ("PTEN Deletion", "neutral", False, True),
        ("PTEN Loss", "neutral", False, False),
        ("PTEN Loss", "neutral", True, True),
        ("PTEN Loss-of-function", "neutral", True, True),
        ("MTAP Deletion", "neutral", False, False),
    ],
)
def test_copy_number_is_absent_where_a_segment_says_so(
    name: str, state: str, gene_is_covered: bool, absent: bool
) -> None:
    copies = [{"gene": gene, "state": state} for gene in ("ERBB2", "PTEN")]
    gates = [gate("PTEN")] if gene_is_covered else []
    who = sample(format="bam", copy_number="segments.tsv")
    assert look(name, looked(who, copy_number=copies, gates=gates)).absent is absent


def test_fusions_are_absent_where_they_were_given() -> None:
    who = sample(fusions="fusions.tsv")
    assert look("v::ALK Fusion", looked(who)).absent
    assert look("ALK Rearrangement", looked(who)).absent
    assert not look("BCR::ABL1 e13::a2", looked(who)).absent
    assert not look("v::ALK Fusion", looked()).absent


def test_nothing_is_absent_in_a_sample_that_looks_like_germline_calls() -> None:
    flags = [{"status": "fail", "reason": "looks like germline calls"}]
    of = looked(hotspots=[spot("BRAF", "V600E")], flags=flags)
    assert look("BRAF V600E", of) == searched.Look(False, "looks like germline calls")
    assert not of.gene("BRAF").absent


@given(st.sampled_from(["vcf", "gvcf", "bcf", "maf"]), st.data())
def test_a_variant_file_lets_no_small_variant_be_absent(form: str, data: st.DataObject) -> None:
    names = ["BRAF V600E", "BRAF V600", "BRAF Mutation", "EGFR Exon 19 Deletion", "TERT C228T"]
    name = data.draw(st.sampled_from(names))
    tables = {"hotspots": [spot("BRAF", "V600E")], "gates": [gate("BRAF")]}
    of = looked(sample(format=form), coverage=[exon("EGFR", 19)], **tables)
    assert not look(name, of).absent
    assert not of.gene("BRAF").absent
