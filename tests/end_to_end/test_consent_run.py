"""A gene without consent is in no file that a run leaves, in plain or in packed form."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from launcher import REPOSITORY, report, rows, run
from run_texts import texts

sys.path.append(str(Path(__file__).resolve().parents[1] / "risk"))
import risk_builders

from apothecary import schemas, tables, why

pytestmark = pytest.mark.end_to_end
# A made-up record inside a gene of both germline lists; the position is what is looked for.
GENE, CHROM, POS = "BRCA1", "chr17", 43092919
INPUTS = ("s.vcf", "score.txt")
SCORED = {"chr_name": "17", "chr_position": POS, "effect_allele": "A", "other_allele": "G"}
CONDITION = "Toy_syndrome"
INFO = f"CLNSIG=Pathogenic;CLNREVSTAT=reviewed_by_expert_panel;CLNDN={CONDITION}"
RECORD = f"{CHROM}\t{POS}\trs0\tG\tA\t900\tPASS\t{INFO}\tGT:AD:DP:GQ\t0/1:20,21:41:99"
DECLARED = [
    f'##INFO=<ID={name},Number=.,Type=String,Description="made">'
    for name in ("CLNSIG", "CLNREVSTAT", "CLNDN")
]


def run_with_consent(folder: Path, germline: str) -> Path:
    """The whole workflow over one germline file that holds the record."""
    lines = (REPOSITORY / "resources" / "demo" / "NA19207.vcf").read_text().splitlines()
    after = max(i for i, line in enumerate(lines) if line.startswith("chr16\t"))
    (folder / "s.vcf").write_text(
        "\n".join([lines[0], *DECLARED, *lines[1 : after + 1], RECORD, *lines[after + 1 :]]) + "\n"
    )
    (folder / "samples.tsv").write_text(
        "sample_id\tsubject_id\trole\tassay\tinput\tformat\n"
        "NA19207\tP1\tgermline\tgenome\ts.vcf\tvcf\n"
    )
    (folder / "consent.tsv").write_text(
        "subject_id\tscope\tdecision\n"
        f"P1\tpharmacogenes\tyes\nP1\tgermline\t{germline}\nP1\tsecondary_findings\tno\n"
    )
    (folder / "config.yaml").write_text(
        "samples: samples.tsv\nconsent: consent.tsv\n"
        "reports: {views: [patients, fhir, cards, statements, variants],"
        " languages: [de, en, es]}\nrisk: {scores: [score.txt]}\n"
    )
    risk_builders.write(folder, [SCORED])
    run(folder)
    return folder


@pytest.mark.parametrize("germline", ["no", "unknown"])
def test_a_withheld_gene_is_in_no_file(tmp_path, germline):
    folder = run_with_consent(tmp_path, germline)
    (score,) = rows(folder / "out", "risk")
    assert (score["status"], score["matched"]) == ("withheld", None)
    leaks = {
        str(path.relative_to(folder))
        for path, text in texts(folder, INPUTS)
        if any(word in text for word in (GENE, str(POS), CONDITION, CONDITION.replace("_", " ")))
    }
    assert leaks == set()


def test_the_search_finds_the_record_where_consent_is_given(tmp_path):
    folder = run_with_consent(tmp_path, "yes")
    found = {path.name for path, text in texts(folder, INPUTS) if str(POS) in text}
    assert {"variants.parquet", "germline_findings.parquet"} <= found
    table = schemas.TABLES["germline_findings"]
    (row,) = tables.read_rows(
        folder / "out" / "tables" / "batch0001" / "germline_findings.parquet", table
    )
    assert (row["gene"], row["class"], row["decided_class"], row["decided_by"]) == (
        GENE,
        "Uncertain significance",
        "Pathogenic",
        "clinvar",
    )
    # Secondary findings were declined: the gene is told by the primary list alone.
    assert (row["lists"], row["list_version"], row["secondary"]) == (
        ["predisposition"],
        None,
        False,
    )
    assert row["reported_as"] == "finding"
    out = folder / "out"
    told_report = json.loads((out / "reports" / "batch0001" / "NA19207.json").read_text())
    (told,) = told_report["germline"]["findings"]
    assert (told["gene"], told["class"]) == (GENE, "Pathogenic")
    # Of the conditions of the list, the first are told, each once.
    assert told["condition"].split(";")[0] == row["condition"].split(";")[0].strip()
    assert [entry["gene"] for entry in told_report["actions"]["germline"]] == [GENE]
    assert [entry["list"] for entry in told_report["germline"]["lists"]] == ["predisposition"]
    assert [entry["scope"] for entry in told_report["not_assessed"]["withheld"]] == [
        "secondary_findings"
    ]
    shown = {str(path.relative_to(out)) for path, text in texts(folder, INPUTS) if GENE in text}
    names = ("fhir/{}.json", "statements/{}.json", "variants/{}.vcf.gz", "reports/{}.html")
    names += tuple(f"patients/{{}}.{language}.html" for language in ("de", "en", "es"))
    assert {name.format("batch0001/NA19207") for name in names} <= shown
    assert "dashboard.html" not in shown
    (score,) = rows(folder / "out", "risk")
    assert (score["status"], score["score"], score["coverage"]) == ("given", 0.5, 1.0)
    (line,) = report(folder / "out", "NA19207")["risk"]
    assert line["score_text"] == "0.5 (sum of beta)"
    told = why.explain(folder / "out", "NA19207", "PGS000001")
    assert "score_risk: PGS000001 in GRCh38: score 0.5" in told
    assert "input: s.vcf: the positions of PGS000001" in told
