"""The alleles and statements of a report, as one JSON document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apothecary.statements import alleles, evidence, pathogenicity, reported
from apothecary.variants.reference import Reference

Model = Mapping[str, Any]


@dataclass(frozen=True)
class Source:
    """What statements are made with.

    Attributes:
        accessions: See `alleles.read_accessions`.
        words: See `evidence.read_vocabulary`.
        germline: See `pathogenicity.read_vocabulary`.
        references: Source of reference bases by build; a build may be absent.
    """

    accessions: alleles.Accessions
    words: evidence.Vocabulary
    germline: pathogenicity.Vocabulary
    references: Mapping[str, Reference]


def build(model: Model, source: Source) -> dict[str, Any]:
    """The statements of one report.

    Args:
        model: The report model. A sample that failed has the reason, and no allele or statement.
        source: What they are made with.

    Returns:
        `alleles`: every variant that the report names, with its allele of VRS or why it has none.
        `statements`: of VA-Spec, by finding. `not_stated`: evidence that VA-Spec has no statement
        for, with the reason. `flags` and `not_assessed` say what they are to be read with.
    """
    identity = model["identity"]
    made = {
        variant: (
            name,
            alleles.make(variant, source.accessions, source.references.get(variant.build)),
        )
        for variant, name in reported.variants(model).items()
    }
    statements, not_stated = _statements(model, made, source)
    return {
        "sample_id": identity["sample_id"],
        "build": identity["build"],
        "status": model["status"],
        "failure": model["failure"],
        "software": identity["software"],
        "knowledge_digest": identity["knowledge_digest"],
        "flags": [{"flag": flag["flag"], "reason": flag["reason"]} for flag in model["flags"]],
        "not_assessed": [
            entry["reason"]
            for part in ("steps", "withheld")
            for entry in model["not_assessed"][part]
        ],
        "alleles": [_entry(variant, *what) for variant, what in made.items()],
        "statements": statements,
        "not_stated": not_stated,
    }


def _entry(variant: alleles.Variant, name: str, made: alleles.Made) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "variant": f"{variant.chrom}:{variant.pos}:{variant.ref}:{variant.alt}",
        "build": variant.build,
        "name": name,
    }
    return entry | ({"allele": made.allele} if made.allele else {"no_identifier": made.reason})


def _statements(
    model: Model, made: Mapping[alleles.Variant, tuple[str, alleles.Made]], source: Source
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    identity = model["identity"]
    statements, not_stated = [], []

    def allele(entry: Model) -> str | None:
        variant = reported.of_entry(entry, identity["build"])
        return made[variant][1].identifier if variant else None

    for finding in model["tumor"]["findings"]:
        for item in finding["evidence"]:
            try:
                found = evidence.of_evidence(finding, item, allele(finding), source.words)
                statements.append(found)
            except evidence.NotStatedError as error:
                not_stated.append({"finding": item["finding"], "reason": str(error)})
    for entry in (*model["germline"]["findings"], *model["germline_uncertain"]):
        try:
            found = pathogenicity.of_variant(entry, allele(entry), source.germline)
            statements.append(found)
        except evidence.NotStatedError as error:
            not_stated.append({"finding": entry["finding"], "reason": str(error)})
    for entry in model["oncogenicity"]["variants"]:
        try:
            found = evidence.of_oncogenicity(entry, identity, allele(entry), source.words)
            statements.append(found)
        except evidence.NotStatedError as error:
            not_stated.append({"finding": entry["finding"], "reason": str(error)})
    return statements, not_stated
