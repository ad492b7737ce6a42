"""Statements of VA-Spec on how pathogenic hereditary variants are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ga4gh.core.models import Extension, MappableConcept
from ga4gh.va_spec import acmg_2015, base
from ga4gh.va_spec.acmg_2015 import models as acmg_models

from apothecary.pharmacogenes import facts
from apothecary.statements.evidence import NotStatedError, as_json, coded, named, of_gene

Model = Mapping[str, Any]
_AGAINST = "B"
_EXTENSIONS = (
    "decided_by", "clinvar_text", "disagreement", "reported_as", "reason", "doubts", "secondary",
    "list_text", "zygosity", "phase", "source_ids",
)  # fmt: skip


@dataclass(frozen=True)
class Vocabulary:
    """How VA-Spec names classes and codes of hereditary variants.

    Attributes:
        classes: Code, direction and strength (which may be empty) by class.
        codes: Criterion with its strength as a suffix, and strength, by code.
    """

    classes: Mapping[str, tuple[str, str, str]]
    codes: Mapping[str, tuple[str, str]]


def read_vocabulary(classes: Path | str, codes: Path | str) -> Vocabulary:
    """Read the tables pathogenicity_classes and pathogenicity_codes.

    Raises:
        ResourceError: A table is absent or is not as it should be.
    """
    named_classes = facts.read(classes, ("class", "code", "direction", "strength", "source"))
    named_codes = facts.read(codes, ("code", "criterion", "strength", "source"))
    return Vocabulary(
        {row["class"]: (row["code"], row["direction"], row["strength"]) for row in named_classes},
        {row["code"]: (row["criterion"], row["strength"]) for row in named_codes},
    )


def of_variant(entry: Model, allele: str | None, words: Vocabulary) -> dict[str, Any]:
    """The statement of how pathogenic a variant is, by our points.

    Args:
        entry: An entry of the section `germline` or `germline_uncertain` of the report model.
        allele: Identifier of the variant's allele, if it has one.
        words: See `read_vocabulary`.

    Returns:
        A statement with an evidence line for each code. Where ClinVar decided what is reported, its
        class stands among the extensions.

    Raises:
        NotStatedError: No condition is known, or VA-Spec has no such code.
    """
    if not entry["condition"]:
        raise NotStatedError("the list of genes names no condition")
    code, direction, strength = words.classes[entry["class_by_points"]]
    made = acmg_2015.VariantPathogenicityStatement(
        id=entry["finding"],
        proposition=base.VariantPathogenicityProposition(
            subjectVariant=named(f"{entry['gene']} {entry['change']}", entry, allele),
            geneContextQualifier=of_gene(entry),
            alleleOriginQualifier=MappableConcept(name="germline"),
            objectCondition=MappableConcept(name=entry["condition"], conceptType="Disease"),
            modeOfInheritanceQualifier=MappableConcept(name=entry["inheritance_words"]),
        ),
        direction=direction,
        strength=coded(acmg_models.SYSTEM, strength) if strength else None,
        score=entry["points"],
        classification=coded(acmg_models.SYSTEM, code),
        specifiedBy=acmg_models.METHOD,
        hasEvidenceLines=[_line(line, words) for line in entry["ledger"]] or None,
        extensions=[Extension(name="decided_class", value=entry["class"])]
        + [
            Extension(name=name, value=entry[name])
            for name in _EXTENSIONS
            if entry[name] not in (None, [])
        ],
    )
    return as_json(made)


def _line(line: Model, words: Vocabulary) -> Any:
    if line["code"] not in words.codes:
        raise NotStatedError(f"VA-Spec has no criterion for {line['code']}")
    criterion, strength = words.codes[line["code"]]
    return acmg_2015.VariantPathogenicityEvidenceLine(
        id=line["finding"],
        description=line["evidence"],
        directionOfEvidenceProvided="disputes" if line["code"].startswith(_AGAINST) else "supports",
        strengthOfEvidenceProvided=coded(acmg_models.SYSTEM, strength),
        scoreOfEvidenceProvided=int(line["points"]),
        evidenceOutcome=coded(acmg_models.SYSTEM, criterion),
        specifiedBy=base.Method(
            methodType=criterion.partition("_")[0], reportedIn=acmg_models.METHOD.reportedIn
        ),
        extensions=[Extension(name="source", value=line["source"])],
    )
