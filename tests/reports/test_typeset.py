"""The PDF: the same findings, any text as text, archivable, tagged, the same bytes."""

from __future__ import annotations

import copy
import hashlib
import io
import subprocess
import sys

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdf_reading import pages_of, squashed, text_of
from report_builders import (
    RUN,
    failed_tables,
    germline_tables,
    pack,
    sample,
    tumor_sample,
    tumor_tables,
)
from test_report_html import Page

from apothecary.files import write_json
from apothecary.reports import html, model, outline, pages, typeset, write

CASES = {
    "germline": (sample(), germline_tables()),
    "tumor": (tumor_sample(), tumor_tables()),
    "failed": (sample(), failed_tables("HG00276")),
}
ATTACKS = (
    "#panic()",
    '#read("/etc/passwd")',
    "$x^2$",
    "*b* _u_ `r`",
    "[a]#[b]",
    "\\#",
    "@ref <label>",
    "= Head",
    "// gone /* gone */",
    '"#sys.inputs',
    "~ ... 'q' \"q\"",
    "</text><script>",
)


@pytest.fixture(scope="module")
def models():
    return {name: model.build_model(*case, pack(), RUN) for name, case in CASES.items()}


@pytest.fixture(scope="module")
def pdfs(models):
    return {name: typeset.typeset(made, "a4") for name, made in models.items()}


@pytest.mark.parametrize("name", CASES)
def test_all_that_the_html_shows_of_the_model_is_in_the_pdf(models, pdfs, name):
    made, found = models[name], text_of(pdfs[name])
    # A description of a figure is its alternative text.
    words = {*made["words"].values(), *(figure["description"] for figure in made["figures"])}
    shown = {text for text in Page(html.render_sample(made)).texts if len(text) > 2} - words
    assert len(shown) > 20
    assert [text for text in sorted(shown) if squashed(text) not in found] == []


def test_every_section_of_the_html_has_one_in_the_pdf():
    sections = {section for part in outline.PARTS.values() for section in part}
    assert set(pages.SECTIONS) == {"actions", *sections}


@pytest.mark.parametrize("name", ["germline", "tumor"])
def test_sections_come_in_the_order_of_the_html(models, pdfs, name):
    made = models[name]
    reader = pypdf.PdfReader(io.BytesIO(pdfs[name]))
    titles = [entry["/Title"] for entry in _flat(reader.outline)]
    order = [made["words"]["section.actions"]]
    for part in made["outline"]:
        order += [part["name"], *(section["name"] for section in part["sections"])]
    assert [title for title in titles if title in order] == order


def _flat(outline):
    for entry in outline:
        if isinstance(entry, list):
            yield from _flat(entry)
        else:
            yield entry


def test_variants_that_may_be_of_a_copy_have_a_list_of_their_own(models):
    made = copy.deepcopy(models["germline"])
    assert made["fates"]["failed"]
    made["fates"] |= {"marked": made["fates"]["failed"], "failed": []}
    blocks = pages.pages(made)
    titles = [block["text"] for block in blocks if block["block"] == "heading"]
    assert made["words"]["section.marked_variants"] in titles
    assert made["words"]["section.failed_variants"] not in titles


def test_the_first_page_tells_what_to_do(models, pdfs):
    for name in ("germline", "tumor"):
        first = squashed(pages_of(pdfs[name])[0])
        for line in models[name]["actions"]["headlines"]:
            assert squashed(line["text"]) in first


def test_a_failed_sample_has_its_reason_and_no_finding(models, pdfs):
    found = text_of(pdfs["failed"])
    assert squashed("the file is cut short") in found
    for gene in models["germline"]["genes"]:
        if gene["called"]:
            assert squashed(gene["diplotype_text"]) not in found


def test_text_of_the_input_is_never_markup(models):
    made = copy.deepcopy(models["germline"])
    facts = made["identity"]["clinical"]
    made["identity"]["laboratory"] = ATTACKS[0]
    for attack in ATTACKS:
        facts.append({**facts[0], "value": attack, "code": attack})
    made["genes"][0]["warnings"] = list(ATTACKS)
    made["actions"]["headlines"].append({"weight": "#act", "text": "".join(ATTACKS)})
    found = text_of(typeset.typeset(made, "a4"))
    for attack in ATTACKS:
        assert found.count(squashed(attack)) >= 3


