"""What speaks against reading the calls of a sample as somatic.

Germline calls lie at allele fractions of one half and one, and are known in populations; somatic
calls lie where purity, copy number and clonality put them. A sample that looks germline keeps its
findings, but no tier is given to them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from apothecary.oncogenes import naming_remarks
from apothecary.oncogenes.findings import Consequences
from apothecary.oncogenes.settings import Settings

WARN = "warn"
FAIL = "fail"
_HOMOZYGOUS = re.compile(r"([1-9]\d*)[/|]\1")


def assess(
    sample: Mapping[str, Any],
    variants_rows: Iterable[Mapping[str, Any]],
    consequences: Consequences,
    settings: Settings,
) -> list[dict[str, Any]]:
    """Judge the calls of a tumor.

    Args:
        sample: Its row of the table `samples`.
        variants_rows: Its rows of the table `variants`.
        consequences: See `findings.by_locus`.
        settings: Thresholds.

    Returns:
        Rows of the table `tumor_flags`, sorted by flag; none when nothing speaks against it.
    """
    kept = [v for v in variants_rows if v["fate"] == "kept" and v["allele_index"] > 0]
    found = [
        *_looks_germline(kept, settings),
        *_burden(sample, kept, settings),
        *_no_vaf(kept, settings),
        *_not_named(kept, consequences),
    ]
    if not sample["tumor_type"]:
        found.append(
            _flag(
                "no_tumor_type",
                WARN,
                None,
                "no tumor type is given: evidence of other tumor types cannot be told from that "
                "of this one",
            )
        )
    return sorted(
        ({"sample_id": sample["sample_id"], **flag} for flag in found), key=lambda f: f["flag"]
    )


def remarks(
    sample: Mapping[str, Any],
    variants: Sequence[Mapping[str, Any]],
    consequences: Consequences,
    neighbours_rows: Iterable[Mapping[str, Any]],
) -> list[dict[str, Any]]:
    """What should be known of the names of a tumor's variants, and of variants that lie together.

    Args:
        sample: A row of the table `samples`.
        variants: Rows of the table `variants` of the sample.
        consequences: See `findings.by_locus`.
        neighbours_rows: Rows of the table `neighbours` of the sample.

    Returns:
        Rows of the table `tumor_flags`, as warnings.
    """
    found = {
        "annotation_conflict": naming_remarks.conflicts(variants, consequences),
        "phase": naming_remarks.neighbours(neighbours_rows),
    }
    return [
        {"sample_id": sample["sample_id"], **_flag(flag, WARN, None, words)}
        for flag, words in found.items()
        if words
    ]


def _flag(flag: str, status: str, value: float | None, reason: str) -> dict[str, Any]:
    return {"flag": flag, "status": status, "value": value, "reason": reason}


def _looks_germline(kept: Sequence[Mapping[str, Any]], settings: Settings) -> list[dict[str, Any]]:
    if len(kept) < settings.germline_flag_min_variants:
        return []
    known = _share((v.get("population_af") or 0) >= settings.germline_known_frequency for v in kept)
    numbered = _share(bool(re.search(r"\brs\d", v.get("rsid") or "")) for v in kept)
    fractions = [v["vaf"] for v in kept if v.get("vaf") is not None]
    width = settings.germline_peak_width
    enough = len(fractions) >= settings.germline_flag_min_variants
    peaks = _share(abs(f - 0.5) <= width or f >= 1 - width for f in fractions) if enough else None
    homozygous = (
        _share(f >= 1 - width for f in fractions)
        if enough
        else _share(bool(_HOMOZYGOUS.fullmatch(v["genotype"])) for v in kept)
    )
    seen = []
    if peaks is not None:
        seen.append(f"{peaks:.0%} of the allele fractions lie near 0.5 or 1")
    seen.append(f"{homozygous:.0%} of the variants are homozygous or nearly so")
    seen.append(f"{known:.0%} are known in populations, {numbered:.0%} have an rs number")
    words = f"of {len(kept)} variants, " + ", ".join(seen)
    two_peaks = (
        peaks is not None
        and peaks >= settings.germline_peak_fail
        and homozygous >= settings.germline_homozygous_fail
    )
    genotypes = not enough and homozygous >= settings.germline_homozygous_fail
    if two_peaks or genotypes or known >= settings.germline_flag_max_known_fraction:
        value = peaks if two_peaks else max(known, homozygous)
        return [
            _flag(
                "looks_germline",
                FAIL,
                value,
                f"the calls look like germline calls, not somatic ones: {words}; no tier is given",
            )
        ]
    doubtful = (peaks or 0) >= settings.germline_peak_warn or known >= settings.germline_known_warn
    if doubtful:
        return [
            _flag(
                "looks_germline",
                WARN,
                max(peaks or 0, known),
                f"germline variants may be among the calls: {words}",
            )
        ]
    return []


def _share(answers: Iterable[bool]) -> float:
    values = list(answers)
    return sum(values) / len(values) if values else 0.0


def _burden(
    sample: Mapping[str, Any], kept: Sequence[Mapping[str, Any]], settings: Settings
) -> list[dict[str, Any]]:
    sizes = {"genome": settings.genome_megabases, "exome": settings.exome_megabases}
    size = sizes.get(sample["assay"])
    if size is None or len(kept) / size <= settings.burden_warn:
        return []
    burden = len(kept) / size
    return [
        _flag(
            "high_burden",
            WARN,
            burden,
            f"{burden:.0f} variants a megabase of the {sample['assay']} ({size:g} Mb): more than "
            "somatic calls give as a rule",
        )
    ]


def _no_vaf(kept: Sequence[Mapping[str, Any]], settings: Settings) -> list[dict[str, Any]]:
    missing = _share(v.get("vaf") is None for v in kept)
    if missing < settings.missing_fraction_warn or not kept:
        return []
    return [
        _flag(
            "no_vaf",
            WARN,
            missing,
            f"{missing:.0%} of the variants have no allele fraction: whether the calls are "
            "somatic cannot be judged by it",
        )
    ]


def _not_named(
    kept: Sequence[Mapping[str, Any]], consequences: Consequences
) -> list[dict[str, Any]]:
    """Variants of a build that nothing names: none of their evidence can be found."""
    other = [v for v in kept if v["build"] != "GRCh38"]
    unnamed = [
        v
        for v in other
        if all(
            row["method"] == "not_named"
            for row in consequences.get((v["build"], v["chrom"], v["pos"], v["ref"], v["alt"]), ())
        )
    ]
    if not unnamed:
        return []
    return [
        _flag(
            "build_not_named",
            WARN,
            len(unnamed) / len(kept),
            f"{len(unnamed)} of {len(kept)} variants are on {unnamed[0]['build']} and nothing in "
            "the input names them: evidence for them was not looked up",
        )
    ]
