"""Bad VCF input: one test a row of the list of bad input, by its number."""

from __future__ import annotations

import os
import tracemalloc
from pathlib import Path

import pysam
import pytest
from variant_builders import (
    AT_POSITIONS,
    GRCH37,
    GRCH38,
    bgzip,
    counts,
    fates,
    first_record,
    gzipped,
    header,
    read_samples,
    read_text,
    reason,
    sample,
    vcf,
    write,
)

from apothecary.errors import WorkflowInputError
from apothecary.variants.reader import VariantFile
from apothecary.variants.regions import Position, Regions
from apothecary.variants.stream import BGZF_END

GOOD = "chr1 1000 rs1 A G 50 PASS . GT:DP:GQ 0/1:30:99"


def refused(folder: Path, text: str | bytes) -> str:
    """The reason for which a file is refused; it names the file."""
    said = reason(read_text(folder, text))
    assert said.startswith(str(folder / "input.vcf"))
    assert "\n" not in said
    return said


def refused_record(folder: Path, record: str) -> str:
    """The reason for which a file with one wrong record after a good one is refused."""
    text = vcf([GOOD, record])
    said = refused(folder, text)
    assert f", row {first_record(text) + 1}" in said
    return said


def test_row_01_empty_file(tmp_path):
    assert "the file is empty" in refused(tmp_path, "")


def test_row_02_no_header(tmp_path):
    assert "no VCF header" in refused(tmp_path, "chr1\t1\t.\tA\tC\t.\t.\t.\tGT\t0/1\n")


def test_row_03_truncated_line(tmp_path):
    assert "4 columns; 10 columns" in refused_record(tmp_path, "chr1 1001 . A")


def test_row_04_negative_position(tmp_path):
    assert "POS: POS is '-5'" in refused_record(tmp_path, "chr1 -5 . A C . . . GT 0/1")


def test_row_05_position_is_text(tmp_path):
    assert "POS: POS is 'abc'" in refused_record(tmp_path, "chr1 abc . A C . . . GT 0/1")


@pytest.mark.parametrize("pos", ["99999999999", "248956423", "0"])
def test_row_06_position_beyond_the_contig(tmp_path, pos):
    said = refused_record(tmp_path, f"chr1 {pos} . A C . . . GT 0/1")
    assert f"POS is {pos}; 'chr1' has positions 1 to 248956422" in said


def test_row_06_position_beyond_any_build_without_lengths(tmp_path):
    text = vcf(["chr1 249250622 . A C . . . GT 0/1"], lengths={})
    assert "has positions 1 to 249250621" in refused(tmp_path, text)


def test_row_07_contig_not_declared(tmp_path):
    text = vcf(["chr2 500 . C T . . . GT 0/1"], lengths={"chr1": 248956422})
    assert "contig 'chr2' is not declared" in refused(tmp_path, text)


def test_row_07_no_contig_declared_is_accepted(tmp_path):
    result = read_text(tmp_path, vcf([GOOD], lengths={}))
    assert fates(result) == [(1000, "G", "kept")]


def test_row_08_contig_lengths_of_another_build(tmp_path):
    text = vcf(["chr1 5000 . A C . . . GT 0/1"], lengths=GRCH37)
    said = reason(read_text(tmp_path, text, fields={"build": "GRCh38"}))
    assert "build mismatch: the sheet says GRCh38, the data are GRCh37" in said


def test_row_08_bases_and_lengths_contradict(tmp_path):
    said = reason(read_text(tmp_path, vcf([GOOD], lengths=GRCH37)))
    assert "build mismatch: the reference bases are GRCh38, the contig lengths GRCh37" in said


def test_row_09_mixed_chromosome_names(tmp_path):
    lengths = {"chr1": GRCH38["chr1"], "2": GRCH38["chr2"], "1": GRCH38["chr1"]}
    text = vcf([GOOD, "2 500 . C T . . . GT 0/1", "1 2000 . C T . . . GT 0/1"], lengths=lengths)
    result = read_text(tmp_path, text)
    assert [(r["chrom"], r["pos"], r["fate"]) for r in result.variants] == [
        ("chr1", 1000, "kept"),
        ("chr2", 500, "kept"),
        ("chr1", 2000, "kept"),
    ]
    assert "named both chr1 and 1" in result.outcomes[0]["reason"]


