"""Statements of VA-Spec on the evidence for a tumor's findings, and on their oncogenicity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ga4gh.cat_vrs import models as categorical
from ga4gh.core.models import Coding, Extension, MappableConcept, iriReference
from ga4gh.va_spec import aac_2017, base, ccv_2022
from ga4gh.va_spec.aac_2017 import models as aac_models
from ga4gh.va_spec.base import domain_entities
from ga4gh.va_spec.ccv_2022 import models as ccv_models

from apothecary.pharmacogenes import facts

Model = Mapping[str, Any]
_TIERS = ("I", "II", "III", "IV")
_GROUPS = {"combination": "AND", "substitutes": "OR"}
# Codes of oncogenicity begin with the strength that they have unless told otherwise.
_OWN_STRENGTH = {"VS": "very strong", "S": "strong", "M": "moderate", "P": "supporting"}
_AGAINST = "SB"
_EXTENSIONS = (
    "evidence_id", "source_id", "licence", "level", "source_level", "rating", "match",
    "tumor_match", "tier_reason", "escat", "escat_reason", "vetoed_by",
)  # fmt: skip


class NotStatedError(Exception):
    """The standard has no word for it; the message says what."""


@dataclass(frozen=True)
class Vocabulary:
    """How VA-Spec names effects and classes.

    Attributes:
        predicates: By type of evidence and effect.
        classes: Code, direction and strength (which may be empty) by class of oncogenicity.
    """

    predicates: Mapping[tuple[str, str], str]
    classes: Mapping[str, tuple[str, str, str]]


def read_vocabulary(predicates: Path | str, classes: Path | str) -> Vocabulary:
    """Read the tables predicates and oncogenicity_classes.

    Raises:
        ResourceError: A table is absent or is not as it should be.
    """
    found = facts.read(predicates, ("evidence_type", "effect", "predicate", "source"))
    codes = facts.read(classes, ("class", "code", "direction", "strength", "source"))
    return Vocabulary(
        {(row["evidence_type"], row["effect"]): row["predicate"] for row in found},
        {row["class"]: (row["code"], row["direction"], row["strength"]) for row in codes},
    )


def of_evidence(
    finding: Model, evidence: Model, allele: str | None, words: Vocabulary
) -> dict[str, Any]:
    """The statement of one evidence item of a finding.

    Args:
        finding: A finding of the section `tumor` of the report model.
        evidence: One of its evidence items.
        allele: Identifier of the finding's allele, if it has one.
        words: See `read_vocabulary`.

    Returns:
        A study statement, as the models of VA-Spec give it: with tier, direction, strength where
        the tier tells it, and the evidence.

    Raises:
        NotStatedError: It has no tier, or VA-Spec has no such statement.
    """
    kind, effect = evidence["evidence_type"] or "no", evidence["effect"] or ""
    if evidence["tier"] not in _TIERS:
        raise NotStatedError(f"no tier: {evidence['tier_reason']}")
    predicate = words.predicates.get((kind, effect.removeprefix("not_")))
    if predicate is None:
        raise NotStatedError(f"VA-Spec has no predicate for {kind} evidence, {effect or 'none'}")
    if not evidence["disease"]:
        raise NotStatedError("the evidence names no disease")
    statement, proposition = _KINDS[kind]
    condition = MappableConcept(name=evidence["disease"], conceptType="Disease")
    made = statement(
        id=evidence["finding"],
        proposition=proposition(
            predicate=predicate,
            subjectVariant=_variant(finding, evidence, allele),
            geneContextQualifier=of_gene(finding),
            alleleOriginQualifier=MappableConcept(name="somatic"),
            **_object(kind, evidence, condition),
        ),
        direction="disputes" if effect.startswith("not_") else "supports",
        strength=_strength(evidence),
        classification=coded(aac_models.SYSTEM, f"Tier {evidence['tier']}"),
        specifiedBy=aac_models.METHOD,
        reportedIn=_reported_in(evidence),
        extensions=[
            Extension(name=name, value=evidence[name])
            for name in _EXTENSIONS
            if evidence[name] not in (None, [])
        ],
    )
    return as_json(made)


def of_oncogenicity(
    entry: Model, identity: Model, allele: str | None, words: Vocabulary
) -> dict[str, Any]:
    """The statement of how oncogenic a variant is.

    Args:
        entry: An entry of the section `oncogenicity` of the report model.
        identity: Its section `identity`, for the type of the tumor.
        allele: Identifier of the variant's allele, if it has one.
        words: See `read_vocabulary`.

    Returns:
        A study statement with an evidence line for each code that counts.

    Raises:
        NotStatedError: The type of the tumor is not known.
    """
    if not identity["tumor_type"]:
        raise NotStatedError("the type of the tumor is not known")
    code, direction, strength = words.classes[entry["class"]]
    tumor = MappableConcept(
        name=identity["tumor_type_words"],
        conceptType="Disease",
        primaryCoding=Coding(system="OncoTree", code=identity["tumor_type"]),
    )
    made = ccv_2022.VariantOncogenicityStudyStatement(
        id=entry["finding"],
        proposition=base.VariantOncogenicityProposition(
            subjectVariant=named(f"{entry['gene']} {entry['change'] or ''}".strip(), entry, allele),
            geneContextQualifier=of_gene(entry),
            alleleOriginQualifier=MappableConcept(name="somatic"),
            objectTumorType=tumor,
        ),
        direction=direction,
        strength=coded(ccv_models.SYSTEM, strength) if strength else None,
        score=entry["points"],
        classification=coded(ccv_models.SYSTEM, code),
        specifiedBy=ccv_models.METHOD,
        hasEvidenceLines=[_line(line) for line in entry["ledger"] if line["status"] == "met"],
    )
    return as_json(made)


_KINDS: Mapping[str, tuple[Any, Any]] = {
    "predictive": (
        aac_2017.VariantTherapeuticResponseStudyStatement,
        base.VariantTherapeuticResponseProposition,
    ),
    "diagnostic": (aac_2017.VariantDiagnosticStudyStatement, base.VariantDiagnosticProposition),
    "prognostic": (aac_2017.VariantPrognosticStudyStatement, base.VariantPrognosticProposition),
}


def as_json(statement: Any) -> dict[str, Any]:
    """A statement as the models of VA-Spec give it, without what is not known."""
    made: dict[str, Any] = statement.model_dump(mode="json", exclude_none=True)
    return made


def coded(system: Any, code: str) -> Any:
    """A code of a system of VA-Spec."""
    return MappableConcept(primaryCoding=Coding(system=system.value, code=code))


def of_gene(entry: Model) -> Any:
    """The gene of an entry of the model."""
    return MappableConcept(name=entry["gene"], conceptType="Gene")


def _variant(finding: Model, evidence: Model, allele: str | None) -> Any:
    """The variants that the evidence is for: the change itself, or any of its gene."""
    name = evidence["molecular_profile"] or finding["alteration"]
    if evidence["match"] == "exact":
        return named(name, finding, allele)
    return categorical.CategoricalVariant(
        name=name, members=_members(allele), constraints=[_constraint(finding)]
    )


def named(name: str, entry: Model, allele: str | None) -> Any:
    """A variant by name, as its allele or, without one, as a change of its gene."""
    if allele is None:
        return categorical.CategoricalVariant(name=name, constraints=[_constraint(entry)])
    return categorical.CategoricalVariant(
        name=name,
        members=_members(allele),
        constraints=[categorical.DefiningAlleleConstraint(allele=iriReference(allele))],
    )


def _members(allele: str | None) -> list[Any] | None:
    return [iriReference(allele)] if allele else None


def _constraint(entry: Model) -> Any:
    return categorical.FeatureContextConstraint(featureContext=of_gene(entry))


def _object(kind: str, evidence: Model, condition: Any) -> dict[str, Any]:
    if kind != "predictive":
        return {"objectCondition": condition}
    if not evidence["therapies"]:
        raise NotStatedError("the evidence names no therapy")
    return {"objectTherapeutic": _therapeutic(evidence), "conditionQualifier": condition}


def _therapeutic(evidence: Model) -> Any:
    """A therapy, a group of them, or their text where the standard has no such group."""
    operator = _GROUPS.get((evidence["therapy_interaction"] or "").lower())
    if operator is None or len(evidence["therapies"]) == 1:
        return MappableConcept(name=evidence["therapies_text"], conceptType="Therapy")
    return domain_entities.TherapyGroup(
        membershipOperator=operator,
        therapies=[
            MappableConcept(name=name, conceptType="Therapy") for name in evidence["therapies"]
        ],
    )


def _strength(evidence: Model) -> Any:
    """The level of the guideline: of tier I, where levels A and B are the guideline's own."""
    if evidence["tier"] != "I" or evidence["level"] not in ("A", "B"):
        return None
    return coded(aac_models.SYSTEM, f"Level {evidence['level']}")


