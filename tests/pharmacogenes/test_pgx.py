from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pysam
import pytest
from pharmacogene_builders import write_vcf
from read_builders import sequence, tiled, write_reads

from apothecary import cli, schemas, tables
from apothecary.errors import WorkflowInputError
from apothecary.knowledge import build
from apothecary.pharmacogenes import pgx
from apothecary.pharmacogenes.frequencies import Frequencies
from apothecary.variants import indexed

VKORC1 = 31_096_368


@pytest.fixture(scope="module")
def pack(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pack")
    build.build(repository / "resources" / "knowledge", folder)
    return folder


@pytest.fixture
def options(pack: Path, tmp_path: Path) -> pgx.PgxOptions:
    path = tmp_path / "in.vcf"
    write_vcf(path, [f"chr16 {VKORC1} . C T . PASS . GT 0/1 1/1"], ("S2", "S1"))
    text = path.read_text().replace("##contig=<ID=1>", "##contig=<ID=chr16>")
    path.write_text(text)
    return pgx.PgxOptions(file=path, out=tmp_path / "out", pack=pack)


def _diplotypes(options: pgx.PgxOptions) -> list[tuple[str, str]]:
    rows = tables.read_rows(options.out / "diplotypes.parquet", schemas.DIPLOTYPES)
    return [(r["sample_id"], r["diplotype"]) for r in rows if r["gene"] == "VKORC1"]


def test_all_samples_of_a_file(options) -> None:
    summary = pgx.run_pgx(options)
    c, t = "rs9923231 reference (C)", "rs9923231 variant (T)"
    assert _diplotypes(options) == [("S1", f"{t}/{t}"), ("S2", f"{c}/{t}")]
    assert str(summary).startswith("2 samples, GRCh38: 2 of 170 genes called\n")
    for table in (schemas.SITES, schemas.PHENOTYPES, schemas.RECOMMENDATIONS):
        rows = tables.read_rows(options.out / f"{table.name}.parquet", table)
        assert {row["sample_id"] for row in rows} == {"S1", "S2"}
    sites = tables.read_rows(options.out / "sites.parquet", schemas.SITES)
    assert sum(row["state"] == "called" for row in sites) == 2


def test_a_file_read_through_its_index_gives_the_same_calls(options) -> None:
    pgx.run_pgx(options)
    whole = _diplotypes(options)
    path = pysam.tabix_index(str(options.file), preset="vcf", force=True, keep_original=True)
    through = replace(options, file=Path(path), indexed=True)
    summary = pgx.run_pgx(through)
    assert _diplotypes(through) == whole
    assert indexed.NOTE in summary.notes
    with pytest.raises(WorkflowInputError, match="--absent-as-reference: stands beside --indexed"):
        pgx.run_pgx(replace(through, absent_as_reference=True))


def test_research_genes_can_be_left_out(options) -> None:
    pgx.run_pgx(options)
    rows = tables.read_rows(options.out / "diplotypes.parquet", schemas.DIPLOTYPES)
    assert {"CYP1A2", "VKORC1"} <= {row["gene"] for row in rows}
    summary = pgx.run_pgx(replace(options, research_genes=False))
    rows = tables.read_rows(options.out / "diplotypes.parquet", schemas.DIPLOTYPES)
    genes = {row["gene"] for row in rows}
    assert "VKORC1" in genes
    assert "CYP1A2" not in genes
    assert summary.genes == 21


def test_one_sample(options) -> None:
    pgx.run_pgx(replace(options, sample="S2"))
    assert [sample for sample, _ in _diplotypes(options)] == ["S2"]
    with pytest.raises(WorkflowInputError, match="no sample 'S9'"):
        pgx.run_pgx(replace(options, sample="S9"))


def test_the_same_bytes_again(options, tmp_path) -> None:
    again = replace(options, out=tmp_path / "again")
    pgx.run_pgx(options)
    pgx.run_pgx(again)
    for file in sorted(options.out.iterdir()):
        assert file.read_bytes() == (again.out / file.name).read_bytes()


@pytest.mark.parametrize("mode", pgx.MODES)
def test_rows_are_those_of_the_rules_of_a_run(options, pack, mode) -> None:
    from apothecary.knowledge import pack as knowledge
    from apothecary.pharmacogenes import (
        definitions,
        diplotypes,
        phenotypes,
        recommendations,
        whole_guidelines,
    )

    pgx.run_pgx(replace(options, mode=mode))
    opened = knowledge.load(pack)
    genes = definitions.from_pack(opened)
    sites = tables.read_rows(options.out / "sites.parquet", schemas.SITES)
    settings = diplotypes.MatchSettings(mode=mode)
    known = Frequencies.from_pack(opened)
    called = diplotypes.call(sites, genes, settings, frequencies=known)
    assigned = phenotypes.assign(called, genes)
    shown = whole_guidelines.positions_of_samples(sites, genes)
    matched = recommendations.match(assigned, opened, None, shown)
    for table, rows in (
        (schemas.DIPLOTYPES, called),
        (schemas.PHENOTYPES, assigned),
        (schemas.RECOMMENDATIONS, matched),
    ):
        written = tables.read(options.out / f"{table.name}.parquet", table)
        assert written.equals(tables.to_arrow(table, rows)), table.name


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"mode": "other"}, "one of posterior, compatible"),
        ({"ancestry": "FIN"}, "--ancestry: 'FIN'; one of AFR, AMR, EAS, EUR, SAS"),
        ({"sex": "Z"}, "--sex: 'Z'; F or M"),
        ({"outside": (Path("o.tsv"),)}, "name it with --sample"),
    ],
)
def test_options_that_cannot_be_taken(options, change, text) -> None:
    with pytest.raises(WorkflowInputError, match=text):
        pgx.run_pgx(replace(options, **change))
    assert not options.out.exists()


