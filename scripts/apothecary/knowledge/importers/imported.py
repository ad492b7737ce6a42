"""What the importers of evidence that users hold share: levels, and features as profiles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from apothecary.errors import Problem, ResourceError
from apothecary.knowledge.importers.upstream import Row, read_table

Levels = Mapping[tuple[str, str], str]


@dataclass
class Import:
    """What an importer read.

    Attributes:
        evidence: Rows of the table imported_evidence.
        approvals: Rows of the table imported_approvals.
        version: Version or date of the release, as the source gives it.
        left_out: How often something was not taken, by reason.
    """

    version: str = ""
    evidence: list[Row] = field(default_factory=list)
    approvals: list[Row] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)


def read_levels(path: Path | str) -> Levels:
    """Read the table of what each source's level is taken as.

    Args:
        path: Table with the columns source, source_level and level.

    Returns:
        Level A to E by source and its level.

    Raises:
        ResourceError: The file is not such a table.
    """
    rows = read_table(path, ("source", "source_level", "level"))
    return {(row["source"], row["source_level"]): row["level"] for row in rows}


def level(levels: Levels, source: str, given: str, file: Path | str) -> str:
    """What a level of a source is taken as.

    Raises:
        ResourceError: The source has a level that the table does not know.
    """
    found = levels.get((source, given))
    if found is None:
        known = ", ".join(sorted(name for of, name in levels if of == source))
        raise ResourceError(Problem(str(file), f"level {given!r}", f"one of {known}"))
    return found


def small_variant(gene: str, protein: str, coding: str, exon: str, kind: str) -> str | None:
    """The name of a profile of a small variant; None when what is told is no profile.

    Args:
        gene: Gene symbol.
        protein: HGVS p. name in one letter, or empty.
        coding: HGVS c. name, or empty.
        exon: Number of the exon, or empty.
        kind: Missense, Nonsense, Frameshift, Splice Site, Deletion, Insertion, or empty for any.
    """
    if not gene:
        return None
    if protein:
        return f"{gene} {protein.removeprefix('p.')}"
    if coding:
        return f"{gene} {coding}"
    if exon:
        in_exon = {
            "": "Mutation",
            "Deletion": "Deletion",
            "Insertion": "Insertion",
            "Frameshift": "Frameshift",
            "Splice Site": "Skipping Mutation",
        }
        return f"{gene} Exon {exon} {in_exon[kind]}" if kind in in_exon else None
    whole = {
        "": "Mutation",
        "Nonsense": "Truncating Mutation",
        "Frameshift": "Truncating Mutation",
        "Activating mutation": "Activating Mutation",
    }
    return f"{gene} {whole[kind]}" if kind in whole else None


def fusion(five: str, three: str, kind: str) -> str | None:
    """The name of a profile of a fusion or another rearrangement; None without a gene.

    Args:
        five: First gene.
        three: Second gene, empty for any.
        kind: Fusion, or another word for a rearrangement of which only one gene is told.
    """
    genes = [gene for gene in (five, three) if gene and gene != "v"]
    if len(genes) > 1:
        return f"{'::'.join(genes)} Fusion"
    if not genes:
        return None
    return f"{genes[0]} {'Fusion' if kind == 'Fusion' else 'Rearrangement'}"
