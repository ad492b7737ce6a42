from __future__ import annotations

import gzip

import pytest
from calling_builders import Reads, bases, fasta, simulate

from apothecary.alignments import files
from apothecary.calling import germline, gvcf
from apothecary.calling.germline import ForcedPosition, GermlineSettings
from apothecary.calling.simulation import Change
from apothecary.errors import WorkflowInputError
from apothecary.variants import read
from apothecary.variants.builds import KnownSite
from apothecary.variants.reference import Fasta
from apothecary.variants.regions import Position, Regions

START = 20_000_001
LEFT, RIGHT = bases(699, 3) + "G", bases(700, 4)
REPEAT = "TA" * 6
TEXT = LEFT + REPEAT + RIGHT
AT = START + len(LEFT) - 1
"""1-based base before the repeat."""


def base_at(pos: int, length: int = 1) -> str:
    return TEXT[pos - START : pos - START + length]


def other(base: str) -> str:
    return "ACGT"[("ACGT".index(base) + 1) % 4]


SNV = ForcedPosition("chr2", START + 400, base_at(START + 400), (other(base_at(START + 400)),))
DELETED = ForcedPosition("chr2", START + 300, base_at(START + 300, 4), (base_at(START + 300),))
BEFORE = base_at(START + 900)
# Its last base is not the one before it, so that it is spelled as far to the left as it can be.
INSERTED = ForcedPosition("chr2", START + 900, BEFORE, (BEFORE + "GATTAC" + other(BEFORE),))
UNIT = ForcedPosition(
    "chr2", AT, base_at(AT, 3), (base_at(AT), base_at(AT, 3) + "TA", base_at(AT, 3) + "TATA")
)
FORCED = (SNV, DELETED, INSERTED, UNIT)
SLICES = {("chr2", START): TEXT}


def call(tmp_path, bam, forced=FORCED, spans=(), sex="F"):
    folder = tmp_path / "work"
    folder.mkdir()
    alignment = files.look(str(bam))
    reference = Fasta(fasta(tmp_path / "slices.fa", SLICES), tmp_path / "fasta")
    settings = GermlineSettings()
    called = germline.call(alignment, reference, forced, spans, sex, settings, folder)
    return alignment, called


def rows_of(tmp_path, alignment, called):
    """The rows that the reader of variants makes of the gVCF."""
    path = tmp_path / "S1.g.vcf.gz"
    germline.write(path, called, alignment, "S1")
    positions = tuple(Position(p.chrom, p.pos, p.ref, p.indel) for p in FORCED)
    sample = {
        "sample_id": "S1",
        "input": str(path),
        "index": str(path) + ".tbi",
        "format": "gvcf",
        "build": "GRCh38",
        "role": "germline",
        "assay": "genome",
        "sex": "F",
        "sample_in_file": "S1",
    }
    thresholds = {"default": {"min_depth": 10, "min_gq": 20, "missing": "fail"}}
    config = {
        "variants": {"thresholds": dict.fromkeys(("germline", "tumor", "normal"), thresholds)},
        "reference": {"fasta": ""},
    }
    sites = [KnownSite(p.chrom, {"GRCh38": (p.pos, p.ref)}, frozenset(p.alts)) for p in FORCED]
    asked = {"S1": {"GRCh38": Regions(positions), "GRCh37": Regions()}}
    found = read.read_variants([sample], asked, sites, config, tmp_path / "reading")
    assert [outcome["status"] for outcome in found.outcomes] != ["failed"], found.outcomes
    return {(row["pos"], row["ref"], row["alt"]): row for row in found.variants}


def test_reference_is_seen_at_every_position(tmp_path):
    bam = simulate([{}, {}], SLICES, tmp_path, "S1", depth=40)
    rows = rows_of(tmp_path, *call(tmp_path, bam))
    assert {row["fate"] for row in rows.values()} == {"reference"}
    for position in FORCED:
        row = rows[position.pos, position.ref, "."]
        assert row["depth"] >= 10
        assert row["gq"] >= 20


