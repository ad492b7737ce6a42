"""The card for the wallet: every medicine is on one, and each holds what it is given."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from apothecary.reports.patients import cards

MEDICINES = st.lists(
    st.fixed_dictionaries(
        {
            "drug": st.text("abcdefghij", min_size=1, max_size=40),
            "genes": st.lists(st.sampled_from(["CYP2C19", "CYP2D6", "HLA-B"]), unique=True),
        }
    ),
    max_size=60,
    unique_by=lambda entry: entry["drug"],
)


@given(MEDICINES)
def test_every_medicine_is_on_one_card(medicines):
    dealt = cards.deal(cards.rows(medicines, {"CYP2D6": "slower"}))
    told = [name for card in dealt for row in card for name in row.medicines]
    assert sorted(told) == sorted(entry["drug"] for entry in medicines)
    for card in dealt:
        assert card
        assert sum(row.lines for row in card) <= cards.LINES


def test_medicines_stand_by_their_genes_with_the_result_in_the_order_of_urgency():
    medicines = [
        {"drug": "clopidogrel", "genes": ["CYP2C19"]},
        {"drug": "amitriptyline", "genes": ["CYP2C19", "CYP2D6"]},
        {"drug": "omeprazole", "genes": ["CYP2C19"]},
    ]
    rows = cards.rows(medicines, {"CYP2C19": "very slow"})
    assert [(row.genes, row.medicines) for row in rows] == [
        ("CYP2C19 (very slow)", ("clopidogrel", "omeprazole")),
        ("CYP2C19 (very slow) + CYP2D6", ("amitriptyline",)),
    ]


def test_nothing_to_mention_makes_no_card():
    assert cards.deal([]) == []
