"""Alleles of a tumor that its normal carries: inherited, and told only with consent to them.

A person who agreed to the analysis of a tumor has not agreed to germline findings. What the normal
carries is counted and leaves neither gene nor position, but where the person agreed to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from apothecary.calling import files, statistics
from apothecary.calling.support import Support
from apothecary.calling.targets import Span
from apothecary.consent import granted_scopes
from apothecary.knowledge.pack import Pack
from apothecary.variants import alleles, contigs, scopes
from apothecary.variants.header import WITHHELD_RECORDS
from apothecary.variants.regions import Regions


def allowed(
    tumor: Mapping[str, Any], consent: Iterable[Mapping[str, Any]], pack: Pack, build: str
) -> Regions:
    """Where the subject of a tumor agreed to germline findings.

    Args:
        tumor: A row of the table samples.
        consent: Rows of the table consent.
        pack: The knowledge pack.
        build: Build of the alignment.

    Returns:
        What the subject's normal may be read for.
    """
    return scopes.regions(
        granted_scopes({**tumor, "role": "normal"}, consent),
        (),
        pack.rows("pgx_positions"),
        pack.rows("gene_regions"),
        pack.rows("germline_genes"),
    )[build]


def carried(normal: Support, least: float) -> bool:
    """Whether the normal carries an allele that it shows beyond errors.

    Tumor cells in the normal show an allele too, but at a fraction that lies surely below that of
    a heterozygote.

    Args:
        normal: The support of the allele in the normal.
        least: Allele fraction from which an allele is taken for inherited; the upper bound of the
            interval of the fraction is held against it.
    """
    return statistics.wilson(normal.alt_depth, normal.depth)[1] >= least


def place(row: Mapping[str, Any]) -> tuple[str, int, str, str]:
    """The change that a row of the table hotspot_evidence is of."""
    return row["chrom"], row["pos"], row["ref"], row["alt"]


def told_hotspots(
    rows: Iterable[dict[str, Any]],
    normal: Iterable[Mapping[str, Any]],
    permitted: Regions,
    alpha: float,
    least: float,
) -> list[dict[str, Any]]:
    """The evidence at known variants without what the normal carries and may not be told.

    Args:
        rows: Rows of the table hotspot_evidence of the tumor.
        normal: The same of the normal, at the variants that the tumor has.
        permitted: Where germline findings may be told.
        alpha: Probability of the counts in the normal by errors, below which it shows a variant.
        least: Allele fraction from which an allele is taken for inherited.

    Returns:
        The rows; one that the normal carries and that may be told says so.
    """
    inherited = {
        place(row)
        for row in normal
        if row["alt_depth"] and row["p_value"] < alpha and row["vaf_high"] >= least
    }
    told = []
    for row in rows:
        if place(row) not in inherited:
            told.append(row)
        elif permitted.overlaps(row["chrom"], row["input_pos"], row["input_pos"]):
            remarks = filter(None, (row["reason"], "the normal carries it: inherited"))
            told.append({**row, "reason": "; ".join(remarks)})
    return told


def span(chrom: str, pos: int, ref: str) -> Span:
    """Where a change lies."""
    return chrom, pos, pos + len(ref) - 1


def header_line(withheld: int) -> str:
    """The line of a VCF's header that counts what was left out."""
    return f"{WITHHELD_RECORDS}{withheld}"


def withhold(path: Path | str, normal: str, permitted: Regions, least: float) -> None:
    """Take out of a VCF what its normal carries and the person did not agree to.

    For the files of external callers, which know nothing of consent.

    Args:
        path: The VCF, bgzipped; it is written anew, with its index.
        normal: Name of the normal's column.
        permitted: Where germline findings may be told.
        least: Share of the normal's reads from which an allele is taken for inherited.
    """
    import pysam

    with pysam.BGZFile(str(path), "rb", None) as packed:
        lines = [line.decode() for line in packed]
    head = [line for line in lines if line.startswith("#")]
    column = head[-1].split("\t").index(normal)
    records = [line + "\n" for line in lines[len(head) :]]
    kept = list(_kept(records, column, permitted, least))
    head[-1:] = [header_line(len(records) - len(kept)), head[-1]]
    files.write(path, head, kept)


def _kept(records: Iterable[str], column: int, permitted: Regions, least: float) -> Iterator[str]:
    for line in records:
        fields = line.rstrip("\n").split("\t")
        chrom = contigs.canonical(fields[0]) or fields[0]
        place = span(chrom, int(fields[1]), fields[3])
        values = dict(zip(fields[8].split(":"), fields[column].split(":"), strict=False))
        if permitted.overlaps(*place) or not _shows(values, least):
            yield line


def _shows(values: Mapping[str, str], least: float) -> bool:
    """Whether the fields of a sample's column show an alternate allele."""
    if any(alleles.genotype(values.get("GT", ".")).alleles):
        return True
    depths = [int(text) for text in values.get("AD", "").split(",") if text.isdecimal()]
    return len(depths) > 1 and max(depths[1:]) >= max(2.0, least * sum(depths))
