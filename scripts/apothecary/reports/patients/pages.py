"""The page for the patient: a view of the section `patient` of a report model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from apothecary.reports.html import environment, policy
from apothecary.reports.patients import cards
from apothecary.reports.patients.catalogues import Catalogue
from apothecary.reports.patients.terms import OTHER, Terms
from apothecary.reports.text import unique

if TYPE_CHECKING:
    from jinja2 import Environment

Model = Mapping[str, Any]
# What to say, by the kind of the page; a line that a page does without is left out by it.
_ABOUT = {
    "medicines": ("genes", "why"),
    "germline": ("germline",),
    "tumor": ("tumor",),
    "not_agreed": ("not_agreed",),
    "failed": (),
}
_ASK = {
    "medicines": ("results", "change", "signs", "record"),
    "germline": ("record",),
    "tumor": ("treatment", "signs", "record"),
    "not_agreed": (),
    "failed": ("again",),
}
_LIMITS = {
    "medicines": ("few", "small", "else", "new"),
    "germline": ("few", "small", "new"),
    "tumor": ("tumor_only", "small", "new"),
}
_FAMILY = {"medicines": ("shared", "own"), "tumor": ("tumor",)}
_GLOSSARY = {
    "medicines": ("gene", "dose", "marker", "short_name", "laboratory"),
    "germline": ("gene", "laboratory"),
    "tumor": ("tumor", "gene", "laboratory"),
}
_NOT_TESTED = ("other_test", "no_data", "unclear")


@cache
def _templates() -> Environment:
    from jinja2 import PackageLoader

    return environment().overlay(loader=PackageLoader("apothecary.reports.patients"))


@cache
def _style() -> str:
    file = resources.files("apothecary.reports.patients").joinpath("templates", "patient.css")
    return file.read_text(encoding="utf-8")


def render(model: Model, words: Catalogue, terms: Terms) -> str:
    """The page of one sample in one language.

    Args:
        model: The report model.
        words: The catalogue of the language.
        terms: The plain words for terms of genetics.

    Returns:
        The page, which works without a script and asks for nothing.
    """
    from markupsafe import Markup

    language, style = words("language.code"), _style()
    patient = _named(model["patient"], language, terms)
    kind = patient["kind"]
    values = {
        "w": words.texts,
        "title": words(f"title.{kind}"),
        "identity": model["identity"],
        "patient": patient,
        "about": [words(f"about.{key}") for key in _ABOUT[kind]],
        "medicines": [_medicine(entry, words, terms) for entry in patient["medicines"]],
        "other": patient["other"],
        "genes": [_gene(gene, words, terms) for gene in patient["genes"]],
        "not_read": _not_read(patient),
        "limits": _limits(patient, kind, words),
        "ask": _asked(patient, kind, words),
        "family": _family(patient, kind, words),
        "agreed": [_agreed(entry, words) for entry in patient["agreed"]],
        "glossary": [
            (words(f"term.{key}"), words(f"meaning.{key}")) for key in _explained(patient, kind)
        ],
        "cards": _cards(patient, words, terms),
    }
    return (
        _templates()
        .get_template("patient.html")
        .render(values, policy=policy(style, None), style=Markup(style))
    )


def _named(patient: Model, language: str, terms: Terms) -> dict[str, Any]:
    """The section with the names of medicines in a language; names as given stay as they are."""
    return {
        **patient,
        **{
            key: [
                {
                    **entry,
                    "drug": terms.name(entry["drug"], language),
                    "changed_by": [terms.name(name, language) for name in entry["changed_by"]],
                }
                for entry in patient[key]
            ]
            for key in ("medicines", "other")
        },
        **{
            key: [terms.name(name, language) for name in patient[key]]
            for key in ("look_up", "no_advice")
        },
        "genes": [
            {**gene, "changed_by": [terms.name(name, language) for name in gene["changed_by"]]}
            for gene in patient["genes"]
        ],
    }


def _medicine(entry: Model, words: Catalogue, terms: Terms) -> dict[str, Any]:
    certainty = terms.strengths.get(entry["strength"] or "")
    return {**entry, "certainty": words(f"strength.{certainty}") if certainty else None}


def _gene(gene: Model, words: Catalogue, terms: Terms) -> dict[str, Any]:
    """A gene with its results in plain words; results of the same words stand once."""
    shares: dict[str, int | None] = {}
    for result in gene["results"]:
        key = terms.result(result["phenotype"])
        # Beside other results, one without a term is one that says nothing.
        key = "unclear" if key == OTHER and not gene["sure"] else key
        share, before = result["of_100"], shares.get(key)
        shares[key] = None if share is None else share + (before or 0)
    return {
        **gene,
        "diplotypes": gene["diplotypes"] if gene["sure"] else [],
        "results": [
            {
                "text": words(f"result.{key}"),
                "of_100": words("genes.of_100", count=words.number(share)) if share else None,
            }
            for key, share in (shares or {OTHER: None}).items()
        ],
    }


def _not_read(patient: Model) -> list[tuple[str, list[str]]]:
    """The genes that were not assessed, by the kind of the reason."""
    groups = [
        (why, [entry["gene"] for entry in patient["not_tested"] if entry["why"] == why])
        for why in _NOT_TESTED
    ]
    groups.append(("read_in_part", list(patient["read_in_part"])))
    return [(why, genes) for why, genes in groups if genes]


def _limits(patient: Model, kind: str, words: Catalogue) -> list[str]:
    keys = [*_LIMITS.get(kind, ())]
    if patient["research"]:
        keys.append("research")
    if kind == "tumor":
        keys.append("tumor_medicines")
    return [words(f"limits.{key}") for key in keys]


def _asked(patient: Model, kind: str, words: Catalogue) -> list[str]:
    keys = [*_ASK[kind]]
    if patient["not_tested"] or patient["read_in_part"]:
        keys.append("missing")
    if _inherited(patient):
        keys.append("germline")
    return [words(f"ask.{key}") for key in keys]


def _inherited(patient: Model) -> bool:
    """Whether a change was found that the person was born with and may wish to talk about."""
    return bool(patient["germline"]["found"] or patient["germline"]["carrier"])


def _family(patient: Model, kind: str, words: Catalogue) -> list[str]:
    keys = [*_FAMILY.get(kind, ()), *(("germline",) if _inherited(patient) else ())]
    return [words(f"family.{key}") for key in keys]


def _explained(patient: Model, kind: str) -> tuple[str, ...]:
    return (*_GLOSSARY.get(kind, ()), *(("counselor",) if _inherited(patient) else ()))


def _agreed(entry: Model, words: Catalogue) -> str:
    scope = words(f"scope.{entry['scope']}")
    if not entry["date"]:
        return scope
    return words("privacy.on_day", scope=scope, day=words.day(entry["date"]))


def _cards(patient: Model, words: Catalogue, terms: Terms) -> list[list[cards.Row]]:
    short = {
        gene["gene"]: _short(gene["results"], words, terms)
        for gene in patient["genes"]
        if gene["results"]
    }
    usual = ("standard_dosing", "no_recommendation")
    told = [entry for entry in patient["medicines"] if entry["action"] not in usual]
    return cards.deal(cards.rows([*told, *patient["other"]], short))


def _short(results: Sequence[Model], words: Catalogue, terms: Terms) -> str:
    keys: Iterable[str] = unique(terms.result(result["phenotype"]) for result in results)
    return f" {words('label.or')} ".join(words(f"short.{key}") for key in keys)
