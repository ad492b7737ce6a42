"""Frequencies of common exonic variants in 1000 Genomes, counted on the genotypes in peddy.

peddy carries the genotypes of 2,504 persons of phase 3 at about 24,000 places of exons, as called
on GRCh37, and the places in both builds. Where the builds do not have the same two alleles in the
same order the counts are of the other allele; such places are left out, and those that were not
called.
"""

from __future__ import annotations

import gzip
import tarfile
import zlib
from pathlib import Path

import numpy as np

from apothecary.errors import Problem, ResourceError
from apothecary.knowledge.importers.upstream import Row

_MEMBERS = ("GRCH37.sites", "GRCH38.sites", "GRCH38.sites.bin.gz")
_PERSONS = 2504
_CALLED = 2


def import_peddy(path: Path | str, source_id: str, least: float) -> dict[str, list[Row]]:
    """Count the alternate alleles.

    The frequency is that of all persons, so it is never above that of the population in which the
    variant is most frequent.

    Args:
        path: Source archive of peddy.
        source_id: Source of every row.
        least: Frequency above which a variant is taken.

    Returns:
        Rows of the table population_frequencies.

    Raises:
        ResourceError: The archive lacks a file, or its files do not fit each other.
    """
    older, newer, packed = _read(path)
    places = [
        (line.split(":"), former.split(":"))
        for former, line in zip(
            older.decode("ascii").split(), newer.decode("ascii").split(), strict=False
        )
    ]
    genotypes = np.frombuffer(packed, dtype=np.uint8)
    of_four = all(len(now) == len(before) == 4 for now, before in places)
    if genotypes.size != len(places) * _PERSONS or not of_four or genotypes.max() > _CALLED:
        right = f"chrom:pos:ref:alt and counts of {_PERSONS} persons a place are needed"
        raise ResourceError(Problem(str(path), "places and genotypes do not fit", right))
    sums = genotypes.reshape(len(places), _PERSONS).sum(axis=1, dtype=np.int64)
    rows = []
    for (now, before), count in zip(places, sums.tolist(), strict=True):
        frequency = count / (2 * _PERSONS)
        if now[2:] == before[2:] and frequency > least:
            rows.append(
                {
                    "chrom": f"chr{now[0]}",
                    "pos": int(now[1]),
                    "ref": now[2],
                    "alt": now[3],
                    "frequency": round(frequency, 4),
                    "source_id": source_id,
                }
            )
    return {"population_frequencies": rows}


def _read(path: Path | str) -> tuple[bytes, bytes, bytes]:
    """Places in GRCh37 and in GRCh38, and the genotypes."""
    found = []
    try:
        with tarfile.open(path) as archive:
            for member in _MEMBERS:
                name = next(one for one in archive.getnames() if one.endswith(f"/peddy/{member}"))
                stream = archive.extractfile(name)
                content = stream.read() if stream else b""
                found.append(gzip.decompress(content) if member.endswith(".gz") else content)
    except (OSError, EOFError, StopIteration, tarfile.TarError, zlib.error) as error:
        raise ResourceError(
            Problem(str(path), f"not the files of peddy ({error})", "its source archive")
        ) from error
    return found[0], found[1], found[2]
