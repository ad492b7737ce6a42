from __future__ import annotations

import pysam
import pytest
from calling_builders import GRCH37, GRCH38, Reads, bases

from apothecary.alignments import files, links
from apothecary.calling import extraction
from apothecary.errors import WorkflowInputError


@pytest.fixture
def reads():
    return Reads().tile("chr1", 1001, bases(500), 20)


def test_the_build_is_told_from_the_contig_lengths(tmp_path):
    for build, lengths in (("GRCh38", GRCH38), ("GRCh37", GRCH37)):
        path = Reads(lengths).add("chr1", 500, "ACGT").write(tmp_path / f"{build}.bam")
        assert files.look(str(path)).build == build


def test_names_without_chr_are_taken(tmp_path):
    lengths = {name.removeprefix("chr"): length for name, length in GRCH37.items()}
    path = Reads(lengths).add("7", 500, "ACGT").write(tmp_path / "x.bam")
    opened = files.look(str(path))
    assert opened.names["chr7"] == "7"


def test_the_mitochondrion_of_hg19_is_left_out(tmp_path):
    path = Reads({"chrM": 16571, "chr1": GRCH37["chr1"]}).add("chr1", 5, "ACGT")
    opened = files.look(str(path.write(tmp_path / "x.bam")))
    assert "chrM" not in opened.names


def test_the_mitochondrion_alone_is_of_the_stated_build(tmp_path):
    path = str(Reads({"chrM": 16569}).add("chrM", 5, "ACGT").write(tmp_path / "x.bam"))
    assert files.look(path).build == "GRCh38"
    assert files.look(path, "GRCh37").build == "GRCh37"


def test_another_build_than_the_sheet_states_is_told(tmp_path, reads):
    path = str(reads.write(tmp_path / "x.bam"))
    with pytest.raises(WorkflowInputError, match="sheet says GRCh37, the contig lengths are GRCh3"):
        files.look(path, "GRCh37")


def test_contigs_of_no_build_are_told(tmp_path):
    path = str(Reads({"chr1": 5000}).add("chr1", 5, "ACGT").write(tmp_path / "x.bam"))
    with pytest.raises(WorkflowInputError, match="the build cannot be told"):
        files.look(path)


def test_an_unsorted_file_is_refused(tmp_path, reads):
    header = reads.header.to_dict()
    header["HD"]["SO"] = "queryname"
    with pysam.AlignmentFile(str(tmp_path / "x.bam"), "wb", header=header):
        pass
    with pytest.raises(WorkflowInputError, match="sort order 'queryname'; sort it by coordinate"):
        files.look(str(tmp_path / "x.bam"))


@pytest.mark.parametrize("content", [b"", b"no alignment at all\n"])
def test_what_is_no_alignment_is_refused(tmp_path, content):
    (tmp_path / "x.bam").write_bytes(content)
    with pytest.raises(WorkflowInputError, match="the header cannot be read"):
        files.look(str(tmp_path / "x.bam"))


def test_a_file_that_was_cut_is_refused(tmp_path, reads):
    path = reads.write(tmp_path / "x.bam")
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(WorkflowInputError, match="the header cannot be read"):
        files.look(str(path))


def test_a_missing_index_is_told(tmp_path, reads):
    path = reads.write(tmp_path / "x.bam")
    (tmp_path / "x.bam.bai").unlink()
    with pytest.raises(WorkflowInputError, match="no index beside the file"):
        files.look(str(path))


def test_alignments_of_another_build_than_the_run_are_told(tmp_path, reads):
    path = str(reads.write(tmp_path / "x.bam"))
    told = "the alignments are of GRCh38, and reference.build is GRCh37; align to GRCh37"
    with pytest.raises(WorkflowInputError, match=told.replace(".", r"\.")):
        files.look(path, build="GRCh37")
    assert files.look(path, build="GRCh38").build == "GRCh38"


def test_a_chromosome_of_neither_build_is_told(tmp_path):
    lengths = {"chr1": GRCH38["chr1"], "chr2": 5000}
    path = Reads(lengths).add("chr1", 5, "ACGT").write(tmp_path / "x.bam")
    with pytest.raises(WorkflowInputError, match="chr2 has 5000 bases, which is neither build"):
        files.look(str(path))


def test_a_file_is_found_by_its_index_wherever_that_lies(tmp_path, reads):
    path = reads.write(tmp_path / "x.bam")
    (tmp_path / "elsewhere").mkdir()
    index = (tmp_path / "x.bam.bai").rename(tmp_path / "elsewhere" / "other.bai")
    link = links.side_by_side([str(path), str(index)], tmp_path / "links")
    with files.opened(files.look(link)) as file:
        assert file.count("chr1", 1000, 1500) == len(reads.reads)
    assert link.endswith("links/x.bam")


def test_a_cram_is_unpacked_over_the_spans_that_are_wanted(tmp_path, reads):
    whole = "N" * 1000 + bases(500)
    lengths = {"chrM": 16569}
    reads = Reads(lengths).tile("chrM", 1001, bases(500), 20)
    bam = reads.write(tmp_path / "x.bam")
    fasta = tmp_path / "whole.fa"
    fasta.write_text(f">chrM\n{whole}{'N' * (16569 - len(whole))}\n")
    pysam.faidx(str(fasta))
    cram = tmp_path / "x.cram"
    pysam.view("-C", "-T", str(fasta), "-o", str(cram), str(bam), catch_stdout=False)
    pysam.index(str(cram))
    opened = files.look(str(cram), fasta=str(fasta))
    assert opened.is_cram
    unpacked = extraction.extract(opened, [("chrM", 1001, 1050)], tmp_path)
    assert not unpacked.is_cram
    with files.opened(unpacked) as file:
        count = file.count(until_eof=True)
    assert 0 < count < len(reads.reads)
