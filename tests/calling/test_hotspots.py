from __future__ import annotations

import random

import pytest
from calling_builders import GRCH37, Reads, bases

from apothecary import schemas, tables
from apothecary.alignments import files
from apothecary.calling import hotspots
from apothecary.calling.error_rates import NoiseSettings
from apothecary.calling.hotspots import HotspotSettings
from apothecary.calling.linkage import LinkageSettings
from apothecary.calling.pileup import ReadLimits
from apothecary.calling.statistics import Detection
from apothecary.knowledge.placement import Placement
from apothecary.variants.reference import KnownBases
from apothecary.variants.regions import Position

START = 5001
TEXT = bases(300, 11)
COPIES = LinkageSettings(reach=100, share=0.8, fragments=4, differences=2)
SETTINGS = HotspotSettings(ReadLimits(), NoiseSettings(), Detection(1e-6, 3, 0.95), COPIES, 20)


def other(base, by=1):
    return "ACGT"[("ACGT".index(base) + by) % 4]


def known(offset, ref=None, alt=None, **values):
    ref = ref or TEXT[offset]
    row = {"chrom": "chr1", "pos": START + offset, "ref": ref, "alt": alt or other(ref)}
    return {**row, "gene": "GENE", "protein_change": "V1E", **values}


def genotype(tmp_path, reads, rows, covered=None, build="GRCh38", chain="", reference=None):
    path = reads.write(tmp_path / "x.bam")
    alignment = files.look(str(path))
    assert alignment.build == build
    sites = hotspots.hotspots(rows, Placement(alignment.build, chain))
    found = hotspots.genotype(alignment, sites, covered, reference, SETTINGS, "T")
    tables.to_arrow(schemas.HOTSPOT_EVIDENCE, found)
    return found


def carrying(changes, depth, number, lengths=None, errors=0.0005, shift=0):
    """Reads of which the first `number` carry a change given as (offset, bases)."""
    dice = random.Random(3)
    reads = Reads(lengths)
    for at in range(depth):
        text = list(TEXT)
        if at < number:
            for offset, alt in changes:
                text[offset] = alt
        for place in range(len(text)):
            if dice.random() < errors:
                text[place] = other(text[place], dice.choice((1, 2, 3)))
        reads.add("chr1", START + shift, "".join(text), reverse=at % 2 == 1)
    return reads


def test_a_change_is_found_with_its_counts(tmp_path):
    row = known(150)
    reads = carrying([(150, row["alt"])], 400, 40, errors=0)
    (found,) = genotype(tmp_path, reads, [row])
    assert (found["status"], found["depth"], found["alt_depth"]) == ("found", 400, 40)
    assert found["vaf"] == pytest.approx(0.1)
    assert found["vaf_low"] < 0.1 < found["vaf_high"]
    assert (found["alt_forward"], found["alt_reverse"]) == (20, 20)
    assert (found["ref_forward"], found["ref_reverse"]) == (180, 180)
    assert found["read_position"] == 149
    assert found["p_value"] < 1e-20


def test_what_is_not_found_has_a_limit_that_falls_with_depth(tmp_path):
    limits = []
    for depth in (50, 200, 800):
        folder = tmp_path / str(depth)
        folder.mkdir()
        (found,) = genotype(folder, carrying([], depth, 0), [known(150)])
        assert found["status"] == "not found"
        limits.append(found["detection_limit"])
    assert limits[0] > limits[1] > limits[2] > 0


def test_shallow_sites_and_missing_contigs_are_not_assessable(tmp_path):
    rows = [known(150), known(20, chrom="chr9", pos=77)]
    found = genotype(tmp_path, carrying([], 19, 0), rows)
    assert {row["status"] for row in found} == {"not assessable"}
    assert {row["reason"] for row in found} == {"depth 19 is below 20", "depth 0 is below 20"}
    assert all(row.get("detection_limit") is None for row in found)


def test_few_reads_are_not_found_and_told(tmp_path):
    row = known(150)
    found = genotype(tmp_path, carrying([(150, row["alt"])], 400, 2, errors=0), [row])
    assert found[0]["status"] == "not found"
    assert found[0]["reason"].startswith("seen in 2, below ")


def test_errors_alone_are_found_nowhere(tmp_path):
    rows = [known(offset, alt=other(TEXT[offset], by)) for offset in range(300) for by in (1, 2, 3)]
    found = genotype(tmp_path, carrying([], 1000, 0, errors=0.002), rows)
    assert {row["status"] for row in found} == {"not found"}
    assert len(found) == 900


