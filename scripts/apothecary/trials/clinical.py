"""Whether a patient meets a clinical criterion."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping

from apothecary.oncogenes.matching import NO, UNKNOWN, YES
from apothecary.trials.clinical_trials_gov import AGE, CONDITION, COUNTRY, GENDER
from apothecary.trials.diagnoses import Diagnoses
from apothecary.trials.genomic import Verdict
from apothecary.trials.patients import Patient

DIAGNOSIS = "oncotree_primary_diagnosis"

_COMPARED = re.compile(r"(>=|<=|==|=|>|<)\s*(\d+(?:\.\d+)?)")
_OPERATORS: Mapping[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "=": operator.eq,
    ">": operator.gt,
    "<": operator.lt,
}
_SEXES = {"M": "male", "F": "female"}
# Fields of CTML whose item of the clinical sheet has another name.
_ITEMS = {"tmb_numerical": "tmb_per_megabase"}


def judge(field: str, asked: str, patient: Patient, diagnoses: Diagnoses) -> Verdict:
    """Judge a clinical criterion.

    Args:
        field: What is asked about: age, gender, diagnosis, condition, country, or an item of the
            clinical sheet. Of anything else nothing is known.
        asked: What is asked for; ! before it turns the criterion round.
        patient: Who is asked about.
        diagnoses: Tumor types.
    """
    wanted = asked.removeprefix("!").strip()
    verdict = _positive(field, wanted, patient, diagnoses)
    return verdict.negated() if asked.startswith("!") else verdict


def _positive(field: str, asked: str, patient: Patient, diagnoses: Diagnoses) -> Verdict:
    if field == AGE:
        return _age(asked, patient)
    if field == GENDER:
        sex = _SEXES.get(patient.sex)
        if sex is None:
            return Verdict(UNKNOWN, "the sex is not given")
        return Verdict(_answer(sex == asked.lower()), f"the sex is {sex}", ("sex",))
    if field in (DIAGNOSIS, CONDITION):
        value, reason = diagnoses.covers(asked, patient.tumor_type)
        return Verdict(value, reason, ("tumor_type",) if value != UNKNOWN else ())
    if field == COUNTRY:
        country = patient.clinical.get(COUNTRY)
        if country is None:
            return Verdict(UNKNOWN, "the country of the patient is not given")
        near = country.casefold() in {name.casefold() for name in asked.split("|")}
        reason = f"{'a' if near else 'no'} site in {country}"
        return Verdict(_answer(near), reason, (COUNTRY,))
    return _item(_ITEMS.get(field, field), asked, patient)


def _answer(value: bool) -> str:
    return YES if value else NO


def _age(asked: str, patient: Patient) -> Verdict:
    """An age in full years stands for any age up to the next birthday."""
    given = patient.clinical.get("age_years")
    if given is None:
        return Verdict(UNKNOWN, "the age is not given")
    match = _COMPARED.fullmatch(asked)
    if match is None:
        return Verdict(UNKNOWN, f"{asked!r} is no bound of an age")
    sign, bound, years = match[1], float(match[2]), float(given)
    told = f"{years:g} years old"
    between = years.is_integer() and years <= bound < years + 1
    decided = years == bound and sign not in (">", "<=")
    if between and not decided:
        return Verdict(UNKNOWN, f"{told}: full years do not tell it")
    return Verdict(_answer(_OPERATORS[sign](years, bound)), told, ("age_years",))


def _item(item: str, asked: str, patient: Patient) -> Verdict:
    """An item of the clinical sheet: a number held against a bound, or a word."""
    given = patient.clinical.get(item)
    words = item.replace("_", " ")
    if given is None or given.lower() == "unknown":
        return Verdict(UNKNOWN, f"{words} is not known")
    match = _COMPARED.fullmatch(asked)
    if match:
        try:
            value = float(given)
        except ValueError:
            return Verdict(UNKNOWN, f"{words} is {given}, which is no number")
        met = _OPERATORS[match[1]](value, float(match[2]))
        return Verdict(_answer(met), f"{words} is {given}", (item,))
    return Verdict(_answer(given.lower() == asked.lower()), f"{words} is {given}", (item,))
