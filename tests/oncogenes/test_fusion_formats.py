"""Fusions of STAR-Fusion, Arriba and a VCF."""

from __future__ import annotations

from pathlib import Path

import pytest

from apothecary.errors import WorkflowInputError
from apothecary.oncogenes import fusions, junctions


def test_star_fusion(tmp_path: Path) -> None:
    path = tmp_path / "star.tsv"
    path.write_text(
        "#FusionName\tJunctionReadCount\tSpanningFragCount\tLeftGene\tLeftBreakpoint\tRightGene\t"
        "RightBreakpoint\tPROT_FUSION_TYPE\n"
        "EML4--ALK\t12\t5\tEML4^ENSG1\tchr2:42295554:+\tALK^ENSG2\tchr2:29223528:-\tINFRAME\n"
    )
    (row,) = fusions.read("T1", path)
    assert row == {
        "sample_id": "T1", "gene_5prime": "EML4", "gene_3prime": "ALK", "row": 2,
        "breakpoint_5prime": "chr2:42295554", "breakpoint_3prime": "chr2:29223528",
        "strand_5prime": "+", "strand_3prime": "-", "reads": 17, "frame": "in_frame",
        "caller": "star-fusion",
    }  # fmt: skip


def test_arriba(tmp_path: Path) -> None:
    path = tmp_path / "arriba.tsv"
    path.write_text(
        "#gene1\tgene2\tstrand1(gene/fusion)\tstrand2(gene/fusion)\tbreakpoint1\tbreakpoint2\t"
        "split_reads1\tsplit_reads2\tdiscordant_mates\treading_frame\n"
        "TMPRSS2\tERG\t-/-\t-/-\t21:41464551\t21:38366039\t3\t4\t5\tout-of-frame\n"
        "BCR\tABL1(100),NONE(5)\t+/+\t./+\t22:5\t9:7\t1\t0\t0\t.\n"
    )
    first, second = fusions.read("T1", path)
    assert (first["reads"], first["frame"], first["strand_5prime"]) == (12, "out_of_frame", "-")
    assert (second["gene_3prime"], second["frame"], second["strand_3prime"]) == (
        "ABL1", None, None,
    )  # fmt: skip


def test_a_count_that_is_none_is_told(tmp_path: Path) -> None:
    path = tmp_path / "star.tsv"
    path.write_text("#FusionName\tJunctionReadCount\nEML4--ALK\tmany\n")
    with pytest.raises(WorkflowInputError, match="row 2, JunctionReadCount: found 'many'"):
        fusions.read("T1", path)


GENES = [
    {"gene": gene, "chrom": chrom, "start": start, "end": end, "strand": strand}
    for gene, chrom, start, end, strand in (
        ("AAA", "chr1", 1000, 2000, "+"),
        ("BBB", "chr2", 1000, 2000, "+"),
        ("CCC", "chr2", 5000, 6000, "-"),
        ("DDD", "chr1", 5000, 6000, "+"),
    )
]
HEADER = (
    "##fileformat=VCFv4.2\n##contig=<ID=chr1>\n##contig=<ID=chr2>\n"
    '##INFO=<ID=SVTYPE,Number=1,Type=String,Description="t">\n'
    '##INFO=<ID=END,Number=1,Type=Integer,Description="e">\n'
    '##FILTER=<ID=low,Description="l">\n##ALT=<ID=DEL,Description="d">\n'
    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
)


def pairs(tmp_path: Path, *records: str) -> list[tuple[str, str]]:
    path = tmp_path / "sv.vcf"
    lines = "".join(record.replace(" ", "\t") + "\n" for record in records)
    path.write_text(HEADER + lines)
    found = junctions.read("T1", path, GENES)
    return [(row["gene_5prime"], row["gene_3prime"]) for row in found]


@pytest.mark.parametrize(
    ("alt", "expected"),
    [
        ("N[chr2:1500[", [("AAA", "BBB")]),
        ("]chr2:1500]N", [("BBB", "AAA")]),
        ("N]chr2:5500]", [("AAA", "CCC")]),
        ("N]chr2:1500]", []),
        ("N[chr2:5500[", []),
        ("[chr2:5500[N", [("CCC", "AAA")]),
    ],
)
def test_strand_and_orientation_tell_the_5_prime_gene(tmp_path, alt, expected):
    assert pairs(tmp_path, f"chr1 1500 . N {alt} . PASS SVTYPE=BND") == expected


def test_mates_count_once_and_what_failed_does_not(tmp_path: Path) -> None:
    found = pairs(
        tmp_path,
        "chr1 1500 a N N[chr2:1500[ . PASS SVTYPE=BND",
        "chr1 1600 c N N[chr2:1700[ . low SVTYPE=BND",
        "chr2 1500 b N ]chr1:1500]N . PASS SVTYPE=BND",
    )
    assert found == [("AAA", "BBB")]


def test_a_deletion_joins_the_genes_at_its_ends(tmp_path: Path) -> None:
    assert pairs(tmp_path, "chr1 1500 . N <DEL> . PASS SVTYPE=DEL;END=5500") == [("AAA", "DDD")]


def test_what_is_no_vcf_is_told(tmp_path: Path) -> None:
    path = tmp_path / "sv.vcf"
    path.write_text("nothing")
    with pytest.raises(WorkflowInputError, match="a VCF of structural variants"):
        junctions.read("T1", path, GENES)
