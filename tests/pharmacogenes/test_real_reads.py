"""CYP2D6 of public samples: variants made from the reads, then called beside them."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import pysam
import pytest
from pysam import bcftools
from read_builders import LENGTHS

from apothecary import schemas, tables
from apothecary.knowledge import build
from apothecary.pharmacogenes import pgx

GENE = "chr22:42126000-42132500"


@pytest.fixture(scope="module")
def pack(repository, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("pack")
    build.build(repository / "resources" / "knowledge", folder)
    return folder


@pytest.fixture(scope="module")
def chromosome(shared, tmp_path_factory) -> Path:
    """chr22 with the slices that are at hand, and N elsewhere."""
    bases = bytearray(b"N" * LENGTHS["GRCh38"]["chr22"])
    text = gzip.decompress((shared / "data/reference/grch38_slices.fa.gz").read_bytes()).decode()
    for record in text.split(">")[1:]:
        head, _, sequence = record.partition("\n")
        chrom, _, span = head.split()[0].partition(":")
        if chrom == "chr22":
            start, end = map(int, span.split("-"))
            bases[start - 1 : end] = sequence.replace("\n", "").encode()
    path = tmp_path_factory.mktemp("reference") / "chr22.fa"
    path.write_bytes(b">chr22\n" + bytes(bases) + b"\n")
    return path


@pytest.fixture
def called(shared, chromosome, pack, tmp_path):
    """Calls of a sample from variants that bcftools makes of its reads, with and without them."""

    def call(name: str, *, with_reads: bool, mode: str = "compatible"):
        reads = tmp_path / name
        if not reads.exists():
            shutil.copyfile(shared / "data/reads/cyp2d6" / name, reads)
            pysam.index(str(reads))
        piled, vcf = tmp_path / "piled.bcf", tmp_path / "calls.vcf.gz"
        wanted = ["-r", GENE, "-q", "20", "-a", "AD,DP", "-f", str(chromosome)]
        bcftools.mpileup(*wanted, "-Ob", "-o", str(piled), str(reads), catch_stdout=False)
        bcftools.call("-mv", "-Oz", "-o", str(vcf), str(piled), catch_stdout=False)
        options = pgx.PgxOptions(
            file=vcf,
            out=tmp_path / "out",
            pack=pack,
            mode=mode,
            call_cyp2d6=True,
            reads=reads if with_reads else None,
        )
        pgx.run_pgx(options)
        sites = tables.read_rows(options.out / "sites.parquet", schemas.SITES)
        rows = tables.read_rows(options.out / "diplotypes.parquet", schemas.DIPLOTYPES)
        return (
            [row for row in sites if row["gene"] == "CYP2D6"],
            [row["diplotype"] for row in rows if row["gene"] == "CYP2D6"],
        )

    return call


def _heterozygous(sites):
    return [row for row in sites if row["allele_1"] != row["allele_2"]]


@pytest.mark.shared
def test_long_reads_link_all_heterozygous_sites(called):
    """HG002, HiFi: 78 diplotypes fit the variants alone, two fit them beside the reads."""
    sites, before = called("HG002_target_capture.GRCh38.bam", with_reads=False)
    assert len(_heterozygous(sites)) == 5
    assert not any(row["phased"] for row in _heterozygous(sites))
    assert len(before) > 50
    sites, after = called("HG002_target_capture.GRCh38.bam", with_reads=True)
    assert {row["phase_set"] for row in _heterozygous(sites)} == {"reads:42127941"}
    assert min(row["phase_reads"] for row in _heterozygous(sites)) > 20
    covered = [row for row in sites if row["state_source"] == "reads"]
    assert len([row for row in covered if row["state"] == "reference"]) == 147
    assert "*2/*4" in after
    assert set(after) <= set(before)
    assert len(after) == 2


@pytest.mark.shared
def test_the_posterior_takes_the_phase_of_long_reads(called):
    _, after = called("HG002_target_capture.GRCh38.bam", with_reads=True, mode="posterior")
    assert after[0] == "*2/*4"


@pytest.mark.shared
def test_reads_of_one_haplotype_have_nothing_to_phase(called):
    """NA20129, HiFi, *4x2/*5: the file has no heterozygous site."""
    sites, _ = called("NA20129_wgs.GRCh38.bam", with_reads=True)
    assert _heterozygous(sites) == []
    assert {row["phase_source"] for row in sites} == {None}
    assert sum(row["state_source"] == "reads" for row in sites) == 152


@pytest.mark.shared
def test_short_reads_do_not_link_sites_that_one_fragment_spans(called):
    """HG03130, Illumina: three sites, 638 and 1,524 bases apart; one fragment spans two of them."""
    sites, after = called("HG03130.bam", with_reads=True)
    assert [row["pos"] for row in _heterozygous(sites)] == [42127608, 42129132, 42129770]
    assert not any(row["phased"] for row in _heterozygous(sites))
    covered = [row for row in sites if row["state_source"] == "reads"]
    assert [row["state"] for row in covered] == ["reference"] * 150
    assert after == ["*17/*29"]
