"""Pharmacogenes of a variant file: sites, diplotypes, phenotypes and guidance of its samples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from apothecary import schemas, tables
from apothecary.errors import Problem, WorkflowInputError
from apothecary.knowledge import pack as knowledge_pack
from apothecary.pharmacogenes import definitions as gene_definitions
from apothecary.pharmacogenes import outside
from apothecary.pharmacogenes.columns import Catalog, Span, batches
from apothecary.pharmacogenes.definitions import Definitions, Gene
from apothecary.pharmacogenes.diplotypes import GeneCaller, MatchSettings
from apothecary.pharmacogenes.frequencies import POPULATIONS, Frequencies
from apothecary.pharmacogenes.observations import Observation, SiteSettings
from apothecary.pharmacogenes.phenotypes import PhenotypeAssigner
from apothecary.pharmacogenes.recommendations import Guidance
from apothecary.pharmacogenes.sites import GRCH37, GRCH38, SiteLayout, SiteTable, gene_rows
from apothecary.pharmacogenes.whole_guidelines import (
    Genotypes,
    genotype_text,
    position_name,
    shown_positions,
)
from apothecary.variants import builds, contigs
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
    file = VariantFile(options.file)
    names = (options.sample,) if options.sample is not None else tuple(file.header.samples)
    if not names:
        raise WorkflowInputError(
            Problem(str(options.file), "no sample column", "a file with genotypes of samples")
        )
    outside_rows = _read_outside(options, names, definitions)
    site_settings = SiteSettings(options.min_depth, options.min_gq, options.absent_as_reference)
    table, notes = read_sites(file, names, definitions, site_settings)
    frequencies = Frequencies.from_pack(pack)
    calls = _Calls(definitions, table, options, outside_rows, Guidance(pack), frequencies)
    rows = calls.write(options.out, pack.digest)
    return PgxSummary(
        out=options.out,
        build=table.build,
        samples=names,
        called=calls.called,
        genes=len(definitions.matched),
        knowledge=pack.digest,
        rows=rows,
        notes=tuple(notes),
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


def read_sites(
    file: VariantFile, names: Sequence[str], definitions: Definitions, settings: SiteSettings
) -> tuple[SiteTable, list[str]]:
    """Read the sites of samples; the build is told from the reference bases.

    Args:
        file: The file.
        names: The samples wanted.
        definitions: The pharmacogenes.
        settings: What counts.

    Returns:
        The sites in the build of the file, and remarks.

    Raises:
        WorkflowInputError: The file is none that can be read, or its reference bases are those of
            neither build.
    """
    layouts = [SiteLayout(definitions, build) for build in (GRCH38, GRCH37)]
    candidates = [SiteTable(layout, names, settings) for layout in layouts]
    for record in file.blocks(names, [layout.regions for layout in layouts]):
        for table in candidates:
            table.add(record)
    by_lengths = builds.header_witnesses(file.header).by_lengths
    best = max(candidates, key=lambda table: table.matching_records)
    if best.matching_records == 0 and best.contradicting_records == 0:
        stated = {table.build: table for table in candidates}.get(by_lengths or GRCH38)
        chosen = stated or best
        return chosen, ["no record at any position of the definitions"] if chosen.empty else []
    if best.matching_records <= best.contradicting_records:
        found = (
            f"REF differs from the reference at {best.contradicting_records} of "
            f"{best.contradicting_records + best.matching_records} positions of the definitions"
        )
        raise WorkflowInputError(
            Problem(file.path, found, "a file in GRCh38 or GRCh37 coordinates", field="REF")
        )
    if by_lengths not in (None, best.build):
        found = f"the reference bases are {best.build}, the contig lengths {by_lengths}"
        raise WorkflowInputError(Problem(file.path, found, "one build throughout"))
    notes = []
    if contigs.HG19_CHRM_LENGTH in file.header.contig_lengths.values():
        notes.append("chrM is that of hg19, not the rCRS; its records are not read")
    if best.contradicting_records:
        notes.append(
            f"{best.contradicting_records} records were passed over: REF is not the reference"
        )
    return best, notes


class _Calls:
    """Calls of all samples, written table by table from shared pieces."""

    def __init__(
        self,
        definitions: Definitions,
        table: SiteTable,
        options: PgxOptions,
        outside_rows: Iterable[Row],
        guidance: Guidance,
        frequencies: Frequencies,
    ) -> None:
        self._genes = tuple(definitions.genes.values())
        self._order = sorted(range(len(table.samples)), key=lambda i: table.samples[i])
        self._samples = table.samples
        self._sex = options.sex or "unknown"
        self._showing = [gene for gene in definitions.matched if shown_positions(gene)]
        self._population = options.ancestry
        self._observations = {g.name: table.observations(g) for g in definitions.matched}
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
        self._known_calls: dict[tuple[str, tuple[int, ...]], Sequence[Row]] = {}
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

    def _sites(self, i: int, catalog: Catalog) -> Iterator[Span]:
        for gene in self._genes:
            if gene.name in self._observations:
                seen = self._observations[gene.name][i]
                key = (gene.name, tuple(map(id, seen)))
                yield catalog.span(key, partial(_site_rows, gene, seen))

    def _diplotypes(self, i: int, catalog: Catalog) -> Iterator[Span]:
        for gene in self._genes:
            rows = self._diplotype_rows(gene, i)
            if rows:
                self.called += bool(gene.positions) and rows[0]["method"] != "not_called"
                yield catalog.span(id(rows), partial(_same, rows))

    def _phenotype_groups(self, i: int, catalog: Catalog) -> Iterator[Span]:
        for gene in self._genes:
            rows = self._phenotype_rows(gene, i)
            if rows:
                yield catalog.span(id(rows), partial(_same, rows))

    def _recommendations(self, i: int, catalog: Catalog) -> Iterator[Span]:
        phenotypes = {
            gene.name: rows for gene in self._genes if (rows := self._phenotype_rows(gene, i))
        }
        positions = {gene.name: self._shown_genotypes(gene, i) for gene in self._showing}
        for lookup in self._guidance.lookups(phenotypes, frozenset(), positions):
            yield catalog.span(lookup, partial(self._guidance.rows, lookup))

    def _shown_genotypes(self, gene: Gene, i: int) -> Genotypes:
        seen = zip((*gene.positions, *gene.others), self._observations[gene.name][i], strict=True)
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
        found = self._observations.get(gene.name)
        seen = found[i][: len(gene.positions)] if found else ()
        # Observations are shared between samples, so their identity is a cheap key.
        key = (gene.name, tuple(map(id, seen)))
        if key not in self._known_calls:
            evidence = tuple(one.evidence for one in seen)
            outside_rows = self._outside.get(gene.name, ())
            self._known_calls[key] = self._caller.call_evidence(
                gene, evidence, self._sex, outside_rows, self._population, remember=False
            )
        return self._known_calls[key]

    def _phenotype_rows(self, gene: Gene, i: int) -> Sequence[Row]:
        rows = self._diplotype_rows(gene, i)
        if id(rows) not in self._known_phenotypes:
            made = self._phenotypes.assign(gene, rows) if rows else ()
            self._known_phenotypes[id(rows)] = made
        return self._known_phenotypes[id(rows)]


def _site_rows(gene: Gene, seen: tuple[Observation, ...]) -> list[Row]:
    return list(gene_rows(gene, seen))


def _same(rows: Sequence[Row]) -> Sequence[Row]:
    return rows
