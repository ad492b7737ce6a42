"""Variants of pharmacogenes, and which of them lie on one chromosome copy."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from apothecary.fhir.making import Making, Reference, place

# The positions of the definitions are of this build, whatever build the input is.
BUILD = "GRCh38"
_COPIES = 2


@dataclass(frozen=True)
class _Seen:
    """A variant that was added.

    Attributes:
        reference: The reference to it.
        copy: The copy of the chromosome that carries it, 0 or 1; None where that is not known.
        phase: What phases compare with each other.
    """

    reference: Reference
    copy: int | None
    phase: tuple[str, str | None, str | None]


def add_sites(making: Making, section: Mapping[str, Any]) -> dict[str, list[Reference]]:
    """Add the variants of a gene and the phase of neighbours among them.

    Args:
        making: The bundle.
        section: A gene of the section `sites` of the report model.

    Returns:
        References of the variants by position_id.
    """
    by_position: dict[str, list[Reference]] = {}
    seen: list[_Seen] = []
    for variant in section["variants"]:
        added = list(_add_variant(making, section["gene"], variant))
        by_position[variant["position_id"]] = [one.reference for one in added]
        seen += added
    for first, second in itertools.pairwise(seen):
        if first.copy is None or second.copy is None or first.phase != second.phase:
            continue
        relation = "Cis" if first.copy == second.copy else "Trans"
        making.observe(
            "sequence-phase-relationship",
            [making.gene(section["gene"])],
            valueCodeableConcept=making.codes.concept(f"phase.{relation}"),
            derivedFrom=[first.reference, second.reference],
        )
    return by_position


def _add_variant(making: Making, gene: str, variant: Mapping[str, Any]) -> Iterator[_Seen]:
    alleles = re.split(r"[|/]", variant["genotype"])
    others = [allele for allele in dict.fromkeys(alleles) if allele != variant["ref"]]
    chrom, where = place(variant["position"], variant["ref"])
    codes = making.codes
    for alt in others:
        state = _state(alleles, alt)
        components = [
            making.gene(gene),
            *position_parts(making, chrom, where, BUILD),
            making.component("ref", variant["ref"], "valueString"),
            making.component("alt", alt, "valueString"),
            making.component("allelic_state", codes.answer("LL381-5", state)),
            making.component("source_class", codes.answer("LL378-1", "germline")),
        ]
        if variant["rsid"]:
            value = codes.in_system("dbsnp", variant["rsid"], variant["rsid"])
            components.append(making.component("variation", value))
        reference = making.observe(
            "variant", components, valueCodeableConcept=codes.answer("LL1971-2", "present")
        )
        phased = "|" in variant["genotype"] and len(alleles) == _COPIES and alleles.count(alt) == 1
        phase = (chrom, variant["phase_set"], variant["phase_source"])
        yield _Seen(reference, alleles.index(alt) if phased else None, phase)


def position_parts(
    making: Making, chrom: str, where: Mapping[str, Any], build: str
) -> list[dict[str, Any]]:
    """The components that tell where a variant is.

    Args:
        making: The bundle.
        chrom: The chromosome.
        where: The 1-based range.
        build: Genome build.
    """
    codes = making.codes
    answers = {
        "build": codes.answer("LL1040-6", build),
        "chromosome": codes.answer("LL2938-0", chrom),
        "coordinate_system": codes.answer("LL5323-2", "one_based"),
    }
    parts = [making.component(use, value) for use, value in answers.items() if value]
    accession = codes.accessions.get((build, chrom))
    if accession:
        value = codes.in_system("refseq", accession)
        parts.append(making.component("genomic_ref_seq", value))
    return [*parts, making.component("start_end", dict(where), "valueRange")]


def _state(alleles: list[str], alt: str) -> str:
    if len(alleles) == 1:
        return "hemizygous"
    return "homozygous" if set(alleles) == {alt} else "heterozygous"
