from __future__ import annotations

import gzip
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pysam
import pytest
from calling_builders import GRCH37, Reads, bases, fasta

from apothecary import schemas, sheets, tables
from apothecary import settings as configuration
from apothecary.calling import of_sample
from apothecary.calling.request import Request
from apothecary.errors import ResourceError, WorkflowInputError
from apothecary.knowledge import build
from apothecary.knowledge import pack as knowledge
from apothecary.variants import scopes

SCOPES = ("pharmacogenes", "germline", "secondary_findings", "tumor")


@pytest.fixture(scope="session")
def pack(repository, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pack")
    build.build(repository / "resources" / "knowledge", folder)
    return knowledge.load(folder)


@pytest.fixture(scope="session")
def slices(pack):
    """Made-up bases around a position of a pharmacogene and around a known variant."""
    (vkorc1,) = (r for r in pack.rows("pgx_positions") if r["rsid"] == "rs9923231")
    (braf,) = (
        r
        for r in pack.rows("known_variants")
        if (r["gene"], r["protein_change"], r["ref"], r["alt"]) == ("BRAF", "V600E", "A", "T")
    )
    found = {}
    for seed, row in enumerate((vkorc1, braf)):
        text = bases(600, seed + 40)
        found[row["chrom"], row["pos"] - 300] = text[:300] + row["ref"] + text[301:]
    return found


def carrying(slices, lengths=None, sample="S1"):
    """Reads over both slices; half of those over the second carry T."""
    reads = Reads(lengths, sample)
    for number, ((chrom, start), text) in enumerate(sorted(slices.items())):
        reads.tile(chrom, start, text, 40)
        if chrom == "chr7":
            reads.tile(chrom, start, text[:300] + "T" + text[301:], 40, mapping_quality=59)
        assert number < 2
    return reads


def request(tmp_path, pack, slices, role, granted, repository, **calling):
    schema = sheets.load_schema(repository / "workflow" / "schemas" / "config.schema.yaml")
    config = configuration.check({"samples": "x", "calling": calling}, schema, "config")["calling"]
    work = tmp_path / "work"
    work.mkdir()
    sample = {
        "sample_id": "S1",
        "subject_id": "P1",
        "role": role,
        "assay": "panel",
        "sex": "F",
        "build": "auto",
        "sample_in_file": "S1",
    }
    consent = [
        {"subject_id": "P1", "scope": s, "decision": "yes" if s in granted else "unknown"}
        for s in SCOPES
    ]
    alignment = str(carrying(slices).write(tmp_path / "S1.bam"))
    reference = str(fasta(tmp_path / "slices.fa", slices))
    settings = {**config, "reference": reference, "build": "GRCh38"}
    reads = (alignment, f"{alignment}.bai")
    return Request(sample, consent, reads, pack, settings, work)


def records(path):
    text = gzip.decompress(path.read_bytes()).decode()
    return [line.split("\t") for line in text.splitlines() if not line.startswith("#")]


def columns(path):
    with pysam.VariantFile(str(path)) as file:
        return list(file.header.samples)


def test_a_pharmacogene_is_called_with_consent(tmp_path, pack, slices, repository):
    asked = request(tmp_path, pack, slices, "germline", ("pharmacogenes",), repository)
    of_sample.call_germline(asked, tmp_path / "out.g.vcf.gz")
    (record,) = records(tmp_path / "out.g.vcf.gz")
    assert (record[0], record[3], record[4]) == ("chr16", "C", "<NON_REF>")
    assert (tmp_path / "out.g.vcf.gz.tbi").is_file()


@pytest.mark.parametrize("granted", [(), ("tumor",)])
def test_without_consent_no_position_enters_the_file(tmp_path, pack, slices, repository, granted):
    asked = request(tmp_path, pack, slices, "germline", granted, repository)
    of_sample.call_germline(asked, tmp_path / "out.g.vcf.gz")
    assert records(tmp_path / "out.g.vcf.gz") == []


def test_another_scope_opens_its_genes_and_no_pharmacogene(tmp_path, pack, slices, repository):
    asked = request(tmp_path, pack, slices, "germline", ("germline",), repository)
    of_sample.call_germline(asked, tmp_path / "out.g.vcf.gz")
    assert {r[0] for r in records(tmp_path / "out.g.vcf.gz")} == {"chr7"}


def test_a_bed_opens_nothing_that_is_not_consented_to(tmp_path, pack, slices, repository):
    bed = tmp_path / "targets.bed"
    bed.write_text("".join(f"{c}\t{at}\t{at + 500}\n" for c, at in slices))
    asked = request(
        tmp_path, pack, slices, "germline", ("pharmacogenes",), repository, targets=str(bed)
    )
    of_sample.call_germline(asked, tmp_path / "out.g.vcf.gz")
    assert [r[0] for r in records(tmp_path / "out.g.vcf.gz")] == ["chr16"]


def test_a_tumor_is_called_with_consent_only(tmp_path, pack, slices, repository):
    for granted, found in ((("tumor",), ["chr7"]), (("pharmacogenes",), [])):
        folder = tmp_path / str(len(found))
        folder.mkdir()
        asked = request(folder, pack, slices, "tumor", granted, repository)
        of_sample.call_somatic(asked, folder / "out.vcf.gz")
        assert [r[0] for r in records(folder / "out.vcf.gz")] == found
        again = replace(asked, work_folder=folder / "again")
        again.work_folder.mkdir()
        rows = of_sample.genotype_hotspots(again)
        tables.to_arrow(schemas.HOTSPOT_EVIDENCE, rows)
        seen = {(r["pos"], r["alt"]) for r in rows if r["status"] == "found"}
        assert ((140753336, "T") in seen) == bool(rows) == bool(found)


def test_a_cram_gives_the_same_calls(tmp_path, pack, slices, repository):
    asked = request(tmp_path, pack, slices, "tumor", ("tumor",), repository)
    of_sample.call_somatic(asked, tmp_path / "bam.vcf.gz")
    cram = tmp_path / "S1.cram"
    option = "--output-fmt-option=no_ref=1"
    pysam.view("-C", option, "-o", str(cram), asked.reads[0], catch_stdout=False)
    pysam.index(str(cram))
    again = replace(asked, reads=(str(cram), f"{cram}.crai"), work_folder=tmp_path / "again")
    again.work_folder.mkdir()
    of_sample.call_somatic(again, tmp_path / "cram.vcf.gz")
    assert records(tmp_path / "bam.vcf.gz") == records(tmp_path / "cram.vcf.gz") != []


def test_another_build_than_that_of_the_reference_is_told(tmp_path, pack, slices, repository):
    bed = tmp_path / "targets.bed"
    bed.write_text("chr7\t100\t200\n")
    asked = request(tmp_path, pack, slices, "tumor", ("tumor",), repository, targets=str(bed))
    path = Reads(GRCH37).add("chr7", 100, bases(100)).write(tmp_path / "old.bam")
    older = replace(asked, reads=(str(path), f"{path}.bai"))
    told = "old.bam, @SQ LN: the alignments are of GRCh37, and reference.build is GRCh38; align to"
    with pytest.raises(WorkflowInputError, match=told.replace(".", r"\.")):
        of_sample.call_somatic(older, tmp_path / "out.vcf.gz")
    assert not (tmp_path / "out.vcf.gz").exists()


def test_what_the_reference_lacks_is_told_in_one_line(tmp_path, pack, slices, repository, caplog):
    asked = request(tmp_path, pack, slices, "germline", ("pharmacogenes",), repository)
    with caplog.at_level("WARNING"):
        of_sample.call_germline(asked, tmp_path / "out.g.vcf.gz")
    (told,) = [record.getMessage() for record in caplog.records]
    positions = len(scopes.positions(pack.rows("pgx_positions"), "GRCh38"))
    assert told.startswith("S1: the reference sequence lacks ")
    assert f"{positions - 1} of {positions} positions of the definitions: not called" in told


def test_grch37_without_targets_or_chain_is_told(tmp_path, pack, slices, repository):
    asked = request(tmp_path, pack, slices, "tumor", ("tumor",), repository)
    path = Reads(GRCH37).add("chr7", 100, bases(100)).write(tmp_path / "old.bam")
    reads = (str(path), f"{path}.bai")
    older = replace(asked, reads=reads, config={**asked.config, "build": "GRCh37"})
    told = "S1: alignments in GRCh37, where genes are not placed; give calling.targets"
    with pytest.raises(WorkflowInputError, match=told.replace(".", r"\.")):
        of_sample.call_somatic(older, tmp_path / "out.vcf.gz")


def test_no_reference_is_told(tmp_path, pack, slices, repository):
    asked = request(tmp_path, pack, slices, "germline", ("pharmacogenes",), repository)
    without = replace(asked, config={**asked.config, "reference": ""})
    with pytest.raises(ResourceError, match=r"config, reference\.fasta: no reference sequence"):
        of_sample.call_germline(without, tmp_path / "out.g.vcf.gz")


def test_a_caller_that_is_not_there_is_told(tmp_path, pack, slices, repository, monkeypatch):
    germline = {"caller": "haplotypecaller"}
    asked = request(
        tmp_path, pack, slices, "germline", ("pharmacogenes",), repository, germline=germline
    )
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ResourceError, match=r"the program gatk is not there; .* envs/gatk\.yaml"):
        of_sample.call_germline(asked, tmp_path / "out.g.vcf.gz")