def test_reference_bases_of_neither_build(options) -> None:
    text = options.file.read_text().replace("\tC\tT\t", "\tG\tT\t")
    options.file.write_text(text)
    with pytest.raises(WorkflowInputError, match="REF differs from the reference at 1 of 1"):
        pgx.run_pgx(options)


def test_no_position_at_all_is_never_reference(options) -> None:
    text = options.file.read_text().replace(str(VKORC1), "5000")
    options.file.write_text(text)
    summary = pgx.run_pgx(options)
    assert "no record at any position of the definitions" in str(summary)
    rows = tables.read_rows(options.out / "diplotypes.parquet", schemas.DIPLOTYPES)
    assert {row["diplotype"] for row in rows} == {None}
    assert {row["method"] for row in rows} == {"not_called"}


def _genes(path: Path, records: list[str], samples: tuple[str, ...] = ("S1",)) -> Path:
    """A VCF of the chromosomes of CYP2B6 and CYP2C19, with PL, AD and physical phase."""
    write_vcf(path, records, samples)
    extra = "".join(
        f'##FORMAT=<ID={name},Number={number},Type={kind},Description="x">\n'
        for name, number, kind in (
            ("PL", "G", "Integer"),
            ("AD", "R", "Integer"),
            ("PGT", "1", "String"),
            ("PID", "1", "String"),
        )
    )
    text = path.read_text().replace("##contig=<ID=1>\n", "##contig=<ID=chr19>\n" + extra)
    path.write_text(text)
    return path


CYP2B6_516 = 41_006_936
CYP2B6_785 = 41_009_358


