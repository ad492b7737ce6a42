"""The recipe of the image agrees with the lock, the package and what the workflow reads."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

LOCK = "requirements.lock"


@pytest.fixture(scope="module")
def project(repository: Path) -> dict:
    return tomllib.loads((repository / "pyproject.toml").read_text())["project"]


@pytest.fixture(scope="module")
def recipe(repository: Path) -> list[tuple[str, str]]:
    """Instructions and their words, continued lines joined."""
    text = (repository / "envs" / "Containerfile").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(line.split(maxsplit=1)[0], line.split(maxsplit=1)[1]) for line in lines]


def words(recipe: list[tuple[str, str]], instruction: str) -> list[str]:
    return [rest for name, rest in recipe if name == instruction]


def test_the_python_of_the_image_is_one_that_the_lock_is_made_for(recipe, project):
    (image,) = words(recipe, "FROM")
    found = re.search(r"python:3\.(\d+)", image)
    assert found is not None
    assert project["requires-python"] == ">=3.11,<3.13"
    assert found[1] in ("11", "12")


def test_everything_is_installed_from_the_lock_with_its_hashes(recipe, repository):
    first, second = words(recipe, "RUN")
    assert "--require-hashes" in first
    assert first.endswith(f"/{LOCK}")
    assert {"--no-deps", "--no-index", "--no-build-isolation"} <= set(second.split())
    entries = re.split(r"\n(?=\S)", (repository / LOCK).read_text().strip())
    assert len(entries) > 50
    assert all("--hash=sha256:" in entry for entry in entries)


def test_what_is_copied_is_there_and_what_the_workflow_reads_is_not_left_out(recipe, repository):
    for source in (line.split()[0] for line in words(recipe, "COPY")):
        assert (repository / source).exists()
    left_out = (repository / ".dockerignore").read_text().split()
    assert {".git", ".venv", "results"} <= set(left_out)
    needed = ("Snakefile", "workflow", "scripts", "resources", "config", "pyproject.toml", LOCK)
    assert not set(needed) & set(left_out)


def test_it_starts_the_launcher_and_not_as_root(recipe, project):
    (entry,) = words(recipe, "ENTRYPOINT")
    assert set(json.loads(entry)) <= set(project["scripts"])
    (user,) = words(recipe, "USER")
    assert user != "root"
