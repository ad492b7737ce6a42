"""What is read of a peer's run, and which samples it is given."""

from __future__ import annotations

import pypgx_peer
import pysam

HEAD = (
    "##fileformat=VCFv4.2\n##contig=<ID=chr1>\n"
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">\n'
)


def test_genotypes_and_refused_genes_are_told_apart(tmp_path):
    path = tmp_path / "genotypes.tsv"
    path.write_text(
        "sample\tgene\tgenotype\n"
        "S1\tCYP2C19\t*1/*2\n"
        "\tGSTM1\tValueError: the genotypes are not phased throughout\n"
        "S2\tCYP2C19\tIndeterminate\n"
    )
    genotypes, refused = pypgx_peer.parsed(path)
    assert genotypes == {("S1", "CYP2C19"): "*1/*2", ("S2", "CYP2C19"): "Indeterminate"}
    assert refused == {"GSTM1": "ValueError: the genotypes are not phased throughout"}


def test_a_file_is_cut_to_the_samples_wanted(tmp_path):
    plain = tmp_path / "all.vcf"
    columns = ("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT")
    line = ("chr1", "10", ".", "A", "G", ".", "PASS", ".", "GT", "0|1", "1|1", "0|0")
    plain.write_text(HEAD + "\t".join((*columns, "S1", "S2", "S3")) + "\n" + "\t".join(line) + "\n")
    own = tmp_path / "own.vcf.gz"
    pypgx_peer._subset(plain, ["S1", "S3"], own)
    with pysam.VariantFile(str(own)) as file:
        assert list(file.header.samples) == ["S1", "S3"]
        (record,) = file.fetch("chr1")
        assert [one["GT"] for one in record.samples.values()] == [(0, 1), (0, 0)]


def test_a_peer_that_is_not_there_is_not_run(tmp_path, capsys):
    assert not pypgx_peer.available(False, tmp_path)
    assert "not at hand" in capsys.readouterr().out
    interpreter = pypgx_peer.python(tmp_path)
    interpreter.parent.mkdir()
    interpreter.touch()
    assert pypgx_peer.available(False, tmp_path)
