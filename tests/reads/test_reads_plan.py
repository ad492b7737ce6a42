from __future__ import annotations

from pathlib import Path

import pytest
from fastq_builders import Read, write_fastq

from apothecary import manifest, plan, schemas
from apothecary.batch_tables import BATCH_TABLES, CALL_TABLES, QC_TABLES, READ_TABLES
from apothecary.errors import WorkflowInputError

REPOSITORY = Path(__file__).resolve().parents[2]
HEAD = "sample_id\tsubject_id\trole\tassay\tinput\tformat\n"


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sheets").mkdir()
    for number in range(1, 6):
        write_fastq(tmp_path / "sheets" / f"{number}.fq", [Read(f"r{number}", "ACGT" * number)])
    (tmp_path / "sheets" / "v.vcf").write_text("##fileformat=VCFv4.2\n")
    return tmp_path


def load(folder: Path, samples: str, lanes: str | None, head=HEAD, **config) -> plan.Plan:
    (folder / "sheets" / "samples.tsv").write_text(head + samples)
    settings = {"samples": "sheets/samples.tsv", **config}
    if lanes is not None:
        (folder / "sheets" / "reads.tsv").write_text(lanes)
        settings["reads"] = {"sheet": "sheets/reads.tsv", **settings.get("reads", {})}
    return plan.load(settings, REPOSITORY, "config")


def test_a_run_without_reads_plans_as_before(folder):
    planned = load(folder, "V\tP\tgermline\tpanel\tv.vcf\tvcf\n", None)
    assert planned.batch_tables == BATCH_TABLES
    assert planned.batch_alignments({"batch": "batch0001"}) == []
    assert planned.aligned_batches == []
    assert planned.evidence_tables({"batch": "batch0001"}) == {}
    assert planned.quality_tables({"batch": "batch0001"}) == {}
    assert planned.sheet_files == ["sheets/samples.tsv"]


def test_lanes_files_and_tables_of_samples_with_reads(folder):
    samples = "A\tP\tgermline\tpanel\t\tfastq\nV\tP\tgermline\tpanel\tv.vcf\tvcf\n"
    reads = (
        "sample_id\tlane\tfastq_1\tfastq_2\tlibrary\tplatform\tprotocol\n"
        "A\tL2\t1.fq\t2.fq\tlib\tELEMENT\tamplicons\nA\tL1\t3.fq\t\t\t\tamplicons\n"
    )
    planned = load(folder, samples, reads, reference={"fasta": "genome.fa"})
    wildcards = {"sample": "A", "batch": "batch0001"}
    assert planned.fastq_files(wildcards) == ["sheets/1.fq", "sheets/2.fq", "sheets/3.fq"]
    assert [(row["lane"], row["library"], row["platform"]) for row in planned.lanes(wildcards)] == [
        ("L2", "lib", "ELEMENT"),
        ("L1", "A", "ILLUMINA"),
    ]
    assert planned.batch_tables == (*BATCH_TABLES, *READ_TABLES)
    assert planned.sample_alignments(wildcards) == ["<results>/alignments/A.alignment.parquet"]
    assert planned.batch_alignments(wildcards) == ["<results>/tables/batch0001/alignments.parquet"]
    assert planned.sheet_files[-1] == "sheets/reads.tsv"
    assert planned.alignment_files == {
        "alignments": "<results>/alignments/{sample}.bam",
        "index": "<results>/alignments/{sample}.bam.bai",
    }
    changed = {"reads": {"format": "cram"}, "reference": {"fasta": "genome.fa"}}
    cram = load(folder, samples, reads, **changed).alignment_files
    assert cram["index"] == "<results>/alignments/{sample}.cram.crai"


