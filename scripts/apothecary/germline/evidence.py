"""What the input, the user's files and the pack say of the variants of a batch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apothecary.germline import clinvar
from apothecary.germline.clinvar import Record, Words
from apothecary.germline.frequencies import Frequency
from apothecary.germline.subjects import Variant
from apothecary.knowledge.lift import Lift
from apothecary.knowledge.placement import KNOWN_BUILD
from apothecary.oncogenes import oncogenicity
from apothecary.oncogenes.consequences import Knowledge
from apothecary.oncogenes.sop import predictions, score_files, settings
from apothecary.oncogenes.sop.codes import UserScores
from apothecary.oncogenes.sop.predictions import Field, Prediction
from apothecary.oncogenes.sop.score_files import Place
from apothecary.variants import clinvar_info
from apothecary.variants.annotate import names_a_population

Row = Mapping[str, Any]
_CLINVAR_FILES = {"GRCh38": "clinvar", "GRCh37": "clinvar_grch37"}


@dataclass(frozen=True)
class Known:
    """What is known of the variants of a batch; see `look_up`.

    Attributes:
        places: Place in GRCh38 by build, chromosome, position and bases.
        counted: Frequency and source of the pack, by place.
        filtering: Filtering frequencies of the user, by place.
        scores: Predictions and frequencies of the user's files.
        fields: Fields of the input that hold predictions.
        limits: Limits of scores.
        records: Records of ClinVar's files by build and place in it.
        words: ClinVar's words.
    """

    places: Mapping[tuple[str, Place], Place]
    counted: Mapping[Place, tuple[float, str]]
    filtering: Mapping[Place, float]
    scores: UserScores
    fields: Mapping[str, Field]
    limits: settings.Settings
    records: Mapping[str, Mapping[Place, Record]]
    words: Words

    def place(self, row: Row) -> Place | None:
        """The place of a variant in GRCh38; None where it is not known."""
        return self.places.get((row["build"], _place(row)))

    def frequency(self, row: Row, given: Iterable[Mapping[str, str]]) -> Frequency:
        """How frequent a variant is.

        Args:
            row: Its row of the table `variants`.
            given: Annotation of the input, fields by name.
        """
        place = self.place(row)
        asked = any(names_a_population(name) for entry in given for name in entry)
        plain, source = row.get("population_af"), "input"
        if self.scores.frequencies is not None and place is not None:
            asked = True
            own = self.scores.frequencies.get(place)
            if own is not None and own > (plain or 0.0):
                plain, source = own, "user"
        counted, counted_source = self.counted.get(place, (None, "")) if place else (None, "")
        filtering = self.filtering.get(place) if place else None
        return Frequency(plain, source, counted, counted_source, filtering, asked)

    def predictions(self, variant: Variant) -> list[Prediction]:
        """What predictors say of a variant, those of the input first."""
        told = predictions.of_input(variant.of.entries, self.fields, self.limits)
        if variant.place is not None:
            told += self.scores.at(variant.place)
        return told

    def clinvar(self, row: Row) -> Record | None:
        """What ClinVar says of a variant: the user's file, else the input."""
        record = self.records.get(row["build"], {}).get(_place(row))
        if record is None and row.get("clinvar"):
            values = clinvar_info.parse(row["clinvar"])
            return clinvar.of_info(values, self.words, "", "input")
        return record


def look_up(
    rows: list[dict[str, Any]],
    pack: Knowledge,
    tables: Mapping[str, Path | str],
    config: Mapping[str, Any],
    lift: Lift | None,
) -> Known:
    """Look variants up in the pack and in the user's files.

    Args:
        rows: Rows of the table `variants`.
        pack: The knowledge pack.
        tables: See `findings.classify`.
        config: See `findings.classify`.
        lift: From GRCh37 to GRCh38; None for none.

    Raises:
        WorkflowInputError: A file of the user is faulty.
        ResourceError: A table is faulty.
    """
    places: dict[tuple[str, Place], Place] = {}
    by_build: dict[str, set[Place]] = {}
    for row in rows:
        own = _place(row)
        by_build.setdefault(row["build"], set()).add(own)
        there = _in_known_build(row["build"], own, lift)
        if there is not None:
            places[row["build"], own] = there
    wanted = set(places.values())
    germline, scored = config["germline"], config["oncogenicity"]
    limits = settings.Settings.of(scored)
    loci = [(KNOWN_BUILD, *place) for place in sorted(wanted)]
    words = clinvar.words(tables)
    filtering = germline["filtering_frequencies"]
    return Known(
        places,
        {
            (row["chrom"], row["pos"], row["ref"], row["alt"]): (row["frequency"], row["source_id"])
            for row in pack.rows("population_frequencies")
        },
        score_files.frequencies(filtering, wanted) if filtering else {},
        oncogenicity.user_scores(scored, limits, tables["predictors"], loci),
        predictions.fields(tables["predictors"]),
        limits,
        {
            build: clinvar.read(germline[key], build, by_build[build], words)
            for build, key in _CLINVAR_FILES.items()
            if germline[key] and build in by_build
        },
        words,
    )


def _place(row: Row) -> Place:
    return row["chrom"], row["pos"], row["ref"], row["alt"]


def _in_known_build(build: str, place: Place, lift: Lift | None) -> Place | None:
    chrom, pos, ref, alt = place
    if build == KNOWN_BUILD:
        return place
    there = lift.to_grch38(chrom, pos, len(ref)) if lift else None
    return (chrom, there, ref, alt) if there else None