def test_row_10_undefined_info_is_ignored(tmp_path):
    result = read_text(tmp_path, vcf(["chr1 1000 . A G . PASS MADEUP=3;X GT 0/1"]))
    assert fates(result) == [(1000, "G", "kept")]


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ("chr1 1000 . A G . PASS DP=abc GT 0/1", "INFO DP is 'abc', not a number"),
        ("chr1 1000 . A G . PASS . GT:DP 0/1:abc", "FORMAT DP is 'abc', not a number"),
        ("chr1 1000 . A G . PASS . GT:AD 0/1:5,x", "FORMAT AD holds a value that is not a number"),
    ],
)
def test_row_11_depth_is_no_number(tmp_path, record, said):
    result = read_text(tmp_path, vcf([record]))
    assert fates(result) == [(1000, "G", "rejected")]
    assert result.variants[0]["reason"] == said
    assert counts(result) == {"rejected": 1}


@pytest.mark.parametrize("genotype", ["0/7", "7|0", "2"])
def test_row_12_genotype_beyond_the_alleles(tmp_path, genotype):
    said = refused_record(tmp_path, f"chr1 1001 . A C . . . GT {genotype}")
    assert f"GT: genotype {genotype} names an allele that the record has not" in said


def test_row_12_genotype_beyond_the_alleles_among_many_samples(tmp_path):
    text = vcf(["chr1 1000 . A G . . . GT 0/1 0/7"], samples=("S1", "S2"))
    result = read_samples([sample(write(tmp_path, text), "S2")], tmp_path)
    assert "genotype 0/7 names an allele" in reason(result)


def test_row_12_genotype_is_text(tmp_path):
    assert "genotype 'het'" in refused_record(tmp_path, "chr1 1001 . A C . . . GT het")


@pytest.mark.parametrize("depths", ["5", "5,6,7"])
def test_row_13_depths_of_another_number_of_alleles(tmp_path, depths):
    record = f"chr1 1000 . A G . PASS . GT:AD:DP:AF 0/1:{depths}:30:0.5"
    (row,) = read_text(tmp_path, vcf([record])).variants
    assert (row["fate"], row["depth"]) == ("kept", 30)
    assert row.get("alt_depth") is None
    assert row.get("vaf") is None
    assert "for 2 alleles and is taken as missing" in row["reason"]


@pytest.mark.parametrize("qual", ["nan", "inf", "-inf", "NaN"])
def test_row_14_quality_not_finite(tmp_path, qual):
    text = vcf([f"chr1 1000 . A G {qual} PASS . GT 0/1"])
    (row,) = read_text(tmp_path, text, min_qual=30, missing="pass").variants
    assert (row["fate"], row["qual"]) == ("filtered", None)
    assert row["reason"] == "QUAL is not a finite number"


def test_row_14_missing_quality_goes_by_the_configuration(tmp_path):
    text = vcf(["chr1 1000 . A G . PASS . GT 0/1"])
    assert fates(read_text(tmp_path, text, min_qual=30, missing="pass"))[0][2] == "kept"
    assert fates(read_text(tmp_path, text, min_qual=30, missing="fail"))[0][2] == "filtered"


def test_row_15_alternate_is_the_reference(tmp_path):
    said = refused_record(tmp_path, "chr1 1001 . A a . . . GT 0/1")
    assert "ALT 'a' is the same as REF" in said


@pytest.mark.parametrize("ref", ["Z", "A-", "<DEL>", "."])
def test_row_16_reference_is_no_base(tmp_path, ref):
    said = refused_record(tmp_path, f"chr1 1001 . {ref} C . . . GT 0/1")
    assert f"REF: REF {ref!r} is not spelled in bases" in said


def test_row_17_reference_is_not_that_of_the_fasta(tmp_path):
    fasta = write(tmp_path, ">chr1:1001-1010 gene\nACGTACGTAC\n", "slice.fa")
    text = vcf([GOOD, "chr1 1002 . C T . PASS . GT 0/1", "chr1 1003 . A T . PASS . GT 0/1"])
    result = read_text(tmp_path, text, fasta=fasta)
    assert fates(result) == [(1000, "G", "kept"), (1002, "T", "kept"), (1003, "T", "rejected")]
    (row,) = [r for r in result.variants if r["fate"] == "rejected"]
    assert "REF is not the reference sequence" in row["reason"]
    assert row["record"] == first_record(text) + 2
    assert "1 record rejected" in result.outcomes[0]["reason"]


