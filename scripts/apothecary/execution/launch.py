"""Start a run, or take a dead one up again: one run a folder, and nothing of the dead goes on."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apothecary import files, progress
from apothecary.errors import EXIT_INCOMPLETE, Problem, WorkflowInputError
from apothecary.execution import audit, orphans, ownership, schedulers, stopped
from apothecary.execution.ownership import Claim
from apothecary.execution.schedulers import Scheduler
from apothecary.knowledge import store

if TYPE_CHECKING:
    from apothecary.plan import Plan

STORE = Path("build") / "packs"
"""Where the packs that runs used are kept, below the working directory."""


def run(arguments: argparse.Namespace, plan: Plan, config: Mapping[str, Any] | None = None) -> int:
    """Run the workflow, or what is left of it, and tell how it ended.

    Args:
        arguments: Of the command `run`.
        plan: The run, checked.
        config: A configuration to run with instead of the file that the arguments name.

    Returns:
        The exit status.

    Raises:
        WorkflowInputError: The folder is another run's or is worked in; no such profile; the
            cluster does not answer for the jobs of a run that died.
    """
    profile = profile_folder(arguments.profile, plan.root)
    if arguments.dry_run:
        return subprocess.run(snakemake_command(arguments, plan, profile), check=False).returncode
    os.umask(os.umask(0) | files.PRIVATE_UMASK)
    sheet, samples = plan.config["samples"], [row["sample_id"] for row in plan.sheets.samples]
    scheduler = schedulers.of(profile, plan.root)
    limits = plan.config["limits"]
    started = (arguments.force, profile, limits)
    with ownership.claimed(arguments.out, sheet, samples, *started) as claim:
        if claim.died is not None:
            _bury(claim, claim.died, profile, plan.root)
        if claim.last is not None and claim.last.get("limits") not in (None, limits):
            _read_again(claim.results)
        if config is not None:
            arguments.config = str(claim.results / ownership.STATE_FOLDER / "config.json")
            files.write_json(arguments.config, config)
        naming = scheduler.words(claim.run_id) if scheduler else ()
        command = snakemake_command(arguments, plan, profile, naming)
        print(shlex.join(command), flush=True)
        audit.append(claim.results, "run started", _started(claim, plan, arguments))
        variables = scheduler.variables(claim.run_id) if scheduler else {}
        status = _follow(command, claim, variables, verbose=arguments.verbose)
        if status:
            _stop(claim.run_id, scheduler)
        manifest = claim.results / "manifest.json"
        ended: dict[str, Any] = {"run_id": claim.run_id, "status": status}
        if manifest.is_file():
            ended["manifest_sha256"] = files.sha256(manifest)
            kept = store.keep(plan.pack_folder(config), STORE, datetime.now(tz=UTC).date())
            ended["knowledge"] = kept.digest
        audit.append(claim.results, "run ended", ended)
    return _told(status, claim.results)


def with_pack(config: Mapping[str, Any], pack: Path) -> dict[str, Any]:
    """A configuration that takes a built knowledge pack as it is."""
    return {**config, "knowledge": {**config.get("knowledge", {}), "pack": str(pack)}}


def _told(status: int, results: Path) -> int:
    page = results / "index.html"
    if status and (results / "manifest.json").is_file():
        print(f"incomplete: see {page}", file=sys.stderr)
        return EXIT_INCOMPLETE
    if status == 0:
        print(f"done: open {page}")
    return 1 if status < 0 else status


def _started(claim: Claim, plan: Plan, arguments: argparse.Namespace) -> dict[str, Any]:
    return {
        "run_id": claim.run_id,
        "resumed": claim.died["run_id"] if claim.died else None,
        "config": arguments.config,
        "sheets": {path: files.sha256(path) for path in plan.sheet_files},
        "knowledge_lock_sha256": files.sha256(plan.knowledge_lock),
        "profile": arguments.profile,
    }


def _bury(claim: Claim, died: Mapping[str, Any], profile: Path, root: Path) -> None:
    """Let nothing of a dead run go on, and clear its half-written files away.

    Args:
        claim: The folder.
        died: State of the run; its profile may have been another one.
        profile: The profile of this run.
        root: The folder of the workflow.
    """
    run_id, last = str(died["run_id"]), Path(died.get("profile") or profile)
    last = last if last.is_dir() else profile
    scheduler, executor = schedulers.of(last, root), schedulers.executor_of(last)
    ended, cancelled = _stop(run_id, scheduler)
    removed = orphans.remove_temporaries(claim.results)
    print(
        f"run {run_id} died here: {ended} processes stopped, {cancelled} cluster jobs "
        f"cancelled, {removed} half-written files removed; going on from what is whole",
        file=sys.stderr,
    )
    if scheduler is None and executor != "local":
        print(
            f"jobs that it left with {executor} were not looked for ({last} has no "
            f"{schedulers.FILE}): see to it that none works on",
            file=sys.stderr,
        )


def _read_again(results: Path) -> None:
    """Have read again what other limits stopped."""
    for path in stopped.forget(results):
        print(f"{path}: a reading was stopped by other limits; it is made anew", file=sys.stderr)


def _stop(run_id: str, scheduler: Scheduler | None) -> tuple[int, int]:
    cancelled = len(orphans.cancel_jobs(run_id, scheduler)) if scheduler else 0
    return orphans.stop_processes(run_id), cancelled


def _follow(
    command: Sequence[str], claim: Claim, variables: Mapping[str, str], verbose: bool
) -> int:
    """Run Snakemake as a child that holds the claim as well, should this process die."""
    child = progress.Child(
        environment={**os.environ, orphans.RUN_VARIABLE: claim.run_id, **variables},
        handles=(claim.handle,),
    )
    with _passing_on_signals(child):
        return progress.follow(command, child, whole=verbose)


@contextmanager
def _passing_on_signals(child: progress.Child) -> Iterator[None]:
    """Hand a request to end on to Snakemake, which cancels its jobs before it ends."""

    def pass_on(number: int, _: object) -> None:
        if child.process is not None:
            child.process.send_signal(number)

    before = {n: signal.signal(n, pass_on) for n in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def profile_folder(name: str, root: Path) -> Path:
    """The folder of a profile.

    Args:
        name: A profile of `workflow/profiles`, or a folder.
        root: The folder of the workflow.

    Raises:
        WorkflowInputError: There is no such profile.
    """
    for folder in (root / "workflow" / "profiles" / name, Path(name)):
        if folder.is_dir():
            return folder
    known = ", ".join(sorted(p.name for p in (root / "workflow" / "profiles").iterdir()))
    raise WorkflowInputError(Problem("--profile", f"no profile {name!r}", f"known: {known}"))


def _profiles(root: Path, profile: Path) -> list[str]:
    """A profile, and under it what all clusters have in common unless it runs on one machine."""
    under = root / "workflow" / "profiles" / "cluster"
    shared = [] if schedulers.executor_of(profile) == "local" else ["--profile", str(under)]
    return [*shared, "--workflow-profile", str(profile)]


def snakemake_command(
    arguments: argparse.Namespace, plan: Plan, profile: Path, naming: Sequence[str] = ()
) -> list[str]:
    """The Snakemake command of a run, as an argument list.

    Args:
        arguments: Of the command `run`.
        plan: The run.
        profile: Folder of the profile.
        naming: Words by which cluster jobs bear the name of the run.

    Returns:
        The words of the command. Snakemake's own lock is left off: it covers the working
        directory, outlives a killed process, and the results folder is claimed already.
    """
    pathvars = {"results": arguments.out, "logs": f"{arguments.out}/logs"}
    return [
        *(sys.executable, "-m", "snakemake"),
        *("--snakefile", str(plan.root / "Snakefile")),
        *_profiles(plan.root, profile),
        *("--configfile", arguments.config),
        *("--config", f"pathvars={json.dumps(pathvars)}"),
        *("--cores", arguments.cores),
        *("--nolock", "--rerun-incomplete"),
        *naming,
        *(["--dry-run"] if arguments.dry_run else []),
        *arguments.extra,
    ]
