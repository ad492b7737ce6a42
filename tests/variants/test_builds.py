"""The build, told from reference bases."""

from __future__ import annotations

import pytest
from variant_builders import GRCH37, GRCH38, SITES, vcf, write

from apothecary.errors import WorkflowInputError
from apothecary.variants.builds import detect, known_sites
from apothecary.variants.reader import VariantFile

AT_38 = ["chr1 1000 . A G . . . GT 0/1", "chr1 2000 . C T . . . GT 0/1"]
AT_37 = ["1 900 . A G . . . GT 0/1", "1 1900 . C T . . . GT 0/1"]


def found(folder, records, stated="auto", **options):
    options.setdefault("lengths", {})
    file = VariantFile(write(folder, vcf(records, **options)))
    return detect(file, SITES, stated)


@pytest.mark.parametrize(("records", "build"), [(AT_38, "GRCh38"), (AT_37, "GRCh37")])
def test_bases_tell_the_build_whatever_the_names(tmp_path, records, build):
    for named in (records, [r.replace("chr", "") for r in records]):
        detection = found(tmp_path, named)
        assert (detection.build, detection.notes) == (build, ())
        assert detection.witnesses.agree[build] == 2


def test_one_record_with_the_alleles_of_a_site_is_enough(tmp_path):
    assert found(tmp_path, AT_37[:1]).build == "GRCh37"


def test_reference_only_records_need_three(tmp_path):
    records = ["chr1 1000 . A . . . . GT 0/0", "chr1 2000 . C . . . . GT 0/0"]
    with pytest.raises(WorkflowInputError, match="the build cannot be told"):
        found(tmp_path, records)
    assert found(tmp_path, [*records, "chrX 700 . T . . . . GT 0/0"]).build == "GRCh38"


def test_lengths_are_the_second_witness(tmp_path):
    detection = found(tmp_path, ["chr5 7 . A C . . . GT 0/1"], lengths=GRCH37)
    assert detection.build == "GRCh37"
    assert detection.notes == ("the build GRCh37 is told from contig lengths: too few known sites",)


def test_header_is_believed_last(tmp_path):
    record = ["chr5 7 . A C . . . GT 0/1"]
    detection = found(tmp_path, record, extra=["##reference=file:///ref/hg19.fa"])
    assert detection.build == "GRCh37"
    assert "the header's word" in detection.notes[0]
    named = found(tmp_path, AT_38, extra=["##reference=hs37d5"])
    assert named.build == "GRCh38"
    assert named.notes == ("the header names GRCh37, but the reference bases are GRCh38",)


def test_sheet_decides_where_the_data_do_not_speak(tmp_path):
    detection = found(tmp_path, ["chr5 7 . A C . . . GT 0/1"], "GRCh37")
    assert detection.build == "GRCh37"
    assert "the sheet's word" in detection.notes[0]


def test_sheet_against_data_is_a_mismatch(tmp_path):
    with pytest.raises(WorkflowInputError, match="the sheet says GRCh37, the data are GRCh38"):
        found(tmp_path, AT_38, "GRCh37")


def test_contradicting_bases_are_not_decided(tmp_path):
    with pytest.raises(WorkflowInputError, match="1 agree and 0 differ for GRCh38"):
        found(tmp_path, [AT_38[0].replace("chr1", "1"), AT_37[0]])


def test_wrong_bases_do_not_speak_for_a_build(tmp_path):
    records = [f"chr1 {pos} . {ref} T . . . GT 0/1" for pos, ref in ((1000, "C"), (3000, "A"))]
    with pytest.raises(WorkflowInputError, match="2 differ for GRCh38"):
        found(tmp_path, records)


def test_sites_of_the_knowledge_table():
    row = {
        "chrom": "chr1", "pos": 10, "ref": "A", "alts": ["G"],
        "pos_grch37": None, "ref_grch37": None,
    }  # fmt: skip
    (site,) = known_sites([row, {**row, "chrom": "chrM"}])
    assert site.places == {"GRCh38": (10, "A")}
    assert known_sites([{**row, "pos_grch37": 8, "ref_grch37": "A"}])[0].places["GRCh37"] == (
        8,
        "A",
    )


def test_lengths_of_both_builds_say_nothing(tmp_path):
    lengths = {"chr1": GRCH38["chr1"], "chr2": GRCH37["chr2"]}
    with pytest.raises(WorkflowInputError, match="contig lengths: 1 of GRCh38, 1 of GRCh37"):
        found(tmp_path, ["chr1 7 . A C . . . GT 0/1"], lengths=lengths)


def test_known_variants_tell_grch38_of_a_tumor(tmp_path):
    variant = {"chrom": "chr7", "pos": 140753336, "ref": "A", "alt": "T"}
    sites = known_sites([], [variant, {**variant, "alt": "C"}])
    assert [(s.places, s.alts) for s in sites] == [({"GRCh38": (140753336, "A")}, frozenset("CT"))]
    path = write(tmp_path, vcf(["7 140753336 . A T . . . GT 0/1"], lengths={}))
    assert detect(VariantFile(path), sites).build == "GRCh38"
