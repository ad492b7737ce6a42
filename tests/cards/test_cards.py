"""CDS Hooks cards: what is taken first, the urgent before the rest, in the words of the model."""

from __future__ import annotations

import copy
import json
import re
import sys
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apothecary import cards

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "fhir"))

from fhir_models import report_model  # noqa: E402

SCHEMA = jsonschema.Draft202012Validator(
    json.loads((ROOT / "workflow" / "schemas" / "cds_cards.schema.json").read_text())
)
INDICATORS = cards.load_indicators(ROOT / "resources" / "cards" / "indicators.tsv")


def made(model):
    found = cards.cards(model, INDICATORS)
    SCHEMA.validate({"cards": found})
    assert len({card["uuid"] for card in found}) == len(found)
    return found


@pytest.mark.parametrize("name", ["germline", "tumor", "failed"])
def test_cards_conform_and_are_the_same_again(name):
    assert made(report_model(name)) == made(report_model(name))


def test_every_medicine_taken_has_a_card_and_comes_first():
    model = report_model("germline")
    found = made(model)
    names = [card["summary"].split(":")[0] for card in found]
    taken = {one["drug"] for one in model["medicines_given"]}
    assert set(names[: len(taken)]) >= {"clopidogrel"}
    assert taken <= set(names)
    open_ones = {
        one["drug"] for one in model["recommendations"] if one["taken"] or not one["standard"]
    }
    assert open_ones <= set(names)
    standard = {
        one["drug"] for one in model["recommendations"] if one["standard"] and not one["taken"]
    }
    assert not standard & set(names)


def test_strength_and_action_make_the_indicator():
    row = {"action": "avoid", "strength": "Strong"}
    assert INDICATORS.of(row) == "critical"
    assert INDICATORS.of({**row, "strength": "Optional"}) == "info"
    assert INDICATORS.of({**row, "strength": None}) == "warning"
    assert INDICATORS.of({"action": "standard_dosing", "strength": "Strong"}) == "info"
    model = report_model("germline")
    found = [card for card in made(model) if card["summary"].startswith("clopidogrel")]
    ranks = [cards.INDICATORS.index(card["indicator"]) for card in found]
    assert ranks == sorted(ranks, reverse=True)


def test_doses_and_alternatives_are_suggested_and_refused_doses_are_not():
    model = report_model("germline")
    labels = [
        one["label"]
        for card in made(model)
        if card["summary"].startswith("clopidogrel")
        for one in card.get("suggestions", ())
    ]
    for dose in model["doses"]:
        said = f"{dose['drug']}: {dose['dose']} ({dose['model_words']})"
        assert (said in labels) == (dose["refused"] is None)


def test_what_speaks_against_a_therapy_stands_beside_what_speaks_for_it():
    (card,) = [card for card in made(report_model("tumor")) if "BRAF V600E" in card["summary"]]
    first, second = card["detail"].splitlines()[:2]
    assert first.startswith("- **Encorafenib + Cetuximab**: sensitive")
    assert second.startswith("- **Cetuximab**: resistant")
    assert {one["url"] for one in card["links"]}


def test_a_failed_sample_has_one_card_with_the_reason():
    (card,) = made(report_model("failed"))
    assert "the file is cut short" in card["summary"]
    assert card["indicator"] == "warning"


@settings(max_examples=12)
@given(text=st.text(min_size=1, max_size=300).filter(str.strip))
def test_no_text_breaks_a_card_or_becomes_markup(text):
    model = copy.deepcopy(report_model("germline"))
    medicine = next(one for one in model["recommendations"] if one["taken"])
    medicine["drug"] = text
    for source in medicine["sources"]:
        for row in source["rows"]:
            row["text"] = [text]
    for card in made(model):
        assert not re.search(r"(?<!\\)[<\[]", card["detail"])
        assert "\n" not in card["summary"]
