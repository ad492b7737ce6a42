"""Depths and allele fractions, as callers write them."""

from __future__ import annotations

import pytest
from variant_builders import read_text, vcf

from apothecary.errors import WorkflowInputError
from apothecary.variants import conventions, header

TAGS = {
    "RD": "1", "FREQ": "1", "AO": "A", "RO": "1", "NR": ".", "NV": ".", "TAR": "2", "TIR": "2",
    "AU": "2", "CU": "2", "GU": "2", "TU": "2", "DPT": "1", "ADT": ".",
}  # fmt: skip


def declared(*tags: str) -> list[str]:
    return [f'##FORMAT=<ID={t},Number={TAGS[t]},Type=String,Description="x">' for t in tags]


@pytest.mark.parametrize(
    ("tags", "alleles", "values", "expected"),
    [
        ((), "A G", "GT:AD:DP 0/1:30,10:41", (41, 30, 10, 0.25)),
        ((), "A G", "GT:AD 0/1:30,10", (40, 30, 10, 0.25)),
        ((), "A G", "GT:DP:AF 0/1:41:0.2", (41, None, None, 0.2)),
        (("RD", "FREQ"), "A G", "GT:DP:RD:AD:FREQ 0/1:41:30:10:25%", (41, 30, 10, 0.25)),
        (("RD", "FREQ"), "TA T", "GT:DP:RD:AD:FREQ 0/1:25:0:14:56%", (25, 0, 14, 0.56)),
        (("AO", "RO"), "A G", "GT:DP:AO:RO 0/1:40:10:30", (40, 30, 10, 0.25)),
        (("NR", "NV"), "A G", "GT:NR:NV 0/1:40:10", (40, 30, 10, 0.25)),
        (("TAR", "TIR"), "A AG", "DP:TAR:TIR 40:30,30:10,10", (40, 30, 10, 0.25)),
        (
            ("AU", "CU", "GU", "TU"),
            "A G",
            "DP:AU:CU:GU:TU 40:30,31:0,0:10,11:0,0",
            (40, 30, 10, 0.25),
        ),
        (("DPT", "ADT"), "A G", "GT:DPT:ADT 0/1:41:30,10", (41, 30, 10, 0.25)),
    ],
)
def test_callers(tmp_path, tags, alleles, values, expected):
    text = vcf([f"chr1 1000 . {alleles} . PASS . {values}"], extra=declared(*tags))
    (row,) = read_text(tmp_path, text, fields={"role": "tumor"}).variants
    assert row["fate"] == "kept"
    found = (row["depth"], row["ref_depth"], row.get("alt_depth"), row.get("vaf"))
    assert found == pytest.approx(expected)


def test_info_of_a_file_without_samples(tmp_path):
    extra = [f'##INFO=<ID={t},Number=.,Type=Float,Description="x">' for t in ("TVAF", "TDP")]
    text = vcf(["chr1 1000 . A G . PASS TVAF=0.3;TDP=50"], samples=(), extra=extra)
    (row,) = read_text(tmp_path, text, fields={"role": "tumor"}).variants
    assert (row["fate"], row["genotype"], row["depth"], row["vaf"]) == ("kept", ".", 50, 0.3)


def test_info_depth_counts_for_a_sole_sample_only(tmp_path):
    (row,) = read_text(tmp_path, vcf(["chr1 1000 . A G . PASS DP=30 GT 0/1"])).variants
    assert row["depth"] == 30
    two = vcf(["chr1 1000 . A G . PASS DP=60 GT 0/1 0/0"], samples=("S1", "S2"))
    (row,) = read_text(tmp_path, two).variants
    assert row["depth"] is None


def test_multiallelic_takes_the_depth_of_its_allele(tmp_path):
    text = vcf(["chr1 1000 . A G,T . PASS . GT:AD 1/2:1,30,9"])
    rows = read_text(tmp_path, text).variants
    assert [(r["alt"], r["alt_depth"], r["vaf"]) for r in rows] == [
        ("G", 30, 0.75),
        ("T", 9, 0.225),
    ]


def test_user_mapping_goes_first():
    head = header.parse("x", (line.encode() for line in vcf([]).splitlines()))
    chosen = conventions.of_header(head, {"vaf": "INFO/MYVAF"})
    assert (chosen[0].level, chosen[0].tag, chosen[0].form) == ("INFO", "MYVAF", "each_alt")
    with pytest.raises(WorkflowInputError, match="one of depth, allele_depths, vaf"):
        conventions.of_header(head, {"purity": "INFO/X"})


def test_tumor_thresholds(tmp_path):
    text = vcf(["chr1 1000 . A G . PASS . GT:AD 0/1:97,3"])
    (row,) = read_text(
        tmp_path, text, fields={"role": "tumor"}, min_vaf=0.05, min_alt_depth=4, min_depth=20
    ).variants
    assert row["fate"] == "filtered"
    assert row["reason"] == (
        "allele fraction 0.03 is below 0.05; depth of the alternate allele 3 is below 4"
    )


def test_annotation_and_population_frequency(tmp_path):
    extra = [
        '##INFO=<ID=CSQ,Number=.,Type=String,Description="Consequence annotations from Ensembl '
        'VEP. Format: Allele|Consequence|SYMBOL|MAX_AF">',
        '##INFO=<ID=gnomAD_AF,Number=A,Type=Float,Description="x">',
    ]
    info = "CSQ=G|missense_variant|GENE|0.2,T|stop_gained|GENE|0.001;gnomAD_AF=0.1,0.002"
    rows = read_text(
        tmp_path, vcf([f"chr1 1000 . A G,T . PASS {info} GT 1/2"], extra=extra)
    ).variants
    assert [(r["annotation"], r["population_af"]) for r in rows] == [
        ("CSQ:Allele|Consequence|SYMBOL|MAX_AF:G|missense_variant|GENE|0.2", 0.2),
        ("CSQ:Allele|Consequence|SYMBOL|MAX_AF:T|stop_gained|GENE|0.001", 0.002),
    ]


def test_vep_names_indels_without_the_first_base(tmp_path):
    extra = ['##INFO=<ID=CSQ,Number=.,Type=String,Description="x Format: Allele|Consequence">']
    text = vcf(["chr1 3000 . GAG G,GAGT . PASS CSQ=-|del,AGT|ins GT 1/2"], extra=extra)
    rows = read_text(tmp_path, text).variants
    assert [r["annotation"].split(":")[-1] for r in rows] == ["-|del", "AGT|ins"]


def test_snpeff(tmp_path):
    extra = ['##INFO=<ID=ANN,Number=.,Type=String,Description="x">']
    text = vcf(["chr1 1000 . A G . PASS ANN=G|missense_variant|,T|x GT 0/1"], extra=extra)
    assert read_text(tmp_path, text).variants[0]["annotation"] == "ANN::G|missense_variant|"


def test_physical_phasing_of_gatk(tmp_path):
    extra = [f'##FORMAT=<ID={t},Number=1,Type=String,Description="x">' for t in ("PGT", "PID")]
    text = vcf(["chr1 1000 . A G . PASS . GT:PGT:PID 0/1:1|0:990_A_C"], extra=extra)
    (row,) = read_text(tmp_path, text).variants
    assert (row["genotype"], row["phased"], row["phase_set"]) == ("1|0", True, "990_A_C")
