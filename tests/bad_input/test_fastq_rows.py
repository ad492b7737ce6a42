"""Rows 64 to 70 of the list of bad input: FASTQ files and the sheet that names them.

Rows 55 to 63 are of BAM and CRAM files that a user gives; they are no case of alignment.
"""

from __future__ import annotations

import gzip
import sys
from pathlib import Path

import pytest

from apothecary import samples
from apothecary.errors import WorkflowInputError
from apothecary.input_files import InputPolicy
from apothecary.samples import SheetPaths

sys.path.append(str(Path(__file__).resolve().parents[1] / "reads"))
from fastq_builders import Genome, Read, pairs, write_fastq

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def genome(tmp_path_factory) -> Genome:
    return Genome(tmp_path_factory.mktemp("genome"))


def reads(genome: Genome, seed: int, count: int = 40) -> tuple[list[Read], list[Read]]:
    return pairs("chr7", 140_700_001, genome.bases["chr7"], count, seed)


def failed(genome: Genome, lanes: list[dict], **changed) -> str:
    """The reason why a sample has failed; its file stands, is whole, and holds nothing."""
    import pysam

    done = genome.align(lanes, "bad", **changed)
    assert done.alignment["status"] == "failed"
    assert done.read_files == []
    out = genome.files(lanes[0]["sample_id"], "bad")
    with pysam.AlignmentFile(str(out.alignments), index_filename=str(out.index)) as written:
        assert written.mapped + written.unmapped == 0
        assert len(list(written)) == 0
    assert [p.name for p in out.alignments.parent.iterdir() if p.name.startswith(".")] == []
    return done.alignment["reason"]


def load(folder: Path, rows: list[str], formats: dict[str, str], **policy) -> samples.Sheets:
    (folder / "samples.tsv").write_text(
        "sample_id\tsubject_id\trole\tassay\tinput\tformat\n"
        + "".join(f"{s}\t{s}\tgermline\tpanel\t\t{f}\n" for s, f in formats.items())
    )
    (folder / "reads.tsv").write_text(
        "sample_id\tlane\tfastq_1\tfastq_2\n" + "".join(f"{row}\n" for row in rows)
    )
    paths = SheetPaths(
        samples=folder / "samples.tsv",
        clinical=None,
        consent=None,
        schemas=REPOSITORY / "workflow" / "schemas",
        clinical_items=REPOSITORY / "resources" / "clinical_items.tsv",
        reads=folder / "reads.tsv",
    )
    return samples.load(paths, 25, frozenset(), InputPolicy(**policy))


def told(folder: Path, rows: list[str], formats: dict[str, str], **policy) -> list[str]:
    with pytest.raises(WorkflowInputError) as caught:
        load(folder, rows, formats, **policy)
    return [problem.line().replace(f"{folder}/", "") for problem in caught.value.problems]


def test_row_64_no_read_at_all_gives_alignments_without_one(genome):
    done = genome.align([genome.lane("EMPTY", "L1", ([], []))])
    counts = {key: done.alignment[key] for key in ("reads", "primary", "mapped", "duplicates")}
    assert counts == {"reads": 0, "primary": 0, "mapped": 0, "duplicates": 0}
    assert done.alignment["status"] == "ok"


def test_row_65_numbers_of_the_mates_differ(genome):
    first, second = reads(genome, 65)
    lane = genome.lane("S65", "L1", (first, second[:-3]))
    assert failed(genome, [lane]) == (
        "S65_L1_2.fastq.gz: 37 reads, but 40 in S65_L1_1.fastq.gz; a mate for every read: copy "
        "both files again"
    )


def test_row_66_qualities_are_not_as_many_as_bases(genome):
    first, second = reads(genome, 66)
    second[7] = Read(second[7].name, second[7].bases, "F" * 99)
    lane = genome.lane("S66", "L1", (first, second))
    assert failed(genome, [lane]) == (
        "S66_L1_2.fastq.gz, row 32: 99 qualities for 100 bases; one quality a base"
    )


