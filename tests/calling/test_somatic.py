from __future__ import annotations

import gzip

import pytest
from calling_builders import GRCH37, Reads, bases, fasta

from apothecary.alignments import files
from apothecary.calling import somatic
from apothecary.calling.artefacts import FILTERS, FilterSettings
from apothecary.calling.error_rates import NoiseSettings
from apothecary.calling.linkage import LinkageSettings
from apothecary.calling.pileup import ReadLimits
from apothecary.calling.somatic import SomaticSettings
from apothecary.errors import WorkflowInputError
from apothecary.variants.reference import Fasta

START = 7001
TEXT = bases(600, 21)
AT = TEXT.index("ACA", 250) + 1
"""A C away from the ends."""
SPAN = ("chr3", START, START + len(TEXT) - 1)
FILTER = FilterSettings(
    min_log_odds=5,
    min_alt_depth=4,
    max_bias_p=0.001,
    bias_share=0.9,
    min_read_position=5,
    min_mapping_quality=30,
    min_base_quality=20,
    misaligned_share=0.5,
    ffpe_max_vaf=0.1,
    normal_alpha=0.01,
    germline_vaf=0.2,
    normal_max_vaf=0.03,
    normal_min_depth=8,
)
COPIES = LinkageSettings(reach=100, share=0.8, fragments=4, differences=2)
SETTINGS = SomaticSettings(ReadLimits(), NoiseSettings(), FILTER, COPIES, 3, 0.01)


