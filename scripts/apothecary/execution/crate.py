"""A run as a Workflow Run RO-Crate 1.0 (profile Workflow Run Crate 0.5), made from its manifest.

The JSON-LD is small and is written here, since a library would stamp it with the clock. What is
read of it: RO-Crate 1.1 and https://w3id.org/ro/wfrun/workflow/0.5.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from apothecary import files
from apothecary.execution import audit, rerun

METADATA = "ro-crate-metadata.json"
_PROFILES = (
    "https://w3id.org/ro/wfrun/process/0.5",
    "https://w3id.org/ro/wfrun/workflow/0.5",
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0",
)
_MEDIA = {
    ".parquet": "application/vnd.apache.parquet",
    ".html": "text/html",
    ".json": "application/json",
    ".tsv": "text/tab-separated-values",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".gz": "application/gzip",
    ".bam": "application/octet-stream",
    ".cram": "application/octet-stream",
}


def write(results: Path | str) -> Path:
    """Write the crate of a run beside its manifest.

    Args:
        results: The results folder of a run that has ended.

    Returns:
        The metadata file. It is the same for the same manifest and audit log.

    Raises:
        WorkflowInputError: No manifest, or the audit log is not whole.
    """
    folder = Path(results)
    document = rerun.read_manifest(folder / "manifest.json")
    path = folder / METADATA
    files.write_json(path, metadata(document, _last_run(folder)))
    return path


def _last_run(folder: Path) -> dict[str, Any]:
    """Start, end and status of the run that ended last; empty without an audit log."""
    if not (folder / audit.LOG).is_file():
        return {}
    events = audit.verify(folder)
    ends = [event for event in events if event["event"] == "run ended"]
    if not ends:
        return {}
    starts = [
        e for e in events if e["event"] == "run started" and e["run_id"] == ends[-1]["run_id"]
    ]
    return {"start": starts[-1] if starts else None, "end": ends[-1]}


def metadata(document: Mapping[str, Any], last_run: Mapping[str, Any]) -> dict[str, Any]:
    """The crate's JSON-LD.

    Args:
        document: The manifest.
        last_run: `start` and `end`, events of the audit log; may be empty.

    Returns:
        The metadata document.
    """
    outputs = [_file(row) for row in document["outputs"]]
    inputs = _inputs(document)
    action = _action(document, last_run, inputs, outputs)
    date = last_run["end"]["time"] if last_run else document["pipeline"]["version"]
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": "Results of a run of apothecary",
        "description": "Tables and reports of one run, with the inputs and software they came of.",
        "datePublished": date,
        "license": {"@id": "#all-rights-reserved"},
        "conformsTo": [_ref(profile) for profile in _PROFILES],
        "hasPart": [_ref(row["@id"]) for row in (*outputs, _WORKFLOW)],
        "mainEntity": _ref(_WORKFLOW["@id"]),
        "mentions": _ref(action["@id"]),
    }
    graph = [_DESCRIPTOR, root, *_profiles(), _workflow(document), _LANGUAGE, _LICENCE]
    return {
        "@context": "https://w3id.org/ro/crate/1.1/context",
        "@graph": [*graph, action, *_software(document), *inputs, *outputs],
    }


_DESCRIPTOR = {
    "@id": METADATA,
    "@type": "CreativeWork",
    "about": {"@id": "./"},
    "conformsTo": [
        {"@id": "https://w3id.org/ro/crate/1.1"},
        {"@id": "https://w3id.org/workflowhub/workflow-ro-crate/1.0"},
    ],
}
_WORKFLOW = {"@id": "#workflow"}
_LANGUAGE = {
    "@id": "https://w3id.org/workflowhub/workflow-ro-crate#snakemake",
    "@type": "ComputerLanguage",
    "name": "Snakemake",
    "url": {"@id": "https://snakemake.readthedocs.io"},
}
_LICENCE = {
    "@id": "#all-rights-reserved",
    "@type": "CreativeWork",
    "name": "All rights of the results are with the laboratory",
}


def _workflow(document: Mapping[str, Any]) -> dict[str, Any]:
    pipeline = document["pipeline"]
    return {
        **_WORKFLOW,
        "@type": ["SoftwareSourceCode", "ComputationalWorkflow"],
        "name": pipeline["name"],
        "version": pipeline["version"],
        "programmingLanguage": _ref(_LANGUAGE["@id"]),
    }


def _profiles() -> list[dict[str, Any]]:
    return [
        {"@id": profile, "@type": "CreativeWork", "name": _name(profile), "version": _tail(profile)}
        for profile in _PROFILES
    ]


def _name(profile: str) -> str:
    return f"{profile.split('/')[-2].replace('-', ' ')} profile"


def _tail(profile: str) -> str:
    return profile.rpartition("/")[2]


def _action(
    document: Mapping[str, Any],
    last_run: Mapping[str, Any],
    inputs: Sequence[Mapping[str, Any]],
    outputs: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    action: dict[str, Any] = {
        "@id": "#run",
        "@type": "CreateAction",
        "name": "The run",
        "instrument": _ref(_WORKFLOW["@id"]),
        "object": [_ref(row["@id"]) for row in inputs],
        "result": [_ref(row["@id"]) for row in outputs],
    }
    if last_run:
        failed = bool(last_run["end"]["status"])
        state = "Failed" if failed else "Completed"
        action["actionStatus"] = _ref(f"http://schema.org/{state}ActionStatus")
        action["endTime"] = last_run["end"]["time"]
        if last_run["start"]:
            action["startTime"] = last_run["start"]["time"]
    return action


def _inputs(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = [
        {
            "@id": f"#sheet-{sheet['sha256'][:16]}",
            "@type": "File",
            "name": Path(sheet["path"]).name,
            "contentSize": str(sheet["size"]),
            "sha256": sheet["sha256"],
        }
        for sheet in document["inputs"]["sheets"]
    ]
    seen = {row["@id"] for row in rows}
    for sample in document["inputs"]["samples"]:
        name = f"#input-{sample['sha256'][:16]}" if sample["sha256"] else ""
        if name and name not in seen:
            seen.add(name)
            rows.append(
                {"@id": name, "@type": "File", "name": "input file", "sha256": sample["sha256"]}
            )
    knowledge = document["knowledge"]
    rows.append(
        {
            "@id": f"#knowledge-{knowledge['digest'][:16]}",
            "@type": "Dataset",
            "name": "knowledge pack",
            "identifier": knowledge["digest"],
        }
    )
    return rows


def _software(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {"@id": f"#{name}", "@type": "SoftwareApplication", "name": name, "version": version}
        for name, version in sorted(document["software"].items())
    ]


def _file(row: Mapping[str, Any]) -> dict[str, Any]:
    path = str(row["path"])
    return {
        "@id": path,
        "@type": "File",
        "contentSize": str(row["size"]),
        "sha256": row["sha256"],
        "encodingFormat": _MEDIA.get(Path(path).suffix, "application/octet-stream"),
    }


def _ref(identifier: object) -> dict[str, Any]:
    return {"@id": identifier}
