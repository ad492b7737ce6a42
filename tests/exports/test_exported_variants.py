"""VCF and MAF of a sample: what is in them, that they can be read, the same bytes again."""

from __future__ import annotations

import gzip

import pysam
import pytest
from hereditary_builders import finding, lists_pack, person, secondary
from hypothesis import given
from hypothesis import strategies as st
from report_builders import (
    RUN,
    diplotype,
    failed_tables,
    germline_tables,
    pack,
    row,
    sample,
    site,
    tumor_sample,
    tumor_tables,
)

from apothecary import schemas
from apothecary.exports import calls, maf, vcf
from apothecary.reports import model
from apothecary.reports.context import SampleTables
from apothecary.variants import maf as reader
from apothecary.variants.filters import Thresholds

KINDS = ["SNP", "DNP", "TNP", "ONP", "INS", "DEL"]


@pytest.fixture(scope="module")
def classes(repository):
    return maf.read_classes(repository / "resources" / "exports" / "maf_classes.tsv")


def made(one, tables):
    found = model.build_model(one, tables, pack(), RUN)
    return calls.of_sample(SampleTables(one, tables), found), found


def written(tmp_path, one, tables):
    found, report = made(one, tables)
    path = tmp_path / f"{one['sample_id']}.vcf.gz"
    vcf.write(path, found, report)
    with pysam.VariantFile(str(path)) as opened:
        return path, list(opened.fetch())


def test_a_tumor_has_its_findings_with_tier_and_evidence(tmp_path):
    _, records = written(tmp_path, tumor_sample(), tumor_tables())
    braf = next(record for record in records if record.info.get("GENE") == "BRAF")
    assert (braf.chrom, braf.pos, braf.ref, braf.alts) == ("chr7", 140_753_336, "A", ("T",))
    assert list(braf.filter) == ["PASS"]
    assert braf.info["TIER"] == ("I",)
    assert braf.info["HGVSC"] == "c.1799T>A"
    assert braf.info["ONCOGENICITY"] == ("BRAF|Likely%20Oncogenic|9",)
    assert [entry.split("|")[-1] for entry in braf.info["ACTIONABILITY"]] == [
        "EID9851",
        "EID816",
        "EID1409",
    ]
    assert braf.samples[0]["GT"] == (0, 1)
    reported = [record for record in records if record.info["FATE"] == "reported"]
    assert [record.info["GENE"] for record in reported] == ["TP53"]


def test_positions_of_pharmacogenes_are_called_reference_or_not_assessed(tmp_path):
    tables = germline_tables()
    tables["variants"].append(
        row(
            schemas.VARIANTS,
            sample_id="HG00276",
            chrom="chr10",
            pos=94_781_859,
            ref="G",
            alt="A",
            record=12,
            build="GRCh38",
            allele_index=1,
            genotype="1/1",
            filters="PASS",
            fate="kept",
        )
    )
    _, records = written(tmp_path, sample(), tables)
    called = next(record for record in records if record.pos == 94_781_859)
    assert called.info["PGX_GENE"] == ("CYP2C19",)
    assert called.info["PGX_DIPLOTYPE"] == ("*2/*2",)
    assert called.info["PGX_STATE"] == ("called",)
    assert called.samples[0]["GT"] == (1, 1)
    states = [record.info["FATE"] for record in records]
    assert states.count("reference") == 70
    assert states.count("not_assessed") == 3
    for record in records:
        if record.info["FATE"] == "not_assessed":
            assert record.samples[0]["GT"] == (None, None)
            assert list(record.filter) == ["not_assessed"]
    failed = next(record for record in records if record.info["FATE"] == "filtered")
    assert failed.info["PGX_STATE"] == ("not_assessed",)


def test_the_header_tells_why_a_sample_failed_and_no_record_stands(tmp_path):
    path, records = written(tmp_path, sample("BAD"), failed_tables("BAD"))
    assert not records
    assert b"##failure=the%20file%20is%20cut%20short" in gzip.decompress(path.read_bytes())


