"""Real reads: what is known of them comes out."""

from __future__ import annotations

import shutil
from collections import Counter

import pysam
import pytest
from calling_builders import align, read_slices

from apothecary import schemas, sheets, tables
from apothecary import settings as configuration
from apothecary.alignments import files
from apothecary.calling import germline, hotspots, somatic
from apothecary.calling.germline import GermlineSettings
from apothecary.calling.hotspots import HotspotSettings
from apothecary.calling.somatic import SomaticSettings
from apothecary.knowledge import build, lift
from apothecary.knowledge import pack as knowledge
from apothecary.knowledge.placement import Placement
from apothecary.pharmacogenes import pgx
from apothecary.variants.reference import Fasta

TRIO = ("NA19127", "NA19128", "NA19129")
FATHER, MOTHER, CHILD = TRIO


@pytest.fixture(scope="session")
def config(repository):
    schema = sheets.load_schema(repository / "workflow" / "schemas" / "config.schema.yaml")
    return configuration.check({"samples": "x"}, schema, "config")["calling"]


@pytest.fixture(scope="session")
def pack(repository, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pack")
    build.build(repository / "resources" / "knowledge", folder)
    return knowledge.load(folder)


@pytest.fixture(scope="session")
def known_variants(pack):
    return pack.rows("known_variants")


@pytest.fixture(scope="session")
def melanoma(shared, tmp_path_factory):
    """COLO829 and its normal, aligned to BRAF and CDKN2A."""
    folder = tmp_path_factory.mktemp("melanoma")
    fasta = shared / "data" / "reference" / "grch38_slices.fa.gz"
    slices = read_slices(fasta, ("BRAF", "CDKN2A"))
    reads = shared / "data" / "reads" / "colo829_panel"
    found = {}
    for name in ("T", "R"):
        pairs = [
            (first, first.with_name(first.name.replace("_R1_", "_R2_")))
            for first in sorted(reads.glob(f"*{name}_AHHKYHDSXX_*_R1_*"))
        ]
        assert len(pairs) == 4
        bam = align(pairs, slices, folder, name)
        found[name] = files.look(str(bam), "GRCh38")
    spans = [(chrom, at, at + len(text) - 1) for (chrom, at), text in slices.items()]
    return found["T"], found["R"], Fasta(fasta, folder / "fasta"), spans


def test_melanoma_and_its_normal(melanoma, config):
    tumor, normal, reference, spans = melanoma
    settings = SomaticSettings.from_config(config)
    called = somatic.call(tumor, normal, reference, spans, frozenset(), settings)
    passing = {(c.chrom, c.pos, c.ref, c.alt): c for c in called if not c.filters}
    assert set(passing) == {
        ("chr7", 140753336, "A", "T"),
        ("chr9", 21971154, "CCG", "C"),
    }
    braf, cdkn2a = passing.values()
    assert braf.support.alt_depth / braf.support.depth == pytest.approx(187 / 273, abs=0.02)
    assert cdkn2a.support.alt_depth / cdkn2a.support.depth == pytest.approx(107 / 111, abs=0.02)
    assert (braf.normal.alt_depth, cdkn2a.normal.alt_depth) == (0, 0)
    assert braf.normal.depth == pytest.approx(29, abs=2)
    assert cdkn2a.normal.depth == pytest.approx(36, abs=2)


def test_melanoma_alone_calls_the_same_and_germline_beside(melanoma, config):
    tumor, normal, reference, spans = melanoma
    settings = SomaticSettings.from_config(config)
    alone = somatic.call(tumor, None, reference, spans, frozenset(), settings)
    both = somatic.call(tumor, normal, reference, spans, frozenset(), settings)
    assert {c.pos for c in both if not c.filters} < {c.pos for c in alone if not c.filters}


def test_known_variants_of_the_melanoma(melanoma, config, known_variants):
    tumor, _, reference, spans = melanoma
    sites = hotspots.hotspots(known_variants, Placement())
    settings = HotspotSettings.from_config(config)
    rows = hotspots.genotype(tumor, sites, spans, reference, settings, "T")
    tables.to_arrow(schemas.HOTSPOT_EVIDENCE, rows)
    (found,) = [row for row in rows if row["status"] == "found"]
    assert (found["gene"], found["pos"], found["alt"]) == ("BRAF", 140753336, "T")
    assert "V600E" in found["protein_changes"]
    beside = [r for r in rows if r["gene"] == "BRAF" and r["status"] == "not found"]
    assert len(beside) > 10
    assert all(0 < row["detection_limit"] < 0.2 for row in beside)


def test_the_normal_has_no_known_variant(melanoma, config, known_variants):
    _, normal, reference, spans = melanoma
    sites = hotspots.hotspots(known_variants, Placement())
    settings = HotspotSettings.from_config(config)
    rows = hotspots.genotype(normal, sites, spans, reference, settings, "R")
    assert "found" not in {row["status"] for row in rows}


def indexed(path, folder):
    """A copy of a BAM with its index beside it."""
    shutil.copyfile(path, folder / path.name)
    pysam.index(str(folder / path.name))
    return str(folder / path.name)


def test_a_tumor_in_grch37(shared, tmp_path, config, known_variants):
    """The reads of EGFR L861Q: the change is in 129 of 536, the reference in 407."""
    alignment = files.look(indexed(shared / "data" / "reads" / "EGFR_L861Q.bam", tmp_path))
    assert alignment.build == "GRCh37"
    egfr = [row for row in known_variants if row["chrom"] == "chr7"]
    chain = shared / "data" / "reference" / "hg19ToHg38.over.chain.gz"
    sites = hotspots.hotspots(egfr, Placement("GRCh37", chain))
    settings = HotspotSettings.from_config(config)
    rows = hotspots.genotype(alignment, sites, None, None, settings, "T")
    (found,) = [row for row in rows if row["status"] == "found"]
    assert found["protein_changes"] == ["L861Q"]
    assert (found["pos"], found["input_pos"]) == (55191831, 55259524)
    assert found["vaf"] == pytest.approx(129 / 536, abs=0.02)
    without = hotspots.hotspots(egfr, Placement("GRCh37"))
    rows = hotspots.genotype(alignment, without, None, None, settings, "T")
    assert {row["status"] for row in rows} == {"not assessable"}


@pytest.fixture(scope="session")
def trio(shared, tmp_path_factory):
    """Germline records of a MiSeq trio, by sample and GRCh37 position."""
    folder = tmp_path_factory.mktemp("trio")
    fasta = shared / "data" / "reference" / "tsacp_grch38_amplicons.fa"
    slices = {}
    with pysam.FastxFile(str(fasta)) as records:
        for record in records:
            chrom, _, span = record.name.partition(":")
            slices[chrom, int(span.split("-")[0])] = record.sequence.upper()
    chain = shared / "data" / "reference" / "hg19ToHg38.over.chain.gz"
    back = lift.read_chain(chain, {chrom for chrom, _ in slices})
    reference = Fasta(fasta, folder / "fasta")
    spans = [(chrom, at, at + len(text) - 1) for (chrom, at), text in slices.items()]
    reads = shared / "data" / "reads" / "tsacp_trio"
    called = {}
    for name in TRIO:
        pair = (reads / f"{name}_L001_R1.fastq.gz", reads / f"{name}_L001_R2.fastq.gz")
        bam = align([pair], slices, folder, name)
        work = folder / f"{name}.work"
        work.mkdir()
        alignment = files.look(str(bam), "GRCh38")
        found = germline.call(alignment, reference, [], spans, "F", GermlineSettings(), work)
        called[name] = {(r.chrom, back.to_grch37(r.chrom, r.pos)): r for r in found.records}
    return called


def test_the_trio_has_the_snvs_that_amplivar_calls(shared, trio):
    counts = Counter()
    for name in TRIO:
        path = shared / "data" / "truth" / f"TSACP_{name}.amplivar.vcf"
        for line in path.read_text().splitlines():
            fields = line.split("\t")
            if line.startswith("#") or len(fields[3]) > 1 or len(fields[4]) > 1:
                continue
            record = trio[name].get((fields[0], int(fields[1])))
            found = record is not None and fields[4] in record.alt.split(",")
            counts["all"] += 1
            counts["found"] += found
            same = found and record.values["GT"] == fields[9].split(":")[0]
            counts["same genotype"] += same
    assert counts["all"] == 55
    assert counts["found"] >= 52
    assert counts["same genotype"] >= 52


def test_the_trio_is_mendelian(trio):
    """Confident SNVs of the child come from its parents."""
    checked = consistent = 0
    for place, record in trio[CHILD].items():
        bases = record.alt.split(",")
        if not all(len(base) == 1 and base in "ACGT" for base in (record.ref, *bases)):
            continue
        alleles = {}
        for name in TRIO:
            one = trio[name].get(place)
            if one is None or int(one.values["DP"]) < 30 or int(one.values["GQ"]) < 50:
                break
            spelled = [one.ref[0], *one.alt.split(",")]
            alleles[name] = [spelled[int(a)] for a in one.values["GT"].split("/")]
            if any(len(a) > 1 for a in alleles[name]):
                alleles[name] = [one.ref[0]] * 2
        if len(alleles) < 3:
            continue
        checked += 1
        first, second = alleles[CHILD]
        father, mother = alleles[FATHER], alleles[MOTHER]
        fits = (first in father and second in mother) or (second in father and first in mother)
        consistent += fits
    assert checked >= 10
    assert consistent >= checked - 1


def test_the_mitochondrion_of_na12878(shared, tmp_path):
    path = shared / "data" / "reads" / "NA12878_chrM_1-1000.bam"
    alignment = files.look(indexed(path, tmp_path))
    text = "".join((shared / "data" / "reference" / "rCRS_MT.fa").read_text().split("\n")[1:])
    fasta = tmp_path / "rCRS.fa"
    fasta.write_text(f">chrM\n{text}\n")
    reference = Fasta(fasta, tmp_path / "fasta")
    work = tmp_path / "work"
    work.mkdir()
    span = [("chrM", 100, 900)]
    called = germline.call(alignment, reference, [], span, "F", GermlineSettings(), work)
    carried = {(r.pos, r.alt) for r in called.records if r.alt not in ("<NON_REF>", ".")}
    assert {(152, "C"), (263, "G"), (750, "G")} <= carried
    assert all("/" not in r.values["GT"] for r in called.records)


@pytest.mark.parametrize("name", ["HG03130", "SIM001"])
def test_cyp2d6_of_short_reads(shared, tmp_path, pack, name):
    path = shared / "data" / "reads" / "cyp2d6" / f"{name}.bam"
    alignment = files.look(indexed(path, tmp_path))
    fasta = shared / "data" / "reference" / "grch38_slices.fa.gz"
    reference = Fasta(fasta, tmp_path / "fasta")
    work = tmp_path / "work"
    work.mkdir()
    positions = germline.forced_positions(pack.rows("pgx_positions"), "GRCh38")
    called = germline.call(alignment, reference, positions, [], "F", GermlineSettings(), work)
    gvcf = tmp_path / "S1.g.vcf.gz"
    germline.write(gvcf, called, alignment, "S1")
    out = tmp_path / "out"
    pgx.run_pgx(
        pgx.PgxOptions(file=gvcf, out=out, pack=pack.folder, call_cyp2d6=True, mode="compatible")
    )
    rows = tables.read_rows(out / "diplotypes.parquet", schemas.DIPLOTYPES)
    assert [row["diplotype"] for row in rows if row["gene"] == "CYP2D6"] == ["*17/*29"]
    sites = tables.read_rows(out / "sites.parquet", schemas.SITES)
    states = Counter(row["state"] for row in sites if row["gene"] == "CYP2D6")
    assert states["not_assessed"] == 0
    assert states["called"] >= 6
