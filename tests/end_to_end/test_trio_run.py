"""A family on an amplicon panel: relations by the targets, and reads of a pseudogene.

The reference holds the amplicons alone, so that reads of the copy of PIK3CA on chromosome 22 are
aligned to PIK3CA with good quality.
"""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import pytest
from launcher import REPOSITORY, report, rows, run, write_sheet

from apothecary import schemas, settings, sheets, tables
from apothecary.qc import identity, target_sites
from apothecary.qc.identity import Prints

pytestmark = [pytest.mark.end_to_end, pytest.mark.shared]
CHILD, PARENT_1, PARENT_2 = "NA19129", "NA19127", "NA19128"
TUMOR = "TUMOR"


@pytest.fixture(scope="module")
def results(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The family as germline samples, and one of them once more as if it were a tumor."""
    folder = tmp_path_factory.mktemp("trio")
    text = (shared / "data" / "reference" / "tsacp_grch38_amplicons.fa").read_text()
    (folder / "reference.fa").write_text(text)
    targets = []
    for line in text.splitlines():
        if line.startswith(">"):
            chrom, _, span = line[1:].split()[0].partition(":")
            start, _, end = span.partition("-")
            targets.append((chrom, str(int(start) - 1), end))
    write_sheet(folder / "targets.bed", targets)
    lanes = [("sample_id", "lane", "fastq_1", "fastq_2", "protocol")]
    samples = [("sample_id", "subject_id", "role", "assay", "tumor_type", "input", "format",
                "father", "mother")]  # fmt: skip
    consent = [("subject_id", "scope", "decision"), ("PATIENT", "tumor", "yes")]
    for name in (CHILD, PARENT_1, PARENT_2):
        files = [f"{name}_L001_R{mate}.fastq.gz" for mate in (1, 2)]
        for file in files:
            shutil.copyfile(shared / "data" / "reads" / "tsacp_trio" / file, folder / file)
        lanes.append((name, "L1", *files, "amplicons"))
        parents = (PARENT_2, PARENT_1) if name == CHILD else ("", "")
        samples.append((name, name, "germline", "panel", "", "", "fastq", *parents))
        consent += [(name, scope, "yes") for scope in ("germline", "secondary_findings")]
    lanes.append((TUMOR, *lanes[2][1:]))
    samples.append((TUMOR, "PATIENT", "tumor", "panel", "COAD", "", "fastq", "", ""))
    for sheet, lines in (("reads", lanes), ("samples", samples), ("consent", consent)):
        write_sheet(folder / f"{sheet}.tsv", lines)
    # The reads are few for a tumor.
    (folder / "config.yaml").write_text(
        "samples: samples.tsv\nconsent: consent.tsv\nclinical: ''\n"
        "reference: {fasta: reference.fa}\nreads: {sheet: reads.tsv, allow_shared: true}\n"
        "calling: {targets: targets.bed}\n"
        "qc: {targets: targets.bed, callable: {tumor: {default: {depth: 20, fraction: 0.95}}},\n"
        "     thresholds: {tumor: {panel: {mean_target_depth: {fail_below: 50}}}}}\n"
        "variants: {thresholds: {tumor: {panel: {min_depth: 20, min_vaf: 0.02}}}}\n"
    )
    return run(folder, "--cores", "2", timeout=900)


def test_the_family_of_the_sheet_is_confirmed(results):
    pairs = {
        (row["sample_id"], row["other_id"]): row for row in rows(results, "identity")
        if row["other_from"] == "run"
    }  # fmt: skip
    for parent in (PARENT_1, PARENT_2):
        pair = pairs[CHILD, parent]
        assert (pair["expected_relation"], pair["relation"]) == ("parent_child", "first_degree")
        assert (pair["status"], pair["basis"]) == ("pass", "targets")
        assert pair["trio_sites"] >= 20
        assert pair["trio_errors"] <= 0.05 * pair["trio_sites"]
    assert pairs[PARENT_1, PARENT_2]["status"] == "pass"
    assert pairs[PARENT_1, PARENT_2]["relation"] == "different"
    assert pairs[TUMOR, CHILD]["status"] == "not_assessed"


@pytest.mark.parametrize(("child", "father"), [(PARENT_1, CHILD), (PARENT_2, CHILD)])
def test_a_family_whose_samples_are_swapped_is_caught(results, child, father):
    schema = sheets.load_schema(REPOSITORY / "workflow" / "schemas" / "config.schema.yaml")
    config = settings.check({"samples": "x"}, schema, "config")["qc"]["identity"]
    samples = {
        row["sample_id"]: {**row, "father": None, "mother": None}
        for row in tables.read_rows(results / "tables" / "samples.parquet", schemas.SAMPLES)
    }
    (mother,) = {CHILD, PARENT_1, PARENT_2} - {child, father}
    samples[child] |= {"father": father, "mother": mother}
    paths = sorted((results / "qc").glob("*/target_genotypes.parquet"))
    prints = Prints({name: [] for name in samples}, {}, target_sites.read(paths))
    found = identity.assess([samples[child]], list(samples.values()), prints, {}, [], config)
    told = {row["other_id"]: (row["status"], row["reason"]) for row in found}
    for parent in (father, mother):
        status, reason = told[parent]
        assert status == "fail"
        assert "the child has what its parents cannot give" in reason


def test_reads_of_the_pseudogene_reach_the_report_with_their_mark(results, shared):
    """AmpliVar, with the whole genome, has none of these in the sample."""
    own = {
        (row["chrom"], row["pos"]): row
        for row in rows(results, "variants")
        if row["sample_id"] == TUMOR and row["alt"] != "."
    }
    copied = [("chr3", pos) for pos in (179218304, 179218327, 179218329, 179218394)]
    for place in copied:
        assert own[place]["fate"] == "filtered"
        assert "linked_differences" in own[place]["filters"]
    model = report(results, TUMOR)
    listed = {entry["position"]: entry for entry in model["fates"]["failed"]}
    for chrom, pos in copied:
        assert "linked_differences" in listed[f"{chrom}:{pos}"]["filters"]
    tiers = {f["position"]: f["tier"] for f in model["tumor"]["findings"]}
    assert {tiers.get(f"{chrom}:{pos}", "withheld") for chrom, pos in copied} == {"withheld"}
    # Its own change of the gene, which AmpliVar has as well, is a finding.
    assert tiers["chr3:179203851"] != "withheld"
    (known,) = [e for e in model["hotspots"]["found"] if e["position"] == "chr3:179218304"]
    assert "doubtful: its fragments differ from the others" in known["call"]


def test_germline_calls_of_copies_reach_the_report_with_their_mark(results):
    copied = {
        "chr3": (179218304, 179218327, 179218329, 179218394, 179221125, 179221158, 179221173),
        "chr10": (87960992, 87961034),
    }
    for name in (CHILD, PARENT_1, PARENT_2):
        own = {
            (row["chrom"], row["pos"]): row
            for row in rows(results, "variants")
            if row["sample_id"] == name and row["fate"] == "kept" and row["alt"] != "."
        }
        here = [(c, pos) for c, places in copied.items() for pos in places if (c, pos) in own]
        assert len(here) >= 4
        for chrom, pos in here:
            assert own[chrom, pos]["copy_places"] == (1 if chrom == "chr10" else 2)
        listed = {entry["position"]: entry for entry in report(results, name)["fates"]["marked"]}
        assert {f"{chrom}:{pos}" for chrom, pos in here} <= set(listed)
        assert all("as those of a copy of the region" in e["reason"] for e in listed.values())


@pytest.mark.parametrize("sample", [PARENT_1, TUMOR])
def test_what_amplivar_has_is_not_marked(results, shared, sample):
    """The sample's own changes, which a whole genome shows as well, are no copies."""
    back = _grch37(shared)
    path = shared / "data" / "truth" / f"TSACP_{PARENT_1}.amplivar.vcf"
    truth = {
        tuple(line.split("\t")[at] for at in (0, 1)) for line in path.read_text().splitlines()
        if not line.startswith("#")
    }  # fmt: skip
    marked = {
        (row["chrom"], str(back.to_grch37(row["chrom"], row["pos"])))
        for row in rows(results, "variants")
        if row["sample_id"] == sample and row["copy_places"]
    }
    assert len(marked) >= 6
    assert not marked & truth


def _grch37(shared: Path):
    from apothecary.knowledge import lift

    chain = shared / "data" / "reference" / "hg19ToHg38.over.chain.gz"
    with gzip.open(chain, "rb") as stream:
        assert stream.read(5) == b"chain"
    return lift.read_chain(chain, {f"chr{n}" for n in range(1, 23)})
