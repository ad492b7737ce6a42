"""The demo through the whole workflow, as a user runs it."""

from __future__ import annotations

import csv
import gzip
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import pypdf
import pysam
import pytest

from apothecary import runs, schemas, tables, why
from apothecary.cohort import rematch
from apothecary.fhir import check, structures
from apothecary.knowledge import pack as knowledge
from apothecary.story import Story
from apothecary.tables import Table
from apothecary.tracing import lines, trace
from apothecary.variants.scopes import GENE_LISTS

pytestmark = pytest.mark.end_to_end
REPOSITORY = Path(__file__).resolve().parents[2]
PHARMACOGENES = re.compile(r"\b(?:CYP\w+|DPYD|TPMT|SLCO1B1|VKORC1)\b")


def launch(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "apothecary.cli", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY / "scripts"), **environment},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )


@pytest.fixture(scope="module")
def workspace(tmp_path_factory) -> Path:
    """A folder of its own with the demo batch, so that no run touches the repository."""
    folder = tmp_path_factory.mktemp("demo")
    shutil.copytree(REPOSITORY / "resources" / "demo", folder / "resources" / "demo")
    return folder


@pytest.fixture(scope="module")
def run(workspace) -> Path:
    done = launch(
        workspace, "run", "--config", "resources/demo/config.yaml", "--out", "out", "--cores", "2"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return workspace / "out"


def rows(results: Path, name: str) -> list[dict]:
    table = schemas.TABLES[name]
    return [
        row
        for path in sorted((results / "tables").glob(f"*/{name}.parquet"))
        for row in tables.read_rows(path, table)
    ]


def test_every_sample_of_the_sheet_is_there(run):
    samples = tables.read_rows(run / "tables" / "samples.parquet", schemas.SAMPLES)
    assert len(samples) == 14
    complete = json.loads((run / "complete.json").read_text())
    assert complete["samples"] == len(samples)
    for sample in samples:
        for ending in ("html", "json", "xlsx"):
            assert (run / "reports" / sample["batch"] / f"{sample['sample_id']}.{ending}").is_file()
        for language in ("de", "en", "es"):
            page = run / "patients" / sample["batch"] / f"{sample['sample_id']}.{language}.html"
            assert f'<html lang="{language}"' in page.read_text(encoding="utf-8")
        for view in ("fhir", "cards"):
            assert (run / view / sample["batch"] / f"{sample['sample_id']}.json").is_file()
        for file in ("statements/{}/{}.json", "variants/{}/{}.vcf.gz", "variants/{}/{}.vcf.gz.tbi"):
            assert (run / file.format(sample["batch"], sample["sample_id"])).is_file()
    assert (run / "index.html").is_file()
    dashboard = (run / "dashboard.html").read_text(encoding="utf-8")
    assert all(sample["sample_id"] in dashboard for sample in samples)


def test_the_composed_person_has_germline_findings_and_no_one_else(run):
    told = {
        (row["sample_id"], row["gene"], row["hgvs_p"]): (
            row["class"],
            row["reported_as"],
            row["codes"],
        )
        for row in rows(run, "germline_findings")
    }
    assert told == {
        ("PERSON3", "BRCA2", "p.Ser1982ArgfsTer22"): ("Likely pathogenic", "finding", ["PVS1"]),
        ("PERSON3", "TP53", "p.Arg175His"): ("Likely pathogenic", "finding", ["PS1", "PM1", "BP1"]),
        ("PERSON3", "BRCA1", "p.Ala1166Pro"): ("Uncertain significance", "uncertain", ["BP1"]),
        ("PERSON3", "BRCA2", "p.Asn372His"): ("Benign", None, ["BP1", "BA1"]),
    }
    doubts = {row["gene"]: row["doubts"] for row in rows(run, "germline_findings")}
    assert "mosaic" in doubts["TP53"][0]


def test_hereditary_findings_are_in_all_views_of_the_composed_person_and_of_no_other(run):
    for path in (p for p in sorted((run / "reports").glob("*/*.json")) if p.stem[0] != "_"):
        report = json.loads(path.read_text(encoding="utf-8"))
        found = {entry["gene"] for entry in report["germline"]["findings"]}
        assert found == ({"BRCA2", "TP53"} if path.stem == "PERSON3" else set())
        assert {entry["gene"] for entry in report["actions"]["germline"]} == found
        # A person who agreed to nothing has no list, and no gene of one.
        genes = [gene for group in report["germline_genes"]["groups"] for gene in group["genes"]]
        assert bool(genes) == bool(report["germline"]["lists"])
    names = ("reports/{}.html", "fhir/{}.json", "statements/{}.json")
    names += tuple(f"patients/{{}}.{language}.html" for language in ("de", "en", "es"))
    texts = [(run / name.format("batch0001/PERSON3")).read_text("utf-8") for name in names]
    with pysam.VariantFile(str(run / "variants" / "batch0001" / "PERSON3.vcf.gz")) as opened:
        texts.append("".join(map(str, opened)))
    reader = pypdf.PdfReader(run / "pdf" / "batch0001" / "PERSON3.pdf")
    texts.append(reader.pages[0].extract_text())
    assert all(gene in text for text in texts for gene in ("BRCA2", "TP53"))
    dashboard = (run / "dashboard.html").read_text(encoding="utf-8").split('id="germline"')[1]
    counts = re.findall(r'<td class="number">(\d+)', dashboard.split("</section>")[0])
    assert counts == ["6", "1", "0", "1", "0", "0"]


def test_the_stored_tables_matched_again_with_the_same_knowledge_are_the_same(workspace, run):
    results = runs.load(run)
    pack = knowledge.load(workspace / "build" / "knowledge")
    again = rematch.rematch(results, pack, REPOSITORY / "resources")
    for name in rematch.MATCHED:
        table = schemas.TABLES[name]
        assert len(again.rows(table)) > 0
        assert by_key(again.rows(table), table) == by_key(results.rows(table), table)


def by_key(found: list[dict], table: Table) -> list[dict]:
    """Rows of all batches, sorted by the key of their table."""
    return sorted(found, key=lambda row: [str(row[name]) for name in table.key])


def test_the_bundles_of_the_demo_conform(run):
    definitions = structures.load(REPOSITORY / "resources" / "fhir")
    for path in sorted((run / "fhir").glob("*/*.json")):
        bundle = check.read(path)
        assert check.check(bundle, definitions) == [], path.name
        model = json.loads((run / "reports" / path.parent.name / path.name).read_text())
        text = json.dumps(bundle, ensure_ascii=False)
        for finding in model["tumor"]["findings"]:
            assert finding["alteration"] in text
        for gene in model["genes"]:
            assert f"{gene['gene']} {gene['diplotype_text']}" in text
            assert all(f'"{code}"' in text for code in gene["answer_codes"])


def test_the_page_of_the_run_leads_to_every_view(run):
    text = (run / "index.html").read_text(encoding="utf-8")
    addresses = [word for word in re.findall(r'href="([^"#]+)"', text) if "/" in word]
    lost = [address for address in addresses if not (run / unquote(address)).is_file()]
    assert lost == []
    for sample in tables.read_rows(run / "tables" / "samples.parquet", schemas.SAMPLES):
        for view in ("pdf", "patients", "fhir", "cards", "statements", "variants"):
            assert any(
                a.startswith(f"{view}/{sample['batch']}/{sample['sample_id']}.") for a in addresses
            )


def test_every_input_record_has_a_fate(run):
    outcomes = {row["sample_id"]: row for row in rows(run, "outcomes")}
    counted: dict[str, int] = {}
    for row in rows(run, "record_fates"):
        counted[row["sample_id"]] = counted.get(row["sample_id"], 0) + row["records"]
    for sample_id, outcome in outcomes.items():
        if outcome["status"] != "failed" and outcome["input_records"]:
            assert counted[sample_id] == outcome["input_records"], sample_id


def tells_of_the_run(path: Path) -> bool:
    """Whether a file below the results tells when and where a run was made, and no result."""
    kept_apart = path.name.startswith(".snakemake") or path.name == "audit.jsonl"
    return kept_apart or not {"logs", ".apothecary"}.isdisjoint(path.parts)


def test_another_seed_locale_time_zone_and_core_count_give_the_same_bytes(workspace, run):
    done = launch(
        workspace,
        *("run", "--config", "resources/demo/config.yaml", "--out", "again", "--cores", "1"),
        PYTHONHASHSEED="4711",
        LC_ALL="de_DE.UTF-8",
        TZ="Asia/Kolkata",
    )
    assert done.returncode == 0, done.stdout + done.stderr

    def contents(folder: Path) -> dict[str, bytes]:
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file() and not tells_of_the_run(path.relative_to(folder))
        }

    first, second = contents(run), contents(workspace / "again")
    assert sorted(first) == sorted(second)
    assert [name for name in first if first[name] != second[name]] == []
    compared = launch(workspace, "compare", "out", "again")
    assert compared.returncode == 0, compared.stdout
    assert compared.stdout == "no change\n"


