"""Classes by place, and each of them met in the evidence from a plain VCF without annotation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from oncogene_builders import matched as of_batch
from oncogene_builders import sample, variant

from apothecary.knowledge import build
from apothecary.knowledge.pack import Pack
from apothecary.oncogenes import consequence_facts, consequences, variant_classes
from apothecary.oncogenes.consequence_facts import Facts
from apothecary.oncogenes.settings import Settings


@pytest.fixture(scope="module")
def facts(repository: Path) -> Facts:
    return consequence_facts.read(sorted((repository / "resources" / "consequences").glob("*.tsv")))


@pytest.fixture(scope="module")
def pack(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Pack:
    folder = tmp_path_factory.mktemp("pack") / "pack"
    return build.build(repository / "resources" / "knowledge", folder)


Place = tuple[str, int, str, str]
ITD = "GATTTCAGAGAATATGAATAT"

MEMBERS: list[tuple[Place, str]] = [
    (("chr7", 55174771, "AGGAATTAAGAGAAGC", "A"), "EGFR Exon 19 Deletion"),
    (("chr7", 55174776, "TTAAGAGAAGCAACA", "TCT"), "EGFR Exon 19 Deletion"),
    (("chr7", 55181318, "G", "GGCGTGGACA"), "EGFR Exon 20 Insertion"),
    (("chr17", 39724742, "C", "CTACGTGATGGCT"), "ERBB2 Exon 20 Insertion"),
    (("chr7", 116771990, "G", "A"), "MET Exon 14 Skipping Mutation"),
    (("chr7", 116771847, "A", "G"), "MET Exon 14 Skipping Mutation"),
    (("chr7", 116771983, "GAAGGTATATT", "G"), "MET Exon 14 Skipping Mutation"),
    (("chr7", 116771839, "CCTTTCTCTCTG", "C"), "MET Exon 14 Skipping Mutation"),
    (("chr13", 28034118, "A", f"A{ITD}"), "FLT3 ITD"),
    (("chr13", 28033950, "T", f"T{ITD}GGG"), "FLT3 ITD"),
    (("chr5", 1295113, "G", "A"), "TERT C228T"),
    (("chr5", 1295113, "G", "A"), "TERT Promoter Mutation"),
    (("chr5", 1295135, "G", "A"), "TERT C250T"),
    (("chr5", 1295046, "T", "G"), "TERT Promoter Mutation"),
]
OTHERS: list[tuple[Place, str]] = [
    (("chr7", 55174771, "AGGAA", "A"), "EGFR Exon 19 Deletion"),  # out of frame
    (("chr7", 55174700, "AGGA", "A"), "EGFR Exon 19 Deletion"),  # before the exon
    (("chr7", 55174776, "TTA", "TCCTTA"), "EGFR Exon 19 Deletion"),  # gains
    (("chr7", 55181318, "G", "GG"), "EGFR Exon 20 Insertion"),
    (("chr7", 116771995, "T", "A"), "MET Exon 14 Skipping Mutation"),
    (("chr7", 116771900, "T", "A"), "MET Exon 14 Skipping Mutation"),
    (("chr13", 28034118, "A", "AGAT"), "FLT3 ITD"),  # one residue
    (("chr13", 28034118, "A", f"A{ITD}G"), "FLT3 ITD"),
    (("chr13", 28023300, "A", f"A{ITD}"), "FLT3 ITD"),
    (("chr5", 1295113, "G", "T"), "TERT C228T"),
    (("chr5", 1295500, "G", "T"), "TERT Promoter Mutation"),
    (("chr7", 55181318, "G", "<INS>"), "EGFR Exon 20 Insertion"),
]


@pytest.mark.parametrize(("place", "name"), MEMBERS)
def test_members(facts: Facts, place: Place, name: str) -> None:
    assert name in [one.name for one in variant_classes.of_variant(facts.classes, *place)]


@pytest.mark.parametrize(("place", "name"), OTHERS)
def test_what_is_no_member(facts: Facts, place: Place, name: str) -> None:
    assert name not in [one.name for one in variant_classes.of_variant(facts.classes, *place)]


def matched(facts: Facts, pack: Pack, place: Place, **more: Any) -> list[dict[str, Any]]:
    chrom, pos, ref, alt = place
    rows = [variant(chrom, pos, ref, alt, **more)]
    named = consequences.annotate(rows, pack, facts=facts)
    return of_batch(rows, named, [], [], [sample()], pack, Settings())


@pytest.mark.parametrize(("place", "name"), MEMBERS)
def test_evidence_of_a_class_is_met_from_a_plain_vcf(
    facts: Facts, pack: Pack, place: Place, name: str
) -> None:
    rows = matched(facts, pack, place)
    met = {row["molecular_profile"] for row in rows}
    has_evidence = {row["molecular_profile"] for row in pack.rows("civic_evidence")}
    assert name in met or name not in has_evidence
    assert met


@pytest.mark.parametrize(("place", "name"), OTHERS)
def test_evidence_of_a_class_is_met_by_members_only(
    facts: Facts, pack: Pack, place: Place, name: str
) -> None:
    assert name not in {row["molecular_profile"] for row in matched(facts, pack, place)}


def test_a_class_that_the_place_alone_tells_names_the_finding(facts: Facts, pack: Pack) -> None:
    (row,) = consequences.annotate([variant("chr7", 116771990, "G", "A")], pack, facts=facts)
    assert (row["gene"], row["method"], row["exon"], row["consequence"]) == (
        "MET",
        "place",
        "14",
        "splice_site_variant",
    )
    assert row["classes"] == ["MET Exon 14 Skipping Mutation"]
    assert (row["hgvs_g"], row["accession"]) == ("g.116771990G>A", "NC_000007.14")
    rows = matched(facts, pack, ("chr7", 116771990, "G", "A"))
    assert {r["alteration"] for r in rows} == {"MET Exon 14 Skipping Mutation"}


def test_the_other_build_has_no_class_without_a_chain(facts: Facts, pack: Pack) -> None:
    rows = [variant("chr7", 116771990, "G", "A", build="GRCh37")]
    (row,) = consequences.annotate(rows, pack, facts=facts)
    assert (row["method"], row["classes"]) == ("not_named", [])


@pytest.mark.parametrize(
    ("alt", "length", "filters", "expected"),
    [
        ("<DUP>", 60, "PASS", "I"),
        ("<DUP:TANDEM>", 60, ".", "I"),
        ("<INS>", 21, "PASS", "I"),
        ("<DUP>", 60, "LowQual", "withheld"),
        ("<DUP>", 61, "PASS", None),
        ("<INS>", None, "PASS", None),
        ("<DEL>", 60, "PASS", None),
    ],
)
def test_a_symbolic_duplication_is_an_itd(
    facts: Facts, pack: Pack, alt: str, length: int | None, filters: str, expected: str | None
) -> None:
    row = variant("chr13", 28034100, "A", alt, fate="symbolic", filters=filters, sv_length=length)
    named = consequences.annotate([row], pack, facts=facts)
    tumor = sample(tumor_type="AML")
    rows = of_batch([row], named, [], [], [tumor], pack, Settings())
    found = [r for r in rows if r["molecular_profile"] == "FLT3 ITD"]
    assert bool(found) == (expected is not None)
    if expected == "withheld":
        assert {r["tier"] for r in found} == {"withheld"}