def _reported_in(evidence: Model) -> list[Any] | None:
    if not evidence["citation"]:
        return None
    citation = str(evidence["citation"])
    pmid = citation.removeprefix("PMID:") if citation.startswith("PMID:") else None
    urls = [evidence["link"]] if evidence["link"] else None
    return [base.Document(name=citation, pmid=pmid, urls=urls)]


def _line(line: Model) -> Any:
    code, strength = line["code"], line["strength"].replace("_", " ")
    against = code.startswith(_AGAINST)
    own = _OWN_STRENGTH[code.removeprefix(_AGAINST if against else "O").rstrip("0123456789")]
    outcome = code if strength == own else f"{code}_{strength.replace(' ', '_')}"
    return ccv_2022.VariantOncogenicityEvidenceLine(
        id=line["finding"],
        description=line["evidence"],
        directionOfEvidenceProvided="disputes" if against else "supports",
        strengthOfEvidenceProvided=coded(ccv_models.SYSTEM, strength),
        scoreOfEvidenceProvided=line["points"],
        evidenceOutcome=coded(ccv_models.SYSTEM, outcome),
        specifiedBy=base.Method(methodType=code, reportedIn=ccv_models.METHOD.reportedIn),
        hasEvidenceItems=[iriReference(name) for name in line["references"]] or None,
    )
