"""A tumor given as reads beside a sample of variants: evidence at known variants to the report."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from launcher import REPOSITORY, report, run
from read_builders import Read, sequence, write_reads
from variant_builders import vcf

from apothecary import schemas, tables, why

pytestmark = pytest.mark.end_to_end
FIRST, LENGTH = 140_752_001, 3000
V600E = 140_753_336


def _known() -> dict[int, str]:
    """Reference bases at the known variants, by 1-based place in the slice."""
    path = REPOSITORY / "resources" / "knowledge" / "known_variants.tsv"
    found: dict[int, str] = {}
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream, delimiter="\t"):
            place = int(row["pos"]) - FIRST + 1
            if row["chrom"] == "chr7" and 1 <= place <= LENGTH - len(row["ref"]):
                found |= {place + at: base for at, base in enumerate(row["ref"])}
    return found


def _reads() -> list[Read]:
    """Well covered to a bit behind V600E, with it in a tenth; beyond that ten reads deep."""
    good = [FIRST + at for at in range(V600E - 60 - FIRST) for _ in range(4)]
    poor = [V600E + 41 + 100 * step for step in range(10) for _ in range(10)]
    return [
        Read(
            f"r{number}",
            start,
            start + 99,
            {V600E: ("A", "T")} if number % 10 < 1 else {},
            chrom="chr7",
            flag=16 * (number // 10 % 2),
        )
        for number, start in enumerate([*good, *poor])
    ]


def _write(folder: Path) -> None:
    bases = sequence(LENGTH, _known(), seed=5)
    (folder / "ref.fa").write_text(f">chr7:{FIRST}-{FIRST + LENGTH - 1} BRAF\n{bases}\n")
    write_reads(folder / "T1.bam", _reads(), {"chr7": (FIRST, bases)}, samples=("T1",))
    call = "chr10 94781859 . G A 50 PASS . GT:DP:GQ 0/1:30:99"
    (folder / "V1.vcf").write_text(vcf([call], samples=("V1",)))
    (folder / "samples.tsv").write_text(
        "sample_id\tsubject_id\trole\tassay\tinput\tformat\ttumor_type\n"
        "V1\tPV\tgermline\tgenome\tV1.vcf\tvcf\t\nT1\tPT\ttumor\tpanel\tT1.bam\tbam\tCOAD\n"
    )
    (folder / "consent.tsv").write_text(
        "subject_id\tscope\tdecision\nPV\tpharmacogenes\tyes\nPT\ttumor\tyes\n"
    )
    (folder / "targets.bed").write_text(f"chr7\t{FIRST + 200}\t{V600E + 150}\n")
    (folder / "config.yaml").write_text(
        "samples: samples.tsv\nconsent: consent.tsv\nbatch_size: 1\nreference: {fasta: ref.fa}\n"
        "calling: {targets: targets.bed}\nqc: {targets: targets.bed}\n"
    )


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("hotspots")
    _write(folder)
    return run(folder)


def test_the_report_tells_what_the_table_holds(results):
    path = results / "tables" / "batch0002" / "hotspot_evidence.parquet"
    rows = tables.read_rows(path, schemas.HOTSPOT_EVIDENCE)
    section = report(results, "T1")["hotspots"]
    for status in ("found", "not found", "not assessable"):
        count = sum(row["status"] == status for row in rows)
        assert count > 0
        assert section["counts"][status.replace(" ", "_")] == count
    assert section["counts"]["sites"] == len(rows)
    (found,) = section["found"]
    assert (found["change"], found["position"], found["kept"]) == ("V600E", f"chr7:{V600E}", True)
    assert 0.05 < found["vaf_low"] < found["vaf"] < found["vaf_high"] < 0.2
    (gene,) = section["genes"]
    assert gene["least_depth"] == 10
    assert gene["reasons"][0].endswith("at depth 10 a variant cannot be told from errors")
    page = (results / "reports" / "batch0002" / "T1.html").read_text(encoding="utf-8")
    assert 'id="hotspots"' in page
    assert "Not looked at: " in page


def test_a_sample_of_variants_is_planned_and_reported_as_before(results):
    assert not (results / "tables" / "batch0001" / "hotspot_evidence.parquet").exists()
    section = report(results, "V1")["hotspots"]
    assert (section["note"], section["found"], section["genes"]) == (None, [], [])
    page = (results / "reports" / "batch0001" / "V1.html").read_text(encoding="utf-8")
    assert 'id="hotspots"' not in page


def test_the_manifest_holds_the_table_with_its_rule(results):
    outputs = json.loads((results / "manifest.json").read_text(encoding="utf-8"))["outputs"]
    rules = {entry["path"]: entry["rule"] for entry in outputs}
    assert rules["tables/batch0002/hotspot_evidence.parquet"] == "collect_hotspots"
    assert "tables/batch0001/hotspot_evidence.parquet" not in rules


def test_why_tells_the_evidence_of_a_site(results):
    lines = why.explain(results, "T1", "BRAF V600K")
    (told,) = [line for line in lines if line.startswith("genotype_hotspots")]
    assert "BRAF V600K" in told
    assert "not found at a detection limit of" in told
    assert not [line for line in why.explain(results, "V1", "CYP2C19") if "hotspot" in line]
