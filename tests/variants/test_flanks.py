"""Bases around a substitution, as a MAF or a VCF carries them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from variant_builders import read_text

from apothecary.variants import flanks

TUMOR = {"role": "tumor", "format": "maf"}
MAF = (
    "Hugo_Symbol\tNCBI_Build\tChromosome\tStart_Position\tReference_Allele\tTumor_Seq_Allele2\t"
    "Tumor_Sample_Barcode\tHGVSp_Short\t{column}\n"
    "BRAF\t38\t7\t140753336\tA\t{alt}\tS1\tp.V600E\t{text}\n"
)
VCF = (
    "##fileformat=VCFv4.2\n##contig=<ID=chr7,length=159345973>\n"
    '##INFO=<ID={key},Number=1,Type=String,Description="local reference bases.">\n'
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">\n'
    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1\n"
    "chr7\t140753336\t.\tA\t{alt}\t50\tPASS\t{key}={text}\tGT\t0/1\n"
)


@pytest.mark.parametrize("column", ["CONTEXT", "ref_context"])
def test_a_maf_gives_them(tmp_path: Path, column: str) -> None:
    text = MAF.format(column=column, alt="T", text="ctaccatatct")
    (row,) = read_text(tmp_path, text, fields=TUMOR).variants
    assert row["flanks"] == "CAT"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GATTTCACTGT", None),  # the middle base is not the reference base
        ("GATTTAACTG", None),  # no middle
        ("GATTTACCTGT", "TAC"),
        ("A", None),
        ("TAN", None),
        ("", None),
    ],
)
def test_bases_that_do_not_fit_are_not_taken(tmp_path: Path, text: str, expected: str | None):
    made = MAF.format(column="CONTEXT", alt="T", text=text)
    assert read_text(tmp_path, made, fields=TUMOR).variants[0]["flanks"] == expected


def test_a_deletion_of_a_maf_has_none(tmp_path: Path) -> None:
    made = MAF.format(column="CONTEXT", alt="-", text="GATTTACCTGT")
    assert read_text(tmp_path, made, fields=TUMOR).variants[0]["flanks"] is None


@pytest.mark.parametrize(
    ("key", "alt", "expected"),
    [
        ("REF_BASES", "T", ["CAG"]),
        ("CONTEXT", "T,G", ["CAG"]),
        ("REF_BASES", "AT", [None]),
        ("SOME_BASES", "T", [None]),
    ],
)
def test_a_vcf_gives_them(tmp_path: Path, key: str, alt: str, expected: list[str | None]) -> None:
    text = VCF.format(key=key, alt=alt, text="TCAGT")
    rows = read_text(tmp_path, text, fields={"role": "tumor"}).variants
    assert [row.get("flanks") for row in rows if row["allele_index"] > 0] == expected


@given(
    before=st.text("ACGT", min_size=1, max_size=12),
    ref=st.sampled_from("ACGT"),
    data=st.data(),
)
def test_only_what_has_the_reference_base_in_the_middle_is_taken(
    before: str, ref: str, data: st.DataObject
) -> None:
    after = data.draw(st.text("ACGT", min_size=1, max_size=12))
    text = before + ref + after
    found = flanks.given({"CONTEXT": text}, ("CONTEXT",), ref, "T" if ref != "T" else "A")
    if len(before) == len(after):
        assert found == before[-1] + ref + after[0]
    else:
        middle = text[len(text) // 2] if len(text) % 2 else ""
        assert (found is not None) == (middle == ref)