def test_the_same_bytes_again_with_index(tmp_path):
    one, _ = written(tmp_path / "a", tumor_sample(), tumor_tables())
    other, _ = written(tmp_path / "b", tumor_sample(), tumor_tables())
    assert one.read_bytes() == other.read_bytes()
    index, other_index = (path.with_name(path.name + ".tbi") for path in (one, other))
    assert index.read_bytes() == other_index.read_bytes()


def test_names_and_filters_of_the_input_break_no_record(tmp_path):
    tables = tumor_tables()
    tables["variants"][0] |= {"rsid": "rs1;COSV 2", "filters": "a\tb\x07;c"}
    _, records = written(tmp_path, tumor_sample(), tables)
    braf = next(record for record in records if record.info.get("GENE") == "BRAF")
    assert braf.id == "rs1;COSV%202"
    assert braf.info["INPUT_FILTER"] == "a\\tb\\x07%3Bc"


def test_what_no_vcf_can_spell_is_counted(tmp_path):
    tables = tumor_tables()
    tables["variants"][1] |= {"ref": "-", "alt": "T"}
    path, _ = written(tmp_path, tumor_sample(), tables)
    assert b"##calls_without_spelling=1\n" in gzip.decompress(path.read_bytes())


def test_neighbours_that_are_joined_stand_once_in_the_maf(classes):
    tables = tumor_tables()
    tables["neighbours"] = [
        row(
            schemas.NEIGHBOURS,
            sample_id="T001",
            first="chr12:25245350:C:T",
            second="chr12:25245351:C:A",
            build="GRCh38",
            phase="cis",
            joined="chr12:25245350:CC:TA",
            reason="12 fragments with both",
        )
    ]
    found, report = made(tumor_sample(), tables)
    fates = {call.place: (call.row["fate"], call.joined) for call in found}
    assert fates["chr12", 25_245_350, "CC", "TA"] == ("joined", None)
    assert fates["chr12", 25_245_350, "C", "T"] == ("kept", "chr12:25245350:CC:TA")
    lines = [line.split("\t") for line in maf.lines(found, report, classes)[2:]]
    assert [line[maf.COLUMNS.index("Variant_Type")] for line in lines] == ["SNP", "DNP", "SNP"]


@pytest.mark.parametrize(
    ("consequence", "kind", "name"),
    [
        ("missense_variant", "SNP", "Missense_Mutation"),
        ("frameshift_variant", "DEL", "Frame_Shift_Del"),
        ("frameshift_variant&splice_region_variant", "INS", "Frame_Shift_Ins"),
        ("splice_region_variant&stop_gained", "SNP", "Nonsense_Mutation"),
        ("splice_donor_variant&intron_variant", "DEL", "Splice_Site"),
        ("disruptive_inframe_deletion", "DEL", "In_Frame_Del"),
        (None, "SNP", "Targeted_Region"),
        ("unheard_of", "SNP", "Targeted_Region"),
    ],
)
def test_classification(consequence, kind, name, classes):
    assert maf.classification(consequence, kind, classes) == name


@pytest.mark.parametrize(
    ("given", "spelled"),
    [
        ((100, "A", "T"), (100, 100, "A", "T", "SNP")),
        ((100, "AC", "TG"), (100, 101, "AC", "TG", "DNP")),
        ((100, "A", "ATT"), (100, 101, "-", "TT", "INS")),
        ((100, "ATT", "A"), (101, 102, "TT", "-", "DEL")),
        ((100, "ATT", "C"), (100, 102, "ATT", "C", "DEL")),
        ((100, "-", "T"), (100, 101, "-", "T", "INS")),
        ((100, "TT", "-"), (100, 101, "TT", "-", "DEL")),
    ],
)
def test_spelling(given, spelled):
    assert maf.spell(*given) == spelled


class Bases:
    """A made sequence of chr12, so that an indel can be spelled in VCF again."""

    text = "GATTACAGCTCCTCCTAGGAAAAAACGTTTGACCA" * 6
    start = 25_245_000

    def bases(self, chrom: str, start: int, end: int) -> str | None:
        low, high = start - self.start, end - self.start + 1
        return self.text[low:high] if 0 <= low < high <= len(self.text) else None


