"""Pharmacogenes of a variant file: sites, diplotypes, phenotypes and guidance of its samples."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from apothecary import schemas, tables
from apothecary.errors import Problem, WorkflowInputError
from apothecary.knowledge import pack as knowledge_pack
from apothecary.pharmacogenes import definitions as gene_definitions
from apothecary.pharmacogenes import outside
from apothecary.pharmacogenes.columns import Catalog, Group, batches
from apothecary.pharmacogenes.definitions import Definitions, Gene, Position
from apothecary.pharmacogenes.diplotypes import GeneCaller, MatchSettings, with_warnings
from apothecary.pharmacogenes.frequencies import POPULATIONS, Frequencies
from apothecary.pharmacogenes.gene_sites import GeneSites
from apothecary.pharmacogenes.observations import Observation, SiteSettings
from apothecary.pharmacogenes.phenotypes import PhenotypeAssigner
from apothecary.pharmacogenes.read_backing import Reads, finder
from apothecary.pharmacogenes.recommendations import Guidance
from apothecary.pharmacogenes.site_reading import read_sites
from apothecary.pharmacogenes.sites import SiteTable, position_row
from apothecary.pharmacogenes.whole_guidelines import (
    Genotypes,
    genotype_text,
    position_name,
    shown_positions,
)
from apothecary.variants import indexed
from apothecary.variants.reader import VariantFile

Row = dict[str, Any]

MODES = ("posterior", "compatible")


@dataclass(frozen=True)
class PgxOptions:
    """What the command `apothecary pgx` was asked.

    Attributes:
        file: VCF, bgzipped VCF, gVCF or BCF.
        out: Folder for the tables.
        pack: Folder of a built knowledge pack.
        sample: The sample wanted; all of the file when None.
        mode: posterior or compatible.
        all_candidates: Every diplotype that fits, not only those of the top score.
        combinations: Research: combinations and partial alleles.
        call_cyp2d6: Research: CYP2D6 from small variants.
        research_genes: Research: genes that no guideline looks at.
        outside: TSV files of outside calls, for a single sample.
        definitions: Own definitions (JSON file or folder) instead of those of the pack.
        sex: F, M or None when not known.
        ancestry: Superpopulation of the persons (AFR, AMR, EAS, EUR or SAS), None when not known.
        absent_as_reference: A position without a record counts as reference.
        min_depth: Reads that a position needs; None when not applied.
        min_gq: Genotype quality that a position needs; None when not applied.
        outside_calls_win: An outside call replaces the call made here.
        reads: BAM or CRAM of the sample; see `read_backing`.
        reference: FASTA that a CRAM was made with.
        unnamed_reads: Reads whose read groups name no sample are taken as those of the sample.
        indexed: Only what is asked for is read of the file, through its index.
    """

    file: Path
    out: Path
    pack: Path
    sample: str | None = None
    mode: str = "posterior"
    all_candidates: bool = False
    combinations: bool = False
    call_cyp2d6: bool = False
    research_genes: bool = True
    outside: tuple[Path, ...] = ()
    definitions: Path | None = None
    sex: str | None = None
    ancestry: str | None = None
    absent_as_reference: bool = False
    min_depth: int | None = 4
    min_gq: int | None = 10
    outside_calls_win: bool = True
    reads: Path | None = None
    reference: Path | None = None
    unnamed_reads: bool = False
    indexed: bool = False


@dataclass(frozen=True)
class PgxSummary:
    """What a run of `apothecary pgx` did.

    Attributes:
        out: Folder of the tables.
        build: Build that was told from the reference bases.
        samples: The samples, in their order.
        called: Genes with a diplotype, by sample, over all samples.
        genes: Genes looked at in each sample.
        knowledge: Digest of the pack.
        rows: Rows by table.
        notes: Remarks on the input.
    """

    out: Path
    build: str
    samples: tuple[str, ...]
    called: int
    genes: int
    knowledge: str
    rows: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        count = len(self.samples)
        lines = [
            f"{count} sample{'s' * (count != 1)}, {self.build}: "
            f"{self.called} of {count * self.genes} genes called",
            *self.notes,
            f"tables in {self.out}",
        ]
        return "\n".join(lines)


def run_pgx(options: PgxOptions) -> PgxSummary:
    """Call the pharmacogenes of a file and write the four tables.

    Args:
        options: What was asked.

    Returns:
        What was done. `out` then holds sites.parquet, diplotypes.parquet, phenotypes.parquet and
        recommendations.parquet.

    Raises:
        WorkflowInputError: The file, an option or a file of the user cannot be taken.
        ResourceError: The knowledge pack cannot be taken.
    """
    _check(options)
    pack = knowledge_pack.load(options.pack)
    definitions = gene_definitions.from_pack(pack, research_genes=options.research_genes)
    if options.definitions is not None:
        definitions = gene_definitions.with_custom(definitions, options.definitions)
    index = indexed.index_of(str(options.file)) if options.indexed else None
    file = VariantFile(options.file, index=index)
    names = (options.sample,) if options.sample is not None else tuple(file.header.samples)
    if not names:
        raise WorkflowInputError(
            Problem(str(options.file), "no sample column", "a file with genotypes of samples")
        )
    outside_rows = _read_outside(options, names, definitions)
    site_settings = SiteSettings(options.min_depth, options.min_gq, options.absent_as_reference)
    table, notes = read_sites(file, names, definitions, site_settings)
    with tempfile.TemporaryDirectory() as work_folder:
        reads = _reads(options, names, table, work_folder)
        found = _gene_sites(table, reads)
    frequencies = Frequencies.from_pack(pack)
    calls = _Calls(
        definitions, table.samples, found, options, outside_rows, Guidance(pack), frequencies
    )
    rows = calls.write(options.out, pack.digest)
    return PgxSummary(
        out=options.out,
        build=table.build,
        samples=names,
        called=calls.called,
        genes=len(definitions.matched),
        knowledge=pack.digest,
        rows=rows,
        notes=(*((indexed.NOTE,) if index else ()), *notes),
    )


def _check(options: PgxOptions) -> None:
    problems = []
    if options.mode not in MODES:
        right = f"one of {', '.join(MODES)}"
        problems.append(Problem("--mode", f"{options.mode!r}", right))
    if options.sex not in (None, "F", "M"):
        problems.append(Problem("--sex", f"{options.sex!r}", "F or M"))
    if options.ancestry not in (None, *POPULATIONS):
        right = f"one of {', '.join(POPULATIONS)}"
        problems.append(Problem("--ancestry", f"{options.ancestry!r}", right))
    if options.indexed and options.absent_as_reference:
        # Of a file that is not read whole, an absent record may be a lost one.
        right = "a file that is read whole"
        problems.append(Problem("--absent-as-reference", "stands beside --indexed", right))
    if options.out.exists() and not options.out.is_dir():
        problems.append(Problem(str(options.out), "not a folder", "a folder for the tables"))
    if problems:
        raise WorkflowInputError(problems)


def _read_outside(options: PgxOptions, names: Sequence[str], definitions: Definitions) -> list[Row]:
    if not options.outside:
        return []
    if len(names) > 1:
        found = f"{len(names)} samples in the file"
        right = "outside calls are of one sample: name it with --sample"
        raise WorkflowInputError(Problem("--outside", found, right))
    rows: list[Row] = []
    problems: list[Problem] = []
    for path in options.outside:
        try:
            rows += outside.read(path, names[0], definitions)
        except WorkflowInputError as error:
            problems += error.problems
    if problems:
        raise WorkflowInputError(problems)
    return rows


def _reads(
    options: PgxOptions, names: Sequence[str], table: SiteTable, work_folder: str
) -> Reads | None:
    if options.reads is None:
        return None
    if len(names) > 1:
        found = f"{len(names)} samples in the file"
        right = "reads are of one sample: name it with --sample"
        raise WorkflowInputError(Problem("--reads", found, right))
    row = {"sample_id": names[0], "sample_in_file": names[0], "reads": str(options.reads)}
    config = {
        "inputs": {"unnamed_reads": options.unnamed_reads},
        "reference": {"fasta": str(options.reference or "")},
        "pharmacogenes": {"min_depth": options.min_depth},
    }
    reads_of = finder([row], table.layout.definitions, config, work_folder)
    return reads_of(names[0], table.build)


def _gene_sites(table: SiteTable, reads: Reads | None) -> dict[str, GeneSites]:
    if reads is None:
        genes = table.layout.definitions.matched
        return {gene.name: GeneSites.from_columns(table.columns(gene)) for gene in genes}
    return {
        name: GeneSites.from_columns([[one] for one in seen])
        for name, (seen,) in table.all_observations(reads).items()
    }


class _Calls:
    """Calls of all samples, written table by table from shared pieces."""

    def __init__(
        self,
        definitions: Definitions,
        samples: tuple[str, ...],
        found: Mapping[str, GeneSites],
        options: PgxOptions,
        outside_rows: Iterable[Row],
        guidance: Guidance,
        frequencies: Frequencies,
    ) -> None:
        self._genes = tuple(definitions.genes.values())
        self._order = sorted(range(len(samples)), key=lambda i: samples[i])
        self._samples = samples
        self._sex = options.sex or "unknown"
        self._showing = [gene for gene in definitions.matched if shown_positions(gene)]
        self._population = options.ancestry
        self._found = found
        self._outside: dict[str, list[Row]] = {}
        for row in outside_rows:
            self._outside.setdefault(row["gene"], []).append(row)
        self._caller = GeneCaller(
            MatchSettings(
                all_candidates=options.all_candidates,
                combinations=options.combinations,
                call_cyp2d6=options.call_cyp2d6,
                outside_calls_win=options.outside_calls_win,
                mode=options.mode,
            ),
            frequencies,
        )
        self._phenotypes = PhenotypeAssigner(definitions)
        self._guidance = guidance
        self._known_calls: dict[tuple[str, int], Sequence[Row]] = {}
        self._alike: dict[tuple[str, tuple[int, ...]], Sequence[Row]] = {}
        self._known_phenotypes: dict[int, Sequence[Row]] = {}
        self.called = 0

    def write(self, out: Path, knowledge: str) -> dict[str, int]:
        """Write the tables; returns their rows."""
        made = {
            schemas.SITES: self._sites,
            schemas.DIPLOTYPES: self._diplotypes,
            schemas.PHENOTYPES: self._phenotype_groups,
            schemas.RECOMMENDATIONS: self._recommendations,
        }
        rows = {}
        for table, groups in made.items():
            catalog = Catalog(table)
            samples = ((self._samples[i], list(groups(i, catalog))) for i in self._order)
            path = out / f"{table.name}.parquet"
            found = batches(catalog, samples)
            rows[table.name] = tables.write_batches(path, table, found, knowledge=knowledge)
        return rows

    def _sites(self, i: int, catalog: Catalog) -> Iterator[Group]:
        for gene in self._genes:
            if gene.name in self._found:
                found = self._found[gene.name]
                number = int(found.of_sample[i])
                yield catalog.joined(
                    (gene.name, number), partial(_site_groups, gene, found.distinct[number])
                )

    def _diplotypes(self, i: int, catalog: Catalog) -> Iterator[Group]:
        for gene in self._genes:
            rows = self._diplotype_rows(gene, i)
            if rows:
                self.called += bool(gene.positions) and rows[0]["method"] != "not_called"
                yield catalog.group(id(rows), partial(_same, rows))

    def _phenotype_groups(self, i: int, catalog: Catalog) -> Iterator[Group]:
        for gene in self._genes:
            rows = self._phenotype_rows(gene, i)
            if rows:
                yield catalog.group(id(rows), partial(_same, rows))

    def _recommendations(self, i: int, catalog: Catalog) -> Iterator[Group]:
        phenotypes = {
            gene.name: rows for gene in self._genes if (rows := self._phenotype_rows(gene, i))
        }
        positions = {gene.name: self._shown_genotypes(gene, i) for gene in self._showing}
        for lookup in self._guidance.lookups(phenotypes, frozenset(), positions):
            yield catalog.group(lookup, partial(self._guidance.rows, lookup))

    def _shown_genotypes(self, gene: Gene, i: int) -> Genotypes:
        found = self._found[gene.name]
        seen = zip((*gene.positions, *gene.others), found.distinct[found.of_sample[i]], strict=True)
        shown = shown_positions(gene)
        return tuple(
            (
                gene.name,
                position_name(position),
                genotype_text(one.genotype.bases if one.genotype else ()),
            )
            for position, one in seen
            if position in shown
        )

    def _diplotype_rows(self, gene: Gene, i: int) -> Sequence[Row]:
        found = self._found.get(gene.name)
        number = int(found.of_sample[i]) if found else 0
        if (gene.name, number) not in self._known_calls:
            seen = found.distinct[number][: len(gene.positions)] if found else ()
            # Sets that differ at other positions only have the same call.
            key = (gene.name, tuple(map(id, seen)))
            if key not in self._alike:
                evidence = tuple(one.evidence for one in seen)
                outside_rows = self._outside.get(gene.name, ())
                rows = self._caller.call_evidence(
                    gene, evidence, self._sex, outside_rows, self._population, remember=False
                )
                self._alike[key] = with_warnings(rows, [one.phase_warning for one in seen])
            self._known_calls[gene.name, number] = self._alike[key]
        return self._known_calls[gene.name, number]

    def _phenotype_rows(self, gene: Gene, i: int) -> Sequence[Row]:
        rows = self._diplotype_rows(gene, i)
        if id(rows) not in self._known_phenotypes:
            made = self._phenotypes.assign(gene, rows) if rows else ()
            self._known_phenotypes[id(rows)] = made
        return self._known_phenotypes[id(rows)]


def _site_groups(
    gene: Gene, seen: Sequence[Observation]
) -> Iterator[tuple[tuple[str, str, int], Callable[[], list[Row]]]]:
    """A key and what makes the row, for each position; observations are shared by samples."""
    for position, one in zip((*gene.positions, *gene.others), seen, strict=True):
        key = (gene.name, position.position_id, id(one))
        yield key, partial(_site_row, gene, position, one)


def _site_row(gene: Gene, position: Position, seen: Observation) -> list[Row]:
    return [position_row(gene, position, seen)]


def _same(rows: Sequence[Row]) -> Sequence[Row]:
    return rows
