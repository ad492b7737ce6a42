"""The scheduler of a profile: how its jobs bear the name of a run, are listed and cancelled."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from apothecary import settings
from apothecary.errors import Problem, WorkflowInputError

JOB_PREFIX = "apothecary-"
FILE = "orphans.yaml"
"""Beside a profile: the commands of its scheduler."""

_SCHEMA = Path("workflow") / "schemas" / "orphans.schema.yaml"
_PROFILES = Path("workflow") / "profiles"


@dataclass(frozen=True)
class Scheduler:
    """The commands of a scheduler.

    Attributes:
        executor: The executor that the profile names.
        listing: Words of the command that prints id and name of the jobs that have not ended.
        cancel: Words of the command that ends jobs, before their ids.
        none: What the listing says when it fails because there is no job; empty for nothing.
        options: Words for Snakemake that name the jobs, with `{jobs}` for what names begin with.
        environment: Variables that do so.
    """

    executor: str
    listing: tuple[str, ...]
    cancel: tuple[str, ...]
    none: str = ""
    options: tuple[str, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()

    def words(self, run_id: str) -> list[str]:
        """Words for Snakemake by which the jobs of a run bear its name."""
        return [word.replace("{jobs}", job_prefix(run_id)) for word in self.options]

    def variables(self, run_id: str) -> dict[str, str]:
        """Variables of Snakemake's environment by which the jobs of a run bear its name."""
        return {k: v.replace("{jobs}", job_prefix(run_id)) for k, v in self.environment}

    def jobs(self, run_id: str) -> list[str]:
        """Ids of the jobs of a run that have not ended.

        Raises:
            WorkflowInputError: The scheduler does not answer, so that nothing is known of them.
        """
        try:
            answer = subprocess.run(self.listing, check=False, capture_output=True, text=True)
        except OSError as error:
            raise self._silent(str(error)) from error
        if answer.returncode and not (self.none and self.none in answer.stderr + answer.stdout):
            raise self._silent((answer.stderr.strip().splitlines() or ["no words"])[0])
        rows = [line.split(maxsplit=1) for line in answer.stdout.splitlines()]
        ours = re.compile(rf"/?{re.escape(job_prefix(run_id))}(?![0-9a-f])")
        return [row[0] for row in rows if len(row) == 2 and ours.match(row[1])]

    def _silent(self, why: str) -> WorkflowInputError:
        found = f"the list of jobs does not come ({why})"
        return WorkflowInputError(
            Problem(self.executor, found, "start again when the scheduler answers")
        )


def job_prefix(run_id: str) -> str:
    """What the names of a run's jobs begin with."""
    return f"{JOB_PREFIX}{run_id}"


def of(profile: Path, root: Path) -> Scheduler | None:
    """The scheduler of a profile.

    Args:
        profile: Folder of the profile. Where it has no `orphans.yaml`, as a copy of old, that of
            the workflow's own profile of the same executor is taken.
        root: The folder of the workflow.

    Returns:
        The scheduler; None where the executor has no such commands.

    Raises:
        WorkflowInputError: The file is not as its schema asks.
    """
    executor = executor_of(profile)
    own = [folder for folder in sorted((root / _PROFILES).iterdir()) if folder.is_dir()]
    for folder in (profile, *(place for place in own if executor_of(place) == executor)):
        file = folder / FILE
        if file.is_file():
            return _read(file, executor, root)
    return None


def executor_of(profile: Path) -> str:
    """The executor that a profile names; `local` when it names none."""
    for file in sorted(profile.glob("*.y*ml")):
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        if isinstance(content, Mapping) and "executor" in content:
            return str(content["executor"])
    return "local"


def _read(file: Path, executor: str, root: Path) -> Scheduler:
    schema = yaml.safe_load((root / _SCHEMA).read_text(encoding="utf-8"))
    found = settings.check(settings.read(file), schema, str(file))
    return Scheduler(
        executor,
        tuple(found["list"]),
        tuple(found["cancel"]),
        found["none"],
        tuple(found["options"]),
        tuple(sorted(found["environment"].items())),
    )