def test_the_limit_holds(tmp_path):
    """At the limit told without the change, the change is found in nearly all of the samples."""
    depth = 500
    (empty,) = genotype(tmp_path, carrying([], depth, 0), [known(150)])
    dice = random.Random(5)
    found = 0
    for trial in range(40):
        number = sum(dice.random() < empty["detection_limit"] for _ in range(depth))
        folder = tmp_path / str(trial)
        folder.mkdir()
        reads = carrying([(150, other(TEXT[150]))], depth, number)
        found += genotype(folder, reads, [known(150)])[0]["status"] == "found"
    assert found >= 34


def test_a_change_of_neighbouring_bases_must_be_on_one_fragment(tmp_path):
    first, second = other(TEXT[150]), other(TEXT[151])
    row = known(150, TEXT[150:152], first + second)
    (found,) = genotype(tmp_path, carrying([(150, first), (151, second)], 200, 30, errors=0), [row])
    assert (found["status"], found["alt_depth"], found["depth"]) == ("found", 30, 200)
    apart = carrying([(150, first)], 200, 30, errors=0)
    for read in apart.reads[100:130]:
        text = list(read.query_sequence)
        text[151] = second
        qualities = read.query_qualities
        read.query_sequence = "".join(text)
        read.query_qualities = qualities
    folder = tmp_path / "apart"
    folder.mkdir()
    (found,) = genotype(folder, apart, [row])
    assert (found["status"], found["alt_depth"]) == ("not found", 0)


def test_an_insertion_is_counted_over_the_fragments_that_reach_across(tmp_path):
    row = known(150, TEXT[150], TEXT[150] + "GATTAC" + other(TEXT[150]))
    reads = Reads()
    for at in range(100):
        if at < 20:
            text = TEXT[:151] + row["alt"][1:] + TEXT[151:]
            reads.add("chr1", START, text, f"151M7I{300 - 151}M", reverse=at % 2 == 1)
        else:
            reads.add("chr1", START, TEXT, reverse=at % 2 == 1)
    reads.add("chr1", START, TEXT[:151])
    (found,) = genotype(tmp_path, reads, [row])
    assert (found["status"], found["alt_depth"], found["depth"]) == ("found", 20, 100)


def test_a_change_that_deletes_and_inserts_is_not_assessable(tmp_path):
    row = known(150, TEXT[150:155], other(TEXT[150]) + other(TEXT[154]))
    (found,) = genotype(tmp_path, carrying([], 100, 0), [row])
    assert found["status"] == "not assessable"
    assert "both deletes and inserts" in found["reason"]


def test_only_sites_within_the_targets(tmp_path):
    rows = [known(100), known(200)]
    found = genotype(tmp_path, carrying([], 100, 0), rows, [("chr1", START + 150, START + 250)])
    assert [row["pos"] for row in found] == [START + 200]


def test_grch37_goes_by_the_lift_and_is_not_assessable_without(tmp_path):
    row = known(150)
    reads = carrying([(150, row["alt"])], 200, 50, GRCH37, errors=0, shift=-1000)
    chain = tmp_path / "to38.chain"
    places = (START - 1001, START - 1, START - 1, START + 999)
    chain.write_text("chain 1 chr1 {2} + {0} {1} chr1 {3} + {2} {3} 1\n1000\n".format(*places))
    (found,) = genotype(tmp_path, reads, [row], build="GRCh37", chain=chain)
    assert (found["status"], found["pos"], found["input_pos"]) == (
        "found",
        START + 150,
        START - 850,
    )
    other = KnownBases([Position("chr1", START - 850, "ACGT"["ACGT".index(row["ref"]) - 1])])
    (found,) = genotype(tmp_path, reads, [row], build="GRCh37", chain=chain, reference=other)
    assert found["status"] == "not assessable"
    assert found["reason"].startswith("its reference bases in GRCh37 are ")
    (found,) = genotype(tmp_path, reads, [row], build="GRCh37")
    assert (found["status"], found["input_pos"]) == ("not assessable", None)
    assert found["reason"] == "its coordinate in GRCh37 is not known"


def test_names_of_one_change_are_put_together():
    rows = [known(150), known(150, protein_change="V2E"), known(151, ref="-", alt="A")]
    (site,) = hotspots.hotspots(rows, Placement())
    assert site.protein_changes == ("V1E", "V2E")