def test_a_second_run_has_nothing_to_do(workspace, run):
    before = {p: p.stat().st_mtime_ns for p in run.rglob("*.parquet")}
    done = launch(
        workspace, *("run", "--config", "resources/demo/config.yaml", "--out", "out", "--verbose")
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Nothing to be done" in done.stdout + done.stderr
    assert before == {p: p.stat().st_mtime_ns for p in run.rglob("*.parquet")}


def test_sha256sum_accepts_the_checksums(run):
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "--quiet", "checksums.sha256"],
        cwd=run,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    listed = {line.split("  ")[1] for line in (run / "checksums.sha256").read_text().splitlines()}
    manifest = json.loads((run / "manifest.json").read_text())
    assert {entry["path"] for entry in manifest["outputs"]} == listed
    made = {
        path.relative_to(run).as_posix()
        for path in run.rglob("*")
        if path.is_file()
        and not tells_of_the_run(path.relative_to(run))
        # A report of MultiQC tells when it was made.
        and path.relative_to(run).parts[0] != "multiqc"
    }
    assert made - listed == {
        "manifest.json",
        "manifest.parquet",
        "checksums.sha256",
        "complete.json",
    }


def test_the_manifest_tells_no_place_and_no_time(workspace, run):
    text = (run / "manifest.json").read_text()
    assert str(workspace) not in text
    assert str(REPOSITORY) not in text
    manifest = json.loads(text)
    assert manifest["knowledge"]["digest"]
    assert all(source["licence"] for source in manifest["knowledge"]["sources"])
    assert {"pyarrow", "pysam", "snakemake", "python"} <= set(manifest["software"])


