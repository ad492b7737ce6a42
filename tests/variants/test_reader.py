"""The validating reader: what is read is what the file says."""

from __future__ import annotations

import string
from pathlib import Path

import pysam
import pytest
from hypothesis import given
from hypothesis import strategies as st
from variant_builders import GRCH38, POSITIONS, bgzip, read_text, reason, vcf, write
from variant_builders import sample as sheet_row

from apothecary.errors import WorkflowInputError
from apothecary.variants import contigs, precheck
from apothecary.variants.alleles import genotype
from apothecary.variants.reader import VariantFile
from apothecary.variants.regions import Position, Regions, Spans

RECORD = "chr1 1000 rs1 A G 50 PASS DP=9 GT:DP 0/1:30"


def refusal(path: str) -> WorkflowInputError | None:
    try:
        list(VariantFile(path).blocks())
    except WorkflowInputError as error:
        return error
    return None


def bcf(source: str) -> Path:
    path = Path(source).with_suffix(".bcf")
    with (
        pysam.VariantFile(source) as read_from,
        pysam.VariantFile(str(path), "wb", header=read_from.header) as written,
    ):
        for record in read_from:
            written.write(record)
    return path


@st.composite
def records(draw: st.DrawFn) -> tuple[int, str, str, list[str]]:
    ref = draw(st.text("ACGT", min_size=1, max_size=4))
    alt = st.text("ACGT", min_size=1, max_size=4).filter(lambda a: a != ref)
    alts = draw(st.lists(alt, min_size=1, max_size=3, unique=True))
    allele = st.one_of(st.just("."), st.integers(0, len(alts)).map(str))
    call = st.tuples(allele, st.sampled_from("|/"), allele).map("".join)
    pos = draw(st.integers(1, 5000))
    return pos, ref, ",".join(alts), [draw(call), draw(call)]


@given(st.lists(records(), max_size=8))
def test_what_is_written_is_read(tmp_path_factory, made):
    folder = tmp_path_factory.mktemp("reader")
    lines = [f"chr1 {p} . {r} {a} . PASS . GT {' '.join(g)}" for p, r, a, g in made]
    text = vcf(lines, samples=("S1", "S2"))
    for path in (write(folder, text), bgzip(folder, text)):
        found = [
            (b.pos, b.ref, ",".join(b.alts), b.genotype_texts) for b in VariantFile(path).blocks()
        ]
        assert found == made
        chosen = [b.genotype_texts for b in VariantFile(path).blocks(["S2"])]
        assert chosen == [[g[1]] for *_, g in made]


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_in_words(tmp_path_factory, data):
    path = write(tmp_path_factory.mktemp("bytes"), data)
    error = refusal(path)
    assert error is None or str(error).startswith(path)


@given(st.text(string.printable, max_size=60), st.integers(0, 9))
def test_any_column_is_read_or_refused_in_words(tmp_path_factory, text, column):
    fields = RECORD.split(" ")
    fields[column] = text
    path = write(tmp_path_factory.mktemp("column"), vcf([]) + "\t".join(fields) + "\n")
    error = refusal(path)
    if error is not None:
        assert len(error.problems) == 1
        assert error.problems[0].row is not None


def test_record_form(tmp_path):
    text = vcf(["chr1 1000 rs1 a g,* 50 lowq DP=9;FLAG GT:DP:AD 0|1:30:9,8,. .:.:."], samples="AB")
    (block,) = VariantFile(write(tmp_path, text)).blocks()
    assert (block.chrom, block.pos, block.end, block.ref, block.alts) == (
        "chr1", 1000, 1000, "A", ("G", "*"),
    )  # fmt: skip
    assert (block.qual, block.filters, block.passes, block.id) == (50.0, "lowq", False, "rs1")
    assert block.info_values == {"DP": "9", "FLAG": ""}
    assert block.column("DP") == ["30", None]
    assert block.column("GQ") == [None, None]
    assert block.value(0, "AD") == "9,8,."
    assert [g.alleles for g in block.genotypes()] == [(0, 1), (None,)]
    assert block.genotypes()[0].phased


