"""The table of SNPs that identity rests on."""

from __future__ import annotations

import runpy

from apothecary.qc import snps
from apothecary.variants import contigs

FOLDER = ("resources", "identity")


def load(repository):
    folder = repository.joinpath(*FOLDER)
    return snps.load(folder / "identity_snps.tsv", folder / "identity_allele_counts.tsv")


def test_every_snp_has_two_alleles_and_counts_of_five_groups(repository):
    found = load(repository)
    assert len({snp.snp_id for snp in found}) == len({(s.chrom, s.pos) for s in found})
    for snp in found:
        assert snp.allele_1 < snp.allele_2, snp
        assert {snp.allele_1, snp.allele_2} <= set("ACGT")
        assert 0 < snp.pos <= contigs.contigs()[snp.chrom].lengths["GRCh38"]
        assert set(snp.counts) == {"AFR", "AMR", "EAS", "EUR", "SAS"}
        assert all(0 <= first <= every for first, every in snp.counts.values())


def test_the_tables_are_what_the_program_makes(repository, shared, tmp_path):
    folder = repository.joinpath(*FOLDER)
    program = runpy.run_path(str(folder / "build_tables.py"))
    program["build"](shared, tmp_path)
    for name in ("identity_snps.tsv", "identity_allele_counts.tsv"):
        assert (tmp_path / name).read_text() == (folder / name).read_text(), name


def test_alleles_are_those_of_the_reference_where_a_slice_shows_it(repository, shared, tmp_path):
    from apothecary.variants.reference import Fasta

    reference = Fasta(shared / "data" / "reference" / "grch38_slices.fa.gz", tmp_path)
    shown = [(snp, reference.bases(snp.chrom, snp.pos, snp.pos)) for snp in load(repository)]
    shown = [(snp, base) for snp, base in shown if base is not None]
    assert len(shown) > 40
    assert all(base in (snp.allele_1, snp.allele_2) for snp, base in shown)