def test_row_17_reference_is_not_that_of_the_definitions(tmp_path):
    result = read_text(tmp_path, vcf([GOOD, "chr1 2000 . G T . PASS . GT 0/1"]))
    assert (2000, "T", "rejected") in fates(result)


@pytest.mark.parametrize("alt", ["<img/src=x>", "<script>", "<=1+1>", "Q", "A,<%>"])
def test_row_18_unknown_symbolic_allele(tmp_path, alt):
    said = refused_record(tmp_path, f"chr1 1001 . C {alt} . . . GT 0/1")
    assert "neither bases nor a known symbolic allele" in said


def test_row_18_declared_symbolic_allele_is_not_read(tmp_path):
    extra = ['##ALT=<ID=INS:ME:OWN,Description="own">']
    result = read_text(tmp_path, vcf(["chr1 1000 . A <INS:ME:OWN> . PASS . GT 0/1"], extra=extra))
    assert fates(result) == [(1000, "<INS:ME:OWN>", "symbolic")]


def test_row_19_star_non_ref_and_dot(tmp_path):
    text = vcf(
        [
            GOOD,
            "chr1 2000 . C *,T . PASS . GT 1/2",
            "chr1 3000 . GAG <NON_REF> . PASS . GT 0/0",
            "chr2 500 . CAT . . PASS . GT 0/0",
            "chrX 700 . T C,<NON_REF> . PASS . GT 0/2",
        ]
    )
    result = read_text(tmp_path, text, AT_POSITIONS)
    assert fates(result) == [
        (500, ".", "reference"),
        (700, "<NON_REF>", "no_call"),
        (1000, "G", "kept"),
        (2000, "*", "symbolic"),
        (2000, "T", "kept"),
        (3000, ".", "reference"),
    ]


def test_row_20_duplicate_of_the_same_genotype(tmp_path):
    result = read_text(tmp_path, vcf([GOOD, GOOD]))
    assert fates(result) == [(1000, "G", "duplicate"), (1000, "G", "kept")]
    assert result.outcomes[0]["status"] == "warn"
    assert "1 record repeated an earlier one" in result.outcomes[0]["reason"]


def test_row_21_duplicate_of_another_genotype(tmp_path):
    result = read_text(tmp_path, vcf([GOOD, GOOD.replace("0/1", "1/1")]))
    assert fates(result) == [(1000, "G", "conflicting")] * 2
    assert "not called" in result.outcomes[0]["reason"]


def test_row_22_two_spellings_of_one_indel(tmp_path):
    records = [GOOD, "chr2 500 . C CAT . PASS . GT 0/1", "chr2 501 . A ATA . PASS . GT 0/1"]
    result = read_text(tmp_path, vcf(records), AT_POSITIONS)
    assert fates(result) == [(500, "CAT", "duplicate"), (500, "CAT", "kept"), (1000, "G", "kept")]
    (second,) = [r for r in result.variants if r["fate"] == "duplicate"]
    assert (second["input_pos"], second["input_ref"], second["input_alts"]) == (501, "A", "ATA")


def test_row_23_symbolic_allele_is_never_moved(tmp_path):
    fasta = write(tmp_path, ">chr1\n" + "A" * 60 + "\n", "chr1.fa")
    text = vcf(["chr1 50 . A <DEL> . PASS END=55 GT 0/1", "chr1 50 . AA A . PASS . GT 0/1"])
    result = read_text(tmp_path, text, fields={"build": "GRCh38"}, fasta=fasta)
    assert fates(result) == [(1, "A", "kept"), (50, "<DEL>", "symbolic")]


def test_row_24_splitting_makes_no_reference_genotype(tmp_path):
    text = vcf([GOOD, "chr1 2000 . C T,A . PASS . GT 0/1", "chrX 700 . T C,G . PASS . GT ./."])
    result = read_text(tmp_path, text, AT_POSITIONS)
    assert fates(result) == [(700, ".", "no_call"), (1000, "G", "kept"), (2000, "T", "kept")]
    (row,) = [r for r in result.variants if r["pos"] == 2000]
    assert (row["genotype"], row["input_alts"], row["allele_index"]) == ("0/1", "T,A", 1)


def test_row_25_unsorted_is_sorted(tmp_path):
    result = read_text(tmp_path, vcf(["chr1 2000 . C T . PASS . GT 0/1", GOOD]))
    assert fates(result) == [(1000, "G", "kept"), (2000, "T", "kept")]
    assert "1 record stood out of order" in result.outcomes[0]["reason"]


