"""Findings of tumors: variants, what they do to the protein, and what was not found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from apothecary.fhir.evidence import add_evidence
from apothecary.fhir.making import Component, Making, Reference, joined, place
from apothecary.fhir.sites import position_parts

Model = Mapping[str, Any]


def add_tumor(making: Making, model: Model) -> None:
    """Add the findings of a tumor with their evidence, and what was looked for and not found.

    Args:
        making: The bundle.
        model: The report model.
    """
    tumor = model["tumor"]
    origins = {
        one["finding"].removeprefix("origin:"): one
        for one in model["tumor_analyses"]["variant_origins"]
    }
    copies = {one["gene"]: one for one in tumor["copy_number"]}
    classes = {
        one["finding"].removeprefix("oncogenicity:"): one
        for one in model["oncogenicity"]["variants"]
    }
    for finding in tumor["findings"]:
        name = finding["finding_id"]
        reference = _add_variant(making, finding, origins.get(name), copies)
        making.of_findings[name] = reference
        _add_consequence(making, finding, classes.get(f"{name}:{finding['gene']}"), reference)
        add_evidence(making, finding, reference)
    shown = {(one["finding_id"].split(":")[0], one["gene"]) for one in tumor["findings"]}
    for one in tumor["copy_number"]:
        if ("copy_number", one["gene"]) not in shown:
            making.of_findings[one["finding"]] = _add_copy_number(making, one)
    for one in tumor["fusions"]:
        if ("fusion", one["fusion"]) not in shown:
            making.of_findings[one["finding"]] = _add_fusion(making, one)
    told = {(one["position"], one["ref"], one["alt"]) for one in tumor["findings"]}
    for one in model["hotspots"]["found"]:
        if (one["position"], one["ref"], one["alt"]) not in told:
            making.of_findings[one["finding"]] = _add_hotspot(making, one)
    for negative in model["pertinent_negatives"]["biomarkers"]:
        _add_negative(making, negative)


def _add_variant(
    making: Making, finding: Model, origin: Model | None, copies: Mapping[str, Model]
) -> Reference:
    codes = making.codes
    is_copy_number = finding["finding_id"].startswith("copy_number:")
    components: list[Component | None] = [
        *(making.gene(gene) for gene in finding["gene"].split("::")),
        *place_of(making, finding),
        *hgvs(making, finding, genomic=True),
    ]
    components += called(making, finding)
    if is_copy_number and finding["gene"] in copies:
        total = copies[finding["gene"]]["total"]
        components.append(making.component("copy_number", _quantity(making, total), _QUANTITY))
    source = codes.answer("LL378-1", origin["status"]) if origin else None
    if source:
        components.append(making.component("source_class", source))
    depth = f"depth {finding['depth']}" if finding["depth"] is not None else None
    reason = origin["reason"] if origin else None
    said = (finding["alteration"], depth, finding["tier_words"], finding["tier_reason"], reason)
    components.append(making.conclusion(joined(said)))
    return making.observe(
        "variant", components, valueCodeableConcept=codes.answer("LL1971-2", "present")
    )


def called(making: Making, finding: Model) -> Iterable[Component]:
    """The bases of a change and the fraction of reads with it."""
    for use, value in (("ref", finding["ref"]), ("alt", finding["alt"])):
        if value:
            yield making.component(use, value, "valueString")
    if finding["vaf"] is not None:
        yield making.component("vaf", _quantity(making, finding["vaf"]), _QUANTITY)


_QUANTITY = "valueQuantity"


def _quantity(making: Making, value: float) -> Mapping[str, Any]:
    return {"value": value, **making.codes.uses["unit.fraction"]}


def place_of(making: Making, finding: Model) -> Iterable[Component]:
    """Where a change is; nothing for one without a place."""
    if not finding["position"]:
        return ()
    chrom, where = place(finding["position"], finding["ref"])
    return position_parts(making, chrom, where, making.build)


def hgvs(making: Making, finding: Model, *, genomic: bool) -> Iterable[Component]:
    """The names of a change; with the sequence that they are told on, where that is known."""
    codes = making.codes
    if genomic and finding["hgvs_g"] and finding["position"]:
        chrom = finding["position"].rpartition(":")[0]
        accession = codes.accessions.get((making.build, chrom))
        if accession:
            name = f"{accession}:{finding['hgvs_g']}"
            yield making.component("genomic_hgvs", codes.in_system("hgvs", name))
    transcript = finding["transcript"]
    if finding["hgvs_c"]:
        name = joined((transcript, finding["hgvs_c"]), ":") or ""
        yield making.component("coding_hgvs", codes.in_system("hgvs", name))
    if finding["hgvs_p"]:
        name = finding["hgvs_p"]
        yield making.component("protein_hgvs", codes.in_system("hgvs", name))
    if transcript:
        yield making.component("transcript", {"text": transcript})


def _add_copy_number(making: Making, one: Model) -> Reference:
    """Add a change of copy number that no evidence speaks of."""
    return making.observe(
        "variant",
        [
            making.gene(one["gene"]),
            making.component("copy_number", _quantity(making, one["total"]), _QUANTITY),
            making.conclusion(joined((one["state_words"], one["segment"]))),
        ],
        valueCodeableConcept=making.codes.answer("LL1971-2", "present"),
    )


def _add_fusion(making: Making, one: Model) -> Reference:
    """Add a fusion that no evidence speaks of."""
    reads = f"{one['reads']} reads" if one["reads"] is not None else None
    ends = joined((one["breakpoint_5prime"], one["breakpoint_3prime"]), " to ")
    return making.observe(
        "variant",
        [
            making.gene(one["gene_5prime"]),
            making.gene(one["gene_3prime"]),
            making.conclusion(joined((one["fusion"], ends, reads, one["frame"]))),
        ],
        valueCodeableConcept=making.codes.answer("LL1971-2", "present"),
    )


def _add_hotspot(making: Making, one: Model) -> Reference:
    """Add a known change that the reads show and the variant file lacks."""
    return making.observe(
        "variant",
        [
            making.gene(one["gene"]),
            *place_of(making, one),
            making.component("ref", one["ref"], "valueString"),
            making.component("alt", one["alt"], "valueString"),
            making.component("vaf", _quantity(making, one["vaf"]), _QUANTITY),
            making.conclusion(joined((one["change"], one["vaf_text"], one["strands_text"]))),
        ],
        valueCodeableConcept=making.codes.answer("LL1971-2", "present"),
    )


def _add_consequence(
    making: Making, finding: Model, judged: Model | None, variant: Reference
) -> None:
    """Add what a change does to the protein, and the class of its oncogenicity."""
    consequence = finding["consequence"]
    if not consequence and judged is None:
        return
    terms = [making.codes.known(f"consequence.{t}", t) for t in (consequence or "").split("&") if t]
    codes_met = f"{judged['points']} points: {', '.join(judged['codes'])}" if judged else None
    making.observe(
        "molecular-consequence",
        [
            *hgvs(making, finding, genomic=False),
            *(making.component("feature_consequence", term) for term in terms),
            making.text("clinical_significance", judged["class"] if judged else None),
            making.conclusion(codes_met),
        ],
        derivedFrom=[variant],
    )


def _add_negative(making: Making, negative: Model) -> None:
    """Add what was looked for: absent when it was not found, no call when it was not assessed."""
    terms = {"not_found": "absent", "not_assessable": "not_assessed"}
    term = terms.get(negative["status"])
    if term is None:
        return
    limit = negative["detection_limit"]
    making.of_findings[negative["finding"]] = making.observe(
        "variant",
        [
            making.conclusion(
                joined(
                    (
                        negative["molecular_profile"],
                        negative["status_words"],
                        negative["reason"],
                        f"detection limit {limit}" if limit is not None else None,
                    )
                )
            )
        ],
        valueCodeableConcept=making.codes.answer("LL1971-2", term),
    )
