"""Polygenic scores of the samples of a batch, each with what stopped it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from apothecary.errors import ApothecaryError
from apothecary.hardening import bounded
from apothecary.hardening.bounded import Limits
from apothecary.risk import genotypes, references
from apothecary.risk.batch import SCOPE, Batch
from apothecary.risk.dosage import IMPUTED, MATCHED, DosageSettings, Weighed, weigh
from apothecary.risk.genotypes import Asked
from apothecary.risk.header import UNKNOWN
from apothecary.risk.installed import Installed
from apothecary.risk.references import Distribution
from apothecary.risk.scoring_files import RATIOS, Score, ScoreVariant
from apothecary.risk.sums import Sum
from apothecary.variants.reference import Fasta, Reference
from apothecary.variants.regions import Position

Row = dict[str, Any]

GIVEN, NOT_GIVEN, WITHHELD = "given", "not_given", "withheld"
BUILD, INPUT, COVERAGE, WEIGHTS = "build", "input", "coverage", "weight_coverage"
"""Guards that stop a score: its build, a file that cannot be read, too little that was matched."""


def score(
    batch: Batch,
    installed: Installed,
    config: Mapping[str, Any],
    work_folder: str | Path,
    limits: Limits | None = None,
) -> list[Row]:
    """Score the germline samples of a batch.

    Args:
        batch: The batch.
        installed: The scores.
        config: The sections `risk`, `variants` and `reference` of a checked configuration.
        work_folder: A folder for links and unpacked copies; the caller removes it.
        limits: What the reading of a file may take; none when not given.

    Returns:
        Rows of the table risk: one a sample and score. Of a sample whose subject did not consent to
        germline findings nothing is read, and its rows say so.

    Raises:
        ResourceError: The reference sequence of the configuration cannot be used.
    """
    reading = _Reading(installed, batch, config, Path(work_folder), limits or Limits())
    sums, failures = reading.all()
    scored = {row["sample_id"] for row in batch.scored}
    rows: list[Row] = []
    for person in batch.persons:
        name = person["sample_id"]
        build = batch.builds[name]
        for model, by_build in installed.models.items():
            if name not in scored:
                told = _stopped(WITHHELD, None, f"no consent to {SCOPE} findings")
            elif (name, model) in sums:
                placing = partial(_placed, installed.of_model(model), batch.ancestry.get(name))
                told = _row(sums[name, model], placing, config["risk"]["min_coverage"])
            else:
                told = _not_summed(build, by_build, failures.get(name))
            rows.append({"sample_id": name, **_model(by_build, build), **told})
    return rows


class _Reading:
    """The reading of the files of a batch."""

    def __init__(
        self,
        installed: Installed,
        batch: Batch,
        config: Mapping[str, Any],
        work_folder: Path,
        limits: Limits,
    ) -> None:
        self._installed, self._batch, self._config = installed, batch, config
        self._work_folder, self._limits = work_folder, limits
        self._settings = DosageSettings.of(config["risk"])
        self._references: dict[str, Reference] = {}
        reference = config["reference"]
        if reference["fasta"]:
            self._references[reference["build"]] = Fasta(reference["fasta"], work_folder)

    def all(self) -> tuple[dict[tuple[str, str], Sum], dict[str, str]]:
        """Sums by sample and model, and why a sample could not be read."""
        by_file: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for sample in self._batch.scored:
            build = self._batch.builds[sample["sample_id"]]
            by_file[sample["input"], build].append(sample)
        sums: dict[tuple[str, str], Sum] = {}
        failures: dict[str, str] = {}
        for (path, build), of_file in by_file.items():
            scores = [one for one in self._installed.scores if one.header.build == build]
            if not scores:
                continue
            try:
                summing = partial(self._sums, path, of_file, scores)
                parts = bounded.read(path, self._limits, summing)
            except ApothecaryError as error:
                # The table names the file as the sheet does, so that it tells no place.
                (line, *_) = str(error).splitlines()
                failures |= {s["sample_id"]: line.replace(path, s["given"]) for s in of_file}
                continue
            sums |= {(name, model): Sum.of_json(told) for name, model, told in parts}
        return sums, failures

    def _sums(
        self, path: str, samples: Sequence[Row], scores: Sequence[Score]
    ) -> Iterator[tuple[str, str, dict[str, Any]]]:
        build = scores[0].header.build
        reference = self._references.get(build)
        whole = self._settings.absent_is_reference
        # A file that several samples share holds the same records for each of them.
        records = self._batch.records[samples[0]["sample_id"]]
        file = genotypes.opened(path, records, self._work_folder, whole=whole)
        variants = {one.header.model: _by_chromosome(one.variants) for one in scores}
        asked = Asked(build, _positions(scores), reference, self._config)
        sums = {(s["sample_id"], model): Sum() for s in samples for model in variants}
        for chrom, seen in genotypes.by_chromosome(file, samples, asked):
            for sample, of_sample in zip(samples, seen, strict=True):
                for model, by_chrom in variants.items():
                    here = by_chrom.get(chrom, [])
                    found = [
                        weigh(one, of_sample, sample["sex"], reference, self._settings)
                        for one in here
                    ]
                    sums[sample["sample_id"], model].add(chrom, here, found)
        for (name, model), made in sums.items():
            without = variants[model].get("", [])
            made.add("", without, [Weighed(str(one.left_out)) for one in without])
            yield name, model, made.as_json()


def _by_chromosome(variants: Iterable[ScoreVariant]) -> dict[str, list[ScoreVariant]]:
    found: dict[str, list[ScoreVariant]] = defaultdict(list)
    for variant in variants:
        found["" if variant.left_out else variant.chrom].append(variant)
    return found


def _positions(scores: Iterable[Score]) -> dict[str, list[Position]]:
    """Where the variants of scores lie; which bases are there, the scores do not tell."""
    places = {
        (one.chrom, one.pos, max(len(one.effect), len(one.other or "")))
        for score in scores
        for one in score.variants
        if not one.left_out
    }
    found: dict[str, list[Position]] = defaultdict(list)
    for chrom, pos, length in sorted(places):
        found[chrom].append(Position(chrom, pos, "N" * length))
    return found


def _model(by_build: Mapping[str, Score], build: str | None) -> Row:
    """What a row tells of its score, whatever becomes of it."""
    score = by_build.get(build or "") or next(iter(by_build.values()))
    head = score.header
    return {
        "model": head.model,
        "name": head.name or None,
        "trait": head.trait or None,
        "weight_type": head.weight_type,
        "unit": _unit(head.weight_type),
        "build": head.build,
        "variants": len(score.variants),
        "source": head.citation or None,
        "licence": head.licence or None,
        "score_sha256": score.sha256,
        "notes": [],
        "excluded": [],
    }


def _unit(weight_type: str) -> str | None:
    """Of what the score is a sum; None where the file does not tell."""
    if weight_type.upper() in RATIOS:
        return f"log({weight_type})"
    return None if weight_type == UNKNOWN else weight_type


def _stopped(status: str, guard: str | None, reason: str) -> Row:
    return {"status": status, "guard": guard, "reason": reason}


def _not_summed(build: str, by_build: Mapping[str, Score], failure: str | None) -> Row:
    if failure is not None:
        return _stopped(NOT_GIVEN, INPUT, failure)
    held = ", ".join(by_build)
    reason = f"the file of the score is of {held}, the sample's of {build}; nothing is lifted over"
    return _stopped(NOT_GIVEN, BUILD, reason)


def _row(made: Sum, placing: Callable[[Sum], Row], least: float) -> Row:
    """What a row tells of a score that was summed."""
    row: Row = {
        "matched": made.states[MATCHED],
        "imputed": made.states[IMPUTED],
        "not_matched": made.variants - made.used,
        "excluded": [f"{state}={count}" for state, count in made.left.items()],
        "coverage": made.coverage,
        "weight_coverage": made.weight_coverage,
    }
    variants = f"{made.states[MATCHED]} of {made.variants} variants"
    weights = f"{100 * made.weight_coverage:.2f} % of the weights"
    for guard, value, words in (
        (COVERAGE, made.coverage, variants),
        (WEIGHTS, made.weight_coverage, weights),
    ):
        if value < least:
            reason = f"{words} were matched, {100 * least:g} % are needed"
            return {**row, **_stopped(NOT_GIVEN, guard, reason)}
    return {**row, **placing(made)}


def _placed(held: Sequence[Distribution], ancestry: str | None, made: Sum) -> Row:
    """A score that is given, and where it lies among reference persons."""
    placed = references.place(made.score, made.used, held, ancestry)
    return {
        "status": GIVEN,
        "score": made.score,
        "percentile": placed.percentile,
        "reference": placed.reference,
        "percentile_reason": placed.reason,
        "ancestry": ancestry,
        "notes": list(placed.notes),
    }
