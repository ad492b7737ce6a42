"""Regions of an assay in GRCh37: where they lie, and that consent is asked of every one."""

from __future__ import annotations

import pytest

from apothecary.errors import ResourceError
from apothecary.knowledge.placement import Placement
from apothecary.qc.assay import Assay
from apothecary.qc.regions import Target
from apothecary.variants import scopes

CHAIN = "chain 9 chr1 249250621 + 0 200000 chr1 248956422 + 1000 201000 1\n200000\n\n"
ROWS = {
    "exons": [
        {
            "gene": gene,
            "chrom": "chr1",
            "exon": 1,
            "start": at - 50,
            "end": at + 150,
            "coding_start": at,
            "coding_end": at + 99,
        }
        for gene, at in (("OPEN", 5_001), ("LISTED", 9_001))
    ],
    "pgx_positions": [
        {
            "gene": "PGX",
            "position_id": "chr1:7001:A",
            "chrom": "chr1",
            "pos": 7_001,
            "ref": "A",
            "alts": ["G"],
            "pos_grch37": 6_001,
            "ref_grch37": "A",
        }
    ],
    "gene_regions": [
        {"gene": gene, "chrom": "chr1", "start": at, "end": at + 499}
        for gene, at in (("OPEN", 5_001), ("LISTED", 9_001), ("PGX", 7_001))
    ],
    "germline_genes": [{"list_id": "predisposition", "gene": "LISTED"}],
}


class Pack:
    def rows(self, name):
        return ROWS[name]


def kept(tmp_path, granted, withheld, targets=(), chain=True):
    path = tmp_path / "to38.chain"
    path.write_text(CHAIN)
    assay = Assay(targets, Pack(), (), None, placement=Placement("GRCh37", path if chain else ""))
    rows = (ROWS[name] for name in ("pgx_positions", "gene_regions", "germline_genes"))
    permitted = scopes.regions(granted, withheld, *rows)
    found = assay.consented(assay.regions(), permitted)
    return {region.region_id: region.start0 + 1 for region in found}


def test_every_region_is_placed(tmp_path):
    found = kept(tmp_path, ("pharmacogenes", "germline"), ())
    assert found["exon:OPEN:1"] == 4_001
    assert found["exon:LISTED:1"] == 8_001
    assert found["position:PGX:chr1:7001:A"] == 6_001
    assert found["gene:PGX"] == 6_001


def test_what_is_withheld_is_not_named_in_grch37_either(tmp_path):
    found = kept(tmp_path, ("pharmacogenes",), ("germline",))
    assert not [name for name in found if "LISTED" in name]
    assert "exon:OPEN:1" in found


def test_without_a_chain_the_positions_remain(tmp_path):
    found = kept(tmp_path, ("pharmacogenes",), ("germline",), chain=False)
    assert set(found) == {"position:PGX:chr1:7001:A", "gene:PGX"}


def test_a_target_is_kept_where_something_opens_it(tmp_path):
    targets = (Target("chr1", 5_950, 6_050), Target("chr1", 8_000, 8_100))
    found = kept(tmp_path, ("pharmacogenes",), ("germline",), targets)
    assert [name for name in found if name.startswith("target")] == ["target:chr1:5951-6050"]
    everything = kept(tmp_path, ("tumor",), (), targets)
    assert sum(name.startswith("target") for name in everything) == 2


def expected(assay_of_sample, targets, **claims):
    assay = Assay(targets, Pack(), (), None, **claims)
    return {region.region_id for region in assay.expected({"assay": assay_of_sample})}


def test_a_panel_is_expected_to_cover_the_genes_that_its_targets_touch():
    touched = expected("panel", (Target("chr1", 5_050, 5_060), Target("chr1", 9_110, 9_150)))
    assert "exon:OPEN:1" in touched
    assert not touched & {"exon:LISTED:1", "gene:LISTED"}
    assert "position:PGX:chr1:7001:A" in touched


def test_a_panel_without_targets_claims_the_genes_that_are_named_or_called():
    touching = (Target("chr1", 5_050, 5_060),)
    for found in (
        expected("panel", (), genes=["OPEN"]),
        expected("panel", (), called=touching),
        expected("panel", (Target("chr1", 9_110, 9_150),), genes=["OPEN"]),
    ):
        assert "exon:OPEN:1" in found
        assert not found & {"exon:LISTED:1", "gene:LISTED"}
    assert "exon:LISTED:1" in expected("genome", (), genes=["OPEN"])


def test_a_gene_that_is_not_known_cannot_be_claimed():
    with pytest.raises(ResourceError, match="no coding exon of NEW is known"):
        expected("panel", (), genes=["OPEN", "NEW"])


def test_a_genome_and_a_panel_of_unknown_targets_may_cover_every_gene():
    targets = (Target("chr1", 5_050, 5_060),)
    for found in (expected("genome", targets), expected("exome", targets), expected("panel", ())):
        assert {"exon:OPEN:1", "exon:LISTED:1"} <= found