@pytest.mark.parametrize(
    ("position", "alt"),
    [(position, alt) for position in FORCED for alt in position.alts],
)
@pytest.mark.parametrize("copies", [1, 2])
def test_each_allele_of_the_definitions_is_called(tmp_path, position, alt, copies):
    carrying = {("chr2", START): [Change(position.pos, position.ref, alt)]}
    haplotypes = [carrying, carrying if copies == 2 else {}]
    bam = simulate(haplotypes, SLICES, tmp_path, "S1", depth=60)
    rows = rows_of(tmp_path, *call(tmp_path, bam))
    found = {key: row for key, row in rows.items() if row["fate"] == "kept"}
    assert len(found) == 1, rows
    (row,) = found.values()
    # The same change, whatever its spelling: put into the reference, it gives the same bases.
    offset = row["pos"] - START
    changed = TEXT[:offset] + row["alt"] + TEXT[offset + len(row["ref"]) :]
    expected = TEXT[: position.pos - START] + alt + TEXT[position.end + 1 - START :]
    assert changed == expected
    assert row["genotype"] == ("1/1" if copies == 2 else "0/1")


def test_without_reads_a_position_is_not_assessed(tmp_path):
    text = LEFT[:450]
    bam = Reads().tile("chr2", START, text, 40).write(tmp_path / "x.bam")
    rows = rows_of(tmp_path, *call(tmp_path, bam))
    assert {key[0] for key in rows} == {SNV.pos, DELETED.pos}


def test_reads_that_end_within_a_repeat_do_not_show_its_length(tmp_path):
    reads = Reads()
    for at in range(60):
        # These end in the middle of the repeat, or start there.
        reads.add("chr2", AT - 90, TEXT[AT - 90 - START : AT + 6 - START], name=f"l{at}")
        reads.add("chr2", AT + 6, TEXT[AT + 6 - START : AT + 90 - START], name=f"r{at}")
    alignment, called = call(tmp_path, reads.write(tmp_path / "x.bam"), [UNIT])
    assert any(r.alt == "<NON_REF>" and r.values["DP"] == "60" for r in called.records)
    assert [r.values["DP"] for r in called.records if r.info == "SPAN"] == ["0"]
    rows = rows_of(tmp_path, alignment, called)
    assert rows[UNIT.pos, UNIT.ref, "."]["fate"] == "no_call"


def test_the_file_has_the_same_bytes_twice_and_an_index(tmp_path):
    bam = simulate([{}, {}], SLICES, tmp_path, "S1", depth=20)
    alignment, called = call(tmp_path, bam)
    for name in ("a", "b"):
        germline.write(tmp_path / name / "S1.g.vcf.gz", called, alignment, "S1")
    first, second = ((tmp_path / name / "S1.g.vcf.gz").read_bytes() for name in ("a", "b"))
    assert first == second
    assert (tmp_path / "a" / "S1.g.vcf.gz.tbi").is_file()
    text = gzip.decompress(first).decode()
    assert str(tmp_path) not in text
    assert "bcftools" not in text


def test_bases_of_a_target_are_joined_to_blocks_but_not_positions(tmp_path):
    bam = simulate([{}, {}], SLICES, tmp_path, "S1", depth=60)
    span = ("chr2", START + 350, START + 450)
    _, called = call(tmp_path, bam, [SNV], [span])
    ends = {r.pos: int(r.info.removeprefix("END=")) for r in called.records}
    assert ends[SNV.pos] == SNV.pos
    assert len(ends) < 30
    covered = {pos for start, end in ends.items() for pos in range(start, end + 1)}
    assert covered == set(range(span[1], span[2] + 1))


