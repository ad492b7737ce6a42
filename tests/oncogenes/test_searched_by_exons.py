"""From the exons of the knowledge over depth and gates to genes that are taken as unaltered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from oncogene_builders import sample

from apothecary.knowledge import tsv
from apothecary.knowledge.schemas import EXONS
from apothecary.oncogenes import profiles, searched
from apothecary.qc import coverage, depth, gates, regions

LIMIT = coverage.Callable(depth=100, fraction=0.9)
GENES = ("TP53", "NRAS", "BRCA1", "BRCA2")


@pytest.fixture(scope="module")
def exons(repository: Path) -> list[dict[str, Any]]:
    path = tsv.find(repository / "resources" / "knowledge", EXONS)
    assert path is not None
    return [row for row in tsv.read(path, EXONS).rows if row["gene"] in GENES]


def look(exons: list[dict[str, Any]], gene: str, reads: int, blind: int = 0) -> searched.Look:
    """Looking for any mutation of a gene in a tumor.

    Args:
        exons: Rows of the knowledge table.
        gene: The gene.
        reads: Depth over its coding bases; what is not translated has none.
        blind: An exon over which no reads lie.
    """
    every = regions.of_knowledge(exons, (), (), genes={gene})
    found = depth.empty(regions.stretches(every))
    for region in every:
        if region.kind == "exon":
            # Exons of one gene do not touch, so that each is a stretch of its own.
            at = found.starts[region.chrom].searchsorted(region.start0)
            first = int(found.offsets[region.chrom][at])
            covered = 0 if region.exon == blind else reads
            found.depths[region.chrom][first : first + region.bases] = covered
    rows = coverage.rows("T1", every, found, LIMIT)
    spot = {"gene": gene, "protein_changes": ["R175H"], "status": "not found", "reason": None}
    spot |= {"chrom": "chr17", "pos": 1, "ref": "A", "alt": "T", "detection_limit": 0.03}
    tumor = sample(format="bam")
    of = searched.of_sample(tumor, [spot], rows, gates.gene_rows("T1", rows), [], [])
    (component,) = profiles.components(profiles.parse(f"{gene} Mutation"))
    return of.look(component)


@pytest.mark.parametrize("gene", GENES)
def test_a_gene_whose_coding_exons_are_covered_is_looked_for_and_not_found(exons, gene):
    found = look(exons, gene, 300)
    assert found.absent
    assert found.limit == 0.03


@pytest.mark.parametrize("gene", GENES)
def test_a_gene_with_too_few_reads_is_not_assessable(exons, gene):
    assert not look(exons, gene, 50).absent


@pytest.mark.parametrize("gene", GENES)
def test_a_coding_exon_without_reads_leaves_the_gene_open(exons, gene):
    number = max(r["exon"] for r in exons if r["gene"] == gene and r["coding_start"] is not None)
    found = look(exons, gene, 300, blind=number)
    assert not found.absent
    assert str(number) in found.reason
