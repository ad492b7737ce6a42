"""Tag variants of HLA alleles: a screen by linkage, and no typing.

A tag is a base that is inherited together with an HLA allele in the populations that it was tested
in. Its presence suggests the allele, its absence excludes nothing; it sets no phenotype.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apothecary.errors import Problem, ResourceError
from apothecary.pharmacogenes import facts

Row = dict[str, Any]

COLUMNS = (
    "rsid",
    "allele",
    "chrom",
    "pos",
    "pos_grch37",
    "ref",
    "base",
    "population",
    "tested",
    "sensitivity",
    "specificity",
    "ppv",
    "note",
    "coordinates",
    "source",
)
PRESENT = "present"
ABSENT = "absent"
NOT_ASSESSED = "not_assessed"


@dataclass(frozen=True)
class Tag:
    """A tag variant with the studies that tested it.

    Attributes:
        rsid: dbSNP identifier.
        allele: The HLA allele with its gene, such as HLA-B*57:01.
        chrom: Chromosome with chr.
        pos: 1-based position by build.
        ref: Reference base, the same in both builds.
        base: The base that goes with the allele, on the forward strand.
        studies: Population, figures and source of each study, in words.
    """

    rsid: str
    allele: str
    chrom: str
    pos: Mapping[str, int]
    ref: str
    base: str
    studies: tuple[str, ...]


def load(path: Path | str) -> tuple[Tag, ...]:
    """Read the tags.

    Args:
        path: The table, one row a tag and study.

    Raises:
        ResourceError: The table cannot be taken, or the rows of a tag disagree on its place.
    """
    places: dict[str, tuple[str, ...]] = {}
    studies: dict[str, list[str]] = defaultdict(list)
    for number, row in enumerate(facts.read(path, COLUMNS), start=2):
        place = tuple(row[name] for name in COLUMNS[1:7])
        if places.setdefault(row["rsid"], place) != place:
            found = f"{row['rsid']} at another place or for another allele"
            raise ResourceError(Problem(str(path), found, "one place a tag", row=number))
        studies[row["rsid"]].append(_study(row))
    return tuple(
        Tag(
            rsid,
            allele,
            chrom,
            {"GRCh38": int(pos), "GRCh37": int(pos_grch37)},
            ref,
            base,
            tuple(studies[rsid]),
        )
        for rsid, (allele, chrom, pos, pos_grch37, ref, base) in places.items()
    )


def _study(row: Mapping[str, str]) -> str:
    text = row["population"]
    text += f", {row['tested']} tested" if row["tested"] else ""
    figures = [
        f"{words} {row[name]} %"
        for name, words in (
            ("sensitivity", "sensitivity"),
            ("specificity", "specificity"),
            ("ppv", "positive predictive value"),
        )
        if row[name]
    ]
    parts = (text, ", ".join(figures), row["note"], row["source"])
    return "; ".join(part for part in parts if part)


def positions(tags: Iterable[Tag]) -> list[Row]:
    """The places of the tags, as the knowledge table pgx_positions has places.

    They are read under the consent for pharmacogenes.
    """
    return [
        {
            "chrom": tag.chrom,
            "pos": tag.pos["GRCh38"],
            "ref": tag.ref,
            "alts": [tag.base],
            "pos_grch37": tag.pos["GRCh37"],
            "ref_grch37": tag.ref,
        }
        for tag in tags
    ]


def screen(
    samples: Iterable[Mapping[str, Any]],
    variants: Iterable[Mapping[str, Any]],
    tags: Sequence[Tag],
) -> list[Row]:
    """Look for every tag in every sample.

    Args:
        samples: Rows of the table samples whose subjects consented to pharmacogenes.
        variants: Rows of the table variants.
        tags: The tags.

    Returns:
        Rows of the table tag_screens: one a sample and tag. What no passing record covers is not
        assessed, and never absent.
    """
    wanted = {(build, tag.chrom, pos): tag for tag in tags for build, pos in tag.pos.items()}
    seen: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for row in variants:
        for (build, chrom, pos), tag in wanted.items():
            if (row["build"], row["chrom"]) == (build, chrom) and _covers(row, pos):
                seen[row["sample_id"], tag.rsid].append(row)
    return [
        {
            "sample_id": sample["sample_id"],
            "allele": tag.allele,
            "rsid": tag.rsid,
            "base": tag.base,
            "studies": list(tag.studies),
            **_state(seen[sample["sample_id"], tag.rsid], tag),
        }
        for sample in samples
        for tag in tags
    ]


def _covers(row: Mapping[str, Any], pos: int) -> bool:
    return bool(row["pos"] <= pos <= (row["block_end"] or row["pos"]))


def _at(row: Mapping[str, Any], tag: Tag) -> bool:
    """Whether a record begins at the tag itself, so that its reference base is that of the tag."""
    return bool(row["pos"] == tag.pos[row["build"]])


def _state(rows: Sequence[Mapping[str, Any]], tag: Tag) -> Row:
    """State, copies and reason from the records that cover a tag."""
    passing = [row for row in rows if row["fate"] in ("kept", "reference")]
    if not passing:
        reasons = dict.fromkeys(str(row["reason"] or row["fate"]) for row in rows)
        return _row(NOT_ASSESSED, None, "; ".join(reasons) or "no record covers the position")
    if len({row["record"] for row in passing}) > 1:
        return _row(NOT_ASSESSED, None, "several records cover the position")
    other = next((r["ref"] for r in passing if _at(r, tag) and r["ref"][0] != tag.ref), None)
    if other:
        return _row(NOT_ASSESSED, None, f"the record's reference is {other}, and not {tag.ref}")
    alleles = str(passing[0]["genotype"]).replace("|", "/").split("/")
    if "." in alleles:
        return _row(NOT_ASSESSED, None, "the genotype is not whole")
    own = [r for r in passing if (r["ref"], r["alt"]) == (tag.ref, tag.base)]
    copies = sum(alleles.count(str(row["allele_index"])) for row in own)
    return _row(PRESENT if copies else ABSENT, copies, None)


def _row(state: str, copies: int | None, reason: str | None) -> Row:
    return {"state": state, "copies": copies, "reason": reason}
