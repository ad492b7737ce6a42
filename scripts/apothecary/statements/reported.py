"""The variants that a report names, each once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from apothecary.statements.alleles import Variant

Model = Mapping[str, Any]
_KNOWN_BUILD = "GRCh38"
"""Positions of pharmacogenes and of known variants are of this build, whatever the input's is."""


def variants(model: Model) -> dict[Variant, str]:
    """The variants of a report model with the name that it gives them, in its order.

    Args:
        model: The report model.
    """
    named: dict[Variant, str] = {}
    for variant, name in (*_of_tumor(model), *_of_germline(model), *_of_pharmacogenes(model)):
        named.setdefault(variant, name)
    return named


def of_entry(entry: Model, build: str) -> Variant | None:
    """The variant of an entry of the model; None for one without a place, such as a fusion.

    Args:
        entry: An entry with `position`, `ref` and `alt`.
        build: Build of the position.
    """
    if not (entry["position"] and entry["ref"] and entry["alt"]):
        return None
    chrom, pos = entry["position"].split(":")
    return Variant(build, chrom, int(pos), entry["ref"], entry["alt"])


def _of_tumor(model: Model) -> Iterator[tuple[Variant, str]]:
    build = model["identity"]["build"]
    for finding in model["tumor"]["findings"]:
        if variant := of_entry(finding, build):
            yield variant, finding["alteration"]
    for section, of in (("oncogenicity", "variants"), ("hotspots", "found")):
        for entry in model[section][of]:
            if variant := of_entry(entry, _KNOWN_BUILD if section == "hotspots" else build):
                yield variant, " ".join(filter(None, (entry["gene"], entry["change"])))


def _of_germline(model: Model) -> Iterator[tuple[Variant, str]]:
    for entry in (*model["germline"]["findings"], *model["germline_uncertain"]):
        if variant := of_entry(entry, model["identity"]["build"]):
            yield variant, f"{entry['gene']} {entry['change']}"


def _of_pharmacogenes(model: Model) -> Iterator[tuple[Variant, str]]:
    for gene in model["sites"]:
        for site in gene["variants"]:
            chrom, pos = site["position"].split(":")
            seen = dict.fromkeys(site["genotype"].replace("|", "/").split("/"))
            for alt in seen:
                if alt and alt != site["ref"]:
                    variant = Variant(_KNOWN_BUILD, chrom, int(pos), site["ref"], alt)
                    yield variant, " ".join(filter(None, (gene["gene"], site["rsid"])))
