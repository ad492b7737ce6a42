"""Tiers beside two peers: every row of their lists, and each difference with its reason."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from oncogene_builders import consequence, matched, sample, variant

from apothecary.knowledge import build, lift
from apothecary.knowledge.pack import Pack
from apothecary.oncogenes.settings import Settings

SETTINGS = Settings()
TIERS = ("I", "II", "III", "IV")
# Tumor types that the variants of a gene are recognised in.
RECOGNISED = {
    "ABL1": ("CML",),
    "EGFR": ("LUAD", "NSCLC"),
    "EZH2": ("FL",),
    "FGFR3": ("BLCA",),
    "KIT": ("GIST", "SM"),
}
LEVELS = Path(__file__).with_name("peer_levels.tsv")


@pytest.fixture(scope="module")
def pack(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Pack:
    folder = tmp_path_factory.mktemp("pack") / "pack"
    return build.build(repository / "resources" / "knowledge", folder)


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t"))


def best(rows: list[dict[str, Any]]) -> str:
    return min((row["tier"] for row in rows), key=TIERS.index, default="")


@pytest.mark.shared
def test_every_variant_of_the_fda_list_is_of_tier_one_or_two(shared: Path, pack: Pack) -> None:
    listed = table(shared / "cases" / "onco" / "cancervar_fda_list.tsv")
    chromosomes = {f"chr{row['grch37'].split(':')[0]}" for row in listed}
    chain = shared / "data" / "reference" / "hg19ToHg38.over.chain.gz"
    blocks = lift.read_chain(chain, chromosomes)
    found = {}
    for row in listed:
        chrom, pos, change = row["grch37"].split(":")
        ref, alt = change.split(">")
        start = int(pos) - 1
        (block,) = {
            b
            for b in blocks.by37[f"chr{chrom}"]
            if b.start38 >= 0 and b.start37 <= start < b.start37 + b.length
        }
        gene, _, exon, _, protein = row["aachange"].split(":")
        place = variant(f"chr{chrom}", block.start38 + start - block.start37 + 1, ref, alt)
        named = consequence(
            place, gene, protein.removeprefix("p."), exon=f"{exon.removeprefix('exon')}/99"
        )
        for tumor_type in RECOGNISED[gene]:
            rows = matched(
                [place], [named], [], [], [sample(tumor_type=tumor_type)], pack, SETTINGS
            )
            found[gene, protein, tumor_type] = best(rows)
            assert all(r["tier_reason"] for r in rows)
    assert len(listed) == 10
    assert set(found.values()) <= {"I", "II"}
    assert found["ABL1", "p.T315I", "CML"] == "I"
    assert found["KIT", "p.A829P", "GIST"] == "II"


@pytest.mark.parametrize("tumor_type", ["NSCLC", "LUAD"])
def test_egfr_t790m_is_of_tier_one_and_resists_erlotinib(pack: Pack, tumor_type: str) -> None:
    place = variant("chr7", 55181378, "C", "T")
    named = consequence(place, "EGFR", "T790M", exon="20/28")
    rows = matched([place], [named], [], [], [sample(tumor_type=tumor_type)], pack, SETTINGS)
    strong = {(r["effect"], *r["therapies"]) for r in rows if r["tier"] == "I"}
    assert ("sensitive", "Osimertinib") in strong
    assert ("resistant", "Erlotinib") in strong


@pytest.mark.parametrize("tumor_type", ["COAD", "READ", "COADREAD"])
@pytest.mark.parametrize(("gene", "change"), [("KRAS", "G12D"), ("NRAS", "Q61K")])
def test_ras_vetoes_antibodies_against_egfr_in_colorectal_cancer(
    pack: Pack, tumor_type: str, gene: str, change: str
) -> None:
    place = variant("chr1", 100)
    named = consequence(place, gene, change, exon="2/5")
    copies = [
        {"sample_id": "T1", "gene": "EGFR", "chrom": "chr7", "state": "amplification", "total": 9.0}
    ]
    who = sample(tumor_type=tumor_type, copy_number="segments.tsv")
    rows = matched([place], [named], copies, [], [who], pack, SETTINGS)
    cetuximab = [r for r in rows if r["effect"] == "sensitive" and r["therapies"] == ["Cetuximab"]]
    assert cetuximab
    assert all(r["vetoed_by"] for r in cetuximab if r["tumor_match"] != "other")


def _rows(query: str, tumor_type: str, pack: Pack) -> list[dict[str, Any]]:
    gene, _, change = query.partition(" ")
    if "::" in gene:
        five, three = gene.split("::")
        called = [{"sample_id": "T1", "gene_5prime": five, "gene_3prime": three, "row": 2}]
        who = sample(tumor_type=tumor_type, fusions="fusions.tsv")
        return matched([], [], [], called, [who], pack, SETTINGS)
    if change == "homozygous_deletion":
        copies = [{"sample_id": "T1", "gene": gene, "chrom": "chr9", "state": change, "total": 0.0}]
        who = sample(tumor_type=tumor_type, copy_number="segments.tsv")
        return matched([], [], copies, [], [who], pack, SETTINGS)
    place = variant("chr1", 100)
    if change.startswith("c."):
        upstream = {"hgvs_c": change, "consequence": "upstream_gene_variant"}
        named = consequence(place, gene, None, **upstream)
    else:
        named = consequence(place, gene, change, exon="2/9")
    return matched([place], [named], [], [], [sample(tumor_type=tumor_type)], pack, SETTINGS)


OURS = table(LEVELS)
# Tiers that are consistent with a level of the peer, by the words of its levels; without a level, a
# finding is not of tier I.
CONSISTENT = {
    "LEVEL_1": {"I"},
    "LEVEL_2": {"I"},
    "LEVEL_3A": {"I", "II"},
    "LEVEL_3B": {"II"},
    "LEVEL_4": {"II"},
    "": {"II", "III", ""},
}


@pytest.mark.parametrize("row", OURS, ids=lambda row: f"{row['query']} {row['tumor_type']}")
def test_tiers_of_the_queries_of_a_peer(row: dict[str, str], pack: Pack) -> None:
    assert best(_rows(row["query"], row["tumor_type"], pack)) == row["tier"]


@pytest.mark.shared
def test_tiers_are_consistent_with_the_levels_of_the_peer_or_the_difference_is_told(
    shared: Path,
) -> None:
    expected = table(shared / "cases" / "onco" / "oncokb_annotator_expected.tsv")
    ours = {int(row["row"]): row for row in OURS}
    # The one row that is left is the same variant in both builds.
    assert {*range(1, len(expected) + 1)} - set(ours) == {8}
    differing = [
        number
        for number, row in ours.items()
        if row["tier"] not in CONSISTENT[expected[number - 1]["expected_highest_level"]]
    ]
    assert differing == [number for number, row in ours.items() if row["difference"]]
