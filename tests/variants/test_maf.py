"""MAF of tumors."""

from __future__ import annotations

import pytest
from variant_builders import counts, read_samples, read_text, reason, sample, write

COLUMNS = [
    "Hugo_Symbol", "NCBI_Build", "Chromosome", "Start_Position", "Variant_Classification",
    "Reference_Allele", "Tumor_Seq_Allele1", "Tumor_Seq_Allele2", "Tumor_Sample_Barcode",
    "HGVSp_Short", "Transcript_ID", "t_depth", "t_ref_count", "t_alt_count",
]  # fmt: skip
BRAF = "BRAF 38 7 140753336 Missense_Mutation A A T S1 p.V600E ENST1 100 60 40"
TUMOR = {"role": "tumor", "format": "maf"}


def maf(*lines: str, columns: list[str] = COLUMNS) -> str:
    rows = ["\t".join(columns), *("\t".join(line.split(" ")) for line in lines)]
    return "\n".join(["#version 2.4", *rows]) + "\n"


def test_substitution(tmp_path):
    result = read_text(tmp_path, maf(BRAF), fields=TUMOR, min_depth=20)
    (row,) = result.variants
    assert (row["chrom"], row["pos"], row["ref"], row["alt"], row["build"], row["fate"]) == (
        "chr7", 140753336, "A", "T", "GRCh38", "kept",
    )  # fmt: skip
    assert (row["depth"], row["ref_depth"], row["alt_depth"], row["vaf"]) == (100, 60, 40, 0.4)
    assert row["record"] == 3
    kind, names, values = row["annotation"].split(":")
    assert kind == "MAF"
    assert dict(zip(names.split("|"), values.split("|"), strict=True))["HGVSp_Short"] == "p.V600E"
    assert counts(result) == {"kept": 1}


def test_indels_get_the_base_before(tmp_path):
    fasta = write(tmp_path, ">1:101-110\nCCGATGTACC\n", "slice.fa")
    text = maf(
        "X 38 1 104 Frame_Shift_Del A A - S1 . . 90 60 30",
        "X 38 1 105 In_Frame_Ins - - TTT S1 . . 90 60 30",
    )
    rows = read_text(tmp_path, text, fields=TUMOR, fasta=fasta).variants
    # The deleted base stands after G; the insertion stands after T at 105 and moves to the left.
    assert [(r["pos"], r["ref"], r["alt"], r["fate"]) for r in rows] == [
        (103, "GA", "G", "kept"),
        (104, "A", "ATTT", "kept"),
    ]


def test_unanchored_indel_without_reference(tmp_path):
    text = maf(
        "X 38 1 104 Intron A A - S1 . . 90 60 30",
        "NPM1 38 5 171410539 Frame_Shift_Ins - - TCTG S1 p.W288fs ENST1 90 60 30",
        "FLT3 38 13 28034100 Splice_Site - - CAAAC S1 . ENST1 90 60 30",
    )
    first, second, third = read_text(tmp_path, text, fields=TUMOR).variants
    assert (first["fate"], second["fate"], third["fate"]) == ("rejected", "kept", "kept")
    assert first["reason"] == second["reason"] == third["reason"]
    assert "without the base before it" in first["reason"]
    assert (second["ref"], second["alt"]) == ("-", "TCTG")


def test_duplicates_thresholds_and_wrong_bases(tmp_path):
    text = maf(
        BRAF,
        BRAF,
        BRAF.replace("140753336", "140753337").replace("100 60 40", "100 98 2"),
        BRAF.replace("A A T", "A A A"),
        BRAF.replace("38 7", "38 GL000193.1"),
    )
    result = read_text(tmp_path, text, fields=TUMOR, min_alt_depth=4)
    assert counts(result) == {
        "kept": 1, "duplicate": 1, "filtered": 1, "rejected": 1, "outside": 1,
    }  # fmt: skip


def test_percent_column_of_fractions(tmp_path):
    columns = [*COLUMNS[:11], "i_TumorVAF_WU"]
    lines = [f"X 37 1 {pos} Intron A A T S1 . . {vaf}" for pos, vaf in ((10, "45.66"), (20, "0.8"))]
    rows = read_text(tmp_path, maf(*lines, columns=columns), fields=TUMOR).variants
    assert [r["vaf"] for r in rows] == pytest.approx([0.4566, 0.008])


@pytest.mark.parametrize(
    ("text", "fields", "said"),
    [
        (maf(BRAF), {**TUMOR, "sample_in_file": "S9"}, "no line of sample 'S9'"),
        (maf(BRAF), {**TUMOR, "build": "GRCh37"}, "build mismatch: the sheet says GRCh37"),
        (maf(BRAF.replace(" 38 ", " mm10 ")), TUMOR, "row 3, NCBI_Build: 'mm10'"),
        (maf(BRAF, BRAF.replace(" 38 ", " 37 ")), TUMOR, "two builds"),
        (maf(BRAF.replace(" 38 ", " . ")), TUMOR, "the build cannot be told"),
        (maf(BRAF.replace("140753336", "-1")), TUMOR, "row 3, Start_Position: '-1'"),
        (maf(BRAF + " extra"), TUMOR, "row 3: 15 columns; 14 columns"),
        (maf(BRAF).replace("Tumor_Seq_Allele2", "Allele"), TUMOR, "no column Tumor_Seq_Allele2"),
        (maf(BRAF), {"format": "maf", "role": "germline"}, "the sample is germline"),
    ],
)
def test_refused(tmp_path, text, fields, said):
    assert said in reason(read_text(tmp_path, text, fields=fields))


def test_samples_of_a_cohort_are_told_apart(tmp_path):
    path = write(tmp_path, maf(BRAF, BRAF.replace(" S1 ", " S2 ")), "cohort.maf")
    samples = [sample(path, name, **TUMOR) for name in ("S1", "S2", "S3")]
    result = read_samples(samples, tmp_path)
    assert [r["sample_id"] for r in result.variants] == ["S1", "S2"]
    assert [o["status"] for o in result.outcomes] == ["ok", "ok", "failed"]
