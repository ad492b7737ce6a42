from __future__ import annotations

from apothecary import tables
from apothecary.reports.slices import Slices
from apothecary.schemas import CONSEQUENCES, NEIGHBOURS


def test_the_names_of_a_joined_change_go_to_the_sample_that_has_it() -> None:
    named = {
        "build": "GRCh38",
        "chrom": "chr7",
        "pos": 140753336,
        "ref": "AC",
        "alt": "TT",
        "transcript": "ENST1.1",
        "protein_change": "V600K",
        "method": "csq",
    }
    pair = {
        "sample_id": "T1",
        "first": "chr7:140753336:A:T",
        "second": "chr7:140753337:C:T",
        "transcript": "ENST1.1",
        "phase": "cis",
        "build": "GRCh38",
        "joined": "chr7:140753336:AC:TT",
        "reason": "phased",
    }
    apart = {**pair, "sample_id": "T2", "joined": None}
    slices = Slices(
        {
            "consequences": tables.to_arrow(CONSEQUENCES, [named]),
            "neighbours": tables.to_arrow(NEIGHBOURS, [pair, apart]),
        }
    )
    assert [row["protein_change"] for row in slices.of("T1")["consequences"]] == ["V600K"]
    assert slices.of("T2")["consequences"] == []