def test_row_26_windows_line_ends(tmp_path):
    result = read_text(tmp_path, vcf([GOOD]).replace("\n", "\r\n"))
    assert fates(result) == [(1000, "G", "kept")]


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b"\xff\xfe"])
def test_row_27_byte_order_mark(tmp_path, mark):
    said = refused(tmp_path, mark + vcf([GOOD]).encode())
    assert "row 1: the file begins with a byte-order mark (BOM); save it as UTF-8" in said


def test_row_28_nul_byte(tmp_path):
    assert "NUL byte" in refused_record(tmp_path, "chr1 1001 a\0b A C . . . GT 0/1")


def test_row_29_identifier_is_not_utf8(tmp_path):
    text = vcf([GOOD]).encode().replace(b"rs1", b"rs\xff\x1b1")
    (row,) = read_text(tmp_path, text).variants
    assert row["rsid"] == "rs��1"


def test_row_30_duplicate_sample_column(tmp_path):
    text = vcf(["chr1 1000 . A G . . . GT 0/1 0/1"], samples=("S1", "S1"))
    assert "sample column 'S1' stands twice" in refused(tmp_path, text)


def test_row_31_extra_columns(tmp_path):
    assert "11 columns; 10 columns" in refused_record(tmp_path, GOOD + " 0/1")


def test_row_32_spaces_for_tabs(tmp_path):
    text = vcf([GOOD]) + GOOD.replace("1000", "1001") + "\n"
    said = refused(tmp_path, text)
    assert "spaces between the columns; tabs are required" in said
    assert f"row {first_record(text) + 1}" in said


def test_row_32_spaces_in_the_header(tmp_path):
    text = vcf([GOOD]).replace("#CHROM\tPOS\tID", "#CHROM POS ID")
    assert "tabs are required" in refused(
        tmp_path,
        text.replace("\tREF", " REF").replace(
            "\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1", " ALT QUAL FILTER INFO FORMAT S1"
        ),
    )


def test_row_33_one_allele_on_an_autosome(tmp_path):
    (row,) = read_text(tmp_path, vcf(["chr1 1000 . A G . PASS . GT 1"])).variants
    assert (row["fate"], row["reason"]) == ("rejected", "one allele on an autosome")


@pytest.mark.parametrize(
    ("sex", "genotype", "fate"),
    [
        ("M", "1", "kept"),
        ("unknown", "1", "kept"),
        ("F", "1", "rejected"),
        ("F", "0/1", "kept"),
        ("M", "1/1", "kept"),
        ("M", "0/1", "no_call"),
    ],
)
def test_row_33_alleles_of_chromosome_x_by_sex(tmp_path, sex, genotype, fate):
    text = vcf([f"chrX 700 . T C . PASS . GT {genotype}"])
    assert fates(read_text(tmp_path, text, fields={"sex": sex})) == [(700, "C", fate)]


def test_row_33_one_allele_of_the_mitochondrion(tmp_path):
    text = vcf([GOOD, "chrM 1555 . A G . PASS . GT 1"])
    assert (1555, "G", "kept") in fates(read_text(tmp_path, text, fields={"sex": "F"}))


def test_row_34_three_alleles(tmp_path):
    (row,) = read_text(tmp_path, vcf(["chr1 1000 . A G . PASS . GT 0/1/1"])).variants
    assert (row["fate"], row["reason"]) == ("no_call", "the genotype has 3 alleles")


@pytest.mark.parametrize("fields", ["DP 30", "GT:DP .:30", "GT:DP ./.:30"])
def test_row_35_genotype_missing(tmp_path, fields):
    text = vcf([f"chr1 1000 . A G . PASS . {fields}"])
    (row,) = read_text(tmp_path, text, AT_POSITIONS).variants
    assert (row["alt"], row["fate"], row["reason"]) == (".", "no_call", "the genotype is missing")


def test_row_36_undefined_filter_fails(tmp_path):
    (row,) = read_text(tmp_path, vcf(["chr1 1000 . A G . madeup . GT 0/1"])).variants
    assert row["fate"] == "filtered"
    assert row["reason"] == "FILTER is madeup (madeup is not declared in the header)"


def test_row_37_no_end_marker(tmp_path):
    path = Path(bgzip(tmp_path, vcf([GOOD])))
    path.write_bytes(path.read_bytes().removesuffix(BGZF_END))
    said = reason(read_samples([sample(str(path))], tmp_path))
    assert "the BGZF end marker is missing, so the file was cut" in said


