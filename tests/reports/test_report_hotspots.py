"""Known variants in the report: found, not found with a limit, not assessable; never absent."""

from __future__ import annotations

import json

import jsonschema
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
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

from apothecary import schemas, tables
from apothecary.reports import exports, html, model
from apothecary.reports.hotspots import nothing
from apothecary.reports.sections import SECTIONS, findings

V600E = ("BRAF", "chr7", 140_753_336, "A", "T", "V600E")


def evidence(site, status, **values):
    gene, chrom, pos, ref, alt, *names = site
    given = {"chrom": chrom, "pos": pos, "ref": ref, "alt": alt, "gene": gene, "status": status}
    facts = {"sample_id": "T001", "build": "GRCh38", "input_pos": pos, "protein_changes": names}
    return row(schemas.HOTSPOT_EVIDENCE, **{**facts, **given, **values})


def found(site, **values):
    counts = {
        "depth": 400, "alt_depth": 40, "vaf": 0.1, "vaf_low": 0.07431, "vaf_high": 0.13329,
        "ref_forward": 182, "ref_reverse": 178, "alt_forward": 19, "alt_reverse": 21,
        "error_rate": 1e-4, "p_value": 1.23456e-70, "detection_limit": 0.02, "needed_depth": 5,
    }  # fmt: skip
    return evidence(site, "found", **{**counts, **values})


def not_found(site, limit, depth=300):
    return evidence(site, "not found", depth=depth, alt_depth=0, vaf=0.0, detection_limit=limit)


def not_assessable(site, reason, depth=None):
    return evidence(site, "not assessable", reason=reason, depth=depth)


ROWS = [
    found(V600E),
    found(("BRAF", "chr7", 140_753_337, "C", "T", "V600M"), vaf=0.000456),
    not_found(("BRAF", "chr7", 140_753_349, "C", "A", "G596V"), 0.012341, 280),
    not_found(("EGFR", "chr7", 55_191_822, "T", "G", "L858R"), 0.08765, 91),
    not_found(("EGFR", "chr7", 55_191_823, "G", "A", "L858R"), 0.01, 350),
    not_assessable(("EGFR", "chr7", 55_181_378, "C", "T", "T790M"), "depth 3 is below 20", 3),
    not_assessable(("EGFR", "chr7", 55_181_379, "G", "A"), "depth 11 is below 20", 11),
    not_assessable(("KIT", "chr4", 54_727_444, "T", "C", "L576P"), "the alignment has no chr4"),
]


def built(rows=ROWS, who=None, **others):
    who = who or {**tumor_sample(), "format": "bam"}
    given = {**tumor_tables(), "hotspot_evidence": rows, **others}
    return model.build_model(who, given, pack(), RUN)


def test_the_model_is_what_its_schema_says(repository):
    path = repository / "workflow" / "schemas" / "report_model.schema.json"
    validator = jsonschema.Draft202012Validator(json.loads(path.read_text(encoding="utf-8")))
    for made in (built(), built([])):
        assert [error.message for error in validator.iter_errors(made)] == []


def test_counts_are_told_with_the_worst_limit_and_never_as_absent():
    section = built()["hotspots"]
    assert section["counts"] == {
        "sites": 8,
        "found": 2,
        "not_found": 3,
        "not_assessable": 3,
        "detection_limit": 0.0877,
    }
    assert section["summary"] == [
        "Found in the reads: 2 of 8 known variants.",
        "Found, but without a kept call of the same spelling, so that no evidence was looked up "
        "for it: BRAF V600M.",
        "Not found: 3, at detection limits of allele fraction 0.0877 or better. Below its limit "
        "a variant can be there unseen.",
        "Not assessable: 3. Nothing is known of them; the reasons stand by gene.",
    ]
    texts = [text for key, text in built()["words"].items() if key.split(".")[0] == "hotspots"]
    assert not [text for text in [*texts, *section["summary"]] if "absent" in text.lower()]