def test_only_batches_with_reads_have_tables_of_what_reads_show(folder):
    head = HEAD.replace("\n", "\ttumor_type\n")
    samples = "V\tP\tgermline\tpanel\tv.vcf\tvcf\t\nT\tP\ttumor\tpanel\t\tfastq\tCOAD\n"
    lanes = "sample_id\tlane\tfastq_1\nT\tL1\t1.fq\n"
    planned = load(folder, samples, lanes, head, reference={"fasta": "genome.fa"}, batch_size=1)
    assert planned.batches == {"batch0001": ["V"], "batch0002": ["T"]}
    assert planned.aligned_batches == ["batch0002"]
    assert planned.evidence_tables({"batch": "batch0001"}) == {}
    assert planned.evidence_tables({"batch": "batch0002"}) == {
        name: f"<results>/tables/batch0002/{name}.parquet" for name in CALL_TABLES
    }
    assert planned.batch_hotspots({"batch": "batch0002"}) == [
        "<results>/calls/T/hotspot_evidence.parquet"
    ]
    assert planned.call_tables == CALL_TABLES


@pytest.mark.parametrize("name", [*BATCH_TABLES, *READ_TABLES, *QC_TABLES, *CALL_TABLES])
def test_every_table_of_a_batch_is_declared_and_known_to_the_manifest(name):
    assert schemas.TABLES[name].name == name
    assert (REPOSITORY / "scripts" / f"{manifest.RULES[name]}.py").is_file()


def test_every_problem_of_both_sheets_is_told_at_once(folder):
    with pytest.raises(WorkflowInputError) as caught:
        load(
            folder,
            "A\tP\tgermline\tpanel\tv.vcf\tfastq\n"
            "B\tP\tgermline\tpanel\t\tvcf\n"
            "C\tP\tgermline\tpanel\t\tfastq\n",
            "sample_id\tlane\tfastq_1\tfastq_2\tplatform\tprotocol\n"
            "A\tL 1\tgone.fq\t2.fq\tONT\t\n"
            "B\tL1\t1.fq\t2.fq\t\tamplicons\n"
            "A\tL3\t3.fq\t4.fq\t\tamplicons\n",
        )
    assert [problem.line() for problem in caught.value.problems] == [
        "sheets/samples.tsv, row 2, input: 'v.vcf'; empty: FASTQ files stand in the sheet of reads",
        "sheets/samples.tsv, row 3, input: no input; the path of a file (it is empty for format "
        "fastq only)",
        "sheets/samples.tsv, row 4, sample_id: no reads; list its FASTQ files in the sheet that "
        "reads.sheet of the config names",
        "sheets/reads.tsv, row 2, lane: 'L 1'; 1 to 32 of the characters A-Z a-z 0-9 _ -, the "
        "first a letter or digit",
        "sheets/reads.tsv, row 2, platform: 'ONT'; ILLUMINA, DNBSEQ, ELEMENT, IONTORRENT, SINGULAR "
        "or ULTIMA (short reads); give long reads as BAM",
        "sheets/reads.tsv, row 2, fastq_1: 'gone.fq' does not exist; give the path of a regular "
        "file, relative to the sheet or absolute",
        "sheets/reads.tsv, row 3, sample_id: 'B'; a sample of the sample sheet whose format is "
        "fastq",
        "sheets/reads.tsv, row 3, fastq_2: the same reads as fastq_2 of row 2 of sample 'A'; give "
        "each file once (reads.allow_shared in the config allows one in two samples)",
        "sheets/reads.tsv, row 4, protocol: 'amplicons', but row 2 gives 'fragments' for the same "
        "sample; one protocol a sample",
    ]


def test_settings_that_contradict_each_other_are_told(folder):
    lanes = "sample_id\tlane\tfastq_1\nA\tL1\t1.fq\n"
    with pytest.raises(WorkflowInputError) as caught:
        load(
            folder,
            "A\tP\tgermline\tpanel\t\tfastq\n",
            lanes,
            reads={"umi": "fgbio", "trimming": "fastp"},
            reference={"fasta": "genome.fa"},
        )
    assert [problem.line() for problem in caught.value.problems] == [
        "config, reads.trimming: 'fastp'; none with reads.umi: UMIs are at the ends of reads",
        "config, reads.read_structures: none; where the UMIs are, one entry for each FASTQ file of "
        "a lane",
    ]


def test_reads_without_a_reference_are_told(folder):
    with pytest.raises(WorkflowInputError, match=r"reads\.sheet: .*reference\.fasta"):
        load(
            folder,
            "A\tP\tgermline\tpanel\t\tfastq\n",
            "sample_id\tlane\tfastq_1\nA\tL1\t1.fq\n",
            reference={"fasta": ""},
        )