def test_a_gene_without_consent_is_in_no_file_of_the_run(run):
    """Withheld genes leave neither symbol nor position; see the consent sheet of the demo."""
    consent = tables.read_rows(run / "tables" / "consent.parquet", schemas.CONSENT)
    samples = tables.read_rows(run / "tables" / "samples.parquet", schemas.SAMPLES)
    granted = {(r["subject_id"], r["scope"]) for r in consent if r["decision"] == "yes"}
    withheld = [
        s
        for s in samples
        if s["role"] != "tumor" and (s["subject_id"], "pharmacogenes") not in granted
    ]
    assert withheld, "the demo holds a subject without consent to pharmacogenes"
    with (REPOSITORY / "resources" / "knowledge" / "germline_genes.tsv").open() as stream:
        listed = [(row["gene"], row["list_id"]) for row in csv.DictReader(stream, delimiter="\t")]
    for sample in withheld:
        name = sample["sample_id"]
        # A gene of a list that the person agreed to may be named, CYP27A1 of the ACMG list.
        lists = {
            GENE_LISTS[s] for who, s in granted if who == sample["subject_id"] and s in GENE_LISTS
        }
        agreed = {gene for gene, list_id in listed if list_id in lists}
        for table in ("sites", "diplotypes", "phenotypes", "recommendations"):
            assert [row for row in rows(run, table) if row["sample_id"] == name] == []
        for path in sorted((run / "reports").rglob(f"{name}.*")):
            if path.suffix in (".html", ".json", ".tsv"):
                text = path.read_text(encoding="utf-8")
                assert set(PHARMACOGENES.findall(text)) <= agreed, path
        (pdf,) = (run / "pdf").rglob(f"{name}.pdf")
        printed = "".join(page.extract_text() for page in pypdf.PdfReader(pdf).pages)
        assert set(PHARMACOGENES.findall(printed)) <= agreed
        if any((sample["subject_id"], scope) in granted for scope in ("germline", "tumor")):
            continue  # the rest of the input may be read
        assert [
            row
            for row in rows(run, "record_fates")
            if (row["sample_id"], row["fate"]) == (name, "withheld")
        ]
        assert [row for row in rows(run, "variants") if row["sample_id"] == name] == []
        (variants,) = (run / "variants").rglob(f"{name}.vcf.gz")
        with pysam.VariantFile(str(variants)) as opened:
            assert not list(opened)
        (stated,) = (run / "statements").rglob(f"{name}.json")
        assert json.loads(stated.read_text(encoding="utf-8"))["alleles"] == []


