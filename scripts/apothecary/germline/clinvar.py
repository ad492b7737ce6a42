"""ClinVar's class of a variant: from a VCF that the user installed, or from the input's INFO."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from apothecary.errors import Problem, WorkflowInputError
from apothecary.germline import rules
from apothecary.oncogenes.sop.score_files import Place, text_lines
from apothecary.pharmacogenes import facts
from apothecary.variants import clinvar_info, contigs
from apothecary.variants.normalise import normalise

_COLUMNS = 8
_BUILD = re.compile(r"##reference=.*?(GRCh3[78]|hg19|hg38)", re.IGNORECASE)
_DATE = re.compile(r"##fileDate=([0-9-]+)")
_SEPARATORS = re.compile(r"[|/]")
_CONFLICTING = "conflicting"
_CHROMOSOMES = {"MT": "chrM"}
_NOT_GIVEN = frozenset({"", "not provided", "not specified"})


@dataclass(frozen=True)
class Words:
    """What ClinVar's words stand for.

    Attributes:
        classes: Class by word of the significance.
        stars: Stars by review status.
    """

    classes: Mapping[str, str]
    stars: Mapping[str, int]


@dataclass(frozen=True)
class Record:
    """What ClinVar says of a variant.

    Attributes:
        significance: As it is given, with blanks.
        review: Review status as it is given, with blanks; empty for none.
        stars: Its stars; None for a status that is not known.
        classification: One of the five classes; None where the words are none of them, or
            conflict.
        conditions: Names of the condition.
        variant_id: Identifier of the variation; empty for none.
        source: clinvar with the date of the file, or input.
    """

    significance: str
    review: str
    stars: int | None
    classification: str | None
    conditions: tuple[str, ...]
    variant_id: str
    source: str

    def decides(self, least_stars: int) -> bool:
        """Whether it is pathogenic, or likely so, at enough stars."""
        enough = self.stars is not None and self.stars >= least_stars
        return enough and self.classification in rules.REPORTED


def words(paths: Mapping[str, Path | str]) -> Words:
    """Read the tables of ClinVar's words.

    Args:
        paths: Files of `resources/germline` by stem: clinvar_words and review_stars.

    Raises:
        ResourceError: A table is absent or faulty.
    """
    classes = facts.read(paths["clinvar_words"], ("word", "class", "source"))
    stars = facts.read(paths["review_stars"], ("review", "stars", "source"))
    return Words(
        {row["word"].lower(): row["class"] for row in classes},
        {row["review"]: int(row["stars"]) for row in stars},
    )


def of_info(values: Mapping[str, str], known: Words, variant_id: str, source: str) -> Record:
    """What the fields of INFO say.

    Args:
        values: Values by field.
        known: See `words`.
        variant_id: Identifier of the variation.
        source: Where the fields stand.
    """
    significance = _plain(values.get(clinvar_info.SIGNIFICANCE, ""))
    review = _plain(values.get(clinvar_info.REVIEW, ""))
    named = _plain(values.get(clinvar_info.CONDITIONS, "")).split("|")
    return Record(
        significance,
        review,
        known.stars.get(review.lower()),
        class_of(significance, known),
        tuple(name for name in dict.fromkeys(named) if name.lower() not in _NOT_GIVEN),
        variant_id,
        source,
    )


def class_of(significance: str, known: Words) -> str | None:
    """The class of a significance; of several the one nearest to uncertain.

    Words that are no class, such as drug response, are passed over. So are those on penetrance,
    which leave a variant without a class where it has no other. A conflict stays one.
    """
    if significance.lower().startswith(_CONFLICTING):
        return None
    told = {known.classes.get(word.strip().lower()) for word in _SEPARATORS.split(significance)}
    found = [name for name in rules.CLASSES if name in told]
    if not found:
        return None
    middle = rules.CLASSES.index(rules.UNCERTAIN)
    sides = {
        (rules.CLASSES.index(name) > middle) - (rules.CLASSES.index(name) < middle)
        for name in found
    }
    if len(sides) > 1:
        return None
    return min(found, key=lambda name: abs(rules.CLASSES.index(name) - middle))


def _plain(text: str) -> str:
    return text.replace("_", " ").strip()


def read(
    path: Path | str, build: str, places: Collection[Place], known: Words
) -> dict[Place, Record]:
    """Read ClinVar's VCF for the variants asked for.

    Alleles are compared as they are after trimming; both files are left-aligned, as ClinVar's is.

    Args:
        path: The VCF as ClinVar publishes it for a build, gzipped or not.
        build: GRCh38 or GRCh37.
        places: The variants asked for, in that build.
        known: See `words`.

    Returns:
        Records by variant.

    Raises:
        WorkflowInputError: The file is no VCF of ClinVar, or is of the other build.
    """
    wanted = {(chrom, pos) for chrom, pos, _, _ in places}
    found: dict[Place, Record] = {}
    significance, dated, columns = False, "", False
    with text_lines(path) as read_line:
        for number, line in enumerate(iter(read_line, ""), start=1):
            if line.startswith("#"):
                _check_build(path, number, line, build)
                significance |= f"ID={clinvar_info.SIGNIFICANCE}," in line
                date = _DATE.match(line)
                dated = f" {date[1]}" if date else dated
                columns |= line.startswith("#CHROM\tPOS\t")
                continue
            if not (significance and columns):
                raise _problem(path, number, "no header of a VCF with CLNSIG before the records")
            fields = line.rstrip("\r\n").split("\t", _COLUMNS)
            if len(fields) < _COLUMNS or not fields[1].isdigit():
                raise _problem(path, number, f"{line[:40]!r}")
            chrom, at, variant_id, ref, alt, _, _, info = fields[:_COLUMNS]
            chrom = _CHROMOSOMES.get(chrom, f"chr{chrom.removeprefix('chr')}")
            if (chrom, int(at)) not in wanted and 1 in (len(ref), len(alt)):
                continue
            spelled = normalise(chrom, int(at), ref.upper(), alt.upper())
            place = (chrom, spelled.pos, spelled.ref, spelled.alt)
            if place in places:
                source = f"clinvar{dated}"
                found[place] = of_info(clinvar_info.parse(info), known, variant_id, source)
    if not (significance and columns):
        raise _problem(path, 1, "no header of a VCF with CLNSIG")
    return found


def _check_build(path: Path | str, number: int, line: str, build: str) -> None:
    told = _BUILD.match(line)
    if told and contigs.BUILD_NAMES[told[1].lower()] != build:
        raise WorkflowInputError(
            Problem(str(path), f"a file of {told[1]}", f"{build} is needed", number)
        )


def _problem(path: Path | str, number: int, found: str) -> WorkflowInputError:
    return WorkflowInputError(
        Problem(str(path), found, "a VCF as ClinVar publishes it is needed", number)
    )
