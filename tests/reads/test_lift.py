from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apothecary.errors import ResourceError
from apothecary.reads import lift

TARGETS = [
    ("chr2:1001-2000", "chr2", 1001),
    ("chr2:5001-6000", "chr2", 5001),
    ("chr10:301-900", "chr10", 301),
]


def rows(identity: str = "slice") -> list[dict]:
    return [
        {
            "rank": rank,
            "target": target,
            "contig": contig,
            "start": start,
            "contig_length": 10_000,
            "build": "GRCh38",
            "md5": "0" * 32,
            "identity": identity,
        }
        for rank, (target, contig, start) in enumerate(TARGETS, 1)
    ]


places = st.tuples(st.sampled_from(TARGETS), st.integers(1, 500))


@given(own=places, mate=st.none() | st.just("same") | places, others=st.lists(places, max_size=3))
def test_every_place_of_a_record_is_moved_and_all_else_stays(own, mate, others):
    (target, contig, start), at = own
    next_name, next_at, moved_next, moved_next_at = "*", 0, "*", 0
    if mate == "same":
        next_name, next_at, moved_next, moved_next_at = "=", at + 9, "=", at + 9 + start - 1
    elif mate is not None:
        (name, next_contig, next_start), next_at = mate
        next_name, moved_next, moved_next_at = name, next_contig, next_at + next_start - 1
    tail = ["60", "50M"], ["0", "A" * 50, "F" * 50, "NM:i:0"]

    def line(name: str, pos: int, rnext: str, pnext: int, lifted: bool) -> str:
        sa = "".join(
            f"{c if lifted else t},{p + (s - 1) * lifted},-,9M,7,0;" for (t, c, s), p in others
        )
        xa = "".join(
            f"{c if lifted else t},-{p + (s - 1) * lifted},9M,0;" for (t, c, s), p in others
        )
        tags = [f"SA:Z:{sa}", f"XA:Z:{xa}"] if others else []
        fields = ["r", "99", name, str(pos), *tail[0], rnext, str(pnext), *tail[1], *tags, "RG:Z:a"]
        return "\t".join(fields) + "\n"

    move = lift.mover(lift.of_targets(rows()))
    found = move(line(target, at, next_name, next_at, False).encode()).decode()
    assert found == line(contig, at + start - 1, moved_next, moved_next_at, True)


def test_a_read_without_a_place_stays_as_it_is():
    line = b"r\t77\t*\t0\t0\t*\t*\t0\t0\tACGT\tFFFF\tRG:Z:a\n"
    assert lift.mover(lift.of_targets(rows()))(line) == line


def test_slices_have_the_header_of_the_whole_build():
    genome = lift.of_targets(rows())
    assert len(genome.sequences) == 25
    assert genome.sequences[1] == {"SN": "chr2", "LN": 242_193_529, "AS": "GRCh38"}


def test_whole_records_stay_in_their_order_with_their_digests():
    whole = [{**row, "contig": row["target"], "start": 1} for row in rows("as published")]
    genome = lift.of_targets(whole[::-1])
    assert not genome.moves
    assert [line["SN"] for line in genome.sequences] == [target for target, _, _ in TARGETS]
    assert genome.sequences[0]["M5"] == "0" * 32


def test_an_index_of_another_reference_is_refused():
    genome = lift.of_targets(rows())
    lift.check_targets(genome, [target for target, _, _ in TARGETS], "prepared")
    with pytest.raises(ResourceError, match="prepared: an index of 1 sequences, not of its 3"):
        lift.check_targets(genome, ["chr2:1001-2000"], "prepared")