def test_bcf_reads_as_its_vcf(tmp_path):
    text = vcf([RECORD.replace("DP=9", "."), "chr2 500 . CAT C . PASS . GT:DP 1|1:12"])
    source = write(tmp_path, text)
    read = [list(VariantFile(path).blocks()) for path in (source, bcf(source))]
    assert [(b.pos, b.ref, b.alts, b.genotype_texts, b.qual) for b in read[0]] == [
        (b.pos, b.ref, b.alts, b.genotype_texts, b.qual) for b in read[1]
    ]
    assert [b.record for b in read[1]] == [1, 2]


def test_cut_bcf_is_refused(tmp_path):
    path = bcf(write(tmp_path, vcf([RECORD.replace("DP=9", ".")])))
    path.write_bytes(path.read_bytes()[:-28])
    with pytest.raises(WorkflowInputError, match="end marker is missing"):
        VariantFile(path)


def test_only_wanted_records_are_parsed_and_all_are_counted(tmp_path):
    lines = [f"chr1 {pos} . A C . PASS . GT 0/1" for pos in range(990, 1010)]
    file = VariantFile(write(tmp_path, vcf([*lines, "chr2 100 . T C . PASS . GT 0/1"])))
    groups = [Regions(POSITIONS[:1]), Regions(withheld=(("chr1", 995, 996), ("chr2", 1, 200)))]
    assert [b.pos for b in file.blocks(None, groups)] == [1000]
    assert file.tally.records == 21
    assert dict(file.tally.outside) == {0: 20, 1: 17}
    assert dict(file.tally.withheld) == {1: 3}


def test_structural_faults_outside_the_regions_are_found(tmp_path):
    text = vcf([RECORD, "chr9 5 . A Z . . . GT:DP 0/1:3"])
    with pytest.raises(WorkflowInputError, match="'Z' is neither bases"):
        list(VariantFile(write(tmp_path, text)).blocks(None, [Regions(POSITIONS)]))


def test_indels_near_a_position_are_read_for_their_spelling(tmp_path):
    lines = ["chr1 3050 . A AG . PASS . GT 0/1", "chr1 3060 . A G . PASS . GT 0/1"]
    file = VariantFile(write(tmp_path, vcf(lines)))
    assert [b.pos for b in file.blocks(None, [Regions(POSITIONS)])] == [3050]


def test_comments_are_skipped_and_a_second_header_is_refused(tmp_path):
    text = vcf([RECORD]) + "# missing: rs2\n\n"
    file = VariantFile(write(tmp_path, text))
    assert len(list(file.blocks())) == 1
    assert file.tally.comments == 2
    with pytest.raises(WorkflowInputError, match="a header line among the records"):
        list(VariantFile(write(tmp_path, text + vcf([]))).blocks())


def test_file_without_a_chromosome_is_refused(tmp_path):
    text = vcf(["chromosome1 5 . A C . . . GT 0/1"], lengths={"chromosome1": None})
    assert "no record lies on a chromosome (contigs: chromosome1)" in reason(
        read_text(tmp_path, text)
    )


def test_end_is_read_as_a_key_of_info_only(tmp_path):
    lines = [
        "chr1 1000 . A T . PASS P|ABEND5|ABEND5 GT 0|1",
        "chr1 3000 . GAG G . PASS END=3002;note GT 0|1",
        "chr1 4000 . A <*> . PASS X=1;END=4100 GT 0|0",
        "chr1 5000 . A . . PASS END=5100;BLOCKAVG_min30p3a GT 0/0",
    ]
    found = VariantFile(write(tmp_path, vcf(lines))).blocks()
    assert [(b.end, b.is_reference_block) for b in found] == [
        (1000, False), (3002, False), (4100, True), (5100, True),
    ]  # fmt: skip
    with pytest.raises(WorkflowInputError, match="END is '39'"):
        list(VariantFile(write(tmp_path, vcf(["chr1 40 . A <*> . . END=39 GT 0/0"]))).blocks())


