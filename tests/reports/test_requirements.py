"""What guidelines ask a report to hold: each is a field of the model, filled, and seen."""

from __future__ import annotations

import csv
import json
import re
from functools import cache
from pathlib import Path

import full_examples
import pytest
from pdf_reading import squashed, text_of
from test_report_html import Page

from apothecary.reports import html, typeset

REPOSITORY = Path(__file__).resolve().parents[2]
KINDS = ("pgx", "somatic", "germline")


def requirements() -> list[dict[str, str]]:
    path = REPOSITORY / "resources" / "reports" / "requirements.tsv"
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t"))


ASKED = [
    pytest.param(kind, row, id=f"{kind}-{row['field']}-{row['part']}")
    for kind in KINDS
    for row in requirements()
    if row[kind] == "yes"
]


@cache
def seen(kind: str, hereditary: bool):
    examples = {"somatic": full_examples.tumor, "germline": full_examples.germline}
    make = full_examples.hereditary if hereditary else examples.get(kind, full_examples.germline)
    made = make()
    shown = squashed("".join(Page(html.render_sample(made)).texts))
    return made, shown, text_of(typeset.typeset(made, "a4"))


def values(value, path: str) -> list:
    """The values of a field: `a.b[].c`, or `a[name].c` for the entry whose field is name."""
    found = [value]
    for part in path.split("."):
        name, key = re.fullmatch(r"(\w+)(?:\[(\w*)\])?", part).groups()
        found = [item[name] for item in found]
        if key is not None:
            found = [entry for entries in found for entry in entries]
        if key:
            found = [entry for entry in found if entry["field"] == key]
    return [item for item in found if item not in (None, "", [])]


@pytest.mark.parametrize(("kind", "row"), ASKED)
def test_an_element_is_filled_and_seen_in_html_and_pdf(kind, row):
    # What is withheld and what is agreed to cannot stand in one report.
    made, page, pdf = seen(kind, row["field"].startswith("germline"))
    found = values(made, row["field"])
    assert found, f"{row['field']} is filled"
    for value in found:
        assert squashed(str(value)) in page
        assert squashed(str(value)) in pdf


@pytest.mark.parametrize("row", [row for row in requirements() if row["field"]])
def test_the_schema_of_the_model_has_the_field(row):
    schema = json.loads((REPOSITORY / "workflow/schemas/report_model.schema.json").read_text())

    def resolved(part):
        while "$ref" in part:
            part = schema["$defs"][part["$ref"].rsplit("/", 1)[1]]
        options = part.get("oneOf") or part.get("anyOf")
        return resolved(options[-1]) if options else part

    here = resolved(schema)
    for part in row["field"].split("."):
        name = re.match(r"\w+", part)[0]
        assert name in here["properties"], f"{row['field']}: {name}"
        here = resolved(here["properties"][name])
        if "[" in part:
            here = resolved(here["items"])


def test_nothing_that_is_asked_for_is_without_a_field():
    for row in requirements():
        told = {row[kind] for kind in KINDS}
        assert told <= {"yes", "-"}
        assert "yes" in told
        assert row["field"]
        assert row["source"]


@pytest.mark.parametrize("name", ["date_of_birth", "specimen", "ordered_by", "laboratory"])
def test_what_was_not_given_is_told_so(name):
    from report_builders import germline_tables, pack, sample

    from apothecary.reports import model

    made = model.build_model(sample(), germline_tables(), pack(), {})
    (entry,) = [row for row in made["order"] if row["field"] == name]
    assert (entry["given"], entry["text"]) == (False, "not given")
    shown = squashed("".join(Page(html.render_sample(made)).texts))
    assert squashed(f"{entry['name']}not given") in shown
    assert squashed(f"{entry['name']}not given") in text_of(typeset.typeset(made, "a4"))


def test_the_page_on_reports_names_every_element():
    text = (REPOSITORY / "docs" / "reports.md").read_text(encoding="utf-8")
    table = text.split("| element |")[1].split("\n\n")[0]
    assert {row["element"] for row in requirements()} <= set(
        re.findall(r"[a-z]+(?: [a-z]+)*", table)
    )


def test_the_readme_counts_the_fields():
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    assert f"a table of {len([r for r in requirements() if r['field']])} fields" in text