def _cyp2b6(options: pgx.PgxOptions, other: str | None, **change: object) -> list[dict]:
    """CYP2B6 with rs3745274 heterozygous and all else reference but rs2279343 as told."""
    from apothecary.knowledge import pack as knowledge

    records = []
    for row in knowledge.load(options.pack).rows("pgx_positions"):
        if row["gene"] != "CYP2B6":
            continue
        genotype = "0/1:0,30:300,0,300" if row["pos"] == CYP2B6_516 else "0/0:30,0:0,90,900"
        genotype = genotype.replace("0/1:0,30", "0/1:15,15")
        if row["pos"] == CYP2B6_785:
            if other is None:
                continue
            genotype = other
        alts = ",".join(row["alts"])
        if len(row["alts"]) > 1:
            genotype = genotype.split(":")[0] + ":.:."
        columns = f"chr19 {row['pos']} . {row['ref']} {alts} . PASS . GT:AD:PL {genotype}"
        records.append((row["pos"], columns))
    path = _genes(options.file.with_name("cyp2b6.vcf"), [text for _, text in sorted(records)])
    pgx.run_pgx(replace(options, mode="posterior", file=path, **change))
    rows = tables.read_rows(options.out / "diplotypes.parquet", schemas.DIPLOTYPES)
    return [row for row in rows if row["gene"] == "CYP2B6"]


def test_posterior_of_a_site_that_was_not_assessed(options) -> None:
    rows = _cyp2b6(options, None)
    assert rows[0]["diplotype"] == "*1/*6"
    assert {row["decision"] for row in rows} == {"indeterminate"}
    assert rows[0]["reason"].startswith(
        "rs2279343 was not assessed; *6 and *9 cannot be told apart; both decreased function"
    )
    found = tables.read_rows(options.out / "phenotypes.parquet", schemas.PHENOTYPES)
    found = [row for row in found if row["gene"] == "CYP2B6"]
    by_name = {row["lookup_diplotype"]: row for row in found}
    # *1/*6 and *1/*9 have one phenotype, whose posterior is that of both.
    assert by_name["*1/*6"]["phenotype"] == by_name["*1/*9"]["phenotype"]
    assert by_name["*1/*6"]["posterior"] == by_name["*1/*9"]["posterior"]
    both = sum(r["posterior"] for r in rows if r["diplotype"] in ("*1/*6", "*1/*9"))
    assert by_name["*1/*6"]["posterior"] >= round(both, 4)
    advice = tables.read_rows(options.out / "recommendations.parquet", schemas.RECOMMENDATIONS)
    advice = [row for row in advice if row["drug"] == "efavirenz" and row["source"] == "CPIC"]
    phenotypes = [tuple(row["phenotypes"]) for row in advice]
    assert len({(p, row["population"]) for p, row in zip(phenotypes, advice, strict=True)}) == len(
        advice
    )
    for row in advice:
        (phenotype,) = {
            r["phenotype"] for r in found if f"CYP2B6 {r['phenotype']}" in row["phenotypes"]
        }
        assert row["posterior"] in {r["posterior"] for r in found if r["phenotype"] == phenotype}


def test_posterior_of_sites_that_were_seen(options) -> None:
    (row,) = _cyp2b6(options, "0/1:15,15:300,0,300")
    assert (row["diplotype"], row["decision"]) == ("*1/*6", "called")
    assert row["posterior"] > 0.98
    (row,) = _cyp2b6(options, "0/0:30,0:0,90,900")
    assert row["diplotype"] == "*1/*9"


def test_the_population_moves_the_posterior(options) -> None:
    african = _cyp2b6(options, None, ancestry="AFR")
    south_asian = _cyp2b6(options, None, ancestry="SAS")
    assert african[0]["posterior"] > 0.98 > 0.8 > south_asian[0]["posterior"]


def test_physical_phase_is_taken(options) -> None:
    vcf = [
        f"chr19 {CYP2B6_516} . G T . PASS . GT:PGT:PID 0/1:0|1:41006936_G_T",
        f"chr19 {CYP2B6_785} . A G . PASS . GT:PGT:PID 0/1:1|0:41006936_G_T",
    ]
    path = _genes(options.file.with_name("pid.vcf"), vcf)
    pgx.run_pgx(replace(options, file=path, mode="posterior"))
    sites = tables.read_rows(options.out / "sites.parquet", schemas.SITES)
    seen = [row for row in sites if row["pos"] in (CYP2B6_516, CYP2B6_785)]
    assert [(r["allele_1"], r["allele_2"], r["phased"], r["phase_set"]) for r in seen] == [
        ("G", "T", True, "41006936_G_T"),
        ("G", "A", True, "41006936_G_T"),
    ]
    rows = tables.read_rows(options.out / "diplotypes.parquet", schemas.DIPLOTYPES)
    assert next(r["diplotype"] for r in rows if r["gene"] == "CYP2B6") == "*4/*9"


