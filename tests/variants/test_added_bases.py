from __future__ import annotations

import pytest

from apothecary.variants.records import RecordBlock


@pytest.mark.parametrize(
    ("alts", "info", "allele", "expected"),
    [
        (("<DUP>",), "SVTYPE=DUP;END=160", 1, 60),
        (("<DUP:TANDEM>",), "END=160;SVLEN=60", 1, 60),
        (("<INS>",), "SVLEN=21", 1, 21),
        (("<INS>",), "END=100", 1, None),
        (("<INS>", "<DUP>"), "SVLEN=21,30", 2, 30),
        (("<DUP>",), "SVLEN=.;END=.", 1, None),
        (("<DUP>",), "SVLEN=-5", 1, None),
        (("<DEL>",), "SVLEN=60;END=160", 1, None),
        (("A",), "SVLEN=60", 1, None),
    ],
)
def test_bases_that_a_symbolic_allele_adds(
    alts: tuple[str, ...], info: str, allele: int, expected: int | None
) -> None:
    block = RecordBlock(
        1, "chr13", 100, 100, ".", "A", alts, None, "PASS", info, ("GT",), ("0/1",), False
    )
    assert block.added_bases(allele) == expected
