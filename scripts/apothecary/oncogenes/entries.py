"""The column `annotation` of the table `variants`: entries of the input with their field names."""

from __future__ import annotations

from apothecary.oncogenes import snpeff

CSQ = "CSQ"
ANN = "ANN"
MAF = "MAF"


def decode(text: str) -> tuple[str, list[dict[str, str]]]:
    """Read an annotation.

    Args:
        text: `CSQ:`, `ANN:` or `MAF:`, the field names parted by |, a colon, and the entries
            parted by commas, with fields parted by |. ANN may leave the field names out.

    Returns:
        The kind, and each entry as its fields by name.

    Raises:
        ValueError: The text does not begin with a kind that is known.
    """
    kind, _, rest = text.partition(":")
    if kind not in (CSQ, ANN, MAF):
        raise ValueError(f"annotation of an unknown kind: {text[:40]!r}")
    head, _, body = rest.partition(":")
    names = head.split("|") if head else list(snpeff.FIELDS)
    return kind, [dict(zip(names, entry.split("|"), strict=False)) for entry in body.split(",")]
