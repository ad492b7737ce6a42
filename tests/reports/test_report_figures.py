"""Figures: what they show is in the model, and their drawing adds nothing."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_builders import RUN, diplotype, germline_tables, pack, row, sample, tumor_sample
from report_builders import tumor_tables as made_tumor

from apothecary import schemas
from apothecary.oncogenes import tumor_schemas
from apothecary.reports import figures, html, model, svg

_PLACE = {"chrom": "chr7", "pos": 140_753_336, "ref": "A", "alt": "T"}


def tumor():
    rows = made_tumor()
    kept = [
        {**rows["variants"][0], "pos": 1000 + n, "vaf": 0.05 + n / 20, "record": n}
        for n in range(8)
    ]
    rows["variants"] = kept
    rows["clonality"] = [
        row(
            tumor_schemas.CLONALITY,
            sample_id="T001",
            **_PLACE,
            alteration="BRAF V600E",
            ccf=0.9,
            ccf_low=0.8,
            ccf_high=1.0,
            status="clonal",
        )
    ]
    rows["depth_copy_number"] = [
        row(
            tumor_schemas.DEPTH_COPY_NUMBER,
            sample_id="T001",
            gene=gene,
            chrom=chrom,
            start=1,
            end=2,
            targets=9,
            log2=log2,
            log2_low=log2 - 0.2,
            log2_high=log2 + 0.2,
            state=state,
            reason="made up",
        )
        for gene, chrom, log2, state in (
            ("MYC", "chr8", 1.9, "amplification"),
            ("EGFR", "chr7", 0.0, "neutral"),
            ("ERBB2", "chr17", -0.8, "loss"),
        )
    ]
    return model.build_model(tumor_sample(), rows, pack(), RUN)


def germline():
    rows = germline_tables()
    rows["diplotypes"] = [one for one in rows["diplotypes"] if one["gene"] != "CYP2B6"]
    rows["diplotypes"] += [
        diplotype("HG00276", "CYP2B6", rank, name, posterior=share, method="posterior")
        for rank, (name, share) in enumerate((("*1/*6", 0.81), ("*1/*9", 0.185)), start=1)
    ]
    rows["coverage"] = [
        row(
            schemas.TABLES["coverage"],
            sample_id="HG00276",
            region_id=f"gene:{gene}",
            kind="gene",
            gene=gene,
            chrom="chr1",
            mean_depth=depth,
            callable_fraction=share,
            callable=share > 0.9,
        )
        for gene, depth, share in (("A1", 31.25, 1.0), ("B2", 4.5, 0.25))
    ]
    return model.build_model(sample(), rows, pack(), RUN)


MODELS = {"germline": germline(), "tumor": tumor()}
ALL = [(name, figure) for name, made in MODELS.items() for figure in made["figures"]]


def test_there_is_a_figure_wherever_there_are_data():
    told = {name: [f["figure"] for f in made["figures"]] for name, made in MODELS.items()}
    assert told == {
        "germline": ["posterior:CYP2B6", "coverage"],
        "tumor": [
            "fractions",
            "clonality",
            "depth_copy_number",
            "segments",
            "burden",
            "signatures:SBS96",
        ],
    }


def test_the_gene_with_the_fewest_reads_stands_first():
    (figure,) = [f for f in MODELS["germline"]["figures"] if f["figure"] == "coverage"]
    assert [(r["label"], r["text"], r["strong"]) for r in figure["rows"]] == [
        ("B2", "4.5, callable 25 %", True),
        ("A1", "31.2, callable 100 %", False),
    ]


def test_genes_stand_in_the_order_of_the_genome():
    (figure,) = [f for f in MODELS["tumor"]["figures"] if f["figure"] == "depth_copy_number"]
    assert [r["label"] for r in figure["rows"]] == ["EGFR", "MYC", "ERBB2"]
    assert figure["groups"] == [{"label": c, "count": 1} for c in ("7", "8", "17")]
    assert [r["strong"] for r in figure["rows"]] == [False, True, True]


def test_a_histogram_counts_every_variant_once():
    (figure,) = [f for f in MODELS["tumor"]["figures"] if f["figure"] == "fractions"]
    assert sum(r["value"] for r in figure["rows"]) == 8
    # The finding of tier I, of allele fraction 0.314.
    assert [r["label"] for r in figure["rows"] if r["strong"]] == ["0.3"]


@pytest.mark.parametrize(("name", "figure"), ALL, ids=lambda v: v if isinstance(v, str) else "")
def test_a_drawing_shows_the_words_of_its_figure_and_no_other(name, figure):
    drawn = ElementTree.fromstring(svg.draw(figure))
    texts = {e.text for e in drawn.iter() if e.text}
    held = {figure["title"], figure["description"], figure["axis"]["label"]}
    held |= {tick["text"] for tick in figure["axis"]["ticks"]}
    held |= {row[key] for row in figure["rows"] for key in ("label", "text")}
    held |= {group["label"] for group in figure["groups"]}
    assert texts <= held
    assert drawn.find("title").text == figure["title"]
    assert len(list(drawn.iter("rect"))) + len(list(drawn.iter("circle"))) == sum(
        figure["kind"] != "columns" or row["value"] > 0 for row in figure["rows"]
    )
    assert not re.search(r'style=|url\(|href=|on\w+="', svg.draw(figure))


def test_marks_stay_inside_the_picture():
    for _, figure in ALL:
        drawn = ElementTree.fromstring(svg.draw(figure))
        width, height = map(float, drawn.attrib["viewBox"].split()[2:])
        for element in drawn.iter():
            for key in ("x", "x1", "x2", "cx"):
                assert 0 <= float(element.attrib.get(key, 0)) <= width
            for key in ("y", "y1", "y2", "cy"):
                assert 0 <= float(element.attrib.get(key, 0)) <= height


def test_words_of_a_file_stay_words_in_a_drawing():
    figure = {**ALL[0][1], "title": "<script>alert(1)</script>"}
    assert "<script>" not in svg.draw(figure)


def test_a_page_holds_its_figures():
    for made in MODELS.values():
        page = html.render_sample(made)
        assert page.count("<svg") == len(made["figures"]) > 0


@given(
    st.floats(-1e6, 1e6, allow_nan=False),
    st.floats(1e-6, 1e6, allow_nan=False),
)
def test_an_axis_has_few_marks_within_it(low, span):
    high = low + span
    marks = figures.ticks(low, high)
    assert len(marks) <= 7
    slack = span * 1e-6 + 1e-9 * max(abs(low), abs(high))
    assert all(low - slack <= mark["at"] <= high + slack for mark in marks)
