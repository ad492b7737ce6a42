"""A line of a report leads to rows of tables, and those to records of the user's files."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

import pytest
from run_builder import RunBuilder

from apothecary import runs, schemas, why
from apothecary.reports import sections
from apothecary.story import Story
from apothecary.tracing import lines, trace

PLACE = {"build": "GRCh38", "chrom": "chr7", "pos": 140753336, "ref": "A", "alt": "T"}
AT = "chr7:140753336:A:T"
RECORD = {**PLACE, "record": 41, "input_pos": 140753336, "input_ref": "A", "input_alts": "T"}


def trace_of(builder: RunBuilder, folder, sample: str, line: str, **where: Any) -> list[str]:
    """What is told of a line of a report that holds nothing else."""
    builder.write(folder)
    report = folder / "reports" / "batch0001" / f"{sample}.json"
    report.parent.mkdir(parents=True)
    report.write_text(json.dumps({"part": [{"finding": line}], **where}))
    told = why.explain(folder, sample, line)
    return [one for one in told if one.startswith(("report:", "row:", "input:"))]


def tumor(**values: Any) -> RunBuilder:
    builder = RunBuilder().sample(
        "T1", role="tumor", copy_number="T1.seg", fusions="T1.fus", **values
    )
    return builder.consent("T1", "tumor").add("variants", sample_id="T1", fate="kept", **RECORD)


def test_a_change_leads_to_its_record(tmp_path):
    builder = tumor().add("clonality", sample_id="T1", alteration="BRAF V600E", **_bare())
    assert trace_of(builder, tmp_path, "T1", f"clonality:{AT}") == [
        f"report: clonality:{AT} in reports/batch0001/T1.json",
        "row: tables/batch0001/clonality.parquet: (chrom chr7, pos 140753336, ref A, alt T)",
        "row: tables/batch0001/variants.parquet: "
        "(chrom chr7, pos 140753336, ref A, alt T, record 41)",
        "input: T1.vcf: record 41 (chr7:140753336 A T)",
    ]


def _bare() -> dict[str, Any]:
    return {name: value for name, value in PLACE.items() if name != "build"}


@pytest.mark.parametrize(
    ("line", "table", "values", "last"),
    [
        ("copy_number:ERBB2", "copy_number", {"gene": "ERBB2", "row": 5, "chrom": "chr17",
         "start": 1, "end": 9}, "input: T1.seg: row 5 (chr17:1-9)"),
        ("fusion:A:B:2", "fusions", {"gene_5prime": "A", "gene_3prime": "B", "row": 2},
         "input: T1.fus: row 2"),
        ("flag:tumor_only", "tumor_flags", {"flag": "tumor_only"}, "input: T1.vcf: all 7 records"),
        ("signature:SBS96:none", "signatures", {"catalogue": "SBS96", "signature": ""},
         "input: T1.vcf: all 7 records"),
        ("biomarker:tmb_coding", "biomarkers", {"biomarker": "tmb_coding"},
         "input: T1.vcf: all 7 records"),
        ("approval:X:1", "approvals", {"approval_id": "X:1", "findings": [AT]},
         "input: T1.vcf: record 41 (chr7:140753336 A T)"),
        (f"germline_code:{AT}:BRAF:2", "germline_findings", {**PLACE, "gene": "BRAF"},
         "input: T1.vcf: record 41 (chr7:140753336 A T)"),
        (f"hotspot:{AT}", "hotspot_evidence", {**PLACE, "input_pos": 140753336},
         "input: T1.bam: chr7:140753336"),
    ],
)  # fmt: skip
def test_a_line_of_a_tumor_leads_to_its_file(tmp_path, line, table, values, last):
    builder = tumor(reads="T1.bam").add(table, sample_id="T1", **values)
    builder.add("record_fates", sample_id="T1", fate="kept", reason="passes", records=7)
    told = trace_of(builder, tmp_path, "T1", line)
    assert told[1].startswith(f"row: tables/batch0001/{table}.parquet")
    assert last in told[2:]


def germline() -> RunBuilder:
    builder = RunBuilder().sample("S1", outside_calls="S1.tsv").consent("S1", "pharmacogenes")
    builder.add("diplotypes", sample_id="S1", gene="HLA-B", rank=1, method="outside")
    builder.add("outside_calls", sample_id="S1", gene="HLA-B", row=3, file="S1.tsv")
    gene = {"sample_id": "S1", "gene": "CYP2C19"}
    builder.add("diplotypes", **gene, rank=1, supporting_sites=["p1"], missing_sites=["p2"])
    builder.add("sites", **gene, position_id="p1", chrom="chr7", pos=140753336, record=41)
    builder.add("sites", **gene, position_id="p2", chrom="chr10", pos=7, state="not_assessed")
    builder.add("sites", **gene, position_id="p3", chrom="chr10", pos=9, state="reference")
    return builder.add("variants", sample_id="S1", fate="kept", **RECORD)


def test_a_gene_leads_to_its_records_and_to_where_there_is_none(tmp_path):
    told = trace_of(germline(), tmp_path, "S1", "gene:CYP2C19")
    assert told[-1] == ("input: S1.vcf: no record at chr10:7, record 41 (chr7:140753336 A T)")
    assert not any("p3" in line for line in told)


def test_an_outside_call_leads_to_its_row(tmp_path):
    assert trace_of(germline(), tmp_path, "S1", "gene:HLA-B")[-1] == "input: S1.tsv: row 3"


def test_a_gene_that_no_table_has_leads_to_the_sheet(tmp_path):
    told = trace_of(germline(), tmp_path, "S1", "not_called:HLA-A")
    assert told[1:] == [
        "row: tables/samples.parquet: (sample_id S1)",
        "input: the sheet of samples: row 2 (S1, outside_calls none)",
    ]


@pytest.mark.parametrize("changed", [False, True])
def test_a_medicine_leads_to_its_row_while_the_sheet_is_as_it_was(tmp_path, monkeypatch, changed):
    monkeypatch.chdir(tmp_path)
    sheet = b"subject_id\titem\tvalue\nS1\tage\t60\nS1\tmedicine\tPlavix\n"
    (tmp_path / "clinical.tsv").write_bytes(sheet + b"S1\tage\t61\n" * changed)
    builder = germline()
    builder.add("medicines", subject_id="S1", medicine="Plavix", part=1, drug="clopidogrel")
    entry = {"path": "clinical.tsv", "sha256": hashlib.sha256(sheet).hexdigest()}
    builder.manifest = {"config": {"clinical": "clinical.tsv"}, "inputs": {"sheets": [entry]}}
    row = "S1, medicine Plavix" if changed else "row 3 (S1, medicine Plavix)"
    told = trace_of(builder, tmp_path / "run", "S1", "medicine:Plavix:1")
    assert told[-1] == f"input: clinical.tsv: {row}"


def test_reads_lead_to_what_they_were_called_and_aligned_from(tmp_path):
    builder = RunBuilder().sample("S1", format="fastq", input="").consent("S1", "pharmacogenes")
    builder.add("variants", sample_id="S1", fate="filtered", **RECORD)
    builder.add("alignments", sample_id="S1", path="alignments/S1.bam")
    builder.add("read_files", sample_id="S1", lane="L1", mate=1, path="S1_1.fastq.gz")
    told = trace_of(builder, tmp_path, "S1", f"failed:{AT}:41")
    calls = "calls/S1/germline.g.vcf.gz"
    assert told[2:] == [
        f"input: {calls}: record 41 (chr7:140753336 A T)",
        f"input: alignments/S1.bam: {calls} was called from it",
        "input: S1_1.fastq.gz: alignments/S1.bam was made from it",
    ]


def test_a_line_that_the_report_has_not_is_no_line(tmp_path):
    folder = germline().write(tmp_path)
    run = runs.load(folder)
    assert not trace.known(Story(run, run.samples["S1"]), "gene:CYP2C19")


def test_every_kind_of_line_of_a_report_can_be_traced(repository):
    """Kinds are named where lines are made; a new one must be known here too."""
    text = "".join(
        path.read_text() for path in (repository / "scripts/apothecary/reports").glob("*.py")
    )
    made = {part.split(":")[0] for part in text.split('"finding": f"')[1:]}
    # Lines of records name their kind where they are chosen.
    made = made - {"{kind}"} | set(re.findall(r'_listed\(\s*tables, shared, "(\w+)"', text))
    assert {"failed", "marked"} < made
    assert len(made) > 20
    assert made <= set(lines._KINDS)
    assert all("finding" in section.columns for section in sections.SECTIONS)


def test_tables_that_lines_come_from_are_tables_of_a_run(repository):
    folder = repository / "scripts" / "apothecary" / "tracing"
    from apothecary.tracing import records, upstream

    assert set(upstream._BEHIND) | set(records._OF) <= set(schemas.TABLES), folder
