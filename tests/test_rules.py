"""The contract of every rule: a script and log of its own name, an environment, a code digest."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest
import yaml

REPOSITORY = Path(__file__).resolve().parents[1]
RULES = {
    found[1]: found[0]
    for file in sorted((REPOSITORY / "workflow" / "rules").glob("*.smk"))
    for found in re.finditer(
        r"^rule (\w+):\n(?:(?:    .*)?\n)+", file.read_text(encoding="utf-8"), re.MULTILINE
    )
}


def test_there_are_rules():
    assert len(RULES) == 44


@pytest.mark.parametrize("rule", sorted(RULES))
def test_a_rule_names_its_script_log_environment_and_code(rule):
    text = RULES[rule]
    assert f'"../../scripts/{rule}.py"' in text
    assert re.search(rf'log:\n        "<logs>/{rule}[./]', text)
    assert "conda:" in text
    assert f'code=PLAN.code("{rule}")' in text
    assert not re.search(r"\b(run|checkpoint|retries|lambda)\b", text)


@pytest.mark.parametrize("rule", sorted(RULES))
def test_a_script_imports_cleanly_is_thin_and_has_a_main(rule):
    path = REPOSITORY / "scripts" / f"{rule}.py"
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 60, f"{path.name} has {len(lines)} lines: science belongs in the library"
    assert lines[0].startswith('"""')
    spec = importlib.util.spec_from_file_location(f"rule_{rule}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert callable(module.main)


def test_every_script_has_a_rule():
    scripts = {path.stem for path in (REPOSITORY / "scripts").glob("*.py")}
    assert scripts == set(RULES)


def test_the_graph_in_the_readme_has_every_rule():
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    graph = text.split("```mermaid")[1].split("```")[0]
    assert set(re.findall(r"[a-z]+(?:_[a-z0-9]+)+", graph)) == set(RULES)


def test_the_library_does_not_know_snakemake():
    for path in sorted((REPOSITORY / "scripts" / "apothecary").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"^\s*(from|import) snakemake", text, re.MULTILINE), path


PROGRAMS = {"bwa", "bwa-mem2", "fastp", "fgbio", "mosdepth", "samtools"}


@pytest.mark.parametrize("name", ["apothecary", "alignment", "alignment_qc"])
def test_a_conda_environment_agrees_with_the_lock(name):
    locked = dict(
        re.findall(
            r"^([a-z0-9_-]+)==([^ \\;]+)(?: ; python_full_version >= '3.12')? \\$",
            (REPOSITORY / "requirements.lock").read_text(encoding="utf-8"),
            re.MULTILINE,
        )
    )
    environment = yaml.safe_load((REPOSITORY / "envs" / f"{name}.yaml").read_text())
    of_pip = [entry for entry in environment["dependencies"] if isinstance(entry, dict)]
    pins = [pin.replace("==", "=") for entry in of_pip for pin in entry["pip"]]
    pins += [e for e in environment["dependencies"] if isinstance(e, str) and "=" in e]
    pins = [pin for pin in pins if not pin.startswith("python=")]
    pins = [pin for pin in pins if pin.split("=")[0] not in PROGRAMS]
    assert len(pins) >= 8
    for pin in pins:
        name, version = pin.split("=")
        assert locked[{"snakemake-minimal": "snakemake"}.get(name, name)] == version, pin
