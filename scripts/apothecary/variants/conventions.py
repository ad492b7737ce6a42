"""Where a caller writes depths and allele fractions: FORMAT and INFO tags, by the header.

`conventions.tsv` lists the tags that are known, in the order in which they are tried. A tag counts
only when the header declares it and what it requires; the user's own mapping comes before all.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from apothecary.errors import Problem, WorkflowInputError
from apothecary.variants.header import Header
from apothecary.variants.records import RecordBlock, is_number, number, whole_number

QUANTITIES = ("depth", "allele_depths", "vaf")
_USER_FORMS = {"depth": "count", "allele_depths": "each_allele", "vaf": "each_alt"}
DISAGREE = 0.25
"""Greatest difference between a stated allele fraction and the one of the allele depths."""


@dataclass(frozen=True)
class Convention:
    """One place where a quantity may stand.

    Attributes:
        quantity: depth, allele_depths or vaf.
        level: FORMAT or INFO.
        tag: Name of the field.
        form: How its values are read.
        requires: Another field, as level/tag, that must be declared; empty for none.
    """

    quantity: str
    level: str
    tag: str
    form: str
    requires: str


@cache
def known() -> tuple[Convention, ...]:
    """The conventions of `conventions.tsv`, in its order."""
    text = resources.files(__package__).joinpath("conventions.tsv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t")
    return tuple(
        Convention(r["quantity"], r["level"], r["tag"], r["form"], r["requires"]) for r in rows
    )


def of_header(header: Header, tags: Mapping[str, str] | None = None) -> tuple[Convention, ...]:
    """The conventions that apply to a file.

    Args:
        header: Its header.
        tags: The user's mapping, such as {"vaf": "INFO/TVAF"}.

    Returns:
        Conventions, those of the user first.

    Raises:
        WorkflowInputError: The mapping names a quantity or level that there is not.
    """
    chosen = []
    for quantity, place in sorted((tags or {}).items()):
        level, _, tag = place.partition("/")
        if quantity not in QUANTITIES or level not in ("FORMAT", "INFO") or not tag:
            right = f"one of {', '.join(QUANTITIES)}, as FORMAT/TAG or INFO/TAG"
            raise WorkflowInputError(Problem("config", f"{quantity}: {place}", right, field="tags"))
        chosen.append(Convention(quantity, level, tag, _USER_FORMS[quantity], ""))
    declared = {f"FORMAT/{t}" for t in header.formats} | {f"INFO/{t}" for t in header.info}
    for convention in known():
        place = f"{convention.level}/{convention.tag}"
        if place in declared and (not convention.requires or convention.requires in declared):
            chosen.append(convention)
    return tuple(chosen)


@dataclass(frozen=True)
class Evidence:
    """What the reads of one sample say at one record.

    Attributes:
        depth: Reads at the position.
        ref_depth: Reads of the reference allele.
        alt_depths: Reads of each alternate allele; empty when not given.
        vafs: Fraction of each alternate allele, 0 to 1; empty when not given.
        gq: Genotype quality, Phred.
        likelihoods: PL as in the file.
        broken: What is no number where one must stand, in words.
        remark: What was set aside, in words.
        disagree: That stated fraction and depths contradict each other, in words.
    """

    depth: int | None = None
    ref_depth: int | None = None
    alt_depths: tuple[int | None, ...] = ()
    vafs: tuple[float | None, ...] = ()
    gq: int | None = None
    likelihoods: str | None = None
    broken: str | None = None
    remark: str | None = None
    disagree: str | None = None


NO_EVIDENCE = Evidence()
_SHORT = 100
"""Characters of a list of counts below which none of its numbers is too great to be one."""


def evidence(
    block: RecordBlock,
    sample: int | None,
    conventions: tuple[Convention, ...],
    *,
    sole: bool,
) -> Evidence:
    """Read depths, allele fractions and qualities of one sample at one record.

    Args:
        block: The record.
        sample: Number of the sample among those of the block; None when the file has none.
        conventions: As `of_header` gives them.
        sole: Whether the file has one sample at most, so that INFO DP is its depth.

    Returns:
        The evidence; counts of alleles only where their number is that of the alleles.
    """
    values = _values(block, sample)
    broken = _broken(block, values)
    if broken:
        return Evidence(broken=broken)
    ref_depth, alt_depths, remark = _allele_depths(block, values, conventions)
    depth = whole_number(values.get("MIN_DP")) if block.is_reference_block else None
    if depth is None:
        depth = _depth(block, values, conventions)
    counted = [d for d in (ref_depth, *alt_depths) if d is not None]
    total = sum(counted)
    if depth is None and counted:
        depth = total
    if depth is None and sole:
        depth = whole_number(block.info_values.get("DP"))
    vafs, disagree = _fractions(_stated_vafs(block, values, conventions), alt_depths, total, depth)
    return Evidence(
        depth=depth,
        ref_depth=ref_depth,
        alt_depths=alt_depths,
        vafs=() if remark else vafs,
        gq=whole_number(values.get("GQ") or values.get("RGQ") or values.get("GQX")),
        likelihoods=values.get("PL"),
        remark=remark,
        disagree=disagree,
    )


def _values(block: RecordBlock, sample: int | None) -> dict[str, str]:
    if sample is None:
        return {}
    pairs = zip(block.format, block.values[sample].split(":"), strict=False)
    return {key: value for key, value in pairs if value not in (".", "")}


def _broken(block: RecordBlock, values: Mapping[str, str]) -> str | None:
    for key in ("DP", "GQ", "MIN_DP"):
        if not is_number(values.get(key)):
            return f"FORMAT {key} is {values[key][:20]!r}, not a number"
    for key in ("AD", "PL"):
        text = values.get(key, "")
        if _plain_counts(text):
            continue
        if any(not is_number(part) for part in text.split(",")):
            return f"FORMAT {key} holds a value that is not a number"
    if "DP=" in block.info and not is_number(block.info_values.get("DP")):
        return f"INFO DP is {block.info_values['DP'][:20]!r}, not a number"
    return None


def _plain_counts(text: str) -> bool:
    """Whether a list is of short whole numbers, as nearly all are: told at one look."""
    return len(text) < _SHORT and text.replace(",", "").isdecimal()


def _allele_depths(
    block: RecordBlock, values: Mapping[str, str], conventions: tuple[Convention, ...]
) -> tuple[int | None, tuple[int | None, ...], str | None]:
    remark = None
    for convention in conventions:
        if convention.quantity != "allele_depths":
            continue
        text = _text(convention, block, values)
        if text is None:
            continue
        found = _by_form(convention.form, text, block, values)
        if found is not None:
            return found[0], found[1], None
        if convention.form == "each_allele":
            given = text.count(",") + 1
            remark = (
                f"{convention.tag} has {given} value{'s' * (given != 1)} for "
                f"{len(block.alts) + 1} alleles and is taken as missing"
            )
    return None, (), remark


def _by_form(
    form: str, text: str, block: RecordBlock, values: Mapping[str, str]
) -> tuple[int | None, tuple[int | None, ...]] | None:
    name, _, other = form.partition(":")
    counts = [whole_number(part) for part in text.split(",")]
    alts = len(block.alts)
    if name == "each_allele":
        return (counts[0], tuple(counts[1:])) if len(counts) == alts + 1 else None
    if name == "tier_by_base":
        return _strelka_bases(block, values)
    beside = whole_number(values.get(other, "").split(",")[0])
    if name == "tier_with_ref":
        return beside, (counts[0],)
    if len(counts) != alts or (name == "alt_with_ref" and alts != 1) or beside is None:
        return None
    if name == "alts_with_total":
        return beside - sum(c or 0 for c in counts), tuple(counts)
    return beside, tuple(counts)


def _strelka_bases(
    block: RecordBlock, values: Mapping[str, str]
) -> tuple[int | None, tuple[int | None, ...]] | None:
    if len(block.ref) != 1 or any(len(alt) != 1 for alt in block.alts):
        return None
    of_base = {b: whole_number(values.get(f"{b}U", "").split(",")[0]) for b in "ACGT"}
    return of_base.get(block.ref), tuple(of_base.get(alt) for alt in block.alts)


def _depth(
    block: RecordBlock, values: Mapping[str, str], conventions: tuple[Convention, ...]
) -> int | None:
    for convention in conventions:
        if convention.quantity == "depth":
            text = _text(convention, block, values)
            depth = whole_number(text.split(",")[0] if text else None)
            if depth is not None:
                return depth
    return None


def _stated_vafs(
    block: RecordBlock, values: Mapping[str, str], conventions: tuple[Convention, ...]
) -> tuple[float | None, ...]:
    for convention in conventions:
        text = _text(convention, block, values) if convention.quantity == "vaf" else None
        if text is None:
            continue
        scale = 0.01 if convention.form == "percent" else 1.0
        found = [number(part.rstrip("%")) for part in text.split(",")]
        named = [a for a in block.alts if a not in ("<*>", "<NON_REF>")]
        if len(found) in (len(block.alts), len(named)):
            fractions = [None if f is None else f * scale for f in found]
            if all(f is None or 0 <= f <= 1 for f in fractions):
                return tuple(fractions)
    return ()


def _fractions(
    stated: tuple[float | None, ...],
    alt_depths: tuple[int | None, ...],
    total: int,
    depth: int | None,
) -> tuple[tuple[float | None, ...], str | None]:
    """Allele fractions from the counts, or as stated, and whether the two contradict each other.

    Some callers count no reference reads beside an indel, so a stated fraction may also be that of
    the depth.
    """
    if not alt_depths or not total:
        return stated, None
    counted = tuple(None if d is None else d / total for d in alt_depths)
    for at, (a, b) in enumerate(zip(stated, counted, strict=False)):
        if a is None or b is None or abs(a - b) <= DISAGREE:
            continue
        if depth and abs(a - (alt_depths[at] or 0) / depth) <= DISAGREE:
            return stated, None
        return counted, (
            f"the allele fraction {a:g} and the allele depths "
            f"{','.join('.' if d is None else str(d) for d in alt_depths)} of {total} "
            "contradict each other"
        )
    return counted, None


def _text(convention: Convention, block: RecordBlock, values: Mapping[str, str]) -> str | None:
    if convention.level == "FORMAT":
        return values.get(convention.tag)
    return block.info_values.get(convention.tag)