@pytest.mark.parametrize(
    ("name", "chrom"),
    [
        ("1", "chr1"), ("chr1", "chr1"), ("CHR22", "chr22"), ("X", "chrX"), ("MT", "chrM"),
        ("chrMT", "chrM"), ("M", "chrM"), ("chr23", None), ("chr01", None),
        ("chr1_KI270706v1_random", None), ("chromosome1", None), ("", None),
    ],
)  # fmt: skip
def test_names_of_chromosomes(name, chrom):
    assert contigs.canonical(name) == chrom


@pytest.mark.parametrize(
    ("text", "alleles", "phased", "valid"),
    [
        ("0/1", (0, 1), False, True), ("1|0", (1, 0), True, True), ("1", (1,), False, True),
        ("|1", (1,), True, True), ("./.", (None, None), False, True), (".", (None,), False, True),
        ("0/1|1", (0, 1, 1), False, True), ("", (None,), False, False), 
        ("a", (None,), False, False),
        ("0/", (None,), False, False),
    ],
)  # fmt: skip
def test_genotypes(text, alleles, phased, valid):
    assert genotype(text) == (alleles, phased, valid)


@given(
    st.lists(st.tuples(st.integers(1, 60), st.integers(0, 9)), max_size=8),
    st.integers(1, 70),
    st.integers(0, 9),
)
def test_spans_agree_with_counting_bases(pairs, start, length):
    covered = {b for s, n in pairs for b in range(s, s + n + 1)}
    spans = Spans(("chr1", s, s + n) for s, n in pairs)
    wanted = set(range(start, start + length + 1))
    assert spans.overlaps("chr1", start, start + length) == bool(covered & wanted)
    low, high = spans.gap("chr1", start)
    assert (low <= start <= high) == (start not in covered)
    assert not covered & set(range(low, min(high, 200) + 1))


def test_positions_over_an_interval():
    regions = Regions((Position("chr1", 10, "ACGT"), Position("chr1", 12, "G")))
    assert [p.pos for p in regions.positions_over("chr1", 13, 20)] == [10]
    assert [p.pos for p in regions.positions_over("chr1", 1, 12)] == [10, 12]
    assert regions.positions_over("chr1", 14, 20) == []
    assert regions.positions_over("chr2", 1, 20) == []


def test_first_look_collects_all_problems(tmp_path):
    good = sheet_row("good.vcf")
    write(tmp_path, vcf([RECORD]), "good.vcf")
    write(tmp_path, vcf(["chr1 5 . A C . . ."], samples=()), "sites.vcf")
    precheck.check_inputs([good], tmp_path)
    precheck.check_inputs([sheet_row("sites.vcf", role="tumor")], tmp_path)
    rows = [
        good,
        sheet_row("absent.vcf"),
        sheet_row("sites.vcf"),
        sheet_row("good.vcf", "S9"),
        sheet_row("good.vcf", format="maf"),
    ]
    with pytest.raises(WorkflowInputError) as caught:
        precheck.check_inputs(rows, tmp_path)
    assert [p.found for p in caught.value.problems] == [
        "no sample 'S9'",
        "the file is not there",
        "the file has no sample column",
        "no column Hugo_Symbol, Chromosome, Start_Position, Reference_Allele, "
        "Tumor_Seq_Allele2, Tumor_Sample_Barcode",
    ]


def test_longest_lengths_are_those_of_the_builds():
    assert contigs.contigs()["chr1"].longest == 249250621
    assert GRCH38["chr17"] == 83257441
    assert contigs.sort_key("chr2") < contigs.sort_key("chr10") < contigs.sort_key("HLA")