def test_cyp2d6_from_small_variants_never_claims_two_copies(options) -> None:
    from apothecary.knowledge import pack as knowledge

    positions = sorted(
        (row["pos"], row["ref"], ",".join(row["alts"]))
        for row in knowledge.load(options.pack).rows("pgx_positions")
        if row["gene"] == "CYP2D6"
    )
    records = [f"chr22 {pos} . {ref} {alts} . PASS . GT 0/0" for pos, ref, alts in positions]
    path = _genes(options.file.with_name("cyp2d6.vcf"), records)
    path.write_text(path.read_text().replace("ID=chr19", "ID=chr22"))
    pgx.run_pgx(replace(options, file=path, call_cyp2d6=True, mode="posterior"))
    rows = tables.read_rows(options.out / "diplotypes.parquet", schemas.DIPLOTYPES)
    (row,) = [row for row in rows if row["gene"] == "CYP2D6"]
    assert (row["diplotype"], row["decision"]) == ("*1/*1", "indeterminate")
    assert "the copy number was not assessed" in row["reason"]


def test_reads_beside_the_file(options) -> None:
    first = VKORC1 - 5_000
    bases = sequence(10_000, {VKORC1 - first + 1: "C"})
    spans = [(first + n, first + 9_000 + n) for n in range(8)]
    reads = tiled({}, spans, "r", chrom="chr16")
    bam = write_reads(
        options.file.with_name("S2.bam"), reads, {"chr16": (first, bases)}, samples=("S2",)
    )
    empty = write_vcf(options.file.with_name("empty.vcf"), [], ("S2",))
    text = empty.read_text().replace("##contig=<ID=1>", "##contig=<ID=chr16,length=90338345>")
    empty.write_text(text)
    given = replace(options, file=empty, sample="S2", reads=Path(bam), mode="compatible")
    pgx.run_pgx(given)
    rows = tables.read_rows(options.out / "sites.parquet", schemas.SITES)
    covered = {r["pos"]: r for r in rows if r["state"] == "reference"}
    assert covered[VKORC1]["depth"] == 8
    assert {r["state_source"] for r in covered.values()} == {"reads"}
    assert _diplotypes(options) == [("S2", "rs9923231 reference (C)/rs9923231 reference (C)")]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"sample": None}, "--reads: 2 samples in the file; reads are of one sample"),
        ({"sample": "S1"}, "reads of sample 'S2'; the sample is 'S1'"),
        ({"sample": "S2", "reads": Path("none.bam")}, "none.bam: the file of reads is not there"),
    ],
)
def test_reads_that_cannot_be_taken_leave_nothing_behind(options, change, text) -> None:
    bam = options.file.with_name("S2.bam")
    write_reads(bam, [], {}, samples=("S2",))
    with pytest.raises(WorkflowInputError, match=text):
        pgx.run_pgx(replace(options, **{"reads": bam, **change}))
    assert not options.out.exists()


def test_the_launcher_takes_reads(options, pack, tmp_path, capsys) -> None:
    bam = options.file.with_name("S2.bam")
    write_reads(bam, [], {}, samples=())
    words = ["pgx", str(options.file), "--sample", "S2", "--out", str(tmp_path / "o")]
    words += ["--knowledge", str(pack), "--reads", str(bam)]
    assert cli.main(words) == 2
    assert "no read group names a sample" in capsys.readouterr().err
    assert cli.main([*words, "--unnamed-reads"]) == 0
