"""Germline calls on fragments like those of a copy are marked, and stay."""

from __future__ import annotations

import pytest
from calling_builders import Reads, bases, fasta
from variant_builders import read_samples, sample

from apothecary.alignments import files
from apothecary.calling import copies
from apothecary.calling import files as written
from apothecary.calling.linkage import LinkageSettings
from apothecary.calling.pileup import ReadLimits
from apothecary.variants.reference import Fasta
from apothecary.variants.regions import EVERYTHING, Regions

START = 5001
TEXT = bases(500, 8)
COPY = (225, 250, 280)
OTHER = {"A": "C", "C": "A", "G": "T", "T": "G"}
SETTINGS = LinkageSettings(reach=100, share=0.8, fragments=4, differences=2)


def marked(folder, groups, offsets, permitted=EVERYTHING, genotype="0/1"):
    """What is told of heterozygous calls on groups of reads: number, differences and quality."""
    reads = Reads()
    for number, (count, changed, quality) in enumerate(groups):
        text = [OTHER[b] if at in changed else b for at, b in enumerate(TEXT)]
        for at in range(count):
            low = 130 + at * 3 % 90
            body = "".join(text[low : low + 150])
            name, reverse = f"g{number}r{at}", at % 2 == 1
            reads.add(
                "chr3", START + low, body, name=name, reverse=reverse, mapping_quality=quality
            )
    alignment = files.look(str(reads.write(folder / "reads.bam")))
    reference = Fasta(fasta(folder / "slices.fa", {("chr3", START): TEXT}), folder / "fasta")
    path = folder / "S1.g.vcf.gz"
    definitions = ['##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">']
    lines = [
        f"chr3\t{START + at}\t.\t{TEXT[at]}\t{OTHER[TEXT[at]]}\t50\t.\t.\tGT\t{genotype}\n"
        for at in offsets
    ]
    written.write(path, written.header(alignment, definitions, ["S1"]), lines)
    limits = ReadLimits(0, 20)
    copies.mark(path, alignment, reference, permitted, limits, SETTINGS, balanced=True)
    found = read_samples([sample(str(path), build="GRCh38", format="gvcf")], folder)
    return {row["pos"] - START: row for row in found.variants if row["alt"] != "."}


def test_calls_of_a_copy_are_kept_and_marked(tmp_path):
    rows = marked(tmp_path, [(40, (), 60), (40, COPY, 60)], COPY)
    for offset in COPY:
        row = rows[offset]
        assert (row["fate"], row["copy_places"]) == ("kept", 2)
        assert row["copy_signs"] == "linked_differences"
        assert "at 2 further places" in row["reason"]
        assert "several such places" in row["reason"]


def test_a_single_further_place_is_told_without_a_sign(tmp_path):
    row = marked(tmp_path, [(40, (), 60), (40, COPY[:2], 60)], COPY[:1])[COPY[0]]
    assert (row["fate"], row["copy_places"], row.get("copy_signs")) == ("kept", 1, None)
    assert "at 1 further place," in row["reason"]


@pytest.mark.parametrize(
    ("own", "quality", "sign"), [(16, 60, "allele_balance"), (40, 20, "mapping_quality")]
)
def test_balance_and_mapping_are_signs(tmp_path, own, quality, sign):
    row = marked(tmp_path, [(64, (), 60), (own, COPY[:2], quality)], COPY[:1])[COPY[0]]
    assert row["copy_signs"] == sign


@pytest.mark.parametrize(
    ("groups", "genotype"),
    [
        ([(40, (), 60), (16, COPY[:1], 20)], "0/1"),
        ([(40, COPY, 60)], "1/1"),
        ([(40, (280,), 60), (40, (225,), 60), (40, (), 60)], "0/1"),
    ],
    ids=["alone, unbalanced, badly mapped", "homozygous", "on other haplotypes"],
)
def test_other_calls_are_not_marked(tmp_path, groups, genotype):
    row = marked(tmp_path, groups, COPY[:1], genotype=genotype)[COPY[0]]
    assert row.get("copy_places") is None
    assert row["reason"] is None


def test_places_that_may_not_be_read_do_not_count(tmp_path):
    opened = Regions(genes=(("chr3", START + 200, START + 260),))
    row = marked(tmp_path, [(40, (), 60), (40, COPY, 60)], COPY[:1], opened)[COPY[0]]
    assert row["copy_places"] == 1
