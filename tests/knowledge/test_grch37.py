"""GRCh37 coordinates: by table, by chain and its way back, by records; contradictions are told."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from knowledge_builders import write_gzip

from apothecary.errors import ResourceError
from apothecary.knowledge import grch37, lift
from apothecary.knowledge.importers import pypgx

# chr1 of GRCh37 0-99 lies at 1000-1099 of GRCh38, then 20 bases are new in GRCh38, then 100-149
# at 1120-1169. A second, weaker chain claims 1000-1009 for 5000-5009. chr2 is reversed.
CHAIN = """chain 900 chr1 9000 + 0 150 chr1 9000 + 1000 1170 1
100 0 20
50

chain 100 chr1 9000 + 5000 5010 chr1 9000 + 1000 1010 2
10

chain 800 chr2 9000 + 0 50 chr2 9000 - 0 50 3
50
"""


@pytest.fixture(scope="module")
def chain(tmp_path_factory) -> lift.Lift:
    path = write_gzip(tmp_path_factory.mktemp("chain") / "a.over.chain.gz", CHAIN)
    return lift.read_chain(path, {"chr1", "chr2"})


@pytest.mark.parametrize(
    ("pos", "length", "lifted"),
    [
        (1001, 1, 1),
        (1100, 1, 100),
        (1100, 2, None),  # ends in the bases that GRCh37 lacks
        (1101, 1, None),
        (1120, 1, None),
        (1121, 1, 101),
        (1170, 1, 150),
        (1171, 1, None),
        (1000, 1, None),
    ],
)
def test_positions_within_a_block(chain, pos, length, lifted):
    assert chain.to_grch37("chr1", pos, length) == lifted


def test_a_reversed_chain_and_an_unknown_chromosome_give_nothing(chain):
    assert chain.to_grch37("chr2", 10) is None
    assert chain.to_grch37("chr3", 10) is None


@given(st.integers(1, 2000), st.integers(1, 30))
def test_the_way_back_leads_to_the_start(chain, pos, length):
    back = chain.to_grch37("chr1", pos, length)
    if back is not None:
        offset = 1000 if back <= 100 else 1020
        assert back + offset == pos
        assert (back <= 100) == (back + length - 1 <= 100)


def test_a_file_that_is_no_chain_is_told(tmp_path: Path):
    with pytest.raises(ResourceError, match="not a chain file"):
        lift.read_chain(write_gzip(tmp_path / "a.gz", "chain a b c\n1 2 3\n"), {"chr1"})


def position(pos: int, ref: str = "A"):
    return {
        "gene": "G",
        "position_id": f"chr1:{pos}:{ref}",
        "chrom": "chr1",
        "pos": pos,
        "ref": ref,
    }


def placed(chain, positions, tabulated, records=()):
    rows = grch37.with_grch37(
        positions, tabulated, chain, list(records),
        table_source="table", lift_source="chain", record_source="records",
    )  # fmt: skip
    return [(row["pos_grch37"], row["ref_grch37"], row["grch37_source_id"]) for row in rows]


def vcf(tmp_path: Path, *records: tuple[int, str]) -> Path:
    lines = [f"1\t{pos}\t.\t{ref}\tT\t.\n" for pos, ref in records]
    return write_gzip(tmp_path / "r.vcf.gz", "##fileformat=VCFv4.2\n" + "".join(lines))


def test_table_records_chain_and_nothing(tmp_path: Path, chain):
    """Where the reference base differs between the builds it is taken from what has seen it."""
    assert placed(
        chain,
        [position(1001), position(1002), position(1003), position(1110)],
        {("chr1", 1001, "A"): (1, "G")},
        [vcf(tmp_path, (2, "C"))],
    ) == [(1, "G", "table"), (2, "C", "records"), (3, "A", "chain"), (None, None, None)]


def test_a_deletion_needs_every_base_of_its_records(tmp_path: Path, chain):
    assert placed(chain, [position(1011, "ACG")], {}, [vcf(tmp_path, (11, "AC"))]) == [
        (11, "ACG", "chain")
    ]
    assert placed(chain, [position(1011, "ACG")], {}, [vcf(tmp_path, (11, "AC"), (13, "T"))]) == [
        (11, "ACT", "records")
    ]


def test_a_table_that_contradicts_the_chain_is_told(chain):
    with pytest.raises(
        ResourceError, match="G chr1:1001:A at 7 is given otherwise by the chain: 1"
    ):
        placed(chain, [position(1001)], {("chr1", 1001, "A"): (7, "A")})


def test_records_that_contradict_each_other_are_told(tmp_path: Path, chain):
    with pytest.raises(ResourceError, match="chr1:2: records give different reference bases"):
        placed(chain, [position(1002)], {}, [vcf(tmp_path, (2, "C"), (2, "G"))])


def wheel(tmp_path: Path, rows: list[str]) -> Path:
    path = tmp_path / "pypgx.whl"
    header = "Gene,Chromosome,GRCh37Position,GRCh38Position,GRCh37Allele,GRCh38Allele\n"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("pypgx/api/data/variant-table.csv", header + "".join(rows))
    return path


def test_positions_of_pypgx(tmp_path: Path):
    path = wheel(
        tmp_path,
        [
            "A,10,5,9,G,A\n",
            "A,10,5,9,G,A\n",
            "A,10,6,10,C,C\n",
            "A,10,7,10,C,C\n",
            "A,X,N/A,3,A,A\n",
        ],
    )
    assert pypgx.import_positions(path) == {("chr10", 9, "A"): (5, "G")}
    with pytest.raises(ResourceError, match=r"a wheel of pypgx is needed"):
        pypgx.import_positions(write_gzip(tmp_path / "x.whl", ""))


@given(
    st.lists(
        st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(1, 30), st.integers(1, 9)),
        max_size=6,
    ),
    st.integers(1, 100),
    st.integers(1, 5),
)
def test_a_position_is_looked_for_in_every_block_over_it(drawn, pos, length):
    """Chains overlap and hold each other, so that any block before may reach the position."""
    blocks = [lift.Block(*block) for block in drawn]
    by38 = sorted(blocks, key=lambda block: block.start38)
    found = lift.Lift({"chr1": sorted(blocks)}, {"chr1": by38}).to_grch37("chr1", pos, length)
    over = [
        block
        for block in by38
        if block.start38 <= pos - 1 and pos - 1 + length <= block.start38 + block.length
    ]
    if not over:
        assert found is None
        return
    best = max(over, key=lambda block: block.score)
    assert found in (None, best.start37 + pos - best.start38)
