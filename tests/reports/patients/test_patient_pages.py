"""The pages for patients: what must be on every one, and what must be on none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from patient_builders import (
    FACTS,
    LANGUAGES,
    MODELS,
    TERMS,
    WORDS,
    Page,
    failed,
    germline,
    page,
    tumor,
)
from report_builders import (
    RUN,
    consent,
    diplotype,
    germline_tables,
    pack,
    phenotype,
    recommendation,
    row,
    sample,
    tumor_tables,
)

from apothecary import schemas, views
from apothecary.reports import model
from apothecary.reports.patients import pages, readability, write
from apothecary.reports.recommendations import SEVERITY
from apothecary.reports.text import printable

MEASURES = readability.load(FACTS / "readability.tsv")
PAYLOAD = "<img src=x onerror=alert(1)>\"'></style><script>alert(1)</script>"
EVERY = [(kind, language) for kind in MODELS for language in LANGUAGES]
PAGES = {(kind, language): page(MODELS[kind](), language) for kind, language in EVERY}


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_what_every_page_has(kind, language):
    shown = PAGES[kind, language]
    elements = dict(shown.elements)
    assert elements["html"] == {"lang": language, "dir": "ltr"}
    assert WORDS[language]("notice.stop") in shown.text
    assert WORDS[language](f"title.{MODELS[kind]()['patient']['kind']}") in shown.text
    assert MODELS[kind]()["identity"]["sample_id"] in shown.text
    assert MODELS[kind]()["identity"]["subject_id"] in shown.text


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_a_page_can_be_read_by_all_and_asks_for_nothing(kind, language):
    shown = PAGES[kind, language]
    tags = [tag for tag, _ in shown.elements]
    assert tags.count("h1") == tags.count("main") == 1
    assert tags.count("table") == tags.count("caption")
    assert all(a.get("scope") in ("row", "col") for tag, a in shown.elements if tag == "th")
    assert all(a.get("aria-hidden") == "true" for tag, a in shown.elements if tag == "svg")
    assert not {"script", "img", "link", "iframe", "form", "a"} & set(tags)
    assert not [a for _, a in shown.elements if {"src", "href", "style", "onclick"} & set(a)]
    assert "url(" not in shown.style
    assert "@import" not in shown.style
    ids = [a["id"] for _, a in shown.elements if "id" in a]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("kind", MODELS)
def test_an_english_page_is_at_most_of_grade_8_and_each_paragraph_of_10(kind):
    paragraphs = PAGES[kind, "en"].paragraphs()
    assert len(paragraphs) >= 5
    assert MEASURES["en"].of("\n".join(paragraphs)) <= 8
    for text in paragraphs:
        assert MEASURES["en"].of(text) <= 10 or len(readability.words(text)) < 6, text
        assert all(len(readability.words(s)) <= 25 for s in readability.sentences(text))


def test_own_medicines_come_before_others_and_before_genes():
    text = PAGES["medicines", "en"].text
    places = [text.index(name) for name in ("clopidogrel", "simvastatin", "CYP2B6")]
    assert places == sorted(places)


def test_what_the_page_of_a_germline_sample_tells():
    text = PAGES["medicines", "en"].text
    words = WORDS["en"]
    for key in ("advice.avoid", "strength.firm", "medicines.changed_by", "medicines.no_advice"):
        assert words(key) in text, key
    for key in ("action.alternative", "action.change_dose", "action.monitor", "other.look_up"):
        assert words(key) in text, key
    for key in ("result.slower", "result.very_slow", "result.usual", "result.works_less"):
        assert words(key) in text, key
    for key in ("limits.other_test", "limits.no_data", "limits.read_in_part", "card.incomplete"):
        assert words(key) in text, key


def test_guidance_texts_and_technical_words_of_the_report_are_left_out():
    for language in LANGUAGES:
        text = PAGES["medicines", language].text
        assert "A text of an installed source." not in text
        assert "an implication" not in text
        assert "Metabolizer" not in text


def test_a_tumor_gets_its_changes_and_no_forecast_therapy_or_tier():
    text = PAGES["tumor", "en"].text
    assert "BRAF V600E" in text
    assert not re.search(r"surviv|prognos|tier|month|vemurafenib", text, re.IGNORECASE)


def test_a_change_of_a_tumor_that_was_likely_inherited_needs_consent():
    rows = tumor_tables()
    found = next(r for r in rows["actionability"] if r["alteration"] == "BRAF V600E")
    place = {name: found[name] for name in ("sample_id", "chrom", "pos", "ref", "alt")}
    rows["variant_origins"] = [
        row(
            schemas.TABLES["variant_origins"],
            **place,
            status="likely_germline",
            alteration=found["alteration"],
        )
    ]
    assert "BRAF V600E" not in page(tumor(rows)).text
    rows["consent"] = [*rows["consent"], *consent(_subject(rows), germline="yes")]
    assert "BRAF V600E" in page(tumor(rows)).text


def _subject(rows):
    return rows["consent"][0]["subject_id"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_failed_sample_has_the_reason_in_plain_words_and_no_finding(language):
    words = WORDS[language]
    text = page(failed(), language).text
    assert words("failed.data") in text
    assert words("next.again") in text
    assert "cut short" not in text
    assert words("failed.quality") in page(failed(step="gate_samples"), language).text
    assert not {"heading.genes", "heading.medicines", "heading.card"} & {
        key for key in words.texts if key.startswith("heading.") and words(key) in text
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_days_of_consent_are_told_as_the_language_does(language):
    rows = germline_tables()
    for entry in rows["consent"]:
        entry["date"] = "2026-01-05"
    day = WORDS[language].day("2026-01-05")
    assert day in page(germline(rows), language).text


def test_a_run_that_did_not_ask_for_consent_says_so():
    assert WORDS["en"]("privacy.not_asked") in page(germline(consent_asked=False)).text


def test_an_unsure_result_is_told_by_frequencies_of_100():
    rows = germline_tables()
    rows["diplotypes"] += [
        diplotype("HG00276", "NAT2", n, name, decision="indeterminate", method="posterior")
        for n, name in ((1, "*1/*14"), (2, "*4/*46"))
    ]
    rows["phenotypes"] += [
        phenotype("HG00276", "NAT2", 1, "Intermediate Metabolizer", posterior=0.806),
        phenotype("HG00276", "NAT2", 2, "Indeterminate", posterior=0.19),
    ]
    words = WORDS["en"]
    text = page(germline(rows)).text
    assert words("genes.unsure") in text
    assert f"{words('result.slower')} ({words('genes.of_100', count='81')})" in text
    assert f"{words('result.unclear')} ({words('genes.of_100', count='19')})" in text
    assert "*4/*46" not in text


def test_every_key_of_the_catalogue_is_used():
    package = Path(pages.__file__).parent
    source = (package / "templates" / "patient.html").read_text(encoding="utf-8")
    source += "".join(path.read_text(encoding="utf-8") for path in sorted(package.glob("*.py")))
    held = {*TERMS.results.values(), *TERMS.endings.values(), *TERMS.strengths.values()}
    made = {*SEVERITY, *held, "other", "quality", "data", "other_test", "no_data"}
    made |= {"pharmacogenes", "tumor", "germline", "secondary_findings", "again"}
    made |= {"more_copies", "fewer_copies", "joined"}
    for key in WORDS["en"].texts:
        section, name = key.split(".")
        named = f'"{key}"' in source or f"'{key}'" in source
        by_section = re.search(rf'"{section}\.(?:"|\{{)', source) is not None
        assert named or (by_section and (name in made or f'"{name}"' in source)), key


NAMES = st.one_of(
    st.sampled_from(["codeine", "warfarin", PAYLOAD, "{count}", "a & b", "sulfamethoxazole"]),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12),
).filter(str.strip)
GENES = ("CYP2C19", "CYP2B6", "HLA-B", "DPYD", "CYP2D6", "<b>GENE</b>")


@st.composite
def made_models(draw):
    """A model with the medicines taken, those of others, and the genes not assessed."""
    names = draw(st.lists(NAMES, min_size=1, max_size=5, unique_by=str.strip))
    rows = {
        "outcomes": [
            row(schemas.OUTCOMES, sample_id="S1", step="read_variants", status="ok", build="GRCh38")
        ],
        "consent": consent("P-S1", pharmacogenes=draw(st.sampled_from(["yes", "no"]))),
        "medicines": [],
        "recommendations": [],
        "diplotypes": [],
        "phenotypes": [],
    }
    for name in names:
        taken = draw(st.booleans())
        if taken:
            rows["medicines"].append(
                row(
                    schemas.MEDICINES,
                    subject_id="P-S1",
                    medicine=name,
                    part=1,
                    drug=draw(st.sampled_from([name, None])),
                    matched_by="name",
                )
            )
        for n in range(draw(st.integers(0, 2))):
            rows["recommendations"].append(
                recommendation(
                    "S1",
                    name,
                    draw(st.sampled_from(["CPIC", "DPWG"])),
                    draw(st.sampled_from(SEVERITY)),
                    n + 1,
                    taken=taken,
                    genes=[draw(st.sampled_from(GENES))],
                    strength=draw(st.sampled_from(["Strong", "Optional", None])),
                )
            )
    for gene in draw(st.sets(st.sampled_from(GENES))):
        called = draw(st.booleans())
        rows["diplotypes"].append(
            diplotype(
                "S1",
                gene,
                1,
                "*1/*2" if called else None,
                missing_sites=draw(st.sampled_from([[], ["x"]])) if called else [],
            )
        )
        if called:
            term = draw(st.sampled_from(["Poor Metabolizer", "n/a", "*57:01 positive"]))
            rows["phenotypes"].append(phenotype("S1", gene, 1, term))
    return model.build_model(sample("S1"), rows, pack(), RUN)


def flat(text: str) -> str:
    return " ".join(text.split())


@settings(max_examples=60)
@given(made_models(), st.sampled_from(LANGUAGES))
def test_nothing_that_matters_is_left_out_and_nothing_withheld_is_told(made, language):
    markup = pages.render(made, WORDS[language], TERMS)
    shown = Page(markup)
    blocks = {flat(text) for _, text in shown.blocks}
    names = {flat(entry["drug"]) for entry in made["recommendations"]}
    if made["patient"]["kind"] == "not_agreed":
        assert not blocks & names
        assert not [gene for gene in GENES if gene in shown.text]
        return
    for entry in made["recommendations"]:
        if entry["taken"] or not entry["standard"]:
            assert flat(TERMS.name(entry["drug"], language)) in blocks
    for entry in made["recommendations"]:
        if entry["taken"]:
            assert WORDS[language](f"advice.{entry['action']}") in blocks
    for name in made["actions"]["taken_unknown"]:
        assert flat(name) in blocks
    for name in made["actions"]["taken_unmatched"]:
        assert flat(TERMS.name(name, language)) in blocks
    unread = made["not_assessed"]
    for entry in (*unread["not_called"], *unread["genes"]):
        assert entry["gene"] in blocks
    assert {tag for tag, _ in shown.elements} & {"img", "script"} == set()
    assert markup.count("<style>") == markup.count("</style>") == 1


@settings(max_examples=25)
@given(NAMES)
def test_a_payload_stays_text_wherever_it_stands(text):
    rows = germline_tables()
    for table, column in (("recommendations", "drug"), ("medicines", "medicine")):
        rows[table][0][column] = text
    rows["interactions"][0]["by"] = text
    rows["diplotypes"][0]["diplotype"] = text
    rows["phenotypes"][0]["phenotype"] = text
    made = model.build_model(
        sample(subject_id="P-HG00276"), rows, pack(), {**RUN, "laboratory": text}
    )
    shown = page(made)
    assert {tag for tag, _ in shown.elements} & {"img", "script"} == set()
    assert flat(printable(text)) in {flat(found) for _, found in shown.blocks}


def test_the_same_models_give_the_same_bytes(tmp_path):
    for folder in ("a", "b"):
        write.write_pages(tmp_path / folder, [germline(), tumor(), failed()], LANGUAGES, TERMS)
    first, second = (sorted((tmp_path / folder).iterdir()) for folder in ("a", "b"))
    assert [path.name for path in first] == sorted(
        f"{name}.{language}.html" for name in ("HG00276", "T001", "BAD") for language in LANGUAGES
    )
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_a_sample_without_a_page_in_any_language_is_missed(tmp_path):
    folder = tmp_path / "patients" / "batch-1"
    write.write_pages(folder, [germline()], ["de"], TERMS)
    (folder / "OTHER.x.de.html").touch()
    assert views.lacking({"sample_id": "HG00276", "batch": "batch-1"}, [folder]) == ()
    assert views.lacking({"sample_id": "OTHER", "batch": "batch-1"}, [folder]) == ("patients",)