@pytest.mark.end_to_end
def test_the_rules_call_what_lies_aligned(tmp_path, slices, repository):
    fasta(tmp_path / "slices.fa", slices)
    # Both files name the same sample, as they do when they come from one laboratory number.
    header = "sample_id\tsubject_id\trole\tassay\tsex\ttumor_type\tinput\tformat\tsample_in_file\n"
    (tmp_path / "samples.tsv").write_text(
        header
        + "T1\tP1\ttumor\tpanel\tF\tSKCM\tT1.bam\tbam\tP1\n"
        + "N1\tP1\tnormal\tpanel\tF\t\tN1.bam\tbam\tP1\n"
    )
    (tmp_path / "consent.tsv").write_text(
        "subject_id\tscope\tdecision\nP1\ttumor\tyes\nP1\tpharmacogenes\tyes\n"
    )
    (tmp_path / "config.yaml").write_text(
        "samples: samples.tsv\nconsent: consent.tsv\nreference: {fasta: slices.fa}\n"
    )
    carrying(slices, sample="P1").write(tmp_path / "T1.bam")
    plain = Reads(sample="P1")
    for (chrom, start), text in slices.items():
        plain.tile(chrom, start, text, 40)
    plain.write(tmp_path / "N1.bam")
    wanted = ["T1/somatic.vcf.gz", "T1/hotspot_evidence.parquet", "N1/germline.g.vcf.gz"]
    done = snakemake(repository, tmp_path, *(f"results/calls/{name}" for name in wanted))
    assert done.returncode == 0, done.stdout + done.stderr
    called = tmp_path / "results" / "calls" / "T1" / "somatic.vcf.gz"
    assert columns(called) == ["T1", "N1"]
    (somatic,) = records(called)
    assert somatic[6] == "PASS"
    assert somatic[10].startswith("0/0:")
    (germline,) = records(tmp_path / "results" / "calls" / "N1" / "germline.g.vcf.gz")
    assert columns(tmp_path / "results" / "calls" / "N1" / "germline.g.vcf.gz") == ["N1"]
    assert germline[0] == "chr16"
    path = tmp_path / "results" / "calls" / "T1" / "hotspot_evidence.parquet"
    rows = tables.read_rows(path, schemas.HOTSPOT_EVIDENCE)
    found = [r["pos"] for r in rows if r["status"] == "found" and r["alt"] == "T"]
    assert 140753336 in found


def snakemake(repository: Path, folder: Path, *targets: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "snakemake", "-s", str(repository / "Snakefile")]
    command += ["--configfile", "config.yaml", "--cores", "2", "--quiet", "all", "--", *targets]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=300, check=False
    )