def test_row_67_the_first_mates_given_twice(genome, tmp_path):
    first, _ = reads(genome, 67)
    lane = genome.lane("S67", "L1", (first, first))
    assert "S67_L1_2.fastq.gz: the same reads as S67_L1_1.fastq.gz" in failed(genome, [lane])
    write_fastq(tmp_path / "a_1.fq", first)
    write_fastq(tmp_path / "a_2.fq", first)
    expected = "reads.tsv, row 2, fastq_2: the same reads as fastq_1 of row 2; give each file once"
    assert told(tmp_path, ["A\tL1\ta_1.fq\ta_2.fq"], {"A": "fastq"}) == [expected]


def test_row_68_one_file_in_two_samples(genome, tmp_path):
    first, second = reads(genome, 68)
    write_fastq(tmp_path / "1.fq", first)
    write_fastq(tmp_path / "2.fq", second)
    (tmp_path / "copy.fq").write_bytes((tmp_path / "1.fq").read_bytes())
    write_fastq(tmp_path / "3.fq", second[:5])
    rows = ["A\tL1\t1.fq\t2.fq", "B\tL1\tcopy.fq\t3.fq"]
    formats = {"A": "fastq", "B": "fastq"}
    assert told(tmp_path, rows, formats) == [
        "reads.tsv, row 3, fastq_1: the same reads as fastq_1 of row 2 of sample 'A'; give each "
        "file once (reads.allow_shared in the config allows one in two samples)"
    ]
    assert len(load(tmp_path, rows, formats, shared_reads=True).reads) == 2


def test_row_69_qualities_of_another_offset(genome):
    first, second = reads(genome, 69)
    second = [Read(r.name, r.bases, "h" * 90 + "B" * 10) for r in second]
    lane = genome.lane("S69", "L1", (first, second))
    reason = failed(genome, [lane])
    assert "S69_L1_2.fastq.gz: qualities from 'B' to 'h', as an offset of 64 gives them" in reason
    assert genome.align([lane], max_quality=None).alignment["status"] == "ok"


def test_row_70_a_lane_twice(genome, tmp_path):
    first, second = reads(genome, 70)
    for name, of in (("1", first), ("2", second), ("3", first[:9]), ("4", second[:9])):
        write_fastq(tmp_path / f"{name}.fq", of)
    rows = ["A\tL1\t1.fq\t2.fq", "A\tl1\t3.fq\t4.fq"]
    assert told(tmp_path, rows, {"A": "fastq"}) == [
        "reads.tsv, row 3, lane: 'A l1' differs from 'A L1' of row 2 in case only; give each its "
        "own name"
    ]
    # The same reads under the name of another lane, packed in another way.
    lanes = [genome.lane("S70", "L1", (first, second)), genome.lane("S70", "L2", (first, second))]
    write_fastq(genome.folder / "plain.fastq", first)
    lanes[1]["fastq_1"] = "plain.fastq"
    assert "plain.fastq: the same reads as S70_L1_1.fastq.gz" in failed(genome, lanes)


@pytest.mark.parametrize("suffix", ["gz", "bgz"])
def test_a_file_that_was_cut_is_refused_wherever_it_was_cut(genome, suffix):
    first, second = reads(genome, 71, 2000)
    lane = genome.lane(f"CUT{suffix}", "L1", (first, second))
    path = write_fastq(genome.folder / f"cut.fastq.{suffix}", first)
    data = path.read_bytes()
    lane["fastq_1"] = path.name
    cuts = [len(data) // 2, len(data) - 9]
    if suffix == "bgz":
        # At the end of a block: libraries take what is left for the whole.
        cuts += [len(data) - 28, data.index(b"\x1f\x8b\x08\x04", 100)]
    for cut in cuts:
        path.write_bytes(data[:cut])
        assert any(word in failed(genome, [lane]) for word in ("cut", "end early"))


def test_another_kind_of_file_is_no_fastq(genome):
    path = genome.folder / "words.fastq.gz"
    path.write_bytes(gzip.compress(b"BAM\x01" + b"\n" * 40))
    lane = genome.lane("OTHER", "L1", (reads(genome, 1)[0],), fastq_1="words.fastq.gz")
    assert "is no name of a read" in failed(genome, [lane])