def test_the_driver_has_an_identifier_statements_and_a_line_in_vcf_and_maf(run):
    (path,) = (run / "statements").rglob("TUMOR2.json")
    document = json.loads(path.read_text(encoding="utf-8"))
    identifiers = {entry["variant"]: entry["allele"]["id"] for entry in document["alleles"]}
    driver = "ga4gh:VA.Otc5ovrw906Ack087o1fhegB4jDRqCAe"
    assert identifiers["chr7:140753336:A:T"] == driver
    first = document["statements"][0]
    assert first["classification"]["primaryCoding"]["code"] == "Tier I"
    assert first["proposition"]["subjectVariant"]["members"] == [driver]
    with pysam.VariantFile(str(next((run / "variants").rglob("TUMOR2.vcf.gz")))) as opened:
        (record,) = opened.fetch("chr7", 140753335, 140753336)
    assert (record.info["TIER"], record.info["HGVSP"]) == (("I",), "p.Val600Glu")
    with next((run / "variants").rglob("TUMOR2.maf")).open(encoding="utf-8") as stream:
        stream.readline()
        lines = {line["HGVSp_Short"]: line for line in csv.DictReader(stream, delimiter="\t")}
    assert lines["p.V600E"]["Variant_Classification"] == "Missense_Mutation"
    assert lines["p.V600E"]["AMP_Tier"] == "I"


def test_every_sample_has_a_pdf_whose_first_page_tells_what_to_do(run):
    models = [path for path in sorted((run / "reports").rglob("*.json")) if path.stem[0] != "_"]
    assert {path.stem for path in models} == {path.stem for path in (run / "pdf").rglob("*.pdf")}
    for path in models:
        model = json.loads(path.read_text(encoding="utf-8"))
        reader = pypdf.PdfReader(run / "pdf" / path.parent.name / f"{path.stem}.pdf")
        first = re.sub(r"[\s-]", "", reader.pages[0].extract_text())
        assert model["issue"]["report_id"].replace("-", "") in first
        for line in model["actions"]["headlines"]:
            assert re.sub(r"[\s-]", "", line["text"]) in first


