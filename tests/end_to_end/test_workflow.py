"""What Snakemake users do with the workflow beside the launcher."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.end_to_end
REPOSITORY = Path(__file__).resolve().parents[2]


def snakemake(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "snakemake", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_it_is_usable_as_a_module_from_another_folder(tmp_path):
    shutil.copytree(REPOSITORY / "resources" / "demo", tmp_path / "resources" / "demo")
    (tmp_path / "Snakefile").write_text(
        "import yaml\n\n"
        "from pathlib import Path\n\n"
        "module apothecary:\n"
        f'    snakefile: "{REPOSITORY / "Snakefile"}"\n'
        '    config: yaml.safe_load(Path("resources/demo/config.yaml").read_text())\n'
        "    pathvars:\n"
        '        results="pgx/results",\n'
        '        logs="pgx/logs",\n'
        '        pack="pgx/pack",\n\n'
        "use rule * from apothecary as apothecary_*\n\n"
        "rule all:\n"
        "    input: rules.apothecary_all.input\n"
        "    default_target: True\n"
    )
    done = snakemake(tmp_path, "--cores", "2", "--quiet", "all")
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "pgx" / "results" / "index.html").is_file()
    assert (tmp_path / "pgx" / "results" / "manifest.json").is_file()
    assert not (tmp_path / "results").exists()


def test_the_example_configuration_plans_and_checks():
    planned = snakemake(REPOSITORY, "--dry-run", "--quiet", "--cores", "1", "--nolock")
    assert planned.returncode == 0, planned.stdout + planned.stderr
    checked = subprocess.run(
        [sys.executable, "-m", "apothecary.cli", "check"],
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY / "scripts")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "3 samples in 1 batches, 0 cannot be read" in checked.stdout


def test_lint_is_clean():
    done = snakemake(REPOSITORY, "--lint", "--configfile", "resources/demo/config.yaml")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_bad_sheet_is_told_in_lines_and_not_in_a_traceback(tmp_path):
    (tmp_path / "samples.tsv").write_text("sample_id\tsubject_id\nS1\tP1\n")
    (tmp_path / "config.yaml").write_text("samples: samples.tsv\n")
    done = snakemake(
        tmp_path,
        "--snakefile",
        str(REPOSITORY / "Snakefile"),
        "--configfile",
        "config.yaml",
        "--cores",
        "1",
    )
    assert done.returncode != 0
    assert "samples.tsv, row 1: no column 'role'; add it" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "results").exists()
