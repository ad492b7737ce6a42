"""Reads beside the variant file: coverage of positions without a record, and read-backed phase.

What the file says is never overwritten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apothecary.alignments.admission import of_sample
from apothecary.alignments.files import Alignment, opened
from apothecary.pharmacogenes import phase_sets, read_coverage, read_phasing
from apothecary.pharmacogenes.definitions import Definitions, Gene
from apothecary.pharmacogenes.observations import ReadSettings
from apothecary.pharmacogenes.phase_sets import Observations
from apothecary.pharmacogenes.read_phasing import Heterozygous
from apothecary.pharmacogenes.site_layout import MITO, Site, SiteLayout


@dataclass(frozen=True)
class Reads:
    """The reads of a sample and what of them counts.

    Attributes:
        alignment: The file.
        settings: What counts.
        work_folder: A folder for small files, which are removed.
    """

    alignment: Alignment
    settings: ReadSettings
    work_folder: Path


def finder(
    samples: Iterable[Mapping[str, Any]],
    definitions: Definitions,
    config: Mapping[str, Any],
    work_folder: str | Path,
) -> Callable[[str, str], Reads | None]:
    """What gives the reads of a sample in a build.

    Args:
        samples: Rows of the table samples, with paths that can be opened.
        definitions: The pharmacogenes.
        config: The sections `inputs`, `reference` and `pharmacogenes` of a checked configuration.
        work_folder: A folder for small files; the caller removes it.

    Returns:
        A function of sample_id and build; it gives None where the sample has no reads, and raises
        a WorkflowInputError where they cannot be taken.
    """
    rows = {row["sample_id"]: row for row in samples if row["reads"]}
    chroms = frozenset(gene.chrom for gene in definitions.matched)
    settings = ReadSettings.from_config(config["pharmacogenes"])

    def reads_of(sample_id: str, build: str) -> Reads | None:
        row = rows.get(sample_id)
        if row is None:
            return None
        alignment = of_sample(row, build, chroms, config, work_folder)
        return Reads(alignment, settings, Path(work_folder))

    return reads_of


def apply(
    layout: SiteLayout, observations: Mapping[str, Observations], reads: Reads
) -> dict[str, Observations]:
    """What file and reads together say of the positions of all genes in one sample.

    Args:
        layout: Where the positions lie in the build of the file and of the reads.
        observations: What the file says, by gene.
        reads: The reads of the sample.

    Returns:
        Observations by gene.

    Raises:
        WorkflowInputError: The reads are damaged.
    """
    covered = _cover(layout, observations, reads)
    asked = {
        gene: _heterozygous(layout, layout.definitions.genes[gene], found)
        for gene, found in covered.items()
    }
    wanted = [one for of_gene in asked.values() if len(of_gene) > 1 for one in of_gene.values()]
    blocks = read_phasing.phase(reads.alignment, wanted, reads.settings, reads.work_folder)
    return {gene: phase_sets.join(found, asked[gene], blocks) for gene, found in covered.items()}


def _sites(layout: SiteLayout, gene: Gene) -> list[Site | None]:
    """The positions of a gene in the build; None where the coordinate is not known."""
    places = (layout.at.get((gene.name, p.position_id)) for p in (*gene.positions, *gene.others))
    return [None if at is None else layout.sites[at] for at in places]


def _cover(
    layout: SiteLayout, observations: Mapping[str, Observations], reads: Reads
) -> dict[str, Observations]:
    """Let the reads decide where the file has no record."""
    covered: dict[str, Observations] = {}
    with opened(reads.alignment) as file:
        for name, found in observations.items():
            gene = layout.definitions.genes[name]
            contig = reads.alignment.names.get(gene.chrom)
            news = []
            for site, seen in zip(_sites(layout, gene), found, strict=True):
                if site is None or contig is None or seen.measured.record is not None:
                    news.append(seen)
                    continue
                settings = reads.settings
                shown = read_coverage.measure(
                    file, contig, site.pos, site.ref, site.indel, settings
                )
                ploidy = 1 if gene.chrom == MITO else 2
                news.append(read_coverage.observe(shown, site.position.ref, ploidy, settings))
            covered[name] = tuple(news)
    return covered


def _heterozygous(layout: SiteLayout, gene: Gene, found: Observations) -> dict[int, Heterozygous]:
    """The heterozygous positions that reads can phase, by number of the position."""
    made: dict[int, Heterozygous] = {}
    for i, (site, seen) in enumerate(zip(_sites(layout, gene), found, strict=True)):
        genotype = seen.genotype
        if site is None or genotype is None or not genotype.heterozygous:
            continue
        others = [base for base in genotype.bases if base != site.ref]
        if len(others) == 1:
            made[i] = Heterozygous(gene.chrom, site.pos, site.ref, others[0])
    return made
