"""What matters most is in every view, whatever the tables hold; a new view must be listed here."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import openpyxl
import pytest
from hereditary_builders import carrier, finding, lists_pack, person, secondary, uncertain
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pdf_reading import squashed, text_of
from report_builders import (
    RUN,
    evidence,
    failed_tables,
    germline_tables,
    pack,
    recommendation,
    row,
    sample,
    site,
    tumor_sample,
    tumor_tables,
)
from test_report_html import Page

from apothecary import cards, schemas
from apothecary.exports import calls, maf, vcf
from apothecary.fhir import bundle, codes
from apothecary.reports import exports, html, model, typeset
from apothecary.reports.context import SampleTables
from apothecary.reports.patients import catalogues, pages, terms
from apothecary.reports.sections import SECTIONS
from apothecary.statements import alleles, pathogenicity, statements
from apothecary.statements import evidence as terms_of_evidence
from apothecary.views import VIEWS

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
TUMOR, PLACE, MEDICINE, FAILURE, UNREAD, MISSING, INHERITED, INHERITED_GENE, OF_LIST = (
    "tumor",
    "place",
    "medicine",
    "failure",
    "unread",
    "missing",
    "inherited",
    "inherited_gene",
    "of_list",
)
ALL = frozenset({TUMOR, MEDICINE, FAILURE, UNREAD, MISSING, INHERITED, INHERITED_GENE, OF_LIST})


@dataclass(frozen=True)
class Case:
    """A report model with what it was made of."""

    sample: dict[str, Any]
    tables: dict[str, list[dict[str, Any]]]
    model: dict[str, Any]


@dataclass(frozen=True)
class Shown:
    """What a view must show, and its text; a slow one is asked for the fixed cases only."""

    kinds: frozenset[str]
    text: Callable[[Case, Path], str]
    slow: bool = False


def _json(value: Any) -> str:
    if isinstance(value, dict):
        return "\n".join(map(_json, value.values()))
    return "\n".join(map(_json, value)) if isinstance(value, list) else str(value)


def _xlsx(case: Case, place: Path) -> str:
    exports.write_xlsx(place / "a.xlsx", case.model)
    book = openpyxl.load_workbook(place / "a.xlsx", read_only=True)
    cells = (cell for sheet in book for line in sheet.iter_rows(values_only=True) for cell in line)
    return "\n".join(str(cell) for cell in cells if cell is not None)


def _tsv(case: Case, place: Path) -> str:
    return "\n".join(exports.tsv(section, case.model) for section in SECTIONS)


def _calls(case: Case) -> list[calls.Call]:
    return calls.of_sample(SampleTables(case.sample, case.tables), case.model)


def _vcf(case: Case, place: Path) -> str:
    vcf.write(place / "a.vcf.gz", _calls(case), case.model)
    return unquote(gzip.decompress((place / "a.vcf.gz").read_bytes()).decode())


CLASSES = maf.read_classes(RESOURCES / "exports" / "maf_classes.tsv")
SOURCE = statements.Source(
    alleles.read_accessions(RESOURCES / "statements" / "refget_accessions.tsv"),
    terms_of_evidence.read_vocabulary(
        RESOURCES / "statements" / "predicates.tsv",
        RESOURCES / "statements" / "oncogenicity_classes.tsv",
    ),
    pathogenicity.read_vocabulary(
        RESOURCES / "statements" / "pathogenicity_classes.tsv",
        RESOURCES / "statements" / "pathogenicity_codes.tsv",
    ),
    {},
)
CODES = codes.load(
    {
        **{name: RESOURCES / "fhir" / f"{name}.tsv" for name in ("answers", "codes", "genes")},
        "drugs": RESOURCES / "drugs.tsv",
        "accessions": RESOURCES / "consequences" / "chromosome_accessions.tsv",
    }
)
URGENCY = cards.load_indicators(RESOURCES / "cards" / "indicators.tsv")
PLAIN = terms.load(sorted((RESOURCES / "patients").glob("*.tsv")))


def _maf(case: Case, place: Path) -> str:
    lines = maf.lines(_calls(case), case.model, CLASSES)[2:]
    columns = [maf.COLUMNS.index(name) for name in ("Chromosome", "Start_Position")]
    named = [[cells[column] for column in columns] for cells in (li.split("\t") for li in lines)]
    return "\n".join((*lines, *(f"chr{chrom}\t{pos}\t" for chrom, pos in named)))


def _patient(case: Case, place: Path) -> str:
    page = pages.render(case.model, catalogues.load("en"), PLAIN)
    text = "\n".join(Page(page).texts)
    # Medicines are named as the sheets have them, whatever the letters.
    return f"{text}\n{text.lower()}"


REPORT: dict[str, Shown] = {
    "html": Shown(ALL, lambda case, _: "\n".join(Page(html.render_sample(case.model)).texts)),
    "json": Shown(ALL, lambda case, _: _json(case.model)),
    "xlsx": Shown(ALL, _xlsx),
    "tsv": Shown(ALL, _tsv),
}
"""The files of the report itself."""
SHOWN: dict[str, Shown | None] = {
    "pdf": Shown(ALL, lambda case, _: text_of(typeset.typeset(case.model, "a4")), slow=True),
    "fhir": Shown(ALL, lambda case, _: _json(bundle.build(case.model, CODES))),
    "cards": Shown(
        frozenset({MEDICINE, FAILURE}), lambda case, _: _json(cards.cards(case.model, URGENCY))
    ),
    # Patients are told of a tumor by kind of change, and of a failure in plain words.
    "patients": Shown(frozenset({MEDICINE, INHERITED_GENE}), _patient),
    "statements": Shown(
        frozenset({TUMOR, FAILURE, UNREAD, INHERITED, INHERITED_GENE, OF_LIST}),
        lambda case, _: _json(statements.build(case.model, SOURCE)),
    ),
    # VCF and MAF hold variants; what was not read is a state of each position in the VCF.
    "variants": Shown(frozenset({PLACE, FAILURE, INHERITED, INHERITED_GENE, OF_LIST}), _vcf),
    # It shows the reads over findings of samples given as reads, beside the report.
    "reads": None,
}
"""The further views, by the name that `apothecary.views` has; None for one that shows no more."""
MAF = Shown(frozenset({PLACE}), _maf)


def needed(made: dict[str, Any]) -> dict[str, list[str]]:
    """What a view must not lack, by kind."""
    top = [finding for finding in made["tumor"]["findings"] if finding["tier"] in ("I", "II")]
    ids = [
        item["evidence_id"] for f in top for item in f["evidence"] if item["tier"] in ("I", "II")
    ]
    unread = (*made["not_assessed"]["steps"], *made["not_assessed"]["withheld"])
    inherited = made["germline"]["findings"]
    return {
        # A class is told as it is, or in the standard's own letters.
        INHERITED: [
            item
            for entry in (*inherited, *made["germline_uncertain"])
            for item in (entry["class"], *entry["codes"])
        ],
        INHERITED_GENE: [entry["gene"] for entry in inherited],
        OF_LIST: [entry["list_text"] for entry in inherited if entry["list_text"]],
        TUMOR: [*(finding["alteration"] for finding in top), *ids],
        PLACE: [f"{finding['position'].replace(':', chr(9))}\t" for finding in top] + ids,
        MEDICINE: [
            entry["drug"]
            for entry in made["recommendations"]
            if entry["taken"] and not entry["standard"]
        ],
        FAILURE: [entry["reason"] for entry in made["failure"]],
        UNREAD: [entry["reason"] for entry in unread],
        MISSING: [gene["gene"] for gene in made["not_assessed"]["genes"]],
    }


def lacking(shown: Shown, case: Case, place: Path) -> list[tuple[str, str]]:
    text = squashed(shown.text(case, place))
    return [
        (kind, token)
        for kind, tokens in needed(case.model).items()
        if kind in shown.kinds
        for token in tokens
        if squashed(token) not in text
    ]


NAMES = st.text("ABCXYZ019<&>\"'=+", min_size=3, max_size=10).map(lambda text: f"Q{text}")
REASONS = st.text("abc <&>\"'=;,%é", min_size=3, max_size=30).map(lambda text: f"r{text}r")
TIERS = st.sampled_from(["I", "II", "III", "IV", "withheld"])
ACTIONS = ("avoid", "alternative", "change_dose", "monitor", "see_guideline", "standard_dosing")
KINDS = (finding, secondary, carrier, uncertain)
TAKEN, OTHERS = ("clopidogrel", "metformin"), ("amitriptyline", "simvastatin")


@st.composite
def tumors(draw: st.DrawFn) -> Case:
    one, tables = tumor_sample(), tumor_tables()
    tables["actionability"], tables["variants"] = [], []
    for number, gene in enumerate(draw(st.lists(NAMES, max_size=4)), start=1):
        place = {"chrom": "chr7", "pos": 1000 * number, "ref": "A", "alt": "T"}
        alteration = f"{gene} {draw(NAMES)}"
        for item in range(draw(st.integers(1, 3))):
            tables["actionability"].append(
                evidence(
                    "T001",
                    f"EID{number}00{item}",
                    draw(TIERS),
                    **place,
                    finding_id=f"chr7:{1000 * number}:A:T",
                    gene=gene,
                    alteration=alteration,
                    therapies=draw(st.lists(NAMES, min_size=1, max_size=2, unique=True)),
                    effect=draw(st.sampled_from(["sensitive", "resistant", "not_sensitive"])),
                )
            )
        if draw(st.booleans()):
            facts = {"record": number, "build": "GRCh38", "allele_index": 1, "fate": "kept"}
            values = {"genotype": "0/1", "filters": "PASS", "sample_id": "T001"}
            tables["variants"].append(row(schemas.VARIANTS, **place, **facts, **values))
    return Case(one, tables, model.build_model(one, tables, pack(), RUN))


@st.composite
def persons(draw: st.DrawFn) -> Case:
    one, tables = sample(), germline_tables()
    name = one["sample_id"]
    tables["recommendations"] = [
        recommendation(name, drug, source, draw(st.sampled_from(ACTIONS)), taken=drug in TAKEN)
        for drug in draw(st.lists(st.sampled_from(TAKEN + OTHERS), unique=True))
        for source in draw(st.sampled_from([["CPIC"], ["DPWG"], ["CPIC", "DPWG"]]))
    ]
    states = st.sampled_from(["reference", "not_assessed"])
    tables["sites"] = [
        site(name, gene, 1000 * place + at, draw(states))
        for place, gene in enumerate(("CYP2C19", "CYP2B6", "DPYD"), start=1)
        for at in range(2)
    ]
    return Case(one, tables, model.build_model(one, tables, pack(), RUN))


@st.composite
def heirs(draw: st.DrawFn) -> Case:
    """Persons with hereditary findings, who agreed to the lists or not."""
    made = []
    for number, kind in enumerate(draw(st.lists(st.sampled_from(KINDS), max_size=4)), start=1):
        place = {"pos": 32_000_000 + number, "ref": "A", "alt": "T"}
        made.append(kind(gene=draw(NAMES), reason=draw(REASONS), **place))
    decisions = st.sampled_from(["yes", "no", "unknown"])
    one, tables = person(*made, germline=draw(decisions), secondary_findings=draw(decisions))
    tables["germline_findings"] = made
    return Case(one, tables, model.build_model(one, tables, lists_pack(), RUN))


@st.composite
def failures(draw: st.DrawFn) -> Case:
    one = draw(st.sampled_from([sample("BAD"), tumor_sample("BAD")]))
    tables = failed_tables("BAD", draw(REASONS))
    if draw(st.booleans()):
        tables["qc_outcomes"] = [
            row(
                schemas.QC_OUTCOMES,
                sample_id="BAD",
                step="gate_samples",
                status="failed",
                reason=draw(REASONS),
            )
        ]
    return Case(one, tables, model.build_model(one, tables, pack(), RUN))


def each(views: Iterable[tuple[str, Shown | None]], slow: bool) -> list[tuple[str, Shown]]:
    return [(name, shown) for name, shown in views if shown and (slow or not shown.slow)]


def test_every_view_is_listed():
    assert set(SHOWN) == set(VIEWS)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(case=st.one_of(tumors(), persons(), heirs(), failures()))
def test_what_matters_most_is_in_every_view(case, tmp_path):
    for name, shown in each([*REPORT.items(), *SHOWN.items()], slow=False):
        assert not lacking(shown, case, tmp_path), name
    if case.sample["role"] == "tumor":
        assert not lacking(MAF, case, tmp_path)


@pytest.mark.parametrize("name", ["tumor", "person", "heir", "failed"])
def test_slow_views_show_it_too(name, tmp_path):
    one, tables = {
        "tumor": (tumor_sample(), tumor_tables()),
        "person": (sample(), germline_tables()),
        "heir": person(),
        "failed": (sample("BAD"), failed_tables("BAD")),
    }[name]
    case = Case(one, tables, model.build_model(one, tables, lists_pack(), RUN))
    assert any(needed(case.model).values())
    for view, shown in each(SHOWN.items(), slow=True):
        assert not lacking(shown, case, tmp_path), view


def test_a_view_that_drops_a_finding_is_noticed(tmp_path):
    one, tables = tumor_sample(), tumor_tables()
    case = Case(one, tables, model.build_model(one, tables, pack(), RUN))
    silent = Shown(ALL, lambda case, place: re.sub("EID816", "", _tsv(case, place)))
    assert lacking(silent, case, tmp_path) == [(TUMOR, "EID816")]


WITHHELD = ("no", "unknown")


@pytest.mark.parametrize("germline", ["yes", *WITHHELD])
@pytest.mark.parametrize("others", ["yes", *WITHHELD])
def test_what_was_not_agreed_to_is_in_no_view(germline, others, tmp_path):
    # Genes that no other list has; the table holds their rows, as it never should.
    rows = (finding("QBRCA"), secondary(gene="QLDLR"), carrier(), uncertain())
    one, tables = person(*rows, germline=germline, secondary_findings=others)
    case = Case(one, tables, model.build_model(one, tables, lists_pack(), RUN))
    agreed = {"QBRCA": germline, "MUTYH": germline, "QLDLR": others}
    for view, shown in each([*REPORT.items(), *SHOWN.items()], slow=False):
        text = shown.text(case, tmp_path).upper()
        told = {gene for gene in agreed if gene in text}
        shows = INHERITED_GENE in shown.kinds
        assert told == {gene for gene, answer in agreed.items() if shows and answer == "yes"}, view
