"""Germline findings in `why`, in `compare`, and in the plan of a run."""

from __future__ import annotations

from pathlib import Path

import pytest
from run_builder import RunBuilder

from apothecary import changes, compare, plan, runs, why
from apothecary.errors import WorkflowInputError
from apothecary.germline.names import GERMLINE_FILES, GERMLINE_TABLES, SCORE_TABLES
from apothecary.story import Story
from apothecary.tracing import lines, upstream

REPOSITORY = Path(__file__).resolve().parents[2]
PLACE = {"build": "GRCh38", "chrom": "chr17", "pos": 43124027, "ref": "ACT", "alt": "A"}
CALL = {"input_pos": PLACE["pos"], "input_ref": "ACT", "input_alts": "A", "allele_index": 1,
        "genotype": "0/1", "filters": "PASS", "fate": "kept"}  # fmt: skip
TOLD = {
    "gene": "BRCA1", "hgvs_p": "p.Glu23ValfsTer17", "zygosity": "heterozygous", "points": 8,
    "class": "Likely pathogenic", "decided_class": "Likely pathogenic", "codes": ["PVS1"],
    "evidence": ["frameshift_variant; the messenger is degraded"], "code_points": ["+8"],
    "code_sources": ["input, cpsr_panel"], "not_assessed": ["PM2: no population"],
    "clinvar_significance": "Pathogenic", "clinvar_review": "practice guideline",
    "clinvar_source": "input", "lists": ["acmg_sf", "predisposition"], "list_version": "3.1",
    "reported_as": "finding", "reason": "dominant", "doubts": ["0.1 of the reads"],
}  # fmt: skip


def run(role: str = "germline", **changed) -> RunBuilder:
    builder = RunBuilder().sample("S1", role=role).consent("S1", "germline", "tumor")
    builder.add("variants", sample_id="S1", **PLACE, **CALL)
    beside = {**PLACE, **CALL, "pos": 43124099, "input_pos": 43124099}
    builder.add("variants", sample_id="S1", **beside)
    builder.add("germline_findings", sample_id="S1", **PLACE, **{**TOLD, **changed})
    quiet = {**TOLD, "hgvs_p": None, "reported_as": None, "codes": []}
    lists = {"evidence": [], "code_points": [], "code_sources": []}
    return builder.add("germline_findings", sample_id="S1", **{**PLACE, "pos": 43124099},
                       **{**quiet, **lists})  # fmt: skip


@pytest.mark.parametrize("query", ["BRCA1", "BRCA1 E23fs", "chr17:43124027:ACT:A"])
def test_why_tells_class_codes_clinvar_and_what_is_reported(tmp_path: Path, query: str):
    told = why.explain(run().write(tmp_path), "S1", query)
    words = [line.partition(": ")[2] for line in told if line.startswith("classify_germline")]
    assert words[:6] == [
        "BRCA1 p.Glu23ValfsTer17: Likely pathogenic, 8 points, heterozygous",
        "PVS1, +8: frameshift_variant; the messenger is degraded, by input, cpsr_panel",
        "not assessed: PM2: no population",
        "ClinVar: Pathogenic (practice guideline), input",
        "finding: dominant (acmg_sf, predisposition, ACMG list 3.1)",
        "to be confirmed: 0.1 of the reads",
    ]
    others = "1 other variants of BRCA1, 0 of them reported"
    assert words[6:] == ([others] if query == "BRCA1" else [])


def test_a_line_of_a_report_leads_to_its_row_and_record(tmp_path: Path):
    results = runs.load(run().write(tmp_path))
    story = Story(results, results.samples["S1"])
    start = lines.rows_of(story, "germline:chr17:43124027:ACT:A:BRCA1")
    assert [link.table for link in start] == ["germline_findings"]
    behind = upstream.walk(story, start)
    assert [(link.table, link.row["pos"]) for link in behind][1:] == [("variants", 43124027)]


def test_compare_tells_another_class_zygosity_or_report(tmp_path: Path):
    before = run().write(tmp_path / "a")
    after = run(reported_as="carrier", reason="one hit", points=9).write(tmp_path / "b")
    (change,) = [c for c in compare.compare(before, after) if c.weight == changes.GERMLINE]
    assert change.subject == "BRCA1 p.Glu23ValfsTer17"
    assert change.before.startswith("Likely pathogenic, 8 points (PVS1), heterozygous, finding")
    assert change.after.endswith("carrier: one hit")


def test_compare_says_nothing_of_points_within_a_class_or_of_what_is_not_reported(tmp_path: Path):
    before = run().write(tmp_path / "a")
    builder = run(points=9)
    builder.rows["germline_findings"].pop()
    after = builder.write(tmp_path / "b")
    assert not [c for c in compare.compare(before, after) if c.weight == changes.GERMLINE]
    builder.rows["germline_findings"].pop()
    none = builder.write(tmp_path / "c")
    (change,) = [c for c in compare.compare(before, none) if c.weight == changes.GERMLINE]
    assert change.after == ""


HEAD = "sample_id\tsubject_id\trole\tassay\tinput\tformat\n"


def load(folder: Path, **germline) -> plan.Plan:
    (folder / "samples.tsv").write_text(f"{HEAD}S\tP\tgermline\tpanel\tv.vcf\tvcf\n")
    (folder / "v.vcf").write_text("##fileformat=VCFv4.2\n")
    named = {"samples": str(folder / "samples.tsv"), "germline": germline}
    return plan.load(named, REPOSITORY, "config.yaml")


def test_the_tables_and_the_files_that_are_given_are_inputs(tmp_path):
    tables = load(tmp_path).germline_tables
    assert tuple(tables) == (*GERMLINE_TABLES, *SCORE_TABLES)
    assert all(Path(path).is_file() for path in tables.values())
    assert load(tmp_path).germline_files({}) == []
    given = {key: str(tmp_path / f"{key}.vcf") for key in GERMLINE_FILES}
    for path in given.values():
        Path(path).write_text("x\n")
    assert load(tmp_path, **given).germline_files({}) == list(given.values())


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(WorkflowInputError, match=r"germline\.clinvar: no file 'no\.vcf'"):
        load(tmp_path, clinvar="no.vcf")