def test_known_variants_without_evidence_are_counted():
    known = [
        {"chrom": entry["chrom"], "pos": entry["pos"] + shift, "ref": "A", "alt": "C"}
        for entry in ROWS
        for shift in (0, 1_000_000)
    ]
    knowledge = pack()
    knowledge._tables["known_variants"] = [*known, *known]
    who = {**tumor_sample(), "format": "bam"}
    given = {**tumor_tables(), "hotspot_evidence": ROWS}
    made = model.build_model(who, given, knowledge, RUN)
    told = [line for line in made["hotspots"]["summary"] if line.startswith("Not looked at: 8 ")]
    assert len(told) == 1
    assert not [line for line in built()["hotspots"]["summary"] if "Not looked at" in line]


def test_a_found_variant_has_its_fraction_depth_and_strands():
    first, second = built()["hotspots"]["found"]
    assert (first["gene"], first["change"], first["position"]) == (
        "BRAF",
        "V600E",
        "chr7:140753336",
    )
    assert first["vaf_text"] == "0.1 (0.0743 to 0.133)"
    assert (first["depth"], first["alt_depth"]) == (400, 40)
    assert first["strands_text"] == "19 forward, 21 reverse"
    assert (first["call"], first["kept"]) == ("kept", True)
    assert second["vaf"] == 0.000456
    assert (second["call"], second["kept"]) == ("no call of the same spelling", False)


def test_a_call_that_was_not_kept_is_told_with_its_reason():
    calls = [
        {**call, "fate": "filtered", "reason": "FILTER strand"}
        for call in tumor_tables()["variants"]
    ]
    first = built(variants=calls)["hotspots"]["found"][0]
    assert (first["call"], first["kept"]) == ("present but failed: FILTER strand", False)


def test_a_call_is_looked_up_where_the_alignment_has_it():
    """In GRCh37 calls stand at other positions than the known variants."""
    calls = [
        {**call, "build": "GRCh37", "pos": call["pos"] - 7} for call in tumor_tables()["variants"]
    ]
    moved = found(V600E, build="GRCh37", input_pos=V600E[2] - 7)
    assert [e["kept"] for e in built([moved], variants=calls)["hotspots"]["found"]] == [True]
    assert [e["kept"] for e in built([found(V600E)], variants=calls)["hotspots"]["found"]] == [
        False
    ]


def test_genes_have_sites_least_depth_limit_and_reasons():
    genes = {entry["gene"]: entry for entry in built()["hotspots"]["genes"]}
    assert list(genes) == ["BRAF", "EGFR", "KIT"]
    braf, egfr, kit = genes.values()
    assert (braf["sites"], braf["found"], braf["not_found"], braf["least_depth"]) == (3, 2, 1, 280)
    assert braf["detection_limit"] == 0.0124
    assert (egfr["least_depth"], egfr["detection_limit"]) == (3, 0.0877)
    assert egfr["reasons"] == ["2: at depth 3 to 11 a variant cannot be told from errors"]
    # One name with two changes of bases: each stands with its bases and its own limit.
    assert egfr["not_found_changes"] == [
        "L858R (chr7:55191822 T>G) (limit 0.0877)",
        "L858R (chr7:55191823 G>A) (limit 0.01)",
    ]
    assert egfr["not_assessable_changes"] == ["T790M", "chr7:55181379 G>A"]
    assert (kit["least_depth"], kit["detection_limit"]) == (None, None)
    assert kit["reasons"] == ["1: the alignment has no chr4"]


def test_what_is_not_assessable_is_told_among_what_was_not_assessed():
    steps = {step["step"]: step["reason"] for step in built()["not_assessed"]["steps"]}
    told = "3 known variants in 2 genes are not assessable in the reads."
    assert steps["genotype_hotspots"] == told
    assert told in html.render_sample(built())
    good = built([not_found(V600E, 0.01)])
    assert "genotype_hotspots" not in {step["step"] for step in good["not_assessed"]["steps"]}


