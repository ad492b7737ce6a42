"""A person who agreed to the analysis of a tumor alone: what the normal carries is in no file."""

from __future__ import annotations

import csv
from pathlib import Path

import launcher
import pytest
from launcher import REPOSITORY, run
from read_builders import Read, sequence, write_reads
from run_texts import texts
from variant_builders import vcf

from apothecary import schemas, tables

pytestmark = pytest.mark.end_to_end
FIRST, LENGTH = 7_673_001, 2000
# A gene of both germline lists. R273H is inherited here and R248Q is not; the third is no known
# variant and is inherited as well.
INHERITED, SOMATIC, UNKNOWN = 7_673_802, 7_674_220, 7_674_031
BASES = {INHERITED: ("C", "T"), SOMATIC: ("C", "T"), UNKNOWN: ("A", "G")}
RUN = 7_673_201
"""First base of a homopolymer, in an intron of the gene."""
GIVEN = ("T1.bam", "T1.bam.bai", "N1.bam", "N1.bam.bai", "pair.vcf")


def _known() -> dict[int, str]:
    path = REPOSITORY / "resources" / "knowledge" / "known_variants.tsv"
    found = {pos - FIRST + 1: ref for pos, (ref, _) in BASES.items()}
    found |= {RUN - FIRST + 1 + at: "A" for at in range(12)}
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream, delimiter="\t"):
            place = int(row["pos"]) - FIRST + 1
            if row["chrom"] == "chr17" and 1 <= place <= LENGTH - len(row["ref"]):
                found |= {place + at: base for at, base in enumerate(row["ref"])}
    return found


