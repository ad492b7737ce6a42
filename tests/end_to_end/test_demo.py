"""The demo through the whole workflow, as a user runs it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from apothecary import schemas, tables

pytestmark = [pytest.mark.end_to_end, pytest.mark.xdist_group("demo")]
REPOSITORY = Path(__file__).resolve().parents[2]


def launch(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "apothecary.cli", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY / "scripts"), **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def workspace(tmp_path_factory) -> Path:
    """A folder of its own with the demo batch, so that no run touches the repository."""
    folder = tmp_path_factory.mktemp("demo")
    shutil.copytree(REPOSITORY / "resources" / "demo", folder / "resources" / "demo")
    return folder


@pytest.fixture(scope="module")
def run(workspace) -> Path:
    done = launch(
        workspace, "run", "--config", "resources/demo/config.yaml", "--out", "out", "--cores", "2"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return workspace / "out"


def rows(results: Path, name: str) -> list[dict]:
    table = schemas.TABLES[name]
    return [
        row
        for path in sorted((results / "tables").glob(f"*/{name}.parquet"))
        for row in tables.read_rows(path, table)
    ]


def test_every_sample_of_the_sheet_is_there(run):
    samples = tables.read_rows(run / "tables" / "samples.parquet", schemas.SAMPLES)
    assert len(samples) >= 7
    complete = json.loads((run / "complete.json").read_text())
    assert complete["samples"] == len(samples)
    for sample in samples:
        for ending in ("html", "json", "xlsx"):
            assert (run / "reports" / sample["batch"] / f"{sample['sample_id']}.{ending}").is_file()
    assert (run / "index.html").is_file()


def test_every_input_record_has_a_fate(run):
    outcomes = {row["sample_id"]: row for row in rows(run, "outcomes")}
    counted: dict[str, int] = {}
    for row in rows(run, "record_fates"):
        counted[row["sample_id"]] = counted.get(row["sample_id"], 0) + row["records"]
    for sample_id, outcome in outcomes.items():
        if outcome["status"] != "failed" and outcome["input_records"]:
            assert counted[sample_id] == outcome["input_records"], sample_id


def test_another_seed_locale_time_zone_and_core_count_give_the_same_bytes(workspace, run):
    done = launch(
        workspace,
        *("run", "--config", "resources/demo/config.yaml", "--out", "again", "--cores", "1"),
        PYTHONHASHSEED="4711",
        LC_ALL="de_DE.UTF-8",
        TZ="Asia/Kolkata",
    )
    assert done.returncode == 0, done.stdout + done.stderr

    def contents(folder: Path) -> dict[str, bytes]:
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
            and "logs" not in path.relative_to(folder).parts
            and not path.name.startswith(".snakemake")
        }

    first, second = contents(run), contents(workspace / "again")
    assert sorted(first) == sorted(second)
    assert [name for name in first if first[name] != second[name]] == []
    compared = launch(workspace, "compare", "out", "again")
    assert compared.returncode == 0, compared.stdout
    assert compared.stdout == "no change\n"


def test_a_second_run_has_nothing_to_do(workspace, run):
    before = {p: p.stat().st_mtime_ns for p in run.rglob("*.parquet")}
    done = launch(
        workspace, *("run", "--config", "resources/demo/config.yaml", "--out", "out", "--verbose")
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Nothing to be done" in done.stdout + done.stderr
    assert before == {p: p.stat().st_mtime_ns for p in run.rglob("*.parquet")}


def test_sha256sum_accepts_the_checksums(run):
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "--quiet", "checksums.sha256"],
        cwd=run,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    listed = {line.split("  ")[1] for line in (run / "checksums.sha256").read_text().splitlines()}
    manifest = json.loads((run / "manifest.json").read_text())
    assert {entry["path"] for entry in manifest["outputs"]} == listed
    made = {
        path.relative_to(run).as_posix()
        for path in run.rglob("*")
        if path.is_file()
        and "logs" not in path.relative_to(run).parts
        and not path.name.startswith(".snakemake")
    }
    assert made - listed == {
        "manifest.json",
        "manifest.parquet",
        "checksums.sha256",
        "complete.json",
    }


def test_the_manifest_tells_no_place_and_no_time(workspace, run):
    text = (run / "manifest.json").read_text()
    assert str(workspace) not in text
    assert str(REPOSITORY) not in text
    manifest = json.loads(text)
    assert manifest["knowledge"]["digest"]
    assert all(source["licence"] for source in manifest["knowledge"]["sources"])
    assert {"pyarrow", "pysam", "snakemake", "python"} <= set(manifest["software"])


def test_a_gene_without_consent_is_in_no_file_of_the_run(run):
    """Withheld genes leave neither symbol nor position; see the consent sheet of the demo."""
    consent = tables.read_rows(run / "tables" / "consent.parquet", schemas.CONSENT)
    samples = tables.read_rows(run / "tables" / "samples.parquet", schemas.SAMPLES)
    granted = {(r["subject_id"], r["scope"]) for r in consent if r["decision"] == "yes"}
    withheld = [
        s
        for s in samples
        if s["role"] != "tumor" and (s["subject_id"], "pharmacogenes") not in granted
    ]
    assert withheld, "the demo holds a subject without consent to pharmacogenes"
    for sample in withheld:
        name = sample["sample_id"]
        for table in ("variants", "sites", "diplotypes", "phenotypes", "recommendations"):
            assert [row for row in rows(run, table) if row["sample_id"] == name] == []
        for path in sorted((run / "reports").rglob(f"{name}.*")):
            if path.suffix in (".html", ".json", ".tsv"):
                text = path.read_text(encoding="utf-8")
                assert not re.search(r"\b(CYP\w+|DPYD|TPMT|SLCO1B1|VKORC1)\b", text), path
    counted = {row["sample_id"] for row in rows(run, "record_fates") if row["fate"] == "withheld"}
    assert counted >= {sample["sample_id"] for sample in withheld}


def test_diplotypes_are_those_that_the_truth_allows(run):
    """Expected calls were read from the GeT-RM consensus by hand, with what is not assessed."""
    lines = (Path(__file__).parent / "demo_expected.tsv").read_text().splitlines()
    header = lines[0].split("\t")
    expected = [dict(zip(header, line.split("\t"), strict=True)) for line in lines[1:]]
    assert len(expected) >= 30
    called: dict[tuple[str, str], tuple[list[str], str]] = {}
    for row in sorted(rows(run, "diplotypes"), key=lambda row: row["rank"]):
        names, _ = called.setdefault(
            (row["sample_id"], row["gene"]), ([], str(row["decision"] or ""))
        )
        names += [row["diplotype"]] if row["diplotype"] else []
    wrong = []
    for entry in expected:
        names, decision = called.get((entry["sample_id"], entry["gene"]), ([], ""))
        if (" | ".join(names), decision) != (entry["diplotypes"], entry["decision"]):
            wrong.append((entry, names, decision))
    assert wrong == []


def test_the_tumor_has_its_driver_in_tier_one_and_the_resistance_beside(run):
    tumor = [row for row in rows(run, "actionability") if row["alteration"] == "BRAF V600E"]
    assert any(row["tier"] == "I" and row["effect"] == "sensitive" for row in tumor)
