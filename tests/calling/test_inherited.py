"""What the normal of a tumor carries is taken out of files that know nothing of consent."""

from __future__ import annotations

import numpy as np
import pysam
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apothecary.calling import files, inherited
from apothecary.calling.support import Support
from apothecary.variants.reader import VariantFile
from apothecary.variants.regions import EVERYTHING, Regions

NOTHING = Regions()
HEAD = [
    "##fileformat=VCFv4.2",
    "##contig=<ID=chr17,length=83257441>",
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="g">',
    '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="d">',
    "\t".join(["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", "T", "N"]),
]


def line(pos, normal, form="GT:AD"):
    return "\t".join(("chr17", str(pos), ".", "C", "T", ".", ".", ".", form, "0/1:50,50", normal))


def positions(path):
    with pysam.VariantFile(str(path)) as opened:
        return [record.pos for record in opened]


def withheld(folder, lines, permitted=NOTHING):
    path = folder / "calls.vcf.gz"
    files.write(path, HEAD, [text + "\n" for text in lines])
    inherited.withhold(path, "N", permitted, 0.2)
    return path


@pytest.mark.parametrize(
    ("normal", "stays"),
    [
        ("0/1:30,30", False),
        ("1|0:30,30", False),
        # A caller of somatic changes gives its normal no genotype but the reference.
        ("0/0:30,30", False),
        ("0/0:100,4", True),
        ("0/0:3,1", True),
        ("0/0:60,0", True),
        ("./.:.", True),
    ],
)
def test_an_allele_of_the_normal_is_taken_out(tmp_path, normal, stays):
    path = withheld(tmp_path, [line(100, "0/0:60,0"), line(200, normal)])
    assert positions(path) == ([100, 200] if stays else [100])
    assert VariantFile(str(path), shown_as=str(path)).header.withheld == (0 if stays else 1)


def test_where_the_person_agreed_all_stays(tmp_path):
    lines = [line(100, "0/1:30,30"), line(7_674_000, "0/1:30,30")]
    gene = Regions(genes=(("chr17", 7_668_402, 7_687_538),))
    assert positions(withheld(tmp_path, lines, gene)) == [7_674_000]
    assert positions(withheld(tmp_path, lines, EVERYTHING)) == [100, 7_674_000]


@given(st.integers(1, 500), st.integers(1, 500))
def test_a_heterozygote_is_carried_whatever_the_depth(depth, most):
    reads = np.arange(max(1, depth // 2))
    normal = Support(depth, np.arange(0), reads, reads, 0.001, 30.0)
    assert inherited.carried(normal, 0.2)
    few = Support(1000, np.arange(0), reads[: max(1, min(len(reads), 100, most))], reads, 0.001, 30)
    assert not inherited.carried(few, 0.2)


def evidence(pos, **values):
    row = {"chrom": "chr17", "pos": pos, "input_pos": pos, "ref": "C", "alt": "T", "reason": None}
    return {**row, "alt_depth": 0, "p_value": 1.0, "vaf_high": 0.01, **values}


def test_known_variants_that_the_normal_carries_are_told_with_consent_only():
    rows = [evidence(7_674_000), evidence(7_674_100)]
    shown = {"alt_depth": 20, "p_value": 1e-40, "vaf_high": 0.6}
    normal = [evidence(7_674_000, **shown), evidence(7_674_100, **{**shown, "vaf_high": 0.1})]
    assert inherited.told_hotspots(rows, normal, NOTHING, 0.01, 0.2) == rows[1:]
    told = inherited.told_hotspots(rows, normal, EVERYTHING, 0.01, 0.2)
    assert [row["reason"] for row in told] == ["the normal carries it: inherited", None]
