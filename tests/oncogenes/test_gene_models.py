from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from oncogene_builders import GENOME, MINUS_START, PLUS_START, START, base, write_models

from apothecary.errors import ResourceError
from apothecary.oncogenes import gene_models
from apothecary.oncogenes.gene_models import Reference, TranscriptIndex, read_gff


def test_ensembl_models(tmp_path: Path) -> None:
    _, gff = write_models(tmp_path)
    plus, minus = read_gff(gff)
    assert (plus.name, plus.gene, plus.chrom, plus.strand) == ("TPLUS.1", "PLUS", "chr7", "+")
    assert plus.start == PLUS_START
    assert plus.exon_of(plus.start, plus.start) == "1/2"
    assert plus.exon_of(plus.end, plus.end) == "2/2"
    assert plus.exon_of(plus.exons[0][1] + 1, plus.exons[0][1] + 1) is None
    assert minus.start == MINUS_START
    assert minus.exon_of(minus.start, minus.start) == "2/2"
    assert sum(e - s + 1 for s, e, _ in plus.cds) == sum(e - s + 1 for s, e, _ in minus.cds) == 72


def test_refseq_models(tmp_path: Path) -> None:
    lines = [
        "##gff-version 3",
        "NC_000007.14\tRefSeq\tgene\t100\t200\t.\t-\t.\tID=gene-TOY;Name=TOY;gene_biotype=protein_coding",
        "NC_000007.14\tRefSeq\tmRNA\t100\t200\t.\t-\t.\tID=rna-NM_1.2;Parent=gene-TOY;Name=NM_1.2;gene=TOY;transcript_id=NM_1.2",
        "NC_000007.14\tRefSeq\texon\t100\t200\t.\t-\t.\tID=exon-NM_1.2-1;Parent=rna-NM_1.2",
        "NC_000007.14\tRefSeq\tCDS\t110\t190\t.\t-\t0\tID=cds-NP_1.1;Parent=rna-NM_1.2",
        "NC_000024.10\tRefSeq\tregion\t1\t5\t.\t+\t.\tID=x",
    ]
    path = tmp_path / "r.gff.gz"
    path.write_bytes(gzip.compress("\n".join(lines).encode()))
    (transcript,) = read_gff(path)
    assert (transcript.name, transcript.gene, transcript.chrom) == ("NM_1.2", "TOY", "chr7")
    assert (transcript.biotype, transcript.cds) == ("protein_coding", ((110, 190, 0),))


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "no transcript"), ("chr7\t1\t2\n", "3 fields"), ("##FASTA\n>x\n", "no transcript")],
)
def test_other_files_are_refused(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "g.gff"
    path.write_text(text)
    with pytest.raises(ResourceError, match=words):
        read_gff(path)


def test_an_absent_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ResourceError, match="cannot be read"):
        read_gff(tmp_path / "absent.gff")
    with pytest.raises(ResourceError, match="cannot be read"):
        Reference(tmp_path / "absent.fa")


def test_slices_are_read_by_their_place(tmp_path: Path) -> None:
    fasta, _ = write_models(tmp_path)
    reference = Reference(fasta)
    assert reference.bases("chr7", PLUS_START, PLUS_START + 3) == base(PLUS_START, 4)
    assert reference.holds("chr7", START, START + len(GENOME) - 1)
    assert not reference.holds("chr7", START - 1, START)
    assert reference.bases("chr8", 1, 2) == ""
    assert reference.padded("chr7", START - 2, START + 1) == "NN" + GENOME[:2]


@pytest.mark.parametrize("title", [">7 some words", ">chr7", ">NC_000007.14 Homo sapiens"])
def test_whole_chromosomes_of_any_name(tmp_path: Path, title: str) -> None:
    path = tmp_path / "g.fa"
    path.write_text(f"{title}\nacgtacgt\n")
    assert Reference(path).bases("chr7", 2, 4) == "CGT"


def test_an_indexed_file_is_read_in_place(tmp_path: Path) -> None:
    import pysam

    path = tmp_path / "g.fa"
    path.write_text(">7\nACGTACGT\n")
    pysam.faidx(str(path))
    assert Reference(path).bases("chr7", 2, 4) == "CGT"


def test_a_slice_whose_name_and_length_differ_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "g.fa"
    path.write_text(">chr7:1-10 TOY\nACGT\n")
    with pytest.raises(ResourceError, match="has 4 bases"):
        Reference(path)


def test_a_large_file_is_indexed_in_the_work_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gene_models, "IN_MEMORY_BYTES", 4)
    given, work = tmp_path / "given", tmp_path / "work"
    given.mkdir()
    work.mkdir()
    path = given / "g.fa"
    path.write_text(">7\nACGTACGT\n")
    assert Reference(path, work).bases("chr7", 2, 4) == "CGT"
    assert [p.name for p in given.iterdir()] == ["g.fa"]
    path.write_bytes(gzip.compress(path.read_bytes()))
    with pytest.raises(ResourceError, match="compressed with bgzip"):
        Reference(path, work)


def test_transcripts_are_found_by_place(tmp_path: Path) -> None:
    _, gff = write_models(tmp_path)
    plus, minus = read_gff(gff)
    index = TranscriptIndex([plus, minus])
    assert index.overlapping("chr7", 1, plus.start - 1) == []
    assert index.overlapping("chr7", 1, plus.start) == [plus]
    assert index.overlapping("chr7", plus.end, minus.start) == [plus, minus]
    assert index.overlapping("chr8", plus.start, plus.end) == []
