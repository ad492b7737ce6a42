"""Trials in the JSON of ClinicalTrials.gov, version 2 of its interface.

Age, sex, conditions, recruiting and countries are fields; the eligibility criteria are words. No
program reads the words, so that a trial of this form can be unmet or unknown, but never met.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from apothecary.errors import Problem
from apothecary.trials.criteria import (
    ALL,
    ANY,
    CLINICAL,
    CLOSED,
    OPEN,
    TEXT,
    UNKNOWN_ACCRUAL,
    Block,
    Criterion,
    Group,
    Tree,
    Trial,
)

FORM = "clinicaltrials.gov"
CONDITION = "condition"
COUNTRY = "country"
AGE = "age_numerical"
GENDER = "gender"

_OPEN = frozenset({"RECRUITING", "ENROLLING_BY_INVITATION", "AVAILABLE"})
_UNDECIDED = frozenset({"", "UNKNOWN", "NOT_YET_RECRUITING"})
_AGE = re.compile(r"(\d+(?:\.\d+)?) (year|month|week|day|hour|minute)s?", re.IGNORECASE)
_YEARS = {
    "year": 1.0,
    "month": 1 / 12,
    "week": 7 / 365.25,
    "day": 1 / 365.25,
    "hour": 1 / (24 * 365.25),
    "minute": 1 / (60 * 24 * 365.25),
}
_SEXES = {"MALE": "Male", "FEMALE": "Female"}


def is_trial(document: Mapping[str, Any]) -> bool:
    """Whether a document is of this form."""
    return "protocolSection" in document


def read(document: Mapping[str, Any], file: str, problems: list[Problem]) -> Trial | None:
    """Read a study.

    Args:
        document: The study as parsed from JSON.
        file: Its file, for messages.
        problems: What is wrong is added here.

    Returns:
        The trial, with one block; None when something of it cannot be read.
    """
    before = len(problems)
    section = _mapping(document, "protocolSection", "protocolSection", file, problems)
    modules = {
        name: _mapping(section, name, f"protocolSection.{name}", file, problems)
        for name in (
            "identificationModule",
            "statusModule",
            "designModule",
            "conditionsModule",
            "eligibilityModule",
            "contactsLocationsModule",
        )
    }
    name = modules["identificationModule"].get("nctId")
    if not isinstance(name, str) or not name:
        problems.append(
            Problem(
                file,
                f"found {name!r}",
                "the NCT number",
                field="protocolSection.identificationModule.nctId",
            )
        )
    eligibility = modules["eligibilityModule"]
    countries = _countries(modules["contactsLocationsModule"])
    criteria = [
        *_ages(eligibility, file, problems),
        *_sex(eligibility),
        *_conditions(modules["conditionsModule"]),
        *_country(countries),
        *_text(eligibility),
    ]
    if len(problems) > before:
        return None
    status = str(modules["statusModule"].get("overallStatus") or "")
    block = Block("", "", "", _accrual(status), Group(ALL, tuple(criteria)))
    phases = modules["designModule"].get("phases") or []
    title = modules["identificationModule"].get("briefTitle") or ""
    return Trial(
        str(name),
        str(title),
        ", ".join(str(phase) for phase in phases),
        file,
        FORM,
        (block,),
        countries,
    )


def _mapping(
    parent: Mapping[str, Any], key: str, where: str, file: str, problems: list[Problem]
) -> Mapping[str, Any]:
    value = parent.get(key, {})
    if isinstance(value, Mapping):
        return value
    problems.append(Problem(file, f"found {value!r}", "a mapping", field=where))
    return {}


def _accrual(status: str) -> str:
    if status.upper() in _OPEN:
        return OPEN
    return UNKNOWN_ACCRUAL if status.upper() in _UNDECIDED else CLOSED


def _ages(eligibility: Mapping[str, Any], file: str, problems: list[Problem]) -> list[Tree]:
    found: list[Tree] = []
    for key, sign in (("minimumAge", ">="), ("maximumAge", "<")):
        text = eligibility.get(key)
        if text in (None, "", "N/A"):
            continue
        match = _AGE.fullmatch(str(text).strip())
        if not match:
            problems.append(
                Problem(
                    file,
                    f"found {text!r}",
                    "a number and a unit, such as 18 Years",
                    field=f"protocolSection.eligibilityModule.{key}",
                )
            )
            continue
        # A maximum of 75 years takes a person who is 75, until the next birthday.
        unit = match[2].lower()
        years = (float(match[1]) + (sign == "<")) * _YEARS[unit]
        words = f"{'at least' if sign == '>=' else 'at most'} {text} old"
        found.append(Criterion(CLINICAL, {AGE: f"{sign}{years:g}"}, words))
    return found


def _sex(eligibility: Mapping[str, Any]) -> list[Tree]:
    sex = _SEXES.get(str(eligibility.get("sex") or "").upper())
    return [Criterion(CLINICAL, {GENDER: sex}, f"sex {sex.lower()}")] if sex else []


def _conditions(module: Mapping[str, Any]) -> list[Tree]:
    """One of the conditions is asked for; a study without any leaves it open."""
    names = [str(name) for name in module.get("conditions") or []]
    parts = tuple(Criterion(CLINICAL, {CONDITION: n}, f"condition {n}") for n in names)
    if not parts:
        return [Criterion(TEXT, {}, "no condition is given")]
    return [Group(ANY, parts) if len(parts) > 1 else parts[0]]


def _countries(module: Mapping[str, Any]) -> tuple[str, ...]:
    places = module.get("locations") or []
    names = {str(p["country"]) for p in places if isinstance(p, Mapping) and p.get("country")}
    return tuple(sorted(names))


def _country(countries: tuple[str, ...]) -> list[Tree]:
    if not countries:
        return []
    words = f"a site in one of {len(countries)} countries" if len(countries) > 1 else countries[0]
    return [Criterion(CLINICAL, {COUNTRY: "|".join(countries)}, f"country: {words}")]


def _text(eligibility: Mapping[str, Any]) -> list[Tree]:
    text = str(eligibility.get("eligibilityCriteria") or "").strip()
    if not text:
        return [Criterion(TEXT, {}, "the study gives no criteria in words")]
    lines = sum(bool(line.strip()) for line in text.splitlines())
    return [Criterion(TEXT, {}, f"eligibility criteria in words ({lines} lines), to be read")]