def test_diplotypes_are_those_that_the_truth_allows(run):
    """Expected calls were read from the GeT-RM consensus by hand, with what is not assessed."""
    lines = (Path(__file__).parent / "demo_expected.tsv").read_text().splitlines()
    header = lines[0].split("\t")
    expected = [dict(zip(header, line.split("\t"), strict=True)) for line in lines[1:]]
    assert len(expected) >= 30
    called: dict[tuple[str, str], tuple[list[str], str]] = {}
    for row in sorted(rows(run, "diplotypes"), key=lambda row: row["rank"]):
        names, _ = called.setdefault(
            (row["sample_id"], row["gene"]), ([], str(row["decision"] or ""))
        )
        names += [row["diplotype"]] if row["diplotype"] else []
    wrong = []
    for entry in expected:
        names, decision = called.get((entry["sample_id"], entry["gene"]), ([], ""))
        if (" | ".join(names), decision) != (entry["diplotypes"], entry["decision"]):
            wrong.append((entry, names, decision))
    assert wrong == []


def test_samples_given_as_reads_pass_their_quality_gates(run):
    gates = {r["sample_id"]: r["status"] for r in rows(run, "qc_gates") if r["level"] == "sample"}
    assert gates == {"NA18868": "pass", "NORMAL2": "pass", "TUMOR2": "pass"}
    outcomes = {row["sample_id"]: row for row in rows(run, "outcomes")}
    assert {outcomes[name]["status"] for name in gates} == {"ok"}


def test_the_tumor_from_reads_has_its_driver_with_its_share_and_the_normal_has_none(run):
    driver = ("chr7", 140753336, "A", "T")
    found = {
        (row["sample_id"], row["chrom"], row["pos"], row["ref"], row["alt"]): row["vaf"]
        for row in rows(run, "variants")
        if row["sample_id"] in ("TUMOR2", "NORMAL2") and row["fate"] == "kept"
    }
    # The shares that the reads were made with; see resources/demo/tumor_reads.tsv.
    assert found[("TUMOR2", *driver)] == pytest.approx(0.35, abs=0.06)
    assert found[("TUMOR2", "chr17", 7673802, "C", "T")] == pytest.approx(0.12, abs=0.06)
    assert found[("TUMOR2", "chr17", 7676039, "ACGG", "A")] == pytest.approx(0.30, abs=0.06)
    assert ("NORMAL2", *driver) not in found
    tiers = [
        (row["sample_id"], row["tier"])
        for row in rows(run, "actionability")
        if row["alteration"] == "BRAF V600E" and row["effect"] == "sensitive"
    ]
    assert ("TUMOR2", "I") in tiers
    assert "NORMAL2" not in {sample for sample, _ in tiers}
    with pysam.VariantFile(str(run / "calls" / "TUMOR2" / "somatic.vcf.gz")) as calls:
        called = {("TUMOR2", c.chrom, c.pos, c.ref, *c.alts): c for c in calls}
    germline = {key for key, c in called.items() if c.samples["NORMAL2"]["AF"][0] > 0.2}
    assert not germline & found.keys(), "what the normal shows is no change of the tumor"
    # The person agreed to pharmacogenes and to the tumor: the rest of the germline is counted only.
    agreed = set()
    with (REPOSITORY / "resources" / "knowledge" / "pgx_positions.tsv").open() as stream:
        for position in csv.DictReader(stream, delimiter="\t"):
            agreed |= {
                (position["chrom"], int(position["pos"]) + n) for n in range(len(position["ref"]))
            }
    assert germline
    assert {key[1:3] for key in germline} <= agreed
    assert any(
        row["fate"] == "withheld" and row["records"] > 0
        for row in rows(run, "record_fates")
        if row["sample_id"] == "TUMOR2"
    )
    call = called["TUMOR2", *driver]
    assert call.samples["NORMAL2"]["AD"][1] == 0
    assert call.samples["NORMAL2"]["DP"] >= 30


