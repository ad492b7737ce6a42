"""The parts of a report, its head, its references and the way of each gene."""

from __future__ import annotations

import pytest
from report_builders import (
    RUN,
    consent,
    failed_tables,
    germline_tables,
    pack,
    row,
    sample,
    tumor_sample,
    tumor_tables,
)

from apothecary import schemas
from apothecary.reports import html, model
from apothecary.reports.outline import PARTS

CASES = {
    "germline": (sample(), germline_tables()),
    "tumor": (tumor_sample(), tumor_tables()),
    "failed": (sample("BAD"), failed_tables("BAD")),
    "nothing": (sample("NONE"), {}),
}
MODELS = {name: model.build_model(*case, pack(), RUN) for name, case in CASES.items()}


@pytest.mark.parametrize("name", CASES)
def test_the_parts_are_the_same_whatever_the_input_is(name):
    parts = MODELS[name]["outline"]
    assert [part["part"] for part in parts] == list(PARTS)
    for part in parts:
        # A part with a reason has no sections; else all its sections stand, empty ones with one.
        named = tuple(section["section"] for section in part["sections"])
        assert named == (() if part["note"] else PARTS[part["part"]])


def test_a_part_of_another_role_says_so_once():
    notes = {part["part"]: part["note"] for part in MODELS["tumor"]["outline"]}
    assert notes["medicines"].startswith("Pharmacogenes: not called from a tumor")
    assert notes["tumor"] is None
    notes = {part["part"]: part["note"] for part in MODELS["germline"]["outline"]}
    assert notes["tumor"].startswith("Tumor findings: not looked for")
    page = html.render_sample(MODELS["germline"])
    assert page.count(notes["tumor"]) == 2  # here, and among what was not assessed


def test_a_scope_without_consent_leaves_a_reason_and_no_section():
    rows = {**tumor_tables(), "consent": consent("P-T001", tumor="no")}
    made = model.build_model(tumor_sample(), rows, pack(), RUN)
    (part,) = [part for part in made["outline"] if part["part"] == "tumor"]
    assert part["note"] == "Tumor findings were not analysed: consent is not on record."


def test_every_empty_section_has_a_reason_in_words():
    for made in MODELS.values():
        for part in made["outline"]:
            for section in part["sections"]:
                assert section["note"] is None or section["note"].endswith("."), section


def test_the_head_counts_what_was_not_assessed():
    lines = {line["kind"]: line for line in MODELS["germline"]["glance"]["not_assessed"]["lines"]}
    assert lines["genes"]["items"] == ["CYP2B6 3 of 43"]
    assert set(lines["not_called"]["items"]) == {"TPMT", "CYP2D6", "HLA-B"}
    assert lines["not_called"]["count"] == 3
    assert lines["steps"]["count"] == len(MODELS["germline"]["not_assessed"]["steps"])
    page = html.render_sample(MODELS["germline"])
    assert page.index("CYP2B6 3 of 43") < page.index('id="actions"') < page.index('id="genes"')


@pytest.mark.parametrize(
    ("statuses", "worst"),
    [(["pass", "pass"], "pass"), (["pass", "warn"], "warn"), (["warn", "fail"], "fail")],
)
def test_the_head_tells_the_worst_check(statuses, worst):
    gates = [
        row(
            schemas.TABLES["qc_gates"],
            sample_id="HG00276",
            level="sample",
            name=f"check {n}",
            status=status,
            reason="made up",
        )
        for n, status in enumerate(statuses)
    ]
    made = model.build_model(sample(), {**germline_tables(), "qc_gates": gates}, pack(), RUN)
    told = made["glance"]["quality"]
    assert told["status"] == worst
    assert told["items"] == [f"check {n}" for n, s in enumerate(statuses) if s != "pass"]


def test_without_reads_the_quality_is_not_assessed():
    assert MODELS["germline"]["glance"]["quality"]["status"] == "not_assessed"


def test_what_asks_for_an_action_stands_first():
    weights = [line["weight"] for line in MODELS["germline"]["actions"]["headlines"]]
    assert weights == sorted(weights, key=("act", "none", "note").index)
    assert weights[0] == "act"


def test_references_are_told_once_with_their_address():
    told = MODELS["tumor"]["references"]
    assert [entry["name"] for entry in told] == ["EID1409", "EID816", "EID9851"]
    told = MODELS["germline"]["references"]
    keys = [(entry["name"], entry["link"]) for entry in told]
    assert len(keys) == len(set(keys)) > 0
    assert html.render_sample(MODELS["germline"]).count('class="target"') == len(told)


def test_every_gene_has_its_way_through_the_steps():
    told = {entry["gene"]: entry["lines"] for entry in MODELS["germline"]["trace"]}
    assert set(told) == {gene["gene"] for gene in MODELS["germline"]["genes"]}
    steps = [line["step"] for line in told["CYP2C19"]]
    for step in ("call_sites", "call_diplotypes", "assign_phenotypes", "match_recommendations"):
        assert step in steps
    told = {entry["gene"]: entry["lines"] for entry in MODELS["tumor"]["trace"]}
    assert {"BRAF", "TP53"} <= set(told)
    assert any("record 1: chr7:140753336:A:T" in line["text"] for line in told["BRAF"])


def test_the_way_of_a_gene_does_not_hang_on_the_order_of_rows():
    who, rows = CASES["germline"]
    turned = {name: list(reversed(items)) for name, items in rows.items()}
    assert model.build_model(who, turned, pack(), RUN)["trace"] == MODELS["germline"]["trace"]


def test_where_an_outside_file_lies_is_not_told():
    outside = row(
        schemas.OUTSIDE_CALLS,
        sample_id="HG00276",
        gene="CYP2C19",
        row=3,
        diplotype="*2/*2",
        file="/home/someone/calls.tsv",
    )
    rows = {**germline_tables(), "outside_calls": [outside]}
    made = model.build_model(sample(), rows, pack(), RUN)
    (lines,) = [entry["lines"] for entry in made["trace"] if entry["gene"] == "CYP2C19"]
    assert {"step": "read_variants", "text": "outside call *2/*2 (calls.tsv, row 3)"} in lines


def test_a_failed_sample_has_no_way_figure_or_reference():
    made = MODELS["failed"]
    assert (made["trace"], made["figures"], made["references"]) == ([], [], [])
    assert made["glance"]["not_assessed"]["lines"][0]["kind"] in ("withheld", "steps")


def test_a_long_enumeration_is_cut_where_a_sentence_tells_it():
    rows = germline_tables()
    places = ", ".join(f"chr10:{n}:C" for n in range(90))
    reason = f"not assessed (quality control): 90 of 90 positions cannot be called: {places}"
    for name in ("diplotypes", "phenotypes"):
        rows[name] = [
            {**one, "reason": reason} if one["gene"] == "TPMT" else one for one in rows[name]
        ]
    made = model.build_model(sample(), rows, pack(), RUN)
    (gene,) = [gene for gene in made["genes"] if gene["gene"] == "TPMT"]
    (told,) = gene["reasons"]
    assert told.startswith("not assessed (quality control): 90 of 90 positions cannot be called: ")
    assert told.endswith(
        "called: chr10:0:C, chr10:1:C, chr10:2:C, chr10:3:C, chr10:4:C, chr10:5:C, and 84 more"
    )
    (entry,) = [e for e in made["not_assessed"]["not_called"] if e["gene"] == "TPMT"]
    assert entry["reason"].endswith("and 84 more")
