from __future__ import annotations

import gzip
import hashlib
import os
from pathlib import Path

import pysam
import pytest
from fastq_builders import prepare, sequence, write_fasta
from hypothesis import given
from hypothesis import strategies as st

from apothecary import schemas, tables
from apothecary.errors import ResourceError
from apothecary.reads import aligners, reference
from apothecary.reads.reference import KnownContig
from apothecary.variants import contigs

ONE, TWO = sequence(900, 1), sequence(700, 2)


def known(build: str = "GRCh38") -> list[KnownContig]:
    return [
        KnownContig(build, chrom, len(bases), hashlib.md5(bases.encode()).hexdigest())
        for chrom, bases in (("chr1", ONE), ("chr2", TWO))
    ]


def told(tmp_path: Path, fasta: Path, **options) -> list[str]:
    with pytest.raises(ResourceError) as caught:
        prepare(fasta, tmp_path / "prepared", **options)
    assert not (tmp_path / "prepared").exists()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    return [problem.line().replace(f"{tmp_path}/", "") for problem in caught.value.problems]


def test_the_table_of_known_contigs_agrees_with_the_lengths_of_the_builds(repository):
    rows = reference.read_known(repository / "resources" / "reference_contigs.tsv")
    for build in contigs.BUILDS:
        assert {row.chrom for row in rows if row.build == build} == set(contigs.contigs())
    for row in rows:
        length = contigs.contigs()[row.chrom].lengths[row.build]
        is_hg19_chrm = row.chrom == "chrM" and row.length == contigs.HG19_CHRM_LENGTH
        assert row.length == length or is_hg19_chrm
        assert set(row.md5) <= set("0123456789abcdef")
        assert len(row.md5) == 32
    assert len({(row.build, row.chrom, row.md5) for row in rows}) == len(rows)


@pytest.mark.parametrize("packing", ["plain", "gzip", "bgzf"])
def test_a_whole_genome_is_linked_indexed_and_known_however_it_is_packed(tmp_path, packing):
    fasta = write_fasta(tmp_path / "genome.fa", {"1": ONE.lower(), "chr2": TWO, "decoy": "ACGT"})
    if packing == "gzip":
        (tmp_path / "g.fa.gz").write_bytes(gzip.compress(fasta.read_bytes()))
        fasta = tmp_path / "g.fa.gz"
    if packing == "bgzf":
        pysam.tabix_compress(str(fasta), str(tmp_path / "b.fa.gz"))
        fasta = tmp_path / "b.fa.gz"
    rows = prepare(fasta, tmp_path / "prepared", known())
    found = [(row["contig"], row["start"], row["end"], row["identity"]) for row in rows]
    assert found == [
        ("1", 1, 900, "as published"),
        ("chr2", 1, 700, "as published"),
        ("decoy", 1, 4, "no chromosome"),
    ]
    written = tables.read_rows(tmp_path / "prepared" / "targets.parquet", schemas.REFERENCE_TARGETS)
    assert written == rows
    assert (tmp_path / "prepared" / "index.mmi").stat().st_size > 0
    # Nothing is written beside the user's file.
    assert not list(tmp_path.glob("*.fai"))


def test_a_contig_that_differs_is_named(tmp_path):
    changed = ONE[:500] + "A" * 10 + ONE[510:]
    fasta = write_fasta(tmp_path / "g.fa", {"chr1": changed, "chr2": TWO})
    digest = hashlib.md5(changed.encode()).hexdigest()
    assert told(tmp_path, fasta, known=known()) == [
        f"g.fa, chr1: MD5 {digest} is that of no known chr1 of GRCh38; a published sequence; list "
        "a masked one under reference.changed_contigs"
    ]
    rows = prepare(fasta, tmp_path / "prepared", known(), changed=("chr1",))
    assert [row["identity"] for row in rows] == ["changed", "as published"]