def test_a_male_has_one_allele_on_x(tmp_path, monkeypatch):
    slices = {("chrX", START): TEXT}
    pos = START + 400
    changed = {("chrX", START): [Change(pos, base_at(pos), other(base_at(pos)))]}
    bam = simulate([changed], slices, tmp_path, "S1", depth=30)
    alignment = files.look(str(bam))
    reference = Fasta(fasta(tmp_path / "x.fa", slices), tmp_path / "fasta")
    position = ForcedPosition("chrX", pos, base_at(pos), (other(base_at(pos)),))
    for sex, genotype in (("M", "1"), ("F", "1/1"), ("unknown", "1/1")):
        folder = tmp_path / sex
        folder.mkdir()
        called = germline.call(
            alignment, reference, [position], [], sex, GermlineSettings(), folder
        )
        assert [r.values["GT"] for r in called.records] == [genotype]


def test_what_the_reference_lacks_is_told(tmp_path):
    bam = simulate([{}, {}], SLICES, tmp_path, "S1", depth=20)
    far = ForcedPosition("chr5", 1000, "A", ("C",))
    _, called = call(tmp_path, bam, [SNV, far])
    assert called.without_reference == [("chr5", 1000, 1000)]
    assert {r.chrom for r in called.records} == {"chr2"}


def test_a_reference_without_any_target_is_an_error(tmp_path):
    bam = simulate([{}, {}], SLICES, tmp_path, "S1", depth=5)
    with pytest.raises(WorkflowInputError, match="the reference sequence knows none of the"):
        call(tmp_path, bam, [ForcedPosition("chr5", 1000, "A", ("C",))])


def test_positions_of_both_builds():
    row = {"chrom": "chr1", "pos": 10, "ref": "A", "alts": ["C"], "pos_grch37": 7}
    rows = [
        {**row, "ref_grch37": "A"},
        {**row, "alts": ["G"], "ref_grch37": "A"},
        {**row, "pos": 20, "pos_grch37": None, "ref_grch37": None},
        {**row, "pos": 30, "pos_grch37": 27, "ref_grch37": "C"},
    ]
    assert germline.forced_positions(rows, "GRCh37") == [
        ForcedPosition("chr1", 7, "A", ("C", "G")),
        ForcedPosition("chr1", 27, "C", ()),
    ]
    assert [p.pos for p in germline.forced_positions(rows, "GRCh38")] == [10, 20, 30]


@pytest.mark.parametrize(
    ("genotype", "likelihoods", "told"),
    [
        ("0", [0, 90, 255, 80, 255, 200, 70, 255, 255, 255], "0,200"),
        ("0/0", [0, 90, 255, 80, 255, 200, 70, 255, 240, 255], "0,70,200"),
        ("0/0", [5, 30, 255], "0,25,250"),
    ],
)
def test_reference_is_held_against_any_other_allele(genotype, likelihoods, told):
    assert gvcf.against_any_other(likelihoods, genotype) == told


def test_a_deep_position_at_which_reads_show_every_base_is_reference(tmp_path):
    """One read in a hundred shows each of the other bases, as errors do in deep panels."""
    text = bases(400, 9)
    reads = Reads()
    for number in range(1200):
        shown = "ACGT"[number // 12 % 4] if number % 12 == 0 else text[200]
        reads.add("chr1", 5151, text[150:200] + shown + text[201:250], reverse=number % 2 == 1)
    alignment = files.look(str(reads.write(tmp_path / "x.bam")))
    reference = Fasta(fasta(tmp_path / "x.fa", {("chr1", 5001): text}), tmp_path / "fasta")
    forced = [ForcedPosition("chr1", 5201, text[200], ("ACGT"["ACGT".index(text[200]) - 1],))]
    (tmp_path / "work").mkdir()
    called = germline.call(
        alignment, reference, forced, [], "F", GermlineSettings(), tmp_path / "work"
    )
    (record,) = called.records
    assert (record.values["GT"], record.alt) == ("0/0", "<NON_REF>")
    assert int(record.values["GQ"]) > 90
    assert len(record.values["PL"].split(",")) == 3
