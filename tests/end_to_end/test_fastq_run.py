"""FASTQ files through the workflow, as far as alignments go."""

from __future__ import annotations

import gzip
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from apothecary import schemas, tables

pytestmark = pytest.mark.end_to_end
REPOSITORY = Path(__file__).resolve().parents[2]
START = 140_700_001


def fastq(path: Path, records: list[tuple[str, str]]) -> None:
    text = "".join(f"@{name}\n{bases}\n+\n{'F' * len(bases)}\n" for name, bases in records)
    path.write_bytes(gzip.compress(text.encode(), mtime=0))


def lane(folder: Path, sample: str, bases: str, lost: int = 0) -> str:
    """A lane of pairs of a sample; `lost` second mates are missing at the end."""
    chosen = random.Random(sample)
    first, second = [], []
    for number in range(60):
        at = chosen.randrange(len(bases) - 300)
        mate = bases[at + 200 : at + 300].translate(str.maketrans("ACGT", "TGCA"))[::-1]
        first.append((f"r{number}", bases[at : at + 100]))
        second.append((f"r{number}", mate))
    fastq(folder / f"{sample}_1.fq.gz", first)
    fastq(folder / f"{sample}_2.fq.gz", second[: len(second) - lost])
    return f"{sample}\tL1\t{sample}_1.fq.gz\t{sample}_2.fq.gz\n"


def run(folder: Path, *words: str, config: str = "config.yaml") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            *(sys.executable, "-m", "snakemake", "--snakefile", str(REPOSITORY / "Snakefile")),
            *("--workflow-profile", str(REPOSITORY / "workflow" / "profiles" / "local")),
            *("--configfile", config, "--cores", "2", *words),
        ],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY / "scripts")},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    bases = "".join(random.Random(1).choices("ACGT", k=3000))
    (folder / "slices.fa").write_text(f">chr7:{START}-{START + 2999} BRAF\n{bases}\n")
    rows = [lane(folder, "GOOD", bases), lane(folder, "BAD", bases, lost=2)]
    (folder / "reads.tsv").write_text("sample_id\tlane\tfastq_1\tfastq_2\n" + "".join(rows))
    (folder / "samples.tsv").write_text(
        "sample_id\tsubject_id\trole\tassay\tinput\tformat\n"
        "GOOD\tP1\tgermline\tpanel\t\tfastq\nBAD\tP2\tgermline\tpanel\t\tfastq\n"
    )
    (folder / "config.yaml").write_text(
        "samples: samples.tsv\nreads: {sheet: reads.tsv, threads: 1, memory_mb: 1000}\n"
        "reference: {fasta: slices.fa}\n"
    )
    return folder


def test_a_good_sample_is_aligned_and_a_bad_one_is_a_row(folder):
    target = "results/tables/batch0001/alignments.parquet"
    done = run(folder, target, "results/tables/samples.parquet")
    assert done.returncode == 0, done.stdout + done.stderr
    rows = {row["sample_id"]: row for row in tables.read_rows(folder / target, schemas.ALIGNMENTS)}
    assert (rows["GOOD"]["status"], rows["GOOD"]["reads"], rows["GOOD"]["mapped"]) == (
        "ok",
        120,
        120,
    )
    assert rows["BAD"]["status"] == "failed"
    assert rows["BAD"]["reason"].startswith("BAD_2.fq.gz: 58 reads, but 60 in BAD_1.fq.gz")
    for row in rows.values():
        assert (folder / "results" / row["path"]).is_file()
        assert (folder / "results" / f"{row['path']}.bai").is_file()
    again = run(folder, target)
    assert "Nothing to be done" in again.stdout + again.stderr


def test_a_reference_of_another_build_stops_the_run_in_one_line(folder):
    config = (folder / "config.yaml").read_text()
    (folder / "other.yaml").write_text(config.replace("slices.fa", "wrong.fa"))
    (folder / "wrong.fa").write_text(">chr21\nACGTACGTAC\n")
    done = run(folder, "other", "--config", "pathvars={'reference': 'other'}", config="other.yaml")
    assert done.returncode != 0
    told = done.stdout + done.stderr
    assert "ERROR wrong.fa, chr21: 10 bases; 46709983 bases as chr21 of GRCh38 has" in told
    assert "Traceback" not in (folder / "logs" / "prepare_reference.log").read_text()
    assert not (folder / "other").exists()
