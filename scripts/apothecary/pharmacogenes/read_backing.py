"""Reads beside the variant file: coverage of positions without a record, and read-backed phase.

What the file says is never overwritten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import Any

from apothecary.alignments.admission import of_sample
from apothecary.alignments.files import Alignment, opened
from apothecary.hardening import bounded
from apothecary.hardening.bounded import Limits
from apothecary.pharmacogenes import phase_sets, read_coverage, read_phasing
from apothecary.pharmacogenes.definitions import Definitions, Gene
from apothecary.pharmacogenes.observations import Observation, ReadSettings
from apothecary.pharmacogenes.phase_sets import Observations
from apothecary.pharmacogenes.read_coverage import Coverage
from apothecary.pharmacogenes.read_phasing import Heterozygous, ReadBlock
from apothecary.pharmacogenes.site_layout import MITO, Site, SiteLayout


@dataclass(frozen=True)
class Reads:
    """The reads of a sample and what of them counts.

    Attributes:
        alignment: The file.
        settings: What counts.
        work_folder: A folder for small files, which are removed.
        limits: What the reading of the file may take.
    """

    alignment: Alignment
    settings: ReadSettings
    work_folder: Path
    limits: Limits = field(default_factory=Limits)

    def apart(self, call: Callable[[], Iterable[Any]]) -> list[Any]:
        """What a function reads of the file, in a process of its own; see `bounded.read`."""
        limits = self.limits.for_reads([self.alignment.path])
        return bounded.read(self.alignment.shown_as, limits, call)


def finder(
    samples: Iterable[Mapping[str, Any]],
    definitions: Definitions,
    config: Mapping[str, Any],
    work_folder: str | Path,
    limits: Limits | None = None,
) -> Callable[[str, str], Reads | None]:
    """What gives the reads of a sample in a build.

    Args:
        samples: Rows of the table samples, with paths that can be opened.
        definitions: The pharmacogenes.
        config: The sections `inputs`, `reference` and `pharmacogenes` of a checked configuration.
        work_folder: A folder for small files; the caller removes it.
        limits: What the reading of a file may take; none when not given.

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
        return Reads(alignment, settings, Path(work_folder), limits or Limits())

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
    blocks = [_block(part) for part in reads.apart(lambda: _phased(wanted, reads))]
    return {gene: phase_sets.join(found, asked[gene], blocks) for gene, found in covered.items()}


def _phased(wanted: Iterable[Heterozygous], reads: Reads) -> Iterator[tuple[int, list[Any]]]:
    """The blocks that reads phase, each as what JSON holds; see `_block`."""
    for block in read_phasing.phase(reads.alignment, wanted, reads.settings, reads.work_folder):
        yield block.reads, [(astuple(one), first) for one, first in block.alt_first.items()]


def _block(part: tuple[int, list[Any]]) -> ReadBlock:
    """A block from what `_phased` gave."""
    count, variants = part
    return ReadBlock({Heterozygous(*one): first for one, first in variants}, count)


def _sites(layout: SiteLayout, gene: Gene) -> list[Site | None]:
    """The positions of a gene in the build; None where the coordinate is not known."""
    places = (layout.at.get((gene.name, p.position_id)) for p in (*gene.positions, *gene.others))
    return [None if at is None else layout.sites[at] for at in places]


def _cover(
    layout: SiteLayout, observations: Mapping[str, Observations], reads: Reads
) -> dict[str, Observations]:
    """Let the reads decide where the file has no record."""
    silent = {
        gene: [
            _of_reads(site, seen, reads)
            for site, seen in zip(
                _sites(layout, layout.definitions.genes[gene]), found, strict=True
            )
        ]
        for gene, found in observations.items()
    }
    asked = [site for sites in silent.values() for site in sites if site is not None]
    measured = iter(reads.apart(lambda: _measured(asked, reads)) if asked else ())
    covered: dict[str, Observations] = {}
    for gene, found in observations.items():
        ploidy = 1 if layout.definitions.genes[gene].chrom == MITO else 2
        covered[gene] = tuple(
            seen
            if site is None
            else read_coverage.observe(
                Coverage(*next(measured)), site.position.ref, ploidy, reads.settings
            )
            for site, seen in zip(silent[gene], found, strict=True)
        )
    return covered


def _of_reads(site: Site | None, seen: Observation, reads: Reads) -> Site | None:
    """A position that reads may tell: the file says nothing of it, and they have its contig."""
    if site is None or seen.measured.record is not None:
        return None
    return site if site.position.chrom in reads.alignment.names else None


def _measured(sites: Iterable[Site], reads: Reads) -> Iterator[tuple[Any, ...]]:
    """The fields of the coverage of sites."""
    with opened(reads.alignment) as file:
        for site in sites:
            contig = reads.alignment.names[site.position.chrom]
            yield astuple(
                read_coverage.measure(file, contig, site.pos, site.ref, site.indel, reads.settings)
            )


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