def _reads(depth: int, changes: dict[int, float]) -> list[Read]:
    """Reads of 100 bases over the slice; each change is on its share of them, from the first on."""
    found = []
    for number in range(depth * LENGTH // 100):
        start = FIRST + number * 37 % (LENGTH - 100)
        carried = {pos: BASES[pos] for pos, share in changes.items() if (number % 20) < share * 20}
        flag = 16 * (number // 20 % 2)
        found.append(Read(f"r{number}", start, start + 99, carried, chrom="chr17", flag=flag))
    return found


def _write(folder: Path, scopes: tuple[str, ...]) -> None:
    bases = sequence(LENGTH, _known(), seed=5)
    (folder / "ref.fa").write_text(f">chr17:{FIRST}-{FIRST + LENGTH - 1} TP53\n{bases}\n")
    inherited = {INHERITED: 0.5, UNKNOWN: 0.5}
    for name, depth, changes in (
        ("T1", 300, {**inherited, SOMATIC: 0.2}),
        ("N1", 60, inherited),
    ):
        reads = _reads(depth, changes)
        write_reads(folder / f"{name}.bam", reads, {"chr17": (FIRST, bases)}, samples=(name,))
    records = [
        f"chr17 {INHERITED} . C T 50 PASS . GT:DP:AD 0/1:300:150,150 0/1:60:30,30",
        f"chr17 {UNKNOWN} . A G 50 germline . GT:DP:AD 0/1:300:150,150 0/0:60:30,30",
        f"chr17 {SOMATIC} . C T 50 PASS . GT:DP:AD 0/1:300:240,60 0/0:60:60,0",
    ]
    (folder / "pair.vcf").write_text(vcf(records, samples=("T2", "N2")))
    rows = [
        "sample_id\tsubject_id\trole\tassay\tinput\tformat\ttumor_type",
        "T1\tP1\ttumor\tpanel\tT1.bam\tbam\tCOAD",
        "N1\tP1\tnormal\tpanel\tN1.bam\tbam\t",
        "T2\tP2\ttumor\tpanel\tpair.vcf\tvcf\tCOAD",
        "N2\tP2\tnormal\tpanel\tpair.vcf\tvcf\t",
    ]
    (folder / "samples.tsv").write_text("\n".join(rows) + "\n")
    granted = [f"{p}\t{scope}\tyes\n" for p in ("P1", "P2") for scope in scopes]
    (folder / "consent.tsv").write_text("subject_id\tscope\tdecision\n" + "".join(granted))
    (folder / "targets.bed").write_text(f"chr17\t{FIRST + 100}\t{FIRST + LENGTH - 200}\n")
    (folder / "config.yaml").write_text(
        "samples: samples.tsv\nconsent: consent.tsv\nreference: {fasta: ref.fa}\n"
        "calling: {targets: targets.bed}\nqc: {targets: targets.bed}\n"
        "reports: {views: [statements, variants]}\n"
    )


def _run(folder: Path, scopes: tuple[str, ...]) -> Path:
    _write(folder, scopes)
    run(folder, timeout=300)
    return folder


@pytest.fixture(scope="module")
def tumor_only(tmp_path_factory) -> Path:
    return _run(tmp_path_factory.mktemp("tumor"), ("tumor",))


@pytest.fixture(scope="module")
def with_germline(tmp_path_factory) -> Path:
    return _run(tmp_path_factory.mktemp("both"), ("tumor", "germline"))


def rows(folder: Path, name: str) -> list[dict]:
    return launcher.rows(folder / "out", name)


def test_without_consent_to_germline_what_the_normal_carries_is_in_no_file(tumor_only):
    leaks = {
        str(path.relative_to(tumor_only))
        for path, text in texts(tumor_only, GIVEN)
        if str(UNKNOWN) in text or "R273H" in text
    }
    assert leaks == set()
    places = {(row["pos"], row["ref"], row["alt"]) for row in rows(tumor_only, "hotspot_evidence")}
    assert (INHERITED, "C", "T") not in places
    assert (SOMATIC, "C", "T") in places
    assert {row["sample_id"] for row in rows(tumor_only, "variants")} == {"T1", "T2"}


@pytest.mark.parametrize(("given", "told"), [("tumor_only", False), ("with_germline", True)])
def test_lengths_of_homopolymers_in_the_normal_are_told_with_consent(given, told, request):
    path = request.getfixturevalue(given) / "out" / "calls" / "T1" / "microsatellites.parquet"
    (row,) = [r for r in tables.read_rows(path, schemas.MICROSATELLITES) if r["start"] == RUN]
    assert row["normal_reads"] > 20
    assert bool(row["normal_lengths"]) is told
    assert (row["tumor_lengths"], row["shift"]) == ([f"12:{row['tumor_reads']}"], 0)


def test_it_is_counted(tumor_only):
    counted = {
        row["sample_id"]: row["records"]
        for row in rows(tumor_only, "record_fates")
        if row["fate"] == "withheld"
    }
    assert counted["T1"] == counted["T2"] == 2
    inputs = {row["sample_id"]: row["input_records"] for row in rows(tumor_only, "outcomes")}
    assert inputs["T2"] == 3


def test_the_change_of_the_tumor_is_there_as_before(tumor_only):
    kept = {
        (row["sample_id"], row["pos"]): row["vaf"]
        for row in rows(tumor_only, "variants")
        if row["fate"] == "kept"
    }
    assert set(kept) == {("T1", SOMATIC), ("T2", SOMATIC)}
    (found,) = [row for row in rows(tumor_only, "hotspot_evidence") if row["status"] == "found"]
    assert found["protein_changes"] == ["R248Q"]


def test_with_consent_it_is_listed_as_germline(with_germline):
    found = {row["pos"]: row for row in rows(with_germline, "variants") if row["sample_id"] == "T1"}
    for pos in (INHERITED, UNKNOWN):
        assert found[pos]["filters"] == "normal_evidence;germline"
        assert found[pos]["fate"] == "filtered"
    given = {r["pos"]: r for r in rows(with_germline, "variants") if r["sample_id"] == "T2"}
    for pos in (INHERITED, UNKNOWN):
        assert given[pos]["fate"] == "filtered"
        assert "germline: the normal carries it" in given[pos]["reason"]
    assert given[SOMATIC]["fate"] == "kept"
    report = launcher.report(with_germline / "out", "T1")
    listed = {entry["position"]: entry["fate_words"] for entry in report["fates"]["failed"]}
    assert listed[f"chr17:{UNKNOWN}"].startswith("germline")
    told = [r for r in rows(with_germline, "hotspot_evidence") if r["pos"] == INHERITED]
    assert [r["reason"] for r in told if r["status"] == "found"] == [
        "the normal carries it: inherited"
    ]
