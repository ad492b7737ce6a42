"""Files of trials to trials."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from apothecary.errors import Problem, WorkflowInputError
from apothecary.hardening import strict_yaml
from apothecary.trials import clinical_trials_gov, ctml
from apothecary.trials.criteria import Trial

SUFFIXES = (".json", ".yaml", ".yml")
MAX_BYTES = 100_000_000
_RIGHT = "a trial in CTML or the JSON of ClinicalTrials.gov, version 2"


def files(paths: Sequence[str]) -> list[str]:
    """The files of trials that a configuration names.

    Args:
        paths: Files, or folders of which every JSON and YAML file is taken.

    Returns:
        The files, each once, those of a folder sorted by name.
    """
    found: list[str] = []
    for path in paths:
        folder = Path(path)
        if folder.is_dir():
            here = sorted(p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES)
            found += [str(p) for p in here]
        else:
            found.append(path)
    return list(dict.fromkeys(found))


def read(paths: Sequence[str]) -> list[Trial]:
    """Read trials.

    Args:
        paths: Files with a trial, a list of trials, trials one after the other, or the answer of
            ClinicalTrials.gov to a search (`studies`).

    Returns:
        The trials, sorted by their number.

    Raises:
        WorkflowInputError: A file holds no trial, something of a trial cannot be read, or two
            trials have one number; all problems of all files in one.
    """
    problems: list[Problem] = []
    trials: dict[str, Trial] = {}
    for path in paths:
        for document in _documents(path, problems):
            trial = _trial(document, path, problems)
            if trial is None:
                continue
            other = trials.setdefault(trial.trial_id, trial)
            if other is not trial:
                found = f"trial {trial.trial_id!r} stands in {other.file} already"
                problems.append(Problem(path, found, "give each trial once"))
    if problems:
        raise WorkflowInputError(problems)
    return [trials[name] for name in sorted(trials)]


def _trial(document: Any, path: str, problems: list[Problem]) -> Trial | None:
    if isinstance(document, Mapping):
        if ctml.is_trial(document):
            return ctml.read(document, path, problems)
        if clinical_trials_gov.is_trial(document):
            return clinical_trials_gov.read(document, path, problems)
    problems.append(Problem(path, "no trial", _RIGHT))
    return None


def _documents(path: str, problems: list[Problem]) -> list[Any]:
    try:
        if Path(path).stat().st_size > MAX_BYTES:
            problems.append(Problem(path, "the file is larger than 100 MB", _RIGHT))
            return []
        text = Path(path).read_text(encoding="utf-8-sig")
        parts = _json(text) if path.lower().endswith(".json") else _yaml(text)
    except OSError as error:
        right = "correct the path in the configuration"
        problems.append(Problem(path, f"cannot be read ({error.strerror})", right))
        return []
    except UnicodeDecodeError:
        problems.append(Problem(path, "is not UTF-8 text", _RIGHT))
        return []
    except json.JSONDecodeError as error:
        problems.append(Problem(path, f"no JSON ({error.msg})", _RIGHT, error.lineno))
        return []
    except RecursionError:
        problems.append(Problem(path, "is nested too deeply", _RIGHT))
        return []
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        row = mark.line + 1 if mark else None
        found_there = str(getattr(error, "problem", "")) or "no YAML"
        problems.append(Problem(path, f"no plain YAML ({found_there})", _RIGHT, row))
        return []
    found: list[Any] = []
    for part in parts:
        if isinstance(part, Mapping) and isinstance(part.get("studies"), list):
            found += part["studies"]
        elif isinstance(part, list):
            found += part
        else:
            found.append(part)
    if not found:
        problems.append(Problem(path, "no trial", _RIGHT))
    return found


def _yaml(text: str) -> list[Any]:
    return [part for part in strict_yaml.documents(text, aliases=True) if part is not None]


def _json(text: str) -> list[Any]:
    """JSON documents one after the other."""
    decoder, place = json.JSONDecoder(), 0
    found: list[Any] = []
    while True:
        while place < len(text) and text[place].isspace():
            place += 1
        if place == len(text):
            return found
        document, place = decoder.raw_decode(text, place)
        found.append(document)