def test_every_contig_of_another_build_length_or_name_is_told(tmp_path):
    fasta = write_fasta(tmp_path / "g.fa", {"chr1": ONE, "chr2": TWO})
    assert told(tmp_path, fasta, known=[*known("GRCh37"), *known()[:1]]) == [
        "g.fa, chr2: the sequence is chr2 of GRCh37; chr2 of GRCh38 (reference.build in the config)"
    ]
    fasta = write_fasta(tmp_path / "s.fa", {"chr1": TWO, "chr2": ONE})
    assert [line.split(";")[0] for line in told(tmp_path, fasta, known=known())] == [
        "s.fa, chr1: the sequence is chr2 of GRCh38",
        "s.fa, chr2: the sequence is chr1 of GRCh38",
    ]
    fasta = write_fasta(tmp_path / "t.fa", {"chr1": ONE[:-1], "chr2": TWO})
    assert told(tmp_path, fasta, known=known()) == [
        "t.fa, chr1: 899 bases; 900 bases as chr1 of GRCh38 has"
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (">chr1\nAC\nACGT\nAC\n", "g.fa: not a readable FASTA"),
        ("@r\nACGT\n+\nFFFF\n", "g.fa: no record begins with >; give a FASTA"),
        (">scaffold\nACGT\n", "g.fa: no record is a chromosome; records named chr1 or 1"),
        (">chr1:1-4\nACGT\n>chr1:1-4\nACGA\n", "g.fa: 2 records of 1 names; give each record a"),
        (">chr1:1-5\nACGT\n", "g.fa, chr1:1-5: 4 bases in 1-5; 5 bases, 1-based with both ends"),
        (
            ">chr1:1-4\nACGT\n>decoy\nACGT\n",
            "g.fa, decoy: the name tells no slice; chrom:start-end",
        ),
        (
            ">chr21:50000001-50000004\nACGT\n",
            "g.fa, chr21:50000001-50000004: 50000001-50000004; chr21 of GRCh38 has 46709983 bases",
        ),
        (
            ">chr1:1-4\nACGT\n>chr1:3-6 other\nGAAC\n",
            "g.fa, chr1:3-6: A at chr1:4, but T before; slices that overlap hold the same bases",
        ),
    ],
)
def test_what_is_no_reference_is_told_in_one_line(tmp_path, text, expected):
    (tmp_path / "g.fa").write_text(text)
    (line,) = told(tmp_path, tmp_path / "g.fa", known=known())
    assert line.startswith(expected)


def test_a_file_that_is_not_there_is_told(tmp_path):
    (line,) = told(tmp_path, tmp_path / "gone.fa")
    assert line == "gone.fa: the file is not there; give a FASTA as reference.fasta"


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(1, 200)), min_size=1, max_size=8))
def test_slices_that_touch_or_overlap_become_one_target_with_their_bases(tmp_path_factory, places):
    folder = tmp_path_factory.mktemp("slices")
    whole = sequence(700, 3)
    first = 1_000_001
    records = {
        f"gene{at}|chr5:{first + start}-{first + start + size - 1}|GRCh38": whole[
            start : start + size
        ]
        for at, (start, size) in enumerate(places)
    }
    rows = prepare(write_fasta(folder / "s.fa", records), folder / "prepared")
    covered = {at for start, size in places for at in range(start, start + size)}
    seen: set[int] = set()
    with pysam.FastaFile(str(folder / "prepared" / "targets.fa")) as targets:
        for row, after in zip(rows, [*rows[1:], None], strict=True):
            low, high = row["start"] - first, row["end"] - first + 1
            assert targets.fetch(row["target"]) == whole[low:high]
            seen |= set(range(low, high))
            assert after is None or after["start"] > row["end"] + 1
    assert seen == covered


def test_a_program_that_is_missing_is_told_with_its_environment(tmp_path, monkeypatch):
    monkeypatch.setitem(os.environ, "PATH", str(tmp_path))
    fasta = write_fasta(tmp_path / "g.fa", {"chr1:1-900": ONE})
    assert told(tmp_path, fasta, aligner="bwa-mem2") == [
        "config, reads.aligner: bwa-mem2 is not on the search path; run with "
        "--software-deployment-method conda, whose environment envs/alignment.yaml has it, "
        "install it, or set reads.aligner: minimap2"
    ]
    assert aligners.version("minimap2")[:2] == "2."


def test_a_reference_is_prepared_anew_in_the_place_of_an_old_one(tmp_path):
    fasta = write_fasta(tmp_path / "g.fa", {"chr1:1-900": ONE})
    prepare(fasta, tmp_path / "prepared")
    first = (tmp_path / "prepared" / "targets.parquet").read_bytes()
    index = (tmp_path / "prepared" / "index.mmi").read_bytes()
    (tmp_path / "prepared" / "old").write_text("x")
    prepare(fasta, tmp_path / "prepared")
    assert not (tmp_path / "prepared" / "old").exists()
    assert (tmp_path / "prepared" / "targets.parquet").read_bytes() == first
    assert (tmp_path / "prepared" / "index.mmi").read_bytes() == index


def test_slices_have_the_lengths_of_the_build_that_they_are_of(tmp_path):
    fasta = write_fasta(tmp_path / "g.fa", {"22:51304001-51304500 end of 22": ONE[:500]})
    (row,) = prepare(fasta, tmp_path / "prepared", build="GRCh37")
    assert (row["contig"], row["contig_length"]) == ("chr22", 51_304_566)
    (tmp_path / "other").mkdir()
    (line,) = told(tmp_path / "other", fasta)
    assert line.endswith("chr22 of GRCh38 has 50818468 bases (reference.build in the config)")


def test_the_mitochondrion_of_hg19_is_known_by_its_own_length(repository):
    known = reference.read_known(repository / "resources" / "reference_contigs.tsv")
    of_hg19 = [row for row in known if row.length == contigs.HG19_CHRM_LENGTH]
    assert [(row.build, row.chrom) for row in of_hg19] == [("GRCh37", "chrM")]
