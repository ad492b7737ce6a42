"""Genotypes, haplotypes and phenotypes of pharmacogenes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apothecary.fhir.making import Making, Reference, absent, joined
from apothecary.fhir.sites import add_sites

Model = Mapping[str, Any]


def add_pharmacogenes(making: Making, model: Model) -> dict[str, Reference]:
    """Add what was found of the pharmacogenes.

    A gene that was not called has a genotype without a value, with the reason, and no phenotype.

    Args:
        making: The bundle.
        model: The report model.

    Returns:
        The references of the genotypes by gene.
    """
    sites = {section["gene"]: add_sites(making, section) for section in model["sites"]}
    genotypes = {}
    for gene in model["genes"]:
        reference = _add_genotype(making, gene, sites.get(gene["gene"], {}))
        genotypes[gene["gene"]] = reference
        making.of_findings[gene["finding"]] = reference
        if gene["called"]:
            _add_phenotypes(making, gene, reference)
    for screen in model["tag_screens"]:
        _add_tag(making, screen)
    return genotypes


def _add_genotype(making: Making, gene: Model, sites: Mapping[str, list[Reference]]) -> Reference:
    name = gene["gene"]
    called = [one for one in gene["diplotypes"] if one["diplotype"]] if gene["called"] else []
    supporting = {site for one in called for site in one["supporting_sites"]}
    variants = [found for site in sorted(supporting & set(sites)) for found in sites[site]]
    haplotypes = _add_haplotypes(making, name, called) if len(called) == 1 else []
    value: dict[str, Any] = {"text": f"{name} {gene['diplotype_text']}"}
    if not gene["called"]:
        value["extension"] = [absent("unknown")]
    about = joined(
        (
            gene["functions_text"],
            f"activity score {gene['activity_text']}" if gene["activity_text"] else None,
            gene["posterior_text"],
            gene["credible_text"],
            gene["phase_words"],
            gene["method_text"],
            *gene["reasons"],
            *gene["warnings"],
        )
    )
    return making.observe(
        "genotype",
        [making.gene(name), making.conclusion(about)],
        valueCodeableConcept=value,
        derivedFrom=[*haplotypes, *variants],
    )


def _add_haplotypes(making: Making, gene: str, called: list[Model]) -> list[Reference]:
    alleles = (called[0]["allele_1"], called[0]["allele_2"])
    return [
        making.observe(
            "haplotype", [making.gene(gene)], valueCodeableConcept={"text": f"{gene} {allele}"}
        )
        for allele in dict.fromkeys(alleles)
        if allele
    ]


def _add_phenotypes(making: Making, gene: Model, genotype: Reference) -> None:
    """Add an implication for each phenotype of a gene, and for what medicines make of it."""
    told = {}
    for one in gene["phenotypes"]:
        if not one["phenotype"]:
            continue
        chance = f"posterior {one['posterior']}" if one["posterior"] is not None else None
        told[one["phenotype"], one["answer_code"]] = chance
        if one["converted_phenotype"]:
            context = joined(one["converted_by"], ", ")
            _add_implication(
                making,
                gene,
                genotype,
                {"text": one["converted_phenotype"]},
                joined((f"with {context}" if context else None, one["conversion_reason"])),
                context,
            )
    for (phenotype, code), chance in told.items():
        value = making.codes.phenotype(code, phenotype)
        _add_implication(making, gene, genotype, value, chance, None)


def _add_implication(
    making: Making,
    gene: Model,
    genotype: Reference,
    value: Mapping[str, Any],
    conclusion: str | None,
    context: str | None,
) -> None:
    making.observe(
        "therapeutic-implication",
        [
            making.gene(gene["gene"]),
            making.component("therapeutic_implication", dict(value)),
            making.text("phenotypic_context", context),
            making.conclusion(conclusion),
        ],
        derivedFrom=[genotype],
    )


def _add_tag(making: Making, screen: Model) -> None:
    """Add the screen of an HLA allele by a tag variant: seen, not seen, or not assessed."""
    making.of_findings[screen["finding"]] = making.observe(
        "variant",
        [
            making.gene(screen["allele"].split("*")[0]),
            making.component(
                "variation", making.codes.in_system("dbsnp", screen["rsid"], screen["rsid"])
            ),
            making.conclusion(
                joined((f"tag of {screen['allele']}", screen["state_words"], screen["reason"]))
            ),
        ],
        valueCodeableConcept=making.codes.answer("LL1971-2", screen["state"]),
    )
    if screen["state"] == "present":
        making.propose(
            "followup-recommendation",
            f"{screen['allele']}: {screen['state_words']}",
            making.codes.concept("followup.confirm"),
        )