class Sample:
    """Reads of 100 bases over the site, alternating in strand and orientation."""

    def __init__(self, lengths=None):
        self.reads = Reads(lengths)
        self.number = 0

    def add(self, count, alt=None, *, offset=None, reverse=None, f1r2=None, **options):
        for _ in range(count):
            self.number += 1
            place = 10 + 37 * self.number % 80 if offset is None else offset
            low = AT - place
            text = TEXT[low : low + 100]
            if alt:
                text = text[:place] + alt + text[place + 1 :]
            turned = (self.number // 2) % 2 == 1 if reverse is None else reverse
            first = self.number % 2 == 0 if f1r2 is None else f1r2 != turned
            flag = 0x41 if first else 0x81
            self.reads.add("chr3", START + low, text, reverse=turned, flag=flag, **options)
        return self


def call(tmp_path, tumor, normal=None, panel=frozenset(), span=SPAN):
    reference = Fasta(fasta(tmp_path / "slices.fa", {("chr3", START): TEXT}), tmp_path / "fasta")
    opened = []
    for name, sample in (("tumor", tumor), ("normal", normal)):
        path = sample and sample.reads.write(tmp_path / f"{name}.bam")
        opened.append(path and files.look(str(path)))
    candidates = somatic.call(opened[0], opened[1], reference, [span], panel, SETTINGS)
    return candidates, opened[0]


def only(candidates):
    (candidate,) = candidates
    assert (candidate.pos, candidate.ref) == (START + AT, "C")
    return candidate


def test_a_change_at_a_tenth_of_the_reads_passes_with_and_without_a_normal(tmp_path):
    tumor = Sample().add(180).add(20, "G")
    one = only(call(tmp_path, tumor, Sample().add(60))[0])
    assert (one.alt, one.support.alt_depth, one.support.depth, one.filters) == ("G", 20, 200, ())
    assert only(call(tmp_path, tumor)[0]).filters == ()


def test_a_germline_allele_is_seen_in_the_normal(tmp_path):
    tumor, normal = Sample().add(100).add(100, "G"), Sample().add(20).add(20, "G")
    assert only(call(tmp_path, tumor, normal)[0]).filters == ("normal_evidence", "germline")


def test_tumor_cells_in_the_normal_do_not_hide_a_change(tmp_path):
    tumor, normal = Sample().add(100).add(100, "G"), Sample().add(196).add(4, "G")
    assert only(call(tmp_path, tumor, normal)[0]).filters == ()


def test_a_shallow_normal_excludes_nothing(tmp_path):
    tumor = Sample().add(100).add(100, "G")
    assert only(call(tmp_path, tumor, Sample().add(7))[0]).filters == ("normal_depth",)
    seen = Sample().add(2).add(3, "G")
    assert only(call(tmp_path, tumor, seen)[0]).filters == (
        "normal_evidence",
        "germline",
        "normal_depth",
    )


def test_many_tumor_cells_in_the_normal_are_told_apart_from_a_germline_allele(tmp_path):
    tumor, normal = Sample().add(100).add(100, "G"), Sample().add(180).add(20, "G")
    assert only(call(tmp_path, tumor, normal)[0]).filters == ("normal_evidence",)


def test_reads_on_one_strand_only(tmp_path):
    tumor = Sample().add(180).add(20, "G", reverse=True)
    assert only(call(tmp_path, tumor)[0]).filters == ("strand_bias",)
    amplicon = Sample().add(180, reverse=True).add(20, "G", reverse=True)
    assert only(call(tmp_path, amplicon)[0]).filters == ()


@pytest.mark.parametrize(
    ("alt", "filters"),
    [("A", ("orientation_bias",)), ("T", ("ffpe_deamination",)), ("G", ())],
)
def test_fragments_of_one_orientation(tmp_path, alt, filters):
    tumor = Sample().add(180).add(20, alt, f1r2=True)
    assert only(call(tmp_path, tumor)[0]).filters == filters
    assert only(call(tmp_path, Sample().add(180).add(20, alt))[0]).filters == ()


def test_deamination_is_flagged_at_low_fractions_only(tmp_path):
    low = only(call(tmp_path, Sample().add(190).add(10, "T"))[0])
    high = only(call(tmp_path, Sample().add(100).add(100, "T"))[0])
    assert (low.measures.ffpe_like, high.measures.ffpe_like) == (True, False)


def test_near_the_ends_of_reads(tmp_path):
    tumor = Sample().add(180).add(20, "G", offset=2)
    assert only(call(tmp_path, tumor)[0]).filters == ("read_position",)


def test_reads_that_are_mapped_badly(tmp_path):
    tumor = Sample().add(180).add(20, "G", mapping_quality=25)
    assert only(call(tmp_path, tumor)[0]).filters == ("mapping_quality",)


def test_duplicates_are_no_evidence(tmp_path):
    tumor = Sample().add(180).add(20, "G")
    for read in tumor.reads.reads[-20:]:
        read.flag |= 0x400
    assert call(tmp_path, tumor)[0] == []


def test_three_reads_are_listed_but_do_not_pass(tmp_path):
    assert "low_depth" in only(call(tmp_path, Sample().add(180).add(3, "G"))[0]).filters


def test_errors_of_the_sample_are_not_believed(tmp_path):
    tumor = Sample().add(1000).add(12, "G")
    # The same error all over: C is read as G in one of a hundred.
    for number, read in enumerate(tumor.reads.reads):
        text, qualities = list(read.query_sequence), read.query_qualities
        places = [i for i, base in enumerate(text) if base == "C"]
        for at in places[number % 50 :: 50]:
            text[at] = "G" if not read.is_reverse else "C"
        if read.is_reverse:
            for at in [i for i, base in enumerate(text) if base == "G"][number % 50 :: 50]:
                text[at] = "C"
        read.query_sequence, read.query_qualities = "".join(text), qualities
    found = [c for c in call(tmp_path, tumor)[0] if c.ref == "C" and c.alt == "G"]
    assert found
    assert all("weak_evidence" in c.filters for c in found)


def test_the_panel_of_normals(tmp_path):
    tumor = Sample().add(100).add(100, "G")
    panel = tmp_path / "panel.vcf"
    panel.write_text(
        "##fileformat=VCFv4.3\n##contig=<ID=3>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
        f"3\t{START + AT}\t.\tC\tT,G\t.\t.\t.\n"
    )
    alleles = somatic.read_panel(str(panel))
    assert only(call(tmp_path, tumor, panel=alleles)[0]).filters == ("panel_of_normals",)
    assert somatic.read_panel("") == frozenset()
    with pytest.raises(WorkflowInputError, match=r"absent\.vcf: cannot be read"):
        somatic.read_panel(str(tmp_path / "absent.vcf"))


def test_a_deletion_is_left_aligned_and_compared_with_the_normal(tmp_path):
    at = TEXT.index("TC", 280)
    tumor = Sample().add(100)
    for number in range(30):
        low = at - 20 - number
        text = TEXT[low : at + 1] + TEXT[at + 4 : low + 103]
        tumor.reads.add("chr3", START + low, text, f"{at + 1 - low}M3D{99 - at + low}M",
                        reverse=number % 2 == 1)  # fmt: skip
    (one,) = call(tmp_path, tumor, Sample().add(60))[0]
    offset = one.pos - START
    assert len(one.ref) - len(one.alt) == 3
    changed = TEXT[:offset] + one.alt + TEXT[offset + len(one.ref) :]
    assert changed == TEXT[: at + 1] + TEXT[at + 4 :]
    assert (one.support.alt_depth, one.filters) == (30, ())


def test_the_file_tells_filters_and_evidence(tmp_path):
    tumor, normal = Sample().add(380).add(20, "T", f1r2=True), Sample().add(40)
    candidates, alignment = call(tmp_path, tumor, normal)
    for name in ("a", "b"):
        path = tmp_path / name / "T.vcf.gz"
        somatic.write(path, candidates, alignment, "T", "N")
        assert path.with_name("T.vcf.gz.tbi").is_file()
    first = (tmp_path / "a" / "T.vcf.gz").read_bytes()
    assert first == (tmp_path / "b" / "T.vcf.gz").read_bytes()
    lines = gzip.decompress(first).decode().splitlines()
    declared = {line.split("ID=")[1].split(",")[0] for line in lines if "##FILTER" in line}
    assert declared == set(FILTERS)
    fields = lines[-1].split("\t")
    assert lines[-2].split("\t")[9:] == ["T", "N"]
    assert fields[6] == "ffpe_deamination"
    assert "FFPE" in fields[7].split(";")
    assert fields[9] == "0/1:400:380,20:0.05"
    assert fields[10] == "0/0:40:40,0:0"


def test_a_tumor_alone_says_so_in_every_record(tmp_path):
    candidates, alignment = call(tmp_path, Sample().add(100).add(100, "G"))
    somatic.write(tmp_path / "T.vcf.gz", candidates, alignment, "T", None)
    text = gzip.decompress((tmp_path / "T.vcf.gz").read_bytes()).decode()
    assert text.splitlines()[-1].split("\t")[7].endswith("TUMOR_ONLY")


def test_targets_limit_what_is_called(tmp_path):
    tumor = Sample().add(100).add(100, "G")
    assert call(tmp_path, tumor, span=("chr3", START, START + AT - 1))[0] == []


def test_two_builds_are_told(tmp_path):
    with pytest.raises(WorkflowInputError, match="the normal is GRCh37, the tumor GRCh38"):
        call(tmp_path, Sample().add(20), Sample(GRCH37).add(20))
