"""What a reader must know of the names of a tumor's variants."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from apothecary.oncogenes import phase
from apothecary.oncogenes.findings import Consequences

Row = Mapping[str, Any]


def conflicts(variants_rows: Iterable[Row], consequences: Consequences) -> str:
    """Where names of the input differ from those of the gene models; empty for nowhere.

    Args:
        variants_rows: Rows of the table `variants` of one sample.
        consequences: See `findings.by_locus`.
    """
    found: list[str] = []
    for variant in variants_rows:
        if variant["fate"] != "kept" or variant["allele_index"] == 0:
            continue
        chrom, pos = variant["chrom"], variant["pos"]
        place = (variant["build"], chrom, pos, variant["ref"], variant["alt"])
        for row in consequences.get(place, ()):
            if row["conflict"]:
                given = row["protein_change"] or row["hgvs_c"]
                found.append(
                    f"{row['gene']} {given} ({chrom}:{pos}, by the input's "
                    f"{row['method']}): {row['conflict']}"
                )
    return "; ".join(dict.fromkeys(found))


def neighbours(rows: Iterable[Row]) -> str:
    """What was joined, what lies in trans, and what is not known; empty for nothing.

    Args:
        rows: Rows of the table `neighbours` of one sample.
    """
    return "; ".join(dict.fromkeys(_told(row) for row in rows))


def _told(row: Row) -> str:
    pair = f"{row['gene']} {row['first_change']} and {row['second_change']}"
    by = f" ({row['phase_source']}: {row['reason']})" if row["phase_source"] else ""
    if row["joined"]:
        return f"{pair} lie on one molecule{by} and are read as {row['joined_change']}"
    if row["phase"] == phase.CIS:
        return f"{pair} are in cis{by}"
    if row["phase"] == phase.TRANS:
        return f"{pair} are in trans{by}"
    return f"whether {pair} are in cis or in trans is not known: {row['reason']}"