def test_every_view_has_the_same_findings(tmp_path):
    made = built()
    page = html.render_sample(made)
    assert 'href="#hotspots"' in page
    shown = [name for name in findings(made) if name.startswith("hotspot")]
    assert len(shown) == 5
    assert all(page.count(f'data-finding="{name}"') == 1 for name in shown)
    assert all(text in page for text in made["hotspots"]["summary"])
    exports.write_xlsx(tmp_path / "a.xlsx", made)
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    for section in SECTIONS:
        if section.name in ("hotspots", "hotspot_genes"):
            names = [entry["finding"] for entry in section.rows(made)]
            assert [line[0].value for line in book[section.name].iter_rows(min_row=2)] == names
            lines = exports.tsv(section, made).splitlines()[2:]
            assert [line.split("\t")[0] for line in lines] == names


def test_a_page_lists_genes_and_not_thousands_of_sites():
    many = [
        not_found((f"G{n % 50}", "chr1", 1000 + n, "A", "C", f"A{n}C"), 0.01) for n in range(3000)
    ]
    page = html.render_sample(built(many))
    assert page.count('data-finding="hotspot') == 50
    assert "A2999C" not in page


def test_text_of_the_evidence_stays_text():
    attack = "<img src=x onerror=alert(1)>"
    rows = [
        found((attack, "chr7", 1, "A", "C", attack)),
        not_assessable((attack, "chr7", 2, "A", "C", attack), attack),
    ]
    page = html.render_sample(built(rows))
    assert "<img" not in page
    assert "&lt;img" in page


def test_only_a_tumor_given_as_reads_has_the_section():
    for who in (tumor_sample(), {**sample("T001"), "format": "bam"}):
        made = built(who=who)
        assert made["hotspots"] == nothing()
        assert 'data-finding="hotspot' not in html.render_sample(made)
    germline = model.build_model(sample(), germline_tables(), pack(), RUN)
    assert germline["hotspots"] == nothing()


def test_a_tumor_without_evidence_says_why():
    made = built([])
    assert made["hotspots"] == nothing("No known variant lies in what was looked at.")
    assert made["hotspots"]["note"] in html.render_sample(made)
    withheld = built([], consent=consent("P-T001", tumor="no"))
    assert withheld["hotspots"]["note"] == "Not analysed: consent is not on record."


def test_a_sample_that_failed_has_none_of_it():
    who = {**tumor_sample("BAD"), "format": "bam"}
    rows = [{**entry, "sample_id": "BAD"} for entry in ROWS]
    given = {**failed_tables("BAD"), "hotspot_evidence": rows}
    made = model.build_model(who, given, pack(), RUN)
    assert made["status"] == "failed"
    assert made["hotspots"] == nothing()
    assert "BRAF" not in html.render_sample(made)


def test_rows_of_other_samples_of_the_batch_stay_out():
    other = [{**entry, "sample_id": "T002"} for entry in ROWS[:1]]
    who = {**tumor_sample(), "format": "bam"}
    given = {
        name: tables.to_arrow(schemas.TABLES[name], rows)
        for name, rows in {**tumor_tables(), "hotspot_evidence": [*ROWS[3:], *other]}.items()
    }
    (made,) = model.models([who], given, pack(), RUN)
    assert made["hotspots"]["counts"]["found"] == 0
    assert [entry["gene"] for entry in made["hotspots"]["genes"]] == ["EGFR", "KIT"]


@pytest.mark.parametrize("status", ["found", "not found", "not assessable"])
def test_each_status_may_stand_alone(status):
    rows = [entry for entry in ROWS if entry["status"] == status]
    counts = built(rows)["hotspots"]["counts"]
    assert counts[status.replace(" ", "_")] == counts["sites"] == len(rows)


@given(limit=st.floats(1e-6, 1.0), other=st.floats(1e-6, 1.0))
def test_a_limit_is_never_told_better_than_it_is(limit, other):
    rows = [not_found(V600E, limit), not_found((*V600E[:3], "A", "C", "V600G"), other)]
    told = built(rows)["hotspots"]["counts"]["detection_limit"]
    worst = max(limit, other)
    assert worst <= told <= worst * 1.01
