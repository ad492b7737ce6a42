"""The facts of `resources/consequences` that naming goes by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from apothecary.oncogenes import decay, variant_classes
from apothecary.oncogenes.decay import Rules
from apothecary.oncogenes.variant_classes import VariantClass
from apothecary.pharmacogenes import facts


@dataclass(frozen=True)
class Facts:
    """What is read from the tables.

    Attributes:
        accessions: RefSeq accession of a chromosome, by build and chromosome.
        classes: Classes of variants that evidence names.
        plus_clinical: Transcripts (Ensembl and RefSeq, without version) that are MANE Plus
            Clinical.
        nmd: Rules of nonsense-mediated decay; None: not predicted.
    """

    accessions: Mapping[tuple[str, str], str] = field(default_factory=dict)
    classes: Sequence[VariantClass] = ()
    plus_clinical: frozenset[str] = frozenset()
    nmd: Rules | None = None


def read(paths: Iterable[Path | str]) -> Facts:
    """Read the tables.

    Args:
        paths: The tables chromosome_accessions, classes, mane_plus_clinical and nmd_rules.

    Raises:
        ResourceError: A table is absent or is not as it should be.
    """
    by_name = {Path(path).stem: path for path in paths}
    plus_clinical = by_name["mane_plus_clinical"]
    named = facts.read(plus_clinical, ("gene", "transcript", "refseq", "source"))
    return Facts(
        {
            (row["build"], row["chrom"]): row["accession"]
            for row in facts.read(
                by_name["chromosome_accessions"], ("build", "chrom", "accession", "source")
            )
        },
        variant_classes.of_rows(facts.read(by_name["classes"], variant_classes.COLUMNS)),
        frozenset(row[c].split(".")[0] for row in named for c in ("transcript", "refseq")),
        decay.rules_of(facts.read(by_name["nmd_rules"], decay.COLUMNS)),
    )
