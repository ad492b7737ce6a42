"""What persons are told of hereditary findings: gently, and only of what they agreed to."""

from __future__ import annotations

import pytest
from hereditary_builders import carrier, finding, secondary, uncertain
from patient_builders import LANGUAGES, WORDS, hereditary, page
from test_report_html import Page as Elements

FOUND = ("intro", "found", "means", "check", "counselor")


def told(made, language="en"):
    return page(made, language).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_finding_is_told_by_gene_with_what_it_is_not_and_whom_to_talk_to(language):
    words, text = WORDS[language], told(hereditary(finding()), language)
    places = [text.index(words(f"germline.{key}")) for key in FOUND]
    assert places == sorted(places)
    assert "BRCA2" in text
    assert words("family.germline") in text
    assert words("ask.germline") in text
    assert words("meaning.counselor") in text
    for key in ("none", "carrier", "uncertain"):
        assert words(f"germline.{key}") not in text


def test_condition_class_and_change_are_left_to_the_talk():
    text = told(hereditary(finding(), secondary(), uncertain()))
    for name in ("Breast cancer", "athogenic", "p.Ser", "c.5946", "chr13", "Hyperchol", "PALB2"):
        assert name not in text


def test_a_carrier_is_told_that_one_copy_can_do_the_work():
    text = told(hereditary(carrier()))
    assert WORDS["en"]("germline.carrier") in text
    assert WORDS["en"]("germline.counselor") in text
    assert WORDS["en"]("germline.none") in text
    assert WORDS["en"]("germline.found") not in text


def test_where_nothing_was_found_it_is_said_that_this_excludes_nothing():
    text = told(hereditary(uncertain(reported_as=None)))
    assert WORDS["en"]("germline.none") in text
    assert WORDS["en"]("family.germline") not in text
    assert "PALB2" not in text


def test_own_medicines_stand_first():
    text = told(hereditary())
    assert text.index("clopidogrel") < text.index("BRCA2") < text.index("simvastatin")


def test_what_was_not_agreed_to_is_told_nowhere():
    rows = (finding(), secondary())
    assert "LDLR" not in told(hereditary(*rows, secondary_findings="no"))
    assert "BRCA2" in told(hereditary(*rows, secondary_findings="unknown"))
    neither = told(hereditary(*rows, germline="no", secondary_findings="unknown"))
    assert WORDS["en"]("heading.germline") not in neither
    assert not {"LDLR", "BRCA2"} & set(neither.split())


def test_who_agreed_to_nothing_else_has_a_page_of_these_alone():
    made = hereditary(finding(), pharmacogenes="no")
    assert made["patient"]["kind"] == "germline"
    text = told(made)
    assert "BRCA2" in text
    assert WORDS["en"]("heading.medicines") not in text
    assert WORDS["en"]("heading.card") not in text


def test_a_gene_is_text_and_never_markup():
    attack = "<img src=x onerror=alert(1)>"
    from patient_builders import TERMS

    from apothecary.reports.patients import pages

    made = hereditary(finding(attack))
    markup = pages.render(made, WORDS["en"], TERMS)
    assert "img" not in {tag for tag, _ in Elements(markup).elements}
    assert attack in told(made)
