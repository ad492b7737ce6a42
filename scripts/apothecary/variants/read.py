"""Reading the samples of a batch: each record gets its fate, each sample its outcome."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apothecary import files
from apothecary.errors import ApothecaryError, Problem, WorkflowInputError
from apothecary.hardening import bounded
from apothecary.hardening.bounded import Limits
from apothecary.settings import thresholds
from apothecary.variants import builds, contigs, conventions, index, maf, read_result
from apothecary.variants.annotate import Annotator
from apothecary.variants.builds import Detection, KnownSite, Witnesses
from apothecary.variants.collect import OUTSIDE, WITHHELD, Collector
from apothecary.variants.columns import Columns
from apothecary.variants.filters import Thresholds
from apothecary.variants.matched_normal import Normal
from apothecary.variants.read_result import ReadResult, Row
from apothecary.variants.reader import VariantFile
from apothecary.variants.reference import Either, Fasta, KnownBases, Reference
from apothecary.variants.regions import Position, Regions
from apothecary.variants.view import UNALIGNED, UNCHECKED, FileContext, View

_ROWS_AT_A_TIME = 1000


@dataclass(frozen=True)
class _Reading:
    """What the readings of all files share."""

    regions: Mapping[str, Mapping[str, Regions]]
    sites: Sequence[KnownSite]
    references: Mapping[str, Reference]
    config: Mapping[str, Any]
    work_folder: Path
    limits: Limits

    def thresholds(self, sample: Mapping[str, Any]) -> Thresholds:
        return Thresholds.of(thresholds(self.config, sample["role"], sample["assay"]))


def read_variants(
    samples: Iterable[Mapping[str, Any]],
    regions_by_sample: Mapping[str, Mapping[str, Regions]],
    sites: Sequence[KnownSite],
    config: Mapping[str, Any],
    work_folder: str | Path,
    limits: Limits | None = None,
) -> ReadResult:
    """Read the variant files of samples.

    A file that several samples share is read once. A sample that cannot be read gets an outcome
    with the reason and does not stop the others.

    Args:
        samples: Rows of the table samples, with paths that can be opened.
        regions_by_sample: What each sample may be read for, by build (see `scopes.regions`).
        sites: Sites of known reference bases (see `builds.known_sites`).
        config: A checked configuration; of it, thresholds, tags and the reference are used.
        work_folder: A folder for indexes, unpacked copies and rows kept as columns; the caller
            removes it.
        limits: What the reading of a file may take; none when not given.

    Returns:
        The rows of the tables, in the order of the samples; many of the variants of a long file
        are kept as columns.

    Raises:
        ResourceError: The reference sequence of the configuration cannot be used.
    """
    folder = Path(work_folder)
    references = _references(sites, config, folder)
    reading = _Reading(regions_by_sample, sites, references, config, folder, limits or Limits())
    ordered = list(samples)
    by_file: dict[str, list[Mapping[str, Any]]] = {}
    for sample in ordered:
        by_file.setdefault(sample["input"], []).append(sample)
    results: dict[str, ReadResult] = {}
    for path, of_file in by_file.items():
        results.update(_read_apart(path, of_file, reading))
    together = ReadResult()
    for sample in ordered:
        result = results[sample["sample_id"]]
        together.variants += result.variants
        together.record_fates += result.record_fates
        together.outcomes += result.outcomes
        together.variant_columns += result.variant_columns
    return together


def _references(
    sites: Sequence[KnownSite], config: Mapping[str, Any], work_folder: Path
) -> dict[str, Reference]:
    known: dict[str, Reference] = {
        build: KnownBases(
            Position(site.chrom, *site.places[build]) for site in sites if build in site.places
        )
        for build in contigs.BUILDS
    }
    fasta = config["reference"]["fasta"]
    if fasta:
        build = config["reference"]["build"]
        known[build] = Either(Fasta(fasta, work_folder), known[build])
    return known


def _read_apart(
    path: str, samples: list[Mapping[str, Any]], reading: _Reading
) -> dict[str, ReadResult]:
    """Read a file in a process of its own; what ends it fails the samples of the file alone."""
    limits = reading.limits
    try:
        parts = bounded.read(path, limits, lambda: _parts(_read_file(path, samples, reading)))
    except WorkflowInputError as error:
        return {sample["sample_id"]: read_result.failed(sample, error) for sample in samples}
    results: dict[str, ReadResult] = {sample["sample_id"]: ReadResult() for sample in samples}
    for sample_id, table, rows in parts:
        getattr(results[sample_id], table).extend(rows)
    return results


def _parts(results: Mapping[str, ReadResult]) -> Iterator[tuple[str, str, list[Row]]]:
    """The rows of every sample and table, some at a time."""
    for sample_id, result in results.items():
        for table in ("variants", "record_fates", "outcomes", "variant_columns"):
            rows = getattr(result, table)
            for start in range(0, len(rows), _ROWS_AT_A_TIME):
                yield sample_id, table, rows[start : start + _ROWS_AT_A_TIME]


def _read_file(
    path: str, samples: list[Mapping[str, Any]], reading: _Reading
) -> dict[str, ReadResult]:
    try:
        if samples[0]["format"] == "maf":
            return _read_maf(path, samples, reading)
        prepared = index.prepare(path, reading.work_folder)
        file = VariantFile(prepared.path, shown_as=path)
        witnesses = builds.witnesses(file, reading.sites)
        _has_chromosomes(file)
    except ApothecaryError as error:
        return {s["sample_id"]: read_result.failed(s, error) for s in samples}
    results: dict[str, ReadResult] = {}
    readable: dict[str, list[tuple[Mapping[str, Any], Detection]]] = {}
    for sample in samples:
        try:
            detection = _admit(file, sample, witnesses)
        except ApothecaryError as error:
            results[sample["sample_id"]] = read_result.failed(sample, error)
        else:
            readable.setdefault(detection.build, []).append((sample, detection))
    for build in sorted(readable):
        try:
            results.update(_read_build(file, readable[build], reading, prepared))
        except ApothecaryError as error:
            results.update(
                {s["sample_id"]: read_result.failed(s, error) for s, _ in readable[build]}
            )
    return results


def _admit(file: VariantFile, sample: Mapping[str, Any], witnesses: Witnesses) -> Detection:
    """Find the sample in the file, and its build."""
    if file.header.samples:
        file.sample_columns([sample["sample_in_file"]])
    elif sample["role"] != "tumor":
        right = "germline genotypes stand in a column named as the sample"
        raise WorkflowInputError(Problem(file.shown_as, "the file has no sample column", right))
    return builds.decide(file.shown_as, witnesses, sample["build"])


def _read_build(
    file: VariantFile,
    samples: list[tuple[Mapping[str, Any], Detection]],
    reading: _Reading,
    prepared: index.Prepared,
) -> dict[str, ReadResult]:
    build = samples[0][1].build
    context = FileContext(
        header=file.header,
        build=build,
        conventions=conventions.of_header(file.header, reading.config["variants"].get("tags")),
        annotator=Annotator(file.header),
        reference=reading.references[build],
    )
    regions = [reading.regions[sample["sample_id"]][build] for sample, _ in samples]
    groups = list(dict.fromkeys(regions))
    named = [s["sample_in_file"] for s, _ in samples] if file.header.samples else []
    inherited = _normals(samples, regions)
    collectors = [
        Collector(
            sample_id=sample["sample_id"],
            column=at if named else None,
            role=sample["role"],
            sex=sample["sex"],
            regions=regions[at],
            thresholds=reading.thresholds(sample),
            context=context,
            normal=inherited.get(at) if named else None,
        )
        for at, (sample, _) in enumerate(samples)
    ]
    columns = _columns(file, samples, collectors, reading)
    for block in file.blocks(named, groups, columns.take if columns else None):
        view = View(block, context)
        for collector in collectors:
            collector.take(view)
    entries = columns.finish(collectors[0]) if columns else []
    digest = files.sha256(file.shown_as)
    remarks = [*prepared.remarks, *_remarks(file, context)]
    results = {}
    for (sample, detection), collector in zip(samples, collectors, strict=True):
        group = groups.index(collector.regions)
        collector.fates[OUTSIDE] += file.tally.outside[group]
        collector.fates[WITHHELD] += file.tally.withheld[group] + file.header.withheld
        rows, fates = collector.finish()
        indexed = _index_warnings(file, sample, reading.work_folder)
        warnings = [*detection.notes, *indexed, *_warnings(file, fates)]
        results[sample["sample_id"]] = read_result.of_sample(
            sample, rows, fates, build, digest, warnings, remarks
        )
        results[sample["sample_id"]].variant_columns.extend(entries)
    return results


def _columns(
    file: VariantFile,
    samples: list[tuple[Mapping[str, Any], Detection]],
    collectors: Sequence[Collector],
    reading: _Reading,
) -> Columns | None:
    """What takes plain records as columns: of a tumor that alone is read from its file."""
    (tumor, _), collector = samples[0], collectors[0]
    alone = len(samples) == 1 and tumor["role"] == "tumor" and collector.column is not None
    if not alone or not collector.regions.everything:
        return None
    (column,) = file.sample_columns([tumor["sample_in_file"]])
    folder = reading.work_folder / "columns" / tumor["sample_id"]
    return Columns.of(column, collector.thresholds, collector.context, folder)


def _normals(
    samples: list[tuple[Mapping[str, Any], Detection]], regions: Sequence[Regions]
) -> dict[int, Normal]:
    """The normal of each tumor that has a column in the same file, by number of the tumor."""
    found: dict[int, Normal] = {}
    for at, (tumor, _) in enumerate(samples):
        for number, (other, _) in enumerate(samples):
            same = other["role"] == "normal" and other["subject_id"] == tumor["subject_id"]
            if tumor["role"] == "tumor" and same:
                found.setdefault(at, Normal(number, regions[number]))
    return found


def _has_chromosomes(file: VariantFile) -> None:
    if file.tally.records and file.tally.other_contigs == file.tally.records:
        names = ", ".join(list(file.header.contig_lengths)[:3]) or "names of its own"
        found = f"no record lies on a chromosome (contigs: {names})"
        raise WorkflowInputError(Problem(file.shown_as, found, "chromosomes named chr1 or 1"))


def _index_warnings(file: VariantFile, sample: Mapping[str, Any], work_folder: Path) -> list[str]:
    said = index.witness(file.path, sample["index"], work_folder)
    if said is None:
        return []
    if said.problem:
        return [f"the index {said.problem}; it was not used"]
    if said.records != file.tally.records:
        return [
            f"the index counts {_records(said.records or 0)}, the file holds "
            f"{file.tally.records}: the file lost some, or the index is of another file"
        ]
    return []


def _warnings(file: VariantFile, fates: Counter[tuple[str, str]]) -> list[str]:
    """What a reader of the report must know of the input."""
    tally = file.tally
    warnings = []
    if len(tally.spellings) > 1:
        warnings.append("chromosomes are named both chr1 and 1; they were taken as one")
    if tally.unsorted:
        warnings.append(f"{_records(tally.unsorted)} stood out of order; they were sorted")
    if any(length == contigs.HG19_CHRM_LENGTH for length in file.header.contig_lengths.values()):
        warnings.append("chrM is that of hg19, not the rCRS; its records are not read")
    for fate, words in _REPEATED.items():
        count = sum(n for (f, _), n in fates.items() if f == fate)
        if count:
            warnings.append(f"{_records(count)} {words}")
    return warnings


_REPEATED = {
    "duplicate": "repeated an earlier one",
    "conflicting": "contradicted another of the same allele: not called",
    "rejected": "rejected",
}


def _remarks(file: VariantFile, context: FileContext) -> list[str]:
    """What was not as it might be, without an effect on the calls."""
    tally = file.tally
    remarks = []
    if tally.comments:
        remarks.append(f"{tally.comments} lines among the records are empty or comments")
    if tally.other_contigs:
        remarks.append(f"{_records(tally.other_contigs)} on contigs that are no chromosome")
    unchecked = "could not be checked: no reference sequence there"
    if count := context.counts[UNCHECKED]:
        remarks.append(f"REF of {_records(count)} {unchecked}")
    if count := context.counts[UNALIGNED]:
        remarks.append(f"left-alignment of {_records(count)} {unchecked}")
    return remarks


def _records(count: int) -> str:
    return f"{count} record{'s' * (count != 1)}"


def _read_maf(
    path: str, samples: list[Mapping[str, Any]], reading: _Reading
) -> dict[str, ReadResult]:
    file = maf.MafFile(path)
    lines = list(file.lines())
    build_in_file = maf.stated_build(path, lines)
    digest = files.sha256(path)
    results = {}
    for sample in samples:
        try:
            results[sample["sample_id"]] = _maf_sample(
                path, lines, sample, build_in_file, digest, reading
            )
        except ApothecaryError as error:
            results[sample["sample_id"]] = read_result.failed(sample, error)
    return results


def _maf_sample(
    path: str,
    lines: list[maf.MafLine],
    sample: Mapping[str, Any],
    build_in_file: str | None,
    digest: str,
    reading: _Reading,
) -> ReadResult:
    if sample["role"] != "tumor":
        right = "a MAF is taken for tumors; give a VCF"
        raise WorkflowInputError(Problem(path, f"the sample is {sample['role']}", right))
    own = [line for line in lines if line.sample == sample["sample_in_file"]]
    if not own:
        held = ", ".join(sorted({line.sample for line in lines})[:5]) or "none"
        found = f"no line of sample {sample['sample_in_file']!r}"
        right = f"the file holds {held}"
        raise WorkflowInputError(Problem(path, found, right, field="Tumor_Sample_Barcode"))
    stated = sample["build"] if sample["build"] in contigs.BUILDS else None
    if stated and build_in_file and stated != build_in_file:
        found = f"build mismatch: the sheet says {stated}, NCBI_Build {build_in_file}"
        right = f"give {build_in_file} or auto"
        raise WorkflowInputError(Problem(path, found, right, field="build"))
    build = stated or build_in_file
    if build is None:
        found = "the build cannot be told: no column NCBI_Build"
        raise WorkflowInputError(Problem(path, found, "state GRCh38 or GRCh37", field="build"))
    if not reading.regions[sample["sample_id"]][build].everything:
        fates = Counter({WITHHELD: len(own)})
        return read_result.of_sample(sample, [], fates, build, digest)
    rows, fates = maf.rows(
        own, sample["sample_id"], build, reading.thresholds(sample), reading.references[build]
    )
    rejected = sum(n for (fate, _), n in fates.items() if fate == "rejected")
    warnings = [f"{_records(rejected)} rejected"] if rejected else []
    return read_result.of_sample(sample, rows, fates, build, digest, warnings)
