"""Reads of both alleles, genotypes, and what becomes of them in later runs."""

from __future__ import annotations

import pytest
from alignment_builders import GRCH38, Read, alleles_of, qc_settings, reads_of, sample, write_bam
from hypothesis import given
from hypothesis import strategies as st

from apothecary import tables
from apothecary.alignments import files
from apothecary.errors import ResourceError
from apothecary.qc import fingerprints, schemas, snps
from apothecary.qc.snps import Snp
from apothecary.variants.regions import EVERYTHING, Regions

SNP = Snp("rs1", "chr1", 1000, "A", "G", {"AFR": (5, 10), "EUR": (30, 30)})
COUNTING = fingerprints.Counting.from_config(qc_settings()["identity"])
LENGTHS = {"chr1": GRCH38["chr1"]}


def counted(tmp_path, reads, snp=SNP, lengths=LENGTHS):
    bam = write_bam(tmp_path / "a.bam", reads, lengths=lengths)
    file = files.look(str(bam))
    return fingerprints.count(file, [snp], COUNTING)


def test_bases_at_the_snp_are_counted(tmp_path):
    (row,) = counted(tmp_path, reads_of(SNP, "AAAAAGGGGGT"))
    assert (row["count_1"], row["count_2"], row["count_other"]) == (5, 5, 1)
    assert row["genotype"] == 1


def test_reads_that_do_not_count_are_left_out(tmp_path):
    good = reads_of(SNP, "GG")
    start = good[0].start0
    bad = [Read("chr1", start, good[0].bases, flag=flag) for flag in (0x100, 0x200, 0x400)]
    bad += [Read("chr1", start, good[0].bases, mapping_quality=10)]
    bad += [Read("chr1", start, good[0].bases, base_quality=10)]
    bad += [Read("chr1", start, "A" * 40, cigar="15M9D25M")]
    (row,) = counted(tmp_path, [*good, *bad])
    assert (row["count_1"], row["count_2"], row["count_other"]) == (0, 2, 0)
    assert row["genotype"] is None


def test_mates_that_overlap_count_once(tmp_path):
    bases = reads_of(SNP, "G")[0].bases
    start = SNP.pos - 1 - 20
    reads = [
        Read("chr1", start, bases, flag=0x63, mate_start0=start, name="p"),
        Read("chr1", start, bases, flag=0x93, mate_start0=start, name="p"),
    ]
    (row,) = counted(tmp_path, reads)
    assert row["count_1"] + row["count_2"] == 1


def test_a_snp_without_reads_has_counts_of_zero(tmp_path):
    (row,) = counted(tmp_path, [])
    assert (row["count_1"], row["count_2"], row["genotype"]) == (0, 0, None)


def test_a_snp_of_a_chromosome_that_the_file_lacks_has_no_row(tmp_path):
    other = Snp("rs2", "chr2", 5, "A", "G", {})
    assert counted(tmp_path, reads_of(SNP, "A"), other) == []


@given(st.integers(0, 2), st.integers(COUNTING.min_depth, 500))
def test_reads_without_error_give_the_genotype(copies, depth):
    alleles = alleles_of(SNP, copies, depth)
    assert fingerprints.genotype(alleles.count("A"), alleles.count("G"), COUNTING) == copies


@given(st.integers(0, 300), st.integers(0, 300))
def test_a_genotype_does_not_depend_on_which_allele_is_first(first, second):
    one = fingerprints.genotype(first, second, COUNTING)
    other = fingerprints.genotype(second, first, COUNTING)
    assert one == (None if other is None else 2 - other)


def test_reads_between_two_genotypes_give_none():
    assert fingerprints.genotype(17, 100, COUNTING) is None


def test_the_last_table_counts_for_a_sample_that_is_in_two(tmp_path):
    paths = []
    for name, first in (("a", 9), ("b", 0)):
        (row,) = counted(tmp_path, reads_of(SNP, "A" * first + "G" * 9))
        rows = fingerprints.of_sample(sample(), [row])
        paths.append(tmp_path / f"{name}.parquet")
        tables.write(paths[-1], schemas.FINGERPRINTS, rows)
    assert fingerprints.read(paths)["S1"][0]["count_1"] == 0


def test_a_kept_table_that_is_none_is_refused(tmp_path):
    (tmp_path / "x.parquet").write_text("x")
    with pytest.raises(ResourceError, match="not a readable Parquet file"):
        fingerprints.read([tmp_path / "x.parquet"])


def test_snps_where_consent_is_lacking_are_not_looked_at():
    assert snps.consented([SNP], Regions(withheld=(("chr1", 900, 1100),))) == []
    assert snps.consented([SNP], Regions(withheld=(("chr1", 1, 999),))) == [SNP]
    assert snps.consented([SNP], EVERYTHING) == [SNP]


def test_frequencies_leave_unseen_alleles_possible():
    assert SNP.frequency("EUR") == pytest.approx(30.5 / 31)
    assert SNP.frequency() == pytest.approx(35.5 / 41)
