"""Germline variants of the genes that persons agreed to: class, inheritance, and what is reported.

The codes are those of the ACMG and AMP as points; see docs/germline.md for what each asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from apothecary import selection
from apothecary.germline import (
    clinvar,
    criteria,
    evidence,
    frequencies,
    genes,
    inheritance,
    null_variants,
    rows,
    rules,
    subjects,
    zygosity,
)
from apothecary.germline.evidence import Known
from apothecary.germline.genes import Places
from apothecary.germline.inheritance import Hit, Lists
from apothecary.germline.rows import Judged
from apothecary.germline.rules import Rules
from apothecary.germline.settings import Settings
from apothecary.oncogenes import consequences, entries, findings
from apothecary.oncogenes.consequence_facts import Facts
from apothecary.oncogenes.consequences import Knowledge
from apothecary.oncogenes.sop import hotspots, loci, predictions
from apothecary.oncogenes.sop.subject import Locus

Row = dict[str, Any]
_FATES = frozenset({"kept", "filtered"})


@dataclass(frozen=True)
class Batch:
    """What is known of the samples of a batch.

    Attributes:
        samples: Rows of the table samples that were read.
        consent: Rows of the table consent.
        variants: Rows of the table variants.
    """

    samples: list[Row]
    consent: list[Row]
    variants: list[Row]


def classify(
    batch: Batch,
    pack: Knowledge,
    tables: Mapping[str, Path | str],
    facts: Facts,
    config: Mapping[str, Any],
    work_folder: Path | str,
) -> Iterator[Row]:
    """Classify the variants of a batch in the genes that their persons agreed to.

    Args:
        batch: Samples, consent and variants.
        pack: The knowledge pack.
        tables: Files by the names of `names.GERMLINE_TABLES` and `names.SCORE_TABLES`.
        facts: See `oncogenes.consequence_facts`.
        config: The sections germline, oncogenicity, reference and calling of the configuration.
        work_folder: An existing folder for temporary files.

    Yields:
        Rows of the table `germline_findings`, a sample after the other.

    Raises:
        ResourceError: A table, the reference, gene models or the chain file is faulty.
        WorkflowInputError: A file of the user is faulty.
    """
    listed = pack.rows("germline_genes")
    places = Places(pack.rows("gene_regions"), {row["gene"] for row in listed})
    by_sample = {
        sample["sample_id"]: agreed
        for sample in batch.samples
        if (agreed := genes.agreed(sample, batch.consent, listed))
    }
    asked = [row for row in batch.variants if _asked(row, by_sample, places)]
    if not asked:
        return
    lift = consequences.lift_of(asked, config["calling"]["chain"])
    reference = config["reference"]
    named = consequences.annotate(
        asked,
        pack,
        reference["fasta"] or None,
        reference["gff"] or None,
        work_folder,
        reference["build"],
        facts,
        lift,
        frozenset(row["gene"] for row in listed),
    )
    known = evidence.look_up(asked, pack, tables, config, lift)
    settings = Settings.of(config["germline"])
    judge = _Judge(
        rules.load(tables),
        inheritance.load(tables),
        settings,
        sources(pack, tables, settings),
        known,
        places,
    )
    by_locus = findings.by_locus(named)
    sexes = {sample["sample_id"]: sample["sex"] for sample in batch.samples}
    for sample_id, of_sample in selection.by_sample(asked).items():
        agreed = by_sample[sample_id]
        of_gene: dict[str, list[Judged]] = {}
        for row in of_sample:
            for one in judge.of_variant(row, by_locus.get(_locus(row), ()), agreed, sexes):
                of_gene.setdefault(one.variant.gene, []).append(one)
        for gene, together in of_gene.items():
            yield from rows.of_gene(together, agreed[gene], judge.lists, judge.rules)


def _asked(
    row: Mapping[str, Any], by_sample: Mapping[str, Mapping[str, Any]], places: Places
) -> bool:
    """Whether a row is a variant in a gene that its person agreed to."""
    agreed = by_sample.get(row["sample_id"])
    if not agreed or row["fate"] not in _FATES or row["allele_index"] < 1:
        return False
    here = places.at(row["build"], row["chrom"], row["pos"], row["pos"] + len(row["ref"]) - 1)
    return not agreed.keys().isdisjoint(here)


def _locus(row: Mapping[str, Any]) -> Locus:
    return row["build"], row["chrom"], row["pos"], row["ref"], row["alt"]


def sources(
    pack: Knowledge, tables: Mapping[str, Path | str], settings: Settings
) -> criteria.Sources:
    """All that the evidence of codes is looked up in.

    Args:
        pack: The knowledge pack.
        tables: See `classify`.
        settings: Limits.

    Raises:
        ResourceError: A table is faulty.
    """
    domains: dict[str, list[tuple[int, int]]] = {}
    domains_source = ""
    for row in pack.rows("functional_domains"):
        domains_source = row["source_id"]
        domains.setdefault(row["gene"], []).append((row["start"], row["end"]))
    return criteria.Sources(
        null_variants.mechanisms(pack.rows("gene_mechanisms")),
        null_variants.coding_exons(pack.rows("exons")),
        domains,
        domains_source,
        criteria.pathogenic_changes(pack.rows("pathogenic_changes")),
        loci.index(pack.rows("pathogenic_loci")),
        hotspots.index(pack.rows("hotspot_residues"), tables["hotspots"]),
        predictions.distances(tables["grantham"]),
        frequencies.index(pack.rows("frequency_rules")),
        settings,
    )


@dataclass(frozen=True)
class _Judge:
    """What the variants of a batch are judged by."""

    rules: Rules
    lists: Lists
    settings: Settings
    sources: criteria.Sources
    known: Known
    places: Places

    def of_variant(
        self,
        row: Mapping[str, Any],
        named: Iterable[Mapping[str, Any]],
        agreed: genes.Agreed,
        sexes: Mapping[str, str],
    ) -> list[Judged]:
        """A variant of a person, judged in each gene agreed to that it lies in."""
        locus = _locus(row)
        given = entries.decode(row["annotation"])[1] if row.get("annotation") else []
        sex = sexes[row["sample_id"]]
        carried = zygosity.carried(row, sex)
        of_clinvar = self.known.clinvar(row)
        judged = []
        for subject, consequence in subjects.in_genes(locus, named, given, agreed, self.places):
            if subject.protein_length is None and consequence and consequence["mane"]:
                length = null_variants.residues(self.sources.exons, locus[0], subject.gene)
                subject = replace(subject, protein_length=length)
            variant = subjects.Variant(
                subject, consequence, self.known.place(row), self.known.frequency(row, given)
            )
            told = self.known.predictions(variant)
            by_name = self.lists.names(agreed[variant.gene], variant.residue)
            codes = criteria.assess(variant, told, self.sources, by_name=by_name)
            points = self.rules.sum_of(codes)
            ours = self.rules.classify(points)
            by_clinvar = of_clinvar if self._decides(of_clinvar) else None
            decided = (by_clinvar and by_clinvar.classification) or ours
            judged.append(
                Judged(
                    row,
                    variant,
                    tuple(codes),
                    points,
                    ours,
                    tuple(criteria.not_assessed(variant, told, self.sources)),
                    of_clinvar,
                    Hit(
                        ":".join(str(part) for part in locus[1:]),
                        decided,
                        carried,
                        variant.named,
                        variant.alters,
                        variant.truncating,
                        variant.residue,
                        row["fate"] == "kept",
                    ),
                    by_clinvar is not None,
                    sex,
                    self.settings,
                )
            )
        return judged

    def _decides(self, record: clinvar.Record | None) -> bool:
        return record is not None and record.decides(self.settings.clinvar_stars)
