"""Profiles of executors: they say what exists, and cover the rules that need more than a little."""

from __future__ import annotations

import re
from argparse import Namespace
from pathlib import Path

import pytest
import yaml
from snakemake.cli import get_argument_parser

from apothecary import plan as plans
from apothecary import settings
from apothecary.execution import launch

PROFILES = (
    "aws-batch",
    "cluster",
    "generic",
    "google-batch",
    "kubernetes",
    "local",
    "lsf",
    "slurm",
)


def content(repository: Path, name: str) -> dict:
    (path,) = (repository / "workflow" / "profiles" / name).glob("config*.yaml")
    return yaml.safe_load(path.read_text())


def options() -> set[str]:
    parser = get_argument_parser()
    return {o.removeprefix("--") for a in parser._actions for o in a.option_strings}


def test_there_are_these(repository):
    found = sorted(path.name for path in (repository / "workflow" / "profiles").iterdir())
    assert found == sorted(PROFILES)


@pytest.mark.parametrize("name", PROFILES)
def test_every_key_is_an_option_of_snakemake_or_of_the_executor(repository, name):
    profile = content(repository, name)
    known = options()
    for key in profile:
        assert key in known or key.startswith(f"{profile.get('executor', 'no executor')}-"), key


def test_resources_are_of_rules_and_grow_with_the_attempt(repository):
    profile = content(repository, "cluster")
    text = "".join(p.read_text() for p in (repository / "workflow" / "rules").glob("*.smk"))
    rules = set(re.findall(r"^\s*rule (\w+):", text, re.MULTILINE))
    assert set(profile["set-resources"]) <= rules
    for resources in (profile["default-resources"], *profile["set-resources"].values()):
        for name, value in resources.items():
            assert ("attempt" in str(value)) == (name in ("mem_mb", "runtime")), (name, value)


def test_no_rule_has_retries_or_attempts_of_its_own(repository):
    for path in (repository / "workflow" / "rules").glob("*.smk"):
        assert not re.search(r"\bretries:|\battempt\b", path.read_text()), path.name


def test_an_executor_stands_over_what_clusters_have_in_common(repository):
    arguments = Namespace(config="c", out="o", cores="2", dry_run=False, extra=[])
    config = settings.read(repository / "resources" / "demo" / "config.yaml")
    plan = plans.load(config, repository, "config", check_files=False)
    slurm, local = (launch.profile_folder(name, repository) for name in ("slurm", "local"))
    words = launch.snakemake_command(arguments, plan, slurm, ["--of-the-run", "abc"])
    under = words[words.index("--profile") + 1]
    assert Path(under).name == "cluster"
    assert words[words.index("--of-the-run") + 1] == "abc"
    assert "--profile" not in launch.snakemake_command(arguments, plan, local)