@given(
    at=st.integers(20, 150),
    deleted=st.integers(0, 6),
    inserted=st.text("ACGT", max_size=6),
    depths=st.tuples(st.integers(0, 500), st.integers(1, 500)),
)
def test_our_reader_reads_the_same_variant_back(
    at, deleted, inserted, depths, classes, tmp_path_factory
):
    bases = Bases()
    anchor = bases.text[at]
    ref, alt = bases.text[at : at + deleted + 1], anchor + inserted
    if ref == alt:
        return
    spelled = reader.normalise.normalise("chr12", bases.start + at, ref, alt, bases)
    tables = tumor_tables()
    tables["actionability"], tables["oncogenicity"] = [], []
    tables["variants"] = [
        row(
            schemas.VARIANTS,
            sample_id="T001",
            chrom="chr12",
            pos=spelled.pos,
            ref=spelled.ref,
            alt=spelled.alt,
            record=7,
            build="GRCh38",
            allele_index=1,
            genotype="0/1",
            filters="PASS",
            fate="kept",
            depth=sum(depths),
            ref_depth=depths[0],
            alt_depth=depths[1],
            vaf=depths[1] / sum(depths),
        )
    ]
    found, report = made(tumor_sample(), tables)
    path = tmp_path_factory.getbasetemp() / "read_back.maf"
    maf.write(path, found, report, classes)
    file = reader.MafFile(str(path))
    lines = list(file.lines())
    assert reader.stated_build(str(path), lines) == "GRCh38"
    (read,), _ = reader.rows(lines, "T001", "GRCh38", Thresholds(), bases)
    kept = ("chrom", "pos", "ref", "alt", "depth", "ref_depth", "alt_depth", "fate")
    assert {key: read[key] for key in kept} == {key: tables["variants"][0][key] for key in kept}


@pytest.mark.parametrize(
    ("genotype", "index", "told"),
    [("0/1", 1, "0/1"), ("1|2", 2, ".|1"), ("2/2", 1, "./."), ("1", 1, "1"), (".", 1, ".")],
)
def test_a_genotype_of_one_alternate_allele(genotype, index, told):
    assert vcf.genotype({"genotype": genotype, "allele_index": index}) == told


def test_no_value_breaks_a_record(tmp_path):
    tables = germline_tables()
    tables["diplotypes"] = [diplotype("HG00276", "CYP2C19", 1, "a;b=c,d e\t%")]
    tables["sites"] = [site("HG00276", "CYP2C19", 94_761_900)]
    _, records = written(tmp_path, sample(), tables)
    told = next(record.info["PGX_DIPLOTYPE"] for record in records if record.pos == 94_761_900)
    assert told == ("a%3Bb%3Dc%2Cd%20e\\t%25",)


def test_hereditary_findings_stand_at_their_variant_with_class_codes_and_list(tmp_path):
    place = {"chrom": "chr19", "pos": 11_113_300, "ref": "C", "alt": "T"}
    one, tables = person(finding(), secondary())
    of_call = {"record": 9, "build": "GRCh38", "allele_index": 1, "fate": "kept", "filters": "PASS"}
    name = {"sample_id": one["sample_id"], "genotype": "0/1"}
    tables["variants"].append(row(schemas.VARIANTS, **place, **of_call, **name))
    report = model.build_model(one, tables, lists_pack(), RUN)
    path = tmp_path / "a.vcf.gz"
    vcf.write(path, calls.of_sample(SampleTables(one, tables), report), report)
    with pysam.VariantFile(str(path)) as opened:
        told = {(r.chrom, r.pos): r.info for r in opened.fetch() if "GERMLINE" in r.info}
    ldlr, brca = told["chr19", 11_113_300], told["chr13", 32_340_300]
    assert ldlr["FATE"] == "kept"
    assert ldlr["GERMLINE"][0].startswith("LDLR|Likely%20pathogenic|finding|3|PM1|Likely%20patho")
    assert ldlr["GERMLINE_LIST"] == ("ACMG%20SF%203.3%2C%20the%20gene%20as%20of%203.1",)
    # The report names it, although no record is in the table of variants.
    assert brca["FATE"] == "reported"
    assert brca["GERMLINE"] == ("BRCA2|Pathogenic|finding|10|PVS1+PM1|",)
    assert "GERMLINE_LIST" not in brca
