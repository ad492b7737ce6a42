"""Tag variants of HLA alleles in a report: a screen, apart from every call."""

from __future__ import annotations

from typing import Any

from apothecary.reports.context import Context, SampleTables


def tag_screens(tables: SampleTables, shared: Context) -> list[dict[str, Any]]:
    """What the tags suggest, each with the studies that tested it.

    Args:
        tables: The rows of the sample.
        shared: What every report of the run shares.

    Returns:
        The section `tag_screens` of the report model, by allele.
    """
    words = shared.words
    return [
        {
            "finding": f"tag_screen:{row['allele']}:{row['rsid']}",
            "allele": row["allele"],
            "rsid": row["rsid"],
            "base": row["base"],
            "state": row["state"],
            "state_words": words.term("tag_state", row["state"]),
            "copies": row["copies"],
            "reason": row["reason"],
            "studies": list(row["studies"]),
        }
        for row in sorted(tables.rows("tag_screens"), key=lambda r: (r["allele"], r["rsid"]))
    ]
