"""Positions of mitochondrial alleles from their names."""

from __future__ import annotations

import pytest

from apothecary.errors import ResourceError
from apothecary.knowledge.importers import mitochondrial

SEQUENCE = "GATTTC" + "N" * (mitochondrial.LENGTH - 6)


def _tables(*alleles):
    return {
        "pgx_genes": [{"gene": "MT-X", "kind": "mitochondrial", "chrom": ""}],
        "pgx_alleles": [{"gene": "MT-X", "allele": name, "defined": False} for name in alleles],
        "pgx_positions": [],
        "pgx_allele_bases": [],
    }


def test_names_become_positions_of_both_builds():
    made = mitochondrial.with_positions(
        _tables("Reference", "m.2A>G", "m.2A>C", "m.4T>del", "m.4T>del+Cn"), SEQUENCE, "s"
    )
    assert [(r["position_id"], r["alts"], r["pos_grch37"]) for r in made["pgx_positions"]] == [
        ("chrM:2:A", ["C", "G"], 2),
        ("chrM:2:ATTT", ["ATT"], 2),
    ]
    bases = {(r["allele"], r["position_id"]): r["bases"] for r in made["pgx_allele_bases"]}
    assert bases["m.4T>del", "chrM:2:ATTT"] == "ATT"
    assert bases["Reference", "chrM:2:ATTT"] == "ATTT"
    defined = {row["allele"]: row["defined"] for row in made["pgx_alleles"]}
    assert defined == {
        "Reference": True, "m.2A>G": True, "m.2A>C": True, "m.4T>del": True, "m.4T>del+Cn": False,
    }  # fmt: skip
    assert made["pgx_genes"][0]["reference_allele"] == "Reference"


@pytest.mark.parametrize(
    ("alleles", "told"),
    [
        (("Reference", "m.2G>A"), "MT-X m.2G>A: NC_012920.1 has A there"),
        (("Reference", "m.99999G>A"), "has no base there"),
        (("m.2A>G",), "MT-X: no allele Reference"),
    ],
)
def test_names_that_contradict_the_sequence_are_refused(alleles, told):
    with pytest.raises(ResourceError, match=told):
        mitochondrial.with_positions(_tables(*alleles), SEQUENCE, "s")


def test_another_sequence_is_refused(tmp_path):
    path = tmp_path / "short.fa"
    path.write_text(">M\nACGT\n", encoding="utf-8")
    with pytest.raises(ResourceError, match="4 bases"):
        mitochondrial.read_reference(path)
