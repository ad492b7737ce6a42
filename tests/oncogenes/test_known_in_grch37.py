"""Variants of GRCh37 that the pack knows by their GRCh38 coordinate."""

from __future__ import annotations

import pytest
from oncogene_builders import BuiltPack, known, variant

from apothecary.oncogenes import consequences
from apothecary.oncogenes.known import KnownVariants

ROW = known(140_753_336, "A", "T", "BRAF", "V600E")
CHAIN = "chain 9 chr7 159138663 + 140000000 141000000 chr7 159345973 + 140300200 141300200 1\n"


@pytest.fixture
def chain(tmp_path) -> str:
    path = tmp_path / "to38.chain"
    path.write_text(CHAIN + "1000000\n\n")
    return str(path)


def test_a_variant_is_found_at_its_place_in_grch37(chain):
    variants = KnownVariants([ROW], chain)
    assert variants.at("chr7", 140_453_136, "A", "T", "GRCh37") == [ROW]
    assert variants.at("chr7", 140_453_136, "C", "T", "GRCh37") == []
    assert variants.at("chr7", 140_753_336, "A", "T", "GRCh37") == []
    assert variants.at("chr7", 140_753_336, "A", "T") == [ROW]


def test_it_is_named_by_the_chain_only(chain):
    pack = BuiltPack(known_variants=[ROW])
    on_37 = variant(pos=140_453_136, build="GRCh37")
    (row,) = consequences.annotate([on_37], pack, lift=consequences.lift_of([on_37], chain))
    assert (row["method"], row["gene"], row["build"]) == ("known_variant", "BRAF", "GRCh37")
    (row,) = consequences.annotate([on_37], pack)
    assert row["method"] == "not_named"
    assert "give calling.chain" in row["reason"]
