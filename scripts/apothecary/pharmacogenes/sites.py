"""Three-state sites for every position of the definitions: called, reference, not assessed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from apothecary.pharmacogenes import read_backing, record_values
from apothecary.pharmacogenes.definitions import Definitions, Gene, Position
from apothecary.pharmacogenes.matcher import Genotype
from apothecary.pharmacogenes.observations import (
    ABSENT,
    REFERENCE,
    Measured,
    Observation,
    SiteSettings,
    block,
    finish,
    merge,
    observe,
)
from apothecary.pharmacogenes.phase_sets import Observations
from apothecary.pharmacogenes.read_backing import Reads
from apothecary.pharmacogenes.site_layout import GRCH37, GRCH38, MITO, SiteLayout
from apothecary.pharmacogenes.spelling import windows
from apothecary.variants import alleles as variant_alleles
from apothecary.variants.records import RecordBlock

Row = dict[str, Any]


class SiteTable:
    """The sites of some samples in one build, filled record by record."""

    def __init__(self, layout: SiteLayout, samples: Sequence[str], settings: SiteSettings) -> None:
        self.layout = layout
        self.samples = tuple(samples)
        self.matching_records = 0
        self.contradicting_records = 0
        self._settings = settings
        self._columns: list[list[Observation] | None] = [None] * len(layout.sites)

    @property
    def build(self) -> str:
        """The build of the records."""
        return self.layout.build

    def add(self, record: RecordBlock) -> None:
        """Take what a record says of any position."""
        is_block = record.is_reference_block or record.reference_only
        reach = 0 if is_block else 100
        near = self.layout.regions.positions_over(record.chrom, record.pos - reach, record.end)
        if not near:
            return
        genotypes, groups = record_values.phased(record)
        measured = record_values.measure(record, groups)
        for region in near:
            for i in self.layout.by_region[region]:
                if is_block:
                    self._add_block(i, record, genotypes, measured)
                else:
                    self._add_record(i, record, genotypes, measured)

    def _add_block(
        self,
        i: int,
        record: RecordBlock,
        genotypes: Sequence[variant_alleles.Genotype],
        measured: Sequence[Measured],
    ) -> None:
        site = self.layout.sites[i]
        if record.pos == site.pos and len(record.ref) >= len(site.ref) and record.chrom != MITO:
            same = record.ref.startswith(site.ref)
            self.matching_records += same
            self.contradicting_records += not same
            if not same:
                return
        covered = (max(record.pos, site.pos), min(record.end, site.end))

        def see(genotype: variant_alleles.Genotype, values: Measured) -> Observation:
            return block(site.ref, covered, genotype, values, self._settings)

        self._merge(i, _each_once(see, genotypes, measured))

    def _add_record(
        self,
        i: int,
        record: RecordBlock,
        genotypes: Sequence[variant_alleles.Genotype],
        measured: Sequence[Measured],
    ) -> None:
        site = self.layout.sites[i]
        exact = record.pos == site.pos and record.ref == site.ref
        if record.pos == site.pos and len(record.ref) == len(site.ref) and record.chrom != MITO:
            self.matching_records += exact
            self.contradicting_records += not exact
        texts = windows(site.pos, site.ref, site.others, record.pos, record.ref, record.alts)
        if texts is None:
            return
        # A record of another variant shows only the samples that carry it; one that names an
        # allele of the position was genotyped for it in every sample.
        genotyped = exact or any(text in site.others for text in texts)
        spelled = record_values.spelled(record, texts)

        def see(genotype: variant_alleles.Genotype, values: Measured) -> Observation:
            if not genotyped and not _carries(genotype):
                return ABSENT
            place, settings = site.position, self._settings
            return observe(
                *(place.chrom, place.known, texts, genotype, values, settings, genotyped, spelled)
            )

        self._merge(i, _each_once(see, genotypes, measured))

    def _merge(self, i: int, news: list[Observation]) -> None:
        site, column = self.layout.sites[i], self._columns[i]
        if column is None:
            self._columns[i] = news
            return
        known: dict[tuple[int, int], Observation] = {}
        for at, new in enumerate(news):
            if new is ABSENT:
                continue
            key = (id(column[at]), id(new))
            if key not in known:
                known[key] = merge(column[at], new, site.position.ref)
            column[at] = known[key]

    def observations(self, gene: Gene) -> list[tuple[Observation, ...]]:
        """The observations of a gene, one tuple a sample, at all of its positions."""
        return list(zip(*self.columns(gene), strict=True))

    def columns(self, gene: Gene) -> list[list[Observation]]:
        """The observations of a gene, one list a position, with one entry a sample."""
        columns: list[list[Observation]] = []
        for position in (*gene.positions, *gene.others):
            at = self.layout.at.get((gene.name, position.position_id))
            column = self._columns[at] if at is not None else None
            if at is None:
                absent = _no_coordinate(self.build)
            else:
                # A file without the mitochondrion says nothing of it, whatever the setting.
                as_reference = self._settings.absent_is_reference and (
                    gene.chrom != MITO or self._reads(gene)
                )
                absent = _absent(gene.chrom, position.ref, as_reference)
            if column is None or at is None:
                columns.append([absent] * len(self.samples))
                continue
            site = self.layout.sites[at]
            ends: dict[int, Observation] = {}
            finished = []
            for one in column:
                if id(one) not in ends:
                    done = finish(one, site.pos, site.end)
                    ends[id(one)] = absent if done is ABSENT else done
                finished.append(ends[id(one)])
            columns.append(finished)
        return columns

    @property
    def empty(self) -> bool:
        """Whether no record was at any position."""
        return all(column is None for column in self._columns)

    def _reads(self, gene: Gene) -> bool:
        """Whether a record was at any position of the gene."""
        places = (self.layout.at.get((gene.name, p.position_id)) for p in gene.positions)
        return any(at is not None and self._columns[at] is not None for at in places)

    def all_observations(self, reads: Reads | None = None) -> dict[str, list[Observations]]:
        """The observations of all genes, one entry a sample.

        Args:
            reads: The reads of the sample, where the table is of one sample that has some.

        Raises:
            WorkflowInputError: The reads are damaged.
        """
        genes = self.layout.definitions.matched
        found = {gene.name: self.observations(gene) for gene in genes}
        if reads is None:
            return found
        of_sample = {name: seen for name, (seen,) in found.items()}
        backed = read_backing.apply(self.layout, of_sample, reads)
        return {name: [seen] for name, seen in backed.items()}

    def rows(self, reads: Reads | None = None) -> Iterator[Row]:
        """Rows of the table sites, gene by gene; see `all_observations`."""
        for name, observations in self.all_observations(reads).items():
            gene = self.layout.definitions.genes[name]
            for sample, found in zip(self.samples, observations, strict=True):
                for row in gene_rows(gene, found):
                    yield {"sample_id": sample, **row}


def gene_rows(gene: Gene, observations: Sequence[Observation]) -> Iterator[Row]:
    """Rows of the table sites for one gene of one sample, without the column sample_id."""
    for position, seen in zip((*gene.positions, *gene.others), observations, strict=True):
        yield position_row(gene, position, seen)


def position_row(gene: Gene, position: Position, seen: Observation) -> Row:
    """Row of the table sites for one position of one sample, without the column sample_id."""
    bases = seen.genotype.bases if seen.genotype else ()
    return {
        "gene": gene.name,
        "position_id": position.position_id,
        "chrom": position.chrom,
        "pos": position.pos,
        "ref": position.ref,
        "rsid": position.rsid,
        "state": seen.state,
        "state_source": seen.state_source,
        "allele_1": bases[0] if bases else None,
        "allele_2": bases[1] if len(bases) > 1 else None,
        "phased": bool(seen.genotype and seen.genotype.phased),
        "phase_set": seen.genotype.phase_set if seen.genotype else None,
        "phase_source": seen.phase_told_by,
        "phase_reads": seen.phase_reads,
        "phase_warning": seen.phase_warning,
        "undocumented": list(seen.undocumented),
        "depth": seen.measured.depth,
        "gq": seen.measured.gq,
        "likelihoods": seen.measured.likelihoods,
        "allele_fraction": seen.genotype.fraction if seen.genotype else None,
        "allele_depths": seen.measured.depths,
        "record_alleles": [one or "" for one in seen.record_alleles],
        "filters": seen.measured.filters,
        "reason": seen.reason,
        "record": seen.measured.record,
    }


def _each_once(
    see: Callable[[variant_alleles.Genotype, Measured], Observation],
    genotypes: Sequence[variant_alleles.Genotype],
    measured: Sequence[Measured],
) -> list[Observation]:
    """What is seen of every sample; samples with the same values are looked at once."""
    known: dict[tuple[variant_alleles.Genotype, Measured], Observation] = {}
    news = []
    for key in zip(genotypes, measured, strict=True):
        if key not in known:
            known[key] = see(*key)
        news.append(known[key])
    return news


def no_reads(_sample_id: str, _build: str) -> Reads | None:
    """For samples of which there is nothing but the variant file."""
    return None


def call(
    variants_rows: Iterable[Mapping[str, Any]],
    definitions: Definitions,
    settings: SiteSettings,
    samples: Iterable[Mapping[str, Any]] = (),
    reads_of: Callable[[str, str], Reads | None] = no_reads,
    builds: Mapping[str, str] | None = None,
) -> list[Row]:
    """Make the sites of all samples of a batch.

    Args:
        variants_rows: Rows of the table variants, samples of either build.
        definitions: The pharmacogenes.
        settings: What counts.
        samples: Rows with sample_id; a sample that is only here has no record at all.
        reads_of: Gives the reads of a sample in a build, None where it has none.
        builds: Build of the input by sample_id, for a sample without a record.

    Returns:
        Rows of the table sites: every position of every gene of every sample.
    """
    by_sample: dict[str, dict[int, list[Mapping[str, Any]]]] = defaultdict(dict)
    for row in variants_rows:
        if row["fate"] != "rejected":
            by_sample[str(row["sample_id"])].setdefault(int(row["record"]), []).append(row)
    layouts = {build: SiteLayout(definitions, build) for build in (GRCH38, GRCH37)}
    names = sorted({*by_sample, *(str(sample["sample_id"]) for sample in samples)})
    rows: list[Row] = []
    for name in names:
        records = by_sample.get(name, {})
        found = {row["build"] for group in records.values() for row in group}
        found = found or {(builds or {}).get(name)}
        layout = layouts[GRCH37 if found == {GRCH37} else GRCH38]
        table = SiteTable(layout, [name], settings)
        for record in sorted(records):
            table.add(_as_block(records[record]))
        rows += table.rows(reads_of(name, layout.build))
    return rows


def _as_block(rows: Sequence[Mapping[str, Any]]) -> RecordBlock:
    """The input record of rows of the table variants."""
    row = rows[0]
    alts = tuple(a for a in str(row["input_alts"]).split(",") if a not in ("", "."))
    keys = {"GT": row["genotype"], "DP": row["depth"], "GQ": row["gq"]}
    keys |= {"PL": row["likelihoods"], "PS": row["phase_set"]}
    if row["chrom"] == MITO:
        keys["AF"] = record_values.fractions_text(rows)
    keys["AD"] = record_values.allele_depths(rows, len(alts))
    given = {key: value for key, value in keys.items() if value is not None}
    end = row["block_end"]
    pos, ref = int(row["input_pos"]), str(row["input_ref"])
    return RecordBlock(
        record=int(row["record"]),
        chrom=str(row["chrom"]),
        pos=pos,
        end=int(end) if end is not None else pos + len(ref) - 1,
        id=".",
        ref=ref,
        alts=alts,
        qual=row["qual"],
        filters=str(row["filters"]),
        info=".",
        format=tuple(given),
        values=[":".join(str(value) for value in given.values())],
        is_reference_block=end is not None,
    )


def _carries(genotype: variant_alleles.Genotype) -> bool:
    """Whether an allele other than the reference is in the genotype."""
    return any(genotype.alleles)


@lru_cache(maxsize=4096)
def _absent(chrom: str, ref: str, as_reference: bool) -> Observation:
    if not as_reference:
        return ABSENT
    reason = "no record; taken as reference by the setting absent_is_reference"
    return Observation(REFERENCE, Genotype((ref, ref)), reason=reason)


@lru_cache(maxsize=2)
def _no_coordinate(build: str) -> Observation:
    return Observation(
        ABSENT.state, None, reason=f"the coordinate of the position in {build} is not known"
    )
