"""The dashboard of a run: its counts, its columns, what fails, and what it must not run."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest
from dashboard_examples import germline, many, metric, tumor
from report_builders import sample

from apothecary.reports import dashboard

BAD = '</script><script>alert(1)</script>&"<img src=x onerror=alert(1)>'


def build(*entries, failed=()):
    rows = [
        sample(entry["sample_id"], row=place, batch=entry["batch"], role=entry["role"])
        for place, entry in enumerate(entries, start=2)
    ]
    rows += [sample(name, row=len(rows) + 2) for name in failed]
    found = {entry["sample_id"]: entry for entry in entries}
    links = {name: f"reports/b/{name}.html" for name in found}
    return dashboard.build(rows, found, links, {})


def with_(entry, name, **values):
    return {**entry, "sample_id": name, **values}


def gene(name, diplotype, phenotype, called=True):
    return {"gene": name, "diplotype": diplotype, "phenotype": phenotype, "called": called}


def test_genes_are_counted_by_phenotype_and_diplotype():
    one = germline()
    made = build(
        with_(one, "A", genes=[gene("CYP2C19", "*1/*2", "Intermediate")]),
        with_(one, "B", genes=[gene("CYP2C19", "*1/*3", "Intermediate")]),
        with_(one, "C", genes=[gene("CYP2C19", "", "No Result", called=False)]),
    )
    [row] = made["genes"]
    assert (row["gene"], row["samples"], row["called"]) == ("CYP2C19", 3, 2)
    assert row["phenotypes"] == [
        {"name": "Intermediate", "samples": 2, "share": "66.7 %"},
        {"name": "No Result", "samples": 1, "share": "33.3 %"},
    ]
    assert [entry["name"] for entry in row["diplotypes"]] == ["", "*1/*2", "*1/*3"]


def test_medicines_that_are_taken_come_first():
    one = germline()
    drug = {"action": "avoid", "action_words": "", "taken": False}
    made = build(
        with_(one, "A", medicines=[{**drug, "drug": "often"}, {**drug, "drug": "rare"}]),
        with_(
            one,
            "B",
            medicines=[
                {**drug, "drug": "often", "action": "monitor"},
                {**drug, "drug": "taken", "taken": True},
            ],
        ),
    )
    assert [row["drug"] for row in made["medicines"]] == ["taken", "often", "rare"]
    assert made["medicines"][0]["taking"] == ["B"]
    assert [(a["action"], a["samples"]) for a in made["medicines"][1]["actions"]] == [
        ("avoid", 1),
        ("monitor", 1),
    ]


def test_tumors_are_counted_by_the_best_tier_of_a_gene():
    one = tumor()
    finding = {"alteration": "", "tier_words": ""}
    made = build(
        with_(
            one,
            "A",
            tumor=[
                {**finding, "gene": "BRAF", "tier": "II"},
                {**finding, "gene": "BRAF", "tier": "I"},
            ],
        ),
        with_(one, "B", tumor=[{**finding, "gene": "KRAS", "tier": "II"}]),
        with_(one, "C", tumor=[{**finding, "gene": "TP53", "tier": "withheld"}]),
    )
    assert made["tumor_genes"] == [
        {"gene": "BRAF", "tiers": [1, 0, 0]},
        {"gene": "KRAS", "tiers": [0, 1, 0]},
    ]
    drawn = made["data"]["tumors"]
    assert (drawn["genes"], drawn["samples"]) == (["BRAF", "KRAS"], ["A", "B", "C"])
    assert drawn["cells"] == [[[0, "I"]], [[1, "II"]], []]


def test_quality_is_told_in_columns_and_by_state():
    one = germline()
    made = build(
        with_(one, "A", metrics=[metric("depth", "pass", 30.0), metric("free", None, 2.0)]),
        with_(one, "B", metrics=[metric("depth", "fail", 2.0), metric("dup", "warn", 0.5)]),
        with_(one, "C", metrics=[]),
    )
    assert made["metrics"] == [
        {"metric": "depth", "pass": 1, "warn": 0, "fail": 1, "not_assessed": 0},
        {"metric": "dup", "pass": 0, "warn": 1, "fail": 0, "not_assessed": 0},
    ]
    heat = made["data"]["quality"]
    assert heat["metrics"] == [["depth", "x"], ["dup", "x"]]
    assert heat["samples"] == ["A", "B"]
    assert heat["values"] == [[30.0, None], [2.0, 0.5]]
    assert heat["states"] == [[0, None], [2, 1]]


def test_swaps_and_relations_are_told_but_not_what_passes():
    check = {"name": "B (batch)", "status_words": "fails", "reason": "of one person"}
    made = build(
        with_(
            germline(),
            "A",
            checks=[
                {**check, "level": "identity", "status": "fail"},
                {**check, "level": "identity", "status": "pass", "name": "sex"},
                {**check, "level": "sample", "status": "fail"},
            ],
        )
    )
    assert [(row["sample_id"], row["name"]) for row in made["identity"]] == [("A", "B (batch)")]


def test_a_sample_that_failed_or_has_no_report_is_told_and_counted_nowhere():
    failed = with_(germline(), "F", status="failed", status_words="failed", reasons=["cut off"])
    made = build(with_(germline(), "A"), failed, failed=["LOST"])
    assert [(row["sample_id"], row["status"]) for row in made["failed"]] == [
        ("F", "failed"),
        ("LOST", "missing"),
    ]
    assert [entry["count"] for entry in made["figures"]][:2] == [3, 1]
    assert {row["samples"] for row in made["genes"]} == {1}
    page = dashboard.render(made)
    assert "cut off" in page
    assert "LOST" in page


class _Page(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.scripts, self._in_script = [], [], False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append("")
            self._in_script = True

    def handle_endtag(self, tag):
        self._in_script = self._in_script and tag != "script"

    def handle_data(self, data):
        if self._in_script:
            self.scripts[-1] += data


def test_texts_of_the_input_are_no_markup():
    made = build(
        with_(
            tumor(),
            "A",
            reasons=[BAD],
            tumor=[{"gene": BAD, "alteration": BAD, "tier": "I", "tier_words": BAD}],
            metrics=[metric(BAD, "warn")],
        )
    )
    page = _Page(dashboard.render(made))
    assert len(page.scripts) == 2
    assert not any(tag == "img" or "onerror" in attributes for tag, attributes in page.tags)
    assert json.loads(page.scripts[0])["tumors"]["genes"] == [BAD]


def test_the_page_asks_for_nothing_and_has_landmarks_and_heads():
    text = dashboard.render(many(10))
    page = _Page(text)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", text)
    names = [tag for tag, _ in page.tags]
    assert names.count("main") == names.count("h1") == 1
    assert {"header", "nav", "footer", "caption"} <= set(names)
    assert all(attributes.get("scope") for tag, attributes in page.tags if tag == "th")
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {a["href"][1:] for t, a in page.tags if t == "a" and a["href"].startswith("#")}
    assert targets <= set(ids)


@pytest.mark.parametrize("count", [0, 3])
def test_the_same_run_gives_the_same_page(count):
    assert dashboard.render(many(count)) == dashboard.render(many(count))