def test_what_no_font_has_is_written_as_its_code(models):
    made = copy.deepcopy(models["germline"])
    made["genes"][0]["warnings"] = [
        "Bräuer ≥ 5 µg → β",
        "名前",
        "नाम",
        "x\u0301\u0302\u0303",
        "\U0001f600",
    ]
    found = text_of(typeset.typeset(made, "a4"))
    assert squashed("Bräuer ≥ 5 µg → β") in found
    assert r"\u540d\u524d" in found
    assert r"\U0001f600" in found


@settings(max_examples=6)
@given(st.text(min_size=1, max_size=30))
def test_any_text_can_be_set(text):
    document = {"text": model.printable_tree(text)}
    shown = typeset._displayable(document)["text"]
    assert typeset._shown(shown)


def test_no_row_of_a_long_table_is_lost_and_every_page_repeats_the_head(models):
    made = copy.deepcopy(models["germline"])
    gene = made["research_genes"] or [
        dict.fromkeys(("gene", "diplotype", "functions", "method", "missing_text"), "x")
    ]
    made["research_genes"] = [
        {**gene[0], "gene": f"ROW{number}", "remarks": ["N" * 90]} for number in range(60)
    ]
    for part in made["outline"]:
        for section in part["sections"]:
            section["note"] = None if section["section"] == "research_genes" else section["note"]
    found = [squashed(page) for page in pages_of(typeset.typeset(made, "a4"))]
    whole = "".join(found)
    assert all(f"ROW{number}" in whole for number in range(60))
    head = squashed(made["words"]["field.functions"] + made["words"]["field.method"])
    held = [page for page in found if page.count("NNNNNN") and "ROW" in page]
    assert len(held) > 1
    assert all(head in page for page in held)
    assert whole.count("N" * 90) >= 55, "long words break and stay whole"


def test_it_is_archivable_and_tagged(pdfs):
    for pdf in pdfs.values():
        reader = pypdf.PdfReader(io.BytesIO(pdf))
        root = reader.trailer["/Root"]
        about = root["/Metadata"].get_object().get_data().decode()
        assert "<pdfaid:part>2</pdfaid:part>" in about
        assert "<pdfaid:conformance>A</pdfaid:conformance>" in about
        assert "<pdfuaid:part>1</pdfuaid:part>" in about
        assert root["/MarkInfo"]["/Marked"]
        assert root["/Lang"] == "en"
        for page in reader.pages:
            for font in page["/Resources"]["/Font"].values():
                inner = font["/DescendantFonts"][0]["/FontDescriptor"]
                assert any(key.startswith("/FontFile") for key in inner)


def test_paper_and_page_numbers(models, pdfs):
    letter = pypdf.PdfReader(io.BytesIO(typeset.typeset(models["failed"], "us-letter")))
    assert [float(x) for x in letter.pages[0].mediabox[2:]] == [612, 792]
    found = pages_of(pdfs["germline"])
    for number, page in enumerate(found, 1):
        assert f"Page {number} of {len(found)}" in page
        assert "HG00276" in page


def test_another_process_gives_the_same_bytes(tmp_path, models):
    write.write_reports(tmp_path / "reports", [models["germline"], models["failed"] | _named("F")])
    typeset.write_batch(tmp_path / "pdf", tmp_path / "reports", "a4")
    script = (
        "import sys; from apothecary.reports import typeset; typeset.write_batch(*sys.argv[1:])"
    )
    again = [str(tmp_path / "again"), str(tmp_path / "reports"), "a4"]
    subprocess.run([sys.executable, "-c", script, *again], check=True)
    digests = [
        {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
        for folder in (tmp_path / "pdf", tmp_path / "again")
    ]
    assert digests[0] == digests[1]
    assert set(digests[0]) == {"HG00276.pdf", "F.pdf"}


def _named(name):
    made = model.build_model(*CASES["failed"], pack(), RUN)["identity"]
    return {"identity": {**made, "sample_id": name}}


def test_a_folder_without_models_is_told(tmp_path):
    write_json(tmp_path / "_batch.json", {"samples": [{"sample_id": "A"}], "words": {}})
    with pytest.raises(write.ResourceError, match=r"A\.json: no report model"):
        typeset.write_batch(tmp_path / "pdf", tmp_path, "a4")


def test_a_figure_has_its_description_for_those_who_do_not_see_it(models, pdfs):
    described = {figure["description"] for figure in models["tumor"]["figures"]}
    assert described
    reader = pypdf.PdfReader(io.BytesIO(pdfs["tumor"]))
    found = [
        str(entry["/Alt"])
        for number in range(1, len(reader.xref_objStm) + len(reader.xref[0]) + 1)
        if isinstance(entry := reader.get_object(number), dict) and "/Alt" in entry
    ]
    assert all(any(text in alt for alt in found) for text in described)
