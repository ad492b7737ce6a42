"""A run whose sheet names reads: phase and coverage from them, faults of them, and consent."""

from __future__ import annotations

import csv
import subprocess
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from launcher import REPOSITORY, start
from read_builders import sequence, tiled, write_reads
from variant_builders import vcf

from apothecary import why

pytestmark = pytest.mark.end_to_end
FIRST, LAST = 18_120_000, 18_160_000
# TPMT 719A>G and 460G>A, 8 kb apart: together *3A, apart *3B and *3C.
TWO = {18_130_687: ("T", "C"), 18_138_997: ("C", "T")}
HETEROZYGOUS = [
    f"chr6 {pos} . {ref} {alt} 50 PASS . GT:DP:GQ 0/1:30:99" for pos, (ref, alt) in TWO.items()
]


def _reference(pack_source: Path) -> dict[int, str]:
    with (pack_source / "pgx_positions.tsv").open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream, delimiter="\t")
        return {int(r["pos"]) - FIRST + 1: r["ref"] for r in rows if r["gene"] == "TPMT"}


def _write(folder: Path) -> None:
    fixed = _reference(REPOSITORY / "resources" / "knowledge")
    bases = {"chr6": (FIRST, sequence(LAST - FIRST, fixed))}
    spans = [(FIRST + 1000 + 100 * n, FIRST + 21_000 + 100 * n) for n in range(12)]
    wide = [(FIRST + n, LAST - 100 - n) for n in range(8)]
    one, other = TWO
    for name in ("S1", "S2", "S3", "S4"):
        (folder / f"{name}.vcf").write_text(vcf(HETEROZYGOUS, samples=(name,)))
    for name in ("S1", "S2", "S3"):
        reads = [
            *tiled({one: TWO[one]}, [*spans, *wide], "a", chrom="chr6"),
            *tiled({other: TWO[other]}, [*spans, *wide], "b", chrom="chr6"),
        ]
        write_reads(folder / f"{name}.bam", reads, bases, samples=(name,))
    for name in ("S2", "S3"):
        cut = folder / f"{name}.bam"
        cut.write_bytes(cut.read_bytes()[:-40])
    columns = "sample_id\tsubject_id\trole\tassay\tinput\treads\tformat\n"
    (folder / "samples.tsv").write_text(
        columns
        + "".join(
            f"{name}\tP{name}\tgermline\tgenome\t{name}.vcf\t{reads}\tvcf\n"
            for name, reads in (
                ("S1", "S1.bam"),
                ("S2", "S2.bam"),
                ("S3", "S3.bam"),
                ("S4", ""),
            )
        )
    )
    (folder / "consent.tsv").write_text(
        "subject_id\tscope\tdecision\n"
        "PS1\tpharmacogenes\tyes\nPS2\tpharmacogenes\tyes\nPS3\tgermline\tyes\n"
        "PS4\tpharmacogenes\tyes\n"
    )
    (folder / "config.yaml").write_text("samples: samples.tsv\nconsent: consent.tsv\n")


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    folder = tmp_path_factory.mktemp("reads")
    _write(folder)
    done = start(folder)
    return folder, done


def _rows(folder: Path, table: str) -> list[dict]:
    (path,) = (folder / "out" / "tables").glob(f"*/{table}.parquet")
    return pq.read_table(path).to_pylist()


def test_reads_decide_the_diplotype(run):
    folder, _ = run
    found = {
        name: [r["diplotype"] for r in _rows(folder, "diplotypes")
               if (r["sample_id"], r["gene"]) == (name, "TPMT")]
        for name in ("S1", "S4")
    }  # fmt: skip
    assert found["S1"] == ["*3B/*3C"]
    assert "*3B/*3C" not in found["S4"][:1]
    sites = {r["pos"]: r for r in _rows(folder, "sites")
             if (r["sample_id"], r["gene"]) == ("S1", "TPMT")}  # fmt: skip
    assert {sites[pos]["phase_source"] for pos in TWO} == {"reads"}
    assert len({sites[pos]["phase_set"] for pos in TWO}) == 1
    covered = [r for r in sites.values() if r["state_source"] == "reads"]
    assert sum(r["state"] == "reference" and r["depth"] >= 4 for r in covered) > 20
    # A sample without reads passes through untouched.
    bare = [r for r in _rows(folder, "sites") if r["sample_id"] == "S4"]
    assert {r["state_source"] for r in bare} == {"file", None}


def test_cut_reads_fail_their_sample_and_no_other(run):
    folder, done = run
    assert done.returncode == 4, done.stdout + done.stderr
    outcomes = {r["sample_id"]: r for r in _rows(folder, "outcomes")}
    assert {name: r["status"] for name, r in outcomes.items()} == {
        "S1": "ok",
        "S2": "failed",
        "S3": outcomes["S3"]["status"],
        "S4": "ok",
    }
    assert outcomes["S2"]["reason"].startswith("S2.bam: the end marker of a BAM is missing")
    assert {r["sample_id"] for r in _rows(folder, "sites")} == {"S1", "S4"}


def test_reads_without_consent_are_not_opened(run):
    folder, _ = run
    outcome = next(r for r in _rows(folder, "outcomes") if r["sample_id"] == "S3")
    assert outcome["status"] != "failed"
    assert "bam" not in outcome["reason"]


def test_report_and_why_tell_that_reads_gave_the_phase(run):
    folder, _ = run
    (page,) = (folder / "out" / "reports").glob("*/S1.html")
    told = "read-backed: 2 positions in 1 phase set, linked by at least 40 fragments"
    assert told in page.read_text()
    lines = why.explain(folder / "out", "S1", "TPMT")
    assert any(f"phase: {told}" in line for line in lines)
    assert any("reference by reads, without a record" in x for x in lines)
    assert any("phase read-backed by 40 fragments" in x for x in lines)
    assert not any("read-backed" in x for x in why.explain(folder / "out", "S4", "TPMT"))
