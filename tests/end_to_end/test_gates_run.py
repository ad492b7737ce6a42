"""Gates in every table: not covered is not assessed, and a failed sample has no finding."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from launcher import REPOSITORY, start
from read_builders import Read, sequence, write_reads

from apothecary import schemas, tables

pytestmark = pytest.mark.end_to_end
# TPMT is covered, VKORC1 is in the reference and has no read; of BRAF one exon is covered.
SLICES = {
    "chr6": (18_120_001, 40_000),
    "chr16": (31_090_001, 10_000),
    "chr7": (140_752_001, 3000),
}
V600E = 140_753_336
# Tables that tell of the quality or the sheet and of no call.
OF_QUALITY = {
    *("samples", "consent", "clinical", "medicines", "outcomes", "qc_outcomes", "qc_metrics"),
    *("qc_gates", "coverage", "identity", "fingerprints", "ancestry", "alignments"),
}


def _known(chrom: str) -> dict[int, str]:
    """Reference bases that the knowledge tells, by 1-based place in the slice."""
    first, length = SLICES[chrom]
    found: dict[int, str] = {}
    for name in ("known_variants", "pgx_positions"):
        path = REPOSITORY / "resources" / "knowledge" / f"{name}.tsv"
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream, delimiter="\t"):
                place = int(row["pos"]) - first + 1
                if row["chrom"] == chrom and 1 <= place <= length - len(row["ref"]):
                    found |= {place + at: base for at, base in enumerate(row["ref"])}
    return found


def _tiles(chrom: str, start: int, end: int, depth: int, edits: dict | None = None) -> list[Read]:
    """Reads of 500 bases over a stretch, every fifth with the edits."""
    step = max(1, 500 // depth)
    return [
        Read(
            f"{chrom}{number}",
            at,
            at + 499,
            (edits or {}) if number % 5 == 0 else {},
            chrom=chrom,
            flag=16 * (number // 5 % 2),
        )
        for number, at in enumerate(range(start, end - 500, step))
    ]


def _write(folder: Path) -> None:
    bases = {
        chrom: (first, sequence(length, _known(chrom), seed=7))
        for chrom, (first, length) in SLICES.items()
    }
    (folder / "ref.fa").write_text(
        "".join(
            f">{chrom}:{first}-{first + len(text) - 1}\n{text}\n"
            for chrom, (first, text) in bases.items()
        )
    )
    tpmt = (18_121_001, 18_159_001)
    braf = (V600E - 900, V600E + 900)
    change = {V600E: ("A", "T")}
    reads = {
        "G1": _tiles("chr6", *tpmt, 40),
        "G2": _tiles("chr6", *tpmt, 4),
        "T1": _tiles("chr7", *braf, 250, change),
        "T2": _tiles("chr7", *braf, 25, change),
    }
    for name, made in reads.items():
        write_reads(folder / f"{name}.bam", made, bases, samples=(name,))
    rows = ["sample_id\tsubject_id\trole\tassay\tinput\tformat\ttumor_type"]
    rows += [f"{n}\tP{n}\tgermline\tpanel\t{n}.bam\tbam\t" for n in ("G1", "G2")]
    rows += [f"{n}\tP{n}\ttumor\tpanel\t{n}.bam\tbam\tMEL" for n in ("T1", "T2")]
    (folder / "samples.tsv").write_text("\n".join(rows) + "\n")
    (folder / "targets.bed").write_text(
        f"chr6\t{tpmt[0] + 1000}\t{tpmt[1] - 1000}\nchr7\t{braf[0] + 600}\t{braf[1] - 600}\n"
    )
    for name, wanted in (("g", "chr6"), ("t", "chr7")):
        lines = (folder / "targets.bed").read_text().splitlines()
        chosen = [line for line in lines if line.startswith(f"{wanted}\t")]
        (folder / f"{name}.bed").write_text("\n".join(chosen) + "\n")
        heads = [rows[0], *(row for row in rows[1:] if row.startswith(name.upper()))]
        (folder / f"{name}.tsv").write_text("\n".join(heads) + "\n")
        people = [f"P{name.upper()}{number}" for number in (1, 2)]
        scope = {"g": "pharmacogenes", "t": "tumor"}[name]
        consent = ["subject_id\tscope\tdecision", *(f"{p}\t{scope}\tyes" for p in people)]
        (folder / f"{name}.consent.tsv").write_text("\n".join(consent) + "\n")
        taken = [f"{p}\tmedicine\t{d}\t\t" for p in people for d in ("azathioprine", "warfarin")]
        clinical = ["subject_id\titem\tvalue\tunit\tcode", *taken]
        (folder / f"{name}.clinical.tsv").write_text("\n".join(clinical) + "\n")
        (folder / f"{name}.yaml").write_text(
            f"samples: {name}.tsv\nconsent: {name}.consent.tsv\n"
            f"clinical: {name}.clinical.tsv\n"
            f"reference: {{fasta: ref.fa}}\ncalling: {{targets: {name}.bed}}\n"
            f"qc: {{targets: {name}.bed}}\n"
        )


@pytest.fixture(scope="module")
def germline(tmp_path_factory) -> Path:
    return _results(tmp_path_factory.mktemp("germline"), "g")


@pytest.fixture(scope="module")
def tumors(tmp_path_factory) -> Path:
    return _results(tmp_path_factory.mktemp("tumors"), "t")


def _results(folder: Path, name: str) -> Path:
    _write(folder)
    done = start(folder, "--config", f"{name}.yaml", "--out", f"out_{name}", timeout=300)
    # A sample that fails its gates does not stop the others, and is not passed over in silence.
    assert done.returncode == 4, done.stdout + done.stderr
    assert (
        f"{name.upper()}2 failed: quality control: mean_target_depth" in done.stdout + done.stderr
    )
    return folder / f"out_{name}"


def rows(results: Path, name: str, sample: str) -> list[dict]:
    found = [
        row
        for path in sorted((results / "tables").glob(f"*/{name}.parquet"))
        for row in tables.read_rows(path, schemas.TABLES[name])
    ]
    return [row for row in found if row["sample_id"] == sample]


@pytest.mark.parametrize("kind", ["germline", "tumors"])
def test_a_failed_sample_has_no_row_of_a_finding(kind, request):
    results = request.getfixturevalue(kind)
    sample = {"germline": "G2", "tumors": "T2"}[kind]
    other = sample.replace("2", "1")
    with_rows = set()
    for path in sorted((results / "tables").glob("*/*.parquet")):
        if "sample_id" not in {column.name for column in schemas.TABLES[path.stem].columns}:
            continue
        if rows(results, path.stem, other):
            with_rows.add(path.stem)
        if path.stem not in OF_QUALITY:
            assert rows(results, path.stem, sample) == [], path.stem
    assert with_rows - OF_QUALITY, "the sample that passes has findings"
    (page,) = (results / "reports").glob(f"*/{sample}.json")
    report = json.loads(page.read_text(encoding="utf-8"))
    assert report["status"] == "failed"
    assert [entry["reason"] for entry in report["failure"]] == [
        row["reason"] for row in rows(results, "qc_outcomes", sample)
    ]
    assert report["quality"]["metrics"]
    assert report["genes"] == report["tumor"]["findings"] == report["recommendations"] == []


def test_a_pharmacogene_without_reads_is_not_assessed_in_every_table(germline):
    gates = {
        row["name"]: row for row in rows(germline, "qc_gates", "G1")
        if row["level"] == "pharmacogene"
    }  # fmt: skip
    assert gates["VKORC1"]["status"] == "not_assessed"
    assert gates["TPMT"]["status"] == "pass"
    reason = f"not assessed (quality control): {gates['VKORC1']['reason']}"
    sites = {
        (row["state"], row["reason"])
        for row in rows(germline, "sites", "G1")
        if row["gene"] == "VKORC1"
    }
    assert sites == {("not_assessed", "too few reads over the position (quality control)")}
    for name in ("diplotypes", "phenotypes"):
        found = [row for row in rows(germline, name, "G1") if row["gene"] == "VKORC1"]
        assert [(row["method"], row["reason"]) for row in found] == [("not_called", reason)], name
    called = {row["gene"]: row for row in rows(germline, "diplotypes", "G1")}
    assert called["TPMT"]["diplotype"] == "*1/*1"
    taken = [r for r in rows(germline, "recommendations", "G1") if r["taken"]]
    assert {r["drug"] for r in taken if r["genes"] == ["TPMT"]} == {"azathioprine"}
    advice = [row for row in rows(germline, "recommendations", "G1") if "VKORC1" in row["genes"]]
    assert not any("VKORC1=" in (row["lookup"] or "") for row in advice)
    doses = [row for row in rows(germline, "doses", "G1") if row["drug"] == "warfarin"]
    assert doses
    assert all(row["value"] is None and row["refused"] for row in doses)


def test_a_cancer_gene_that_is_not_covered_is_not_assessed_and_its_finding_stays(tumors):
    gates = {row["name"]: row for row in rows(tumors, "qc_gates", "T1") if row["level"] == "gene"}
    assert gates["BRAF"]["status"] == "not_assessed"
    # No read of this panel, whose targets are not given, lies over EGFR.
    assert "EGFR" not in gates
    found = rows(tumors, "actionability", "T1")
    lost = {row["gene"]: row for row in found if row["tier"] == "not_assessed"}
    assert set(lost) == {n for n, row in gates.items() if row["status"] == "not_assessed"}
    assert lost["BRAF"]["tier_reason"] == f"quality control: {gates['BRAF']['reason']}"
    best = min(row["tier"] for row in found if row["alteration"] == "BRAF V600E")
    assert best == "I"
    assert all(
        "the rest of the gene is not assessed" in row["tier_reason"]
        for row in found
        if row["alteration"] == "BRAF V600E"
    )
    (page,) = (tumors / "reports").glob("*/T1.json")
    report = json.loads(page.read_text(encoding="utf-8"))
    assert {entry["gene"] for entry in report["tumor"]["findings"]} == {"BRAF"}
    told, of_panel = (s for s in report["not_assessed"]["steps"] if s["step"] == "coverage")
    assert "BRAF" in told["reason"]
    assert "Other genes were not" in of_panel["reason"]


def test_no_negative_is_told_of_a_known_variant_where_the_target_cannot_be_called(tumors):
    evidence = rows(tumors, "hotspot_evidence", "T1")
    assert {row["status"] for row in evidence} == {"found", "not found"}
    assert rows(tumors, "hotspot_evidence", "T2") == []
    assert not any(
        tables.read_rows(path, schemas.HOTSPOT_EVIDENCE)
        for path in (tumors / "calls").glob("T2/hotspot_evidence.parquet")
    )