def test_row_38_half_a_file(tmp_path):
    path = Path(bgzip(tmp_path, vcf([GOOD] * 5000)))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert "end marker is missing" in reason(read_samples([sample(str(path))], tmp_path))
    path.write_bytes(whole[: len(whole) // 2] + BGZF_END)
    assert "BGZF block at byte" in reason(read_samples([sample(str(path))], tmp_path))


def test_row_39_corrupt_byte(tmp_path):
    path = Path(bgzip(tmp_path, vcf([GOOD] * 5000)))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)
    assert "BGZF block at byte" in reason(read_samples([sample(str(path))], tmp_path))


def test_row_39_corrupt_byte_of_plain_gzip(tmp_path):
    path = Path(gzipped(tmp_path, vcf([GOOD] * 5000)))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)
    assert "gzip data" in reason(read_samples([sample(str(path))], tmp_path))


def test_row_40_plain_text_named_gz(tmp_path):
    path = write(tmp_path, vcf([GOOD]), "input.vcf.gz")
    assert fates(read_samples([sample(path)], tmp_path)) == [(1000, "G", "kept")]


def test_row_41_plain_gzip(tmp_path):
    path = gzipped(tmp_path, vcf([GOOD]))
    before = Path(path).read_bytes()
    result = read_samples([sample(path)], tmp_path)
    assert fates(result) == [(1000, "G", "kept")]
    assert result.outcomes[0]["notes"] == ["the file is plain gzip; a bgzipped copy was read"]
    assert Path(path).read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["input.vcf.gz", "work"]


def test_row_42_stale_index(tmp_path):
    path = bgzip(tmp_path, vcf([GOOD]))
    pysam.tabix_index(path, preset="vcf", force=True)
    os.utime(path + ".tbi", (1, 1))
    result = read_samples([sample(path)], tmp_path)
    assert fates(result) == [(1000, "G", "kept")]
    assert "the index is older than its file" in result.outcomes[0]["reason"]


def test_row_42_index_of_another_file(tmp_path):
    path = bgzip(tmp_path, vcf([GOOD]))
    other = bgzip(tmp_path, vcf([GOOD, GOOD]), "other.vcf.gz")
    pysam.tabix_index(other, preset="vcf", force=True)
    result = read_samples([sample(path, index=other + ".tbi")], tmp_path)
    assert fates(result) == [(1000, "G", "kept")]
    assert "the index counts 2 records, the file holds 1" in result.outcomes[0]["reason"]


@pytest.mark.parametrize("names", [("A", "B"), ("s1",)])
def test_rows_43_and_44_sample_is_not_in_the_file(tmp_path, names):
    text = vcf(["chr1 1000 . A G . . . GT" + " 0/1" * len(names)], samples=names)
    said = refused(tmp_path, text)
    assert f"#CHROM: no sample 'S1'; the file holds {', '.join(names)}" in said


def test_row_44_sample_is_mapped(tmp_path):
    text = vcf([GOOD], samples=("LAB-17",))
    result = read_text(tmp_path, text, fields={"sample_in_file": "LAB-17"})
    assert [r["sample_id"] for r in result.variants] == ["S1"]


def test_row_45_reference_blocks(tmp_path):
    text = vcf(
        [
            "chr1 990 . T <NON_REF> . . END=1500 GT:DP:GQ:MIN_DP 0/0:40:60:33",
            "chr1 2000 . C T,<NON_REF> 90 . . GT:DP:GQ 0/1:30:99",
            "chr1 2001 . A <NON_REF> . . END=3001 GT:DP:GQ:MIN_DP 0/0:40:50:31",
            "chr1 3002 . G <NON_REF> . . END=3100 GT:DP:GQ:MIN_DP 0/0:40:45:28",
            "chr2 400 . G <NON_REF> . . END=501 GT:DP:GQ:MIN_DP 0/0:40:45:28",
        ],
        extra=["##GVCFBlock0-1=minGQ=0(inclusive),maxGQ=1(exclusive)"],
    )
    result = read_text(tmp_path, text, AT_POSITIONS, min_depth=10, min_gq=20)
    rows = {row["pos"]: row for row in result.variants}
    assert fates(result) == [
        (1000, ".", "reference"),
        (2000, "T", "kept"),
        (3000, ".", "reference"),
    ]
    assert (rows[1000]["depth"], rows[1000]["gq"], rows[1000]["block_end"]) == (33, 60, 1500)
    # GAG at 3000 lies over two blocks: the least of both counts. CAT at chr2:500 is half covered.
    assert (rows[3000]["ref"], rows[3000]["depth"], rows[3000]["gq"]) == ("GAG", 28, 45)
    assert counts(result) == {"kept": 1, "reference": 4}


