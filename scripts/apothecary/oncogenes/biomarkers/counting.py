"""Which variants of a tumor count towards a biomarker, and what they do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apothecary.oncogenes import proteins
from apothecary.oncogenes.findings import ALTERING_TERMS, Consequences
from apothecary.variants import alleles

Row = Mapping[str, Any]

ALTERING = "altering"
MISSENSE = "missense"
SYNONYMOUS = "synonymous"
OTHER = "other"
UNNAMED = "unnamed"
_NONE = "-"
_UNKNOWN = "N"
_LOCUS = "locus"
_RANK = (ALTERING, MISSENSE, SYNONYMOUS, OTHER, UNNAMED)
_SYNONYMOUS_TERMS = frozenset(
    {"synonymous_variant", "stop_retained_variant", "start_retained_variant"}
)


@dataclass(frozen=True)
class Counted:
    """The variants of a tumor that count.

    Attributes:
        variants: Rows of the table variants, each locus once, sorted.
        left_out: How many did not count, by why, in words.
    """

    variants: Sequence[Row]
    left_out: Mapping[str, int]

    @property
    def told(self) -> str:
        """What was left out, in words."""
        return ", ".join(f"{count} {why}" for why, count in self.left_out.items() if count)


def somatic(variants_rows: Iterable[Row], settings: Mapping[str, Any]) -> Counted:
    """The kept small variants that are taken for somatic.

    Args:
        variants_rows: Rows of the table variants of one tumor.
        settings: The part `biomarkers.counted` of the configuration. A value that the file does
            not give does not leave a variant out.
    """
    left_out = dict.fromkeys(("no small variant", "low in fraction or depth", "in populations"), 0)
    kept: dict[tuple[str, str, int, str, str], Row] = {}
    for row in variants_rows:
        if row["fate"] != "kept" or row["allele_index"] < 1:
            continue
        if not all(
            allele == _NONE or alleles.is_bases(allele) for allele in (row["ref"], row["alt"])
        ):
            left_out["no small variant"] += 1
        elif _below(row.get("vaf"), settings["min_vaf"]) or _below(
            row.get("depth"), settings["min_depth"]
        ):
            left_out["low in fraction or depth"] += 1
        elif (row.get("population_af") or 0.0) >= settings["max_population_frequency"]:
            left_out["in populations"] += 1
        else:
            kept.setdefault(locus(row), _anchored(row))
    return Counted([kept[key] for key in sorted(kept)], left_out)


def locus(variant: Row) -> tuple[str, str, int, str, str]:
    """The key of `findings.by_locus`, of a row as it is in the table or as it counts."""
    given: tuple[str, str, int, str, str] | None = variant.get(_LOCUS)
    build, chrom, pos = variant["build"], variant["chrom"], variant["pos"]
    return given or (build, chrom, pos, variant["ref"], variant["alt"])


def _anchored(row: Row) -> Row:
    """An indel that a MAF spells with a dash, with an unknown base before it."""
    if _NONE not in (row["ref"], row["alt"]):
        return row
    ref, alt = (_UNKNOWN + row[side].replace(_NONE, "") for side in ("ref", "alt"))
    return {**row, "ref": ref, "alt": alt, _LOCUS: locus(row)}


def _below(value: float | None, least: float | None) -> bool:
    return value is not None and least is not None and value < least


def effect(variant: Row, consequences: Consequences) -> str:
    """What a variant does to proteins: the weightiest of its effects.

    The MANE Select transcripts of a gene stand for it where there are any.

    Args:
        variant: Row of the table variants.
        consequences: See `findings.by_locus`.

    Returns:
        altering (but for missense), missense, synonymous, other, or unnamed where nothing tells.
    """
    named = [row for row in consequences.get(locus(variant), ()) if row["method"] != "not_named"]
    mane = {row["gene"] for row in named if row["mane"]}
    chosen = [row for row in named if row["mane"] or row["gene"] not in mane]
    return min((_effect(row) for row in chosen), key=_RANK.index, default=UNNAMED)


def _effect(row: Row) -> str:
    terms = frozenset((row["consequence"] or "").split("&")) - {""}
    if terms & (ALTERING_TERMS - {"missense_variant"}):
        return ALTERING
    if "missense_variant" in terms:
        return MISSENSE
    if terms & _SYNONYMOUS_TERMS:
        return SYNONYMOUS
    if terms:
        return OTHER
    change = proteins.parse(row["protein_change"]) if row["protein_change"] else None
    if change is None:
        return UNNAMED
    kinds = {proteins.SYNONYMOUS: SYNONYMOUS, proteins.SUBSTITUTION: MISSENSE}
    return kinds.get(change.kind, ALTERING)
