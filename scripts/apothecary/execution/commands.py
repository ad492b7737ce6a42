"""What the commands do that make runs again and vouch for them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from apothecary import files
from apothecary.errors import EXIT_DIFFERENT, EXIT_INPUT, Problem, WorkflowInputError
from apothecary.execution import audit, launch, signature
from apothecary.execution import crate as crates
from apothecary.execution import rerun as reruns


def rerun(arguments: argparse.Namespace, root: Path) -> int:
    """Make a past run again, or tell what of it is no longer as it was."""
    from apothecary import plan as plans

    document = reruns.read_manifest(arguments.manifest)
    if changed := reruns.changed_sheets(document):
        return _told(changed)
    config = _with_knowledge(document, root)
    plan = plans.load(config, root, str(arguments.manifest))
    for difference in reruns.changed_software(document):
        print(f"note: {difference.line()}", file=sys.stderr)
    if changed := reruns.changed_samples(document, plan.variant_files):
        return _told(changed)
    if arguments.check:
        print("the inputs and the knowledge of the run are at hand")
        return 0
    options = {"force": False, "dry_run": False, "verbose": False, "extra": []}
    status = launch.run(argparse.Namespace(**{**vars(arguments), **options}), plan, config)
    made = Path(arguments.out) / "manifest.json"
    return _agreement(document, made, status) if made.is_file() else status or 1


def _agreement(document: Mapping[str, Any], made: Path, status: int) -> int:
    found = reruns.compare_outputs(document["outputs"], reruns.read_manifest(made)["outputs"])
    for difference in found.different:
        print(difference.line())
    print(
        f"{found.same_bytes} outputs of the same bytes, {found.same_content} tables of "
        f"the same rows in other bytes, {len(found.different)} differ"
    )
    return EXIT_DIFFERENT if found.different else status


def _told(changed: list[reruns.Difference]) -> int:
    for difference in changed:
        print(difference.line(), file=sys.stderr)
    return EXIT_INPUT


def _with_knowledge(document: Mapping[str, Any], root: Path) -> dict[str, Any]:
    """The configuration of a past run with its knowledge: the locked one, or the pack kept of it.

    Raises:
        ResourceError: The knowledge is another now, and the pack was not kept.
    """
    from apothecary.knowledge import lock, store

    config = dict(document["config"])
    lock_file = Path(config["knowledge"]["lock"] or root / "resources" / "knowledge.lock")
    digest = document["knowledge"]["digest"]
    if lock_file.is_file() and lock.read(lock_file).digest == digest:
        return config
    return launch.with_pack(config, store.of_digest(launch.STORE, digest).folder)


def knowledge_kept(arguments: argparse.Namespace, root: Path) -> int:
    """Tell the packs that runs used here."""
    from apothecary.knowledge import store

    for found in store.kept(launch.STORE):
        print(f"{found.since}\t{found.digest}\tknowledge of {found.version}")
    return 0


def audit_verify(arguments: argparse.Namespace, root: Path) -> int:
    """Hold the log, the outputs and, with a key, the signature against their seals."""
    results = Path(arguments.results)
    events = audit.verify(results)
    if arguments.key:
        signature.verify(results, arguments.key)
    outputs = _changed_outputs(results)
    if outputs:
        raise WorkflowInputError(outputs)
    print(f"ok: {len(events)} events, the last sealed {events[-1]['sha256']}")
    return 0


def _changed_outputs(results: Path) -> list[Problem]:
    """The outputs that are not as the manifest has them; the manifest as the log has it."""
    manifest = results / "manifest.json"
    if not manifest.is_file():
        return []
    ends = [e for e in audit.verify(results) if "manifest_sha256" in e]
    problems = []
    if ends and ends[-1]["manifest_sha256"] != files.sha256(manifest):
        problems.append(Problem(str(manifest), "differs from the audit log", "do not rely on it"))
    for row in reruns.read_manifest(manifest)["outputs"]:
        path = results / row["path"]
        if not path.is_file():
            problems.append(Problem(str(path), "is gone", "the manifest has it"))
        elif files.sha256(path) != row["sha256"]:
            problems.append(
                Problem(str(path), "changed after the run", "the manifest has another digest")
            )
    return problems


def audit_keys(arguments: argparse.Namespace, root: Path) -> int:
    """Make a pair of keys."""
    private, public = signature.make_keys(arguments.folder)
    print(f"keep secret: {private}\ngive away: {public}")
    return 0


def audit_sign(arguments: argparse.Namespace, root: Path) -> int:
    """Sign the manifest and the log of a run."""
    print(f"signed: {signature.sign(arguments.results, arguments.key)}")
    return 0


def crate(arguments: argparse.Namespace, root: Path) -> int:
    """Write the RO-Crate of a run."""
    print(f"written: {crates.write(arguments.results)}")
    return 0


def sbom(arguments: argparse.Namespace, root: Path) -> int:
    """Write or print the bill of materials of this installation."""
    from apothecary.execution import sbom as materials

    if arguments.out:
        files.write_text(arguments.out, materials.render())
    else:
        print(materials.render(), end="")
    return 0