def test_known_variants_are_looked_at_in_the_reads_of_the_tumor(run):
    evidence = {
        (row["gene"], *(row["protein_changes"] or ())): row for row in rows(run, "hotspot_evidence")
    }
    assert {row["sample_id"] for row in evidence.values()} == {"TUMOR2"}
    assert evidence["BRAF", "V600E"]["status"] == "found"
    unseen = evidence["KIT", "D816V"]
    assert unseen["status"] == "not found"
    assert unseen["detection_limit"] < 0.1
    # KRAS is no target of the panel, and nothing is said of it.
    assert "KRAS" not in {gene for gene, *_ in evidence}


def test_the_report_of_the_tumor_from_reads_shows_the_share_of_its_driver(run):
    (path,) = (run / "reports").glob("*/TUMOR2.json")
    findings = json.loads(path.read_text(encoding="utf-8"))["tumor"]["findings"]
    (driver,) = (f for f in findings if f["alteration"] == "BRAF V600E")
    assert driver["tier"] == "I"
    assert driver["vaf"] == pytest.approx(0.35, abs=0.06)
    (normal,) = (run / "reports").glob("*/NORMAL2.json")
    report = json.loads(normal.read_text(encoding="utf-8"))
    assert report["tumor"]["findings"] == []
    assert report["quality"]


def test_the_driver_is_oncogenic_with_the_evidence_in_the_ledger(run):
    classes = {
        (row["gene"], row["protein_change"]): row
        for row in rows(run, "oncogenicity")
        if row["class"] in ("Oncogenic", "Likely Oncogenic")
    }
    driver = classes["BRAF", "V600E"]
    assert driver["class"] == "Oncogenic"
    place = ("chrom", "pos", "ref", "alt", "gene")
    ledger = [
        line
        for line in rows(run, "oncogenicity_codes")
        if all(line[name] == driver[name] for name in place)
    ]
    assert sum(line["points"] for line in ledger) == driver["points"]
    assert any(line["code"] == "OS2" and line["source_id"] == "civic" for line in ledger)


def test_the_tumor_has_its_driver_in_tier_one_and_the_resistance_beside(run):
    tumor = [row for row in rows(run, "actionability") if row["alteration"] == "BRAF V600E"]
    assert any(row["tier"] == "I" and row["effect"] == "sensitive" for row in tumor)


def test_every_line_of_every_report_leads_to_rows_and_to_records(workspace, run, monkeypatch):
    monkeypatch.chdir(workspace)
    opened = runs.load(run)
    kinds: dict[str, tuple[str, str]] = {}
    for sample_id, sample in opened.samples.items():
        story = Story(opened, sample)
        for line in lines.identifiers(story):
            story.lines = []
            trace.tell(story, line)
            told = [one.split(": ", 2) for one in story.lines]
            rows_told = [path for kind, path, *_ in told if kind == "row"]
            records = {file: words for kind, file, *words in told if kind == "input"}
            assert rows_told, (sample_id, line)
            assert all((run / path).is_file() for path in rows_told), (sample_id, line)
            assert records, (sample_id, line)
            assert all(words and words[0] for words in records.values()), (sample_id, line)
            for file in records:
                places = (run, workspace, workspace / "resources" / "demo")
                assert any((folder / file).is_file() for folder in places), (sample_id, line, file)
            kinds.setdefault(line.partition(":")[0], (sample_id, line))
    assert len(kinds) > 20
    for sample_id, line in kinds.values():
        assert any(one.startswith("input: ") for one in why.explain(run, sample_id, line)), line


def test_a_record_that_a_line_leads_to_is_the_one_of_the_file(workspace, run):
    told = why.explain(run, "TUMOR1", "evidence:chr7:140753336:A:T:EID1005")
    (number,) = re.findall(
        r"input: TUMOR1\.vcf\.gz: record (\d+) \(chr7:140753336 A T\)", str(told)
    )
    with gzip.open(workspace / "resources" / "demo" / "TUMOR1.vcf.gz", "rt") as file:
        line = file.read().splitlines()[int(number) - 1]
    assert line.split("\t")[:2] == ["chr7", "140753336"]