def test_row_46_line_of_hundreds_of_megabytes(tmp_path):
    text = vcf(["chr1 1000 . A G . PASS . GT 0/1"]).replace("\tG\t", "\t" + "G" * 30_000_000 + "\t")
    path = bgzip(tmp_path, text)
    del text
    tracemalloc.start()
    with pytest.raises(WorkflowInputError, match="a line of more than"):
        list(VariantFile(path).blocks())
    assert tracemalloc.get_traced_memory()[1] < 12_000_000
    tracemalloc.stop()


def test_row_47_gzip_bomb(tmp_path):
    record = "chr1\t1000\t.\tA\tG\t.\tPASS\tX=" + "A" * 900_000 + "\tGT\t0/1\n"
    path = gzipped(tmp_path, vcf([]) + record * 60)
    said = reason(read_samples([sample(path)], tmp_path))
    assert "expands to more than 500 times its size" in said


def test_row_48_header_of_millions_of_lines(tmp_path):
    lines = [f"##contig=<ID=c{i}>" for i in range(200_001)]
    text = "\n".join([*header(extra=lines)]) + "\n"
    assert "more than 200000 header lines" in refused(tmp_path, text)


def test_row_49_phase_sets_are_kept_apart(tmp_path):
    text = vcf(["chr1 1000 . A G . PASS . GT:PS 0|1:10", "chr1 2000 . C T . PASS . GT:PS 0|1:2000"])
    rows = read_text(tmp_path, text).variants
    assert [(r["genotype"], r["phased"], r["phase_set"]) for r in rows] == [
        ("0|1", True, "10"),
        ("0|1", True, "2000"),
    ]


def test_row_50_failed_filter_is_present_but_failed(tmp_path):
    (row,) = read_text(tmp_path, vcf(["chr1 1000 . A G 9 lowq . GT 0/1"])).variants
    assert (row["alt"], row["fate"], row["reason"]) == ("G", "filtered", "FILTER is lowq")


def test_row_51_fraction_and_depths_contradict(tmp_path):
    (row,) = read_text(
        tmp_path, vcf(["chr1 1000 . A G . PASS . GT:AD:AF:DP 0/1:40,0:0.5:40"])
    ).variants
    assert row["fate"] == "filtered"
    assert "allele fraction 0.5 and the allele depths 0 of 40 contradict" in row["reason"]
    assert row.get("vaf") is None


def test_row_52_all_positions_absent(tmp_path):
    result = read_text(tmp_path, vcf(["chr5 5000 . A G . PASS . GT 0/1"]), AT_POSITIONS)
    assert result.variants == []
    assert counts(result) == {"outside": 1}


@pytest.mark.parametrize(
    "record",
    [
        "chr1 1000 . A . . PASS . GT:DP 0/0:2",
        "chr1 1000 . A G . PASS . GT:DP 0/0:2",
        "chr1 990 . A <NON_REF> . . END=1001 GT:DP:MIN_DP 0/0:9:2",
    ],
)
def test_row_53_reference_of_two_reads(tmp_path, record):
    (row,) = read_text(tmp_path, vcf([record]), AT_POSITIONS, min_depth=10).variants
    assert (row["pos"], row["alt"], row["fate"]) == (1000, ".", "no_call")
    assert row["reason"] == "depth 2 is below 10"


def test_row_54_contig_names_of_hla(tmp_path):
    lengths = {**GRCH38, "HLA-DQA1*05:03": 5000, "chrUn_KI270742v1": 186739}
    text = vcf(
        [GOOD, "HLA-DQA1*05:03 100 . A C . . . GT 0/1", "chrUn_KI270742v1 5 . A C . . . GT 1"],
        lengths=lengths,
    )
    result = read_text(tmp_path, text, {"GRCh38": Regions((Position("chr1", 1000, "A"),))})
    assert counts(result) == {"kept": 1, "outside": 2}
    assert "2 records on contigs that are no chromosome" in result.outcomes[0]["notes"]
