"""HGVS names by this project against those of hgvs-weaver, on variants drawn over the slices.

    APOTHECARY_SHARED=... python benchmarks/hgvs_peer.py

Variants lie in the exons of MANE Select transcripts and up to 12 bases beside them. Every
difference is sorted by what a program can see: a name of hgvs-weaver that can be moved further to
the 3' end of the transcript, positions before the first or behind the last exon, a stop that is put
in or lost, and a change whose name lies in part in an intron.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import weaver

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))
sys.path.insert(0, str(ROOT / "benchmarks"))

from consequence_truth import load  # noqa: E402

from apothecary.oncogenes import edits, proteins, translation  # noqa: E402
from apothecary.oncogenes.gene_models import Reference, Transcript  # noqa: E402
from apothecary.oncogenes.hgvs import Namer, Names  # noqa: E402
from apothecary.oncogenes.messengers import Messenger  # noqa: E402

_PROTEIN = "P-"


class Provider:
    """What hgvs-weaver asks of transcripts and sequences; see weaver.DataProvider."""

    def __init__(self, transcripts: list[Transcript], namer: Namer, reference: Reference) -> None:
        self._messengers = {t.name: namer.messenger(t) for t in transcripts}
        self._reference = reference

    def get_transcript(self, transcript_ac: str, reference_ac: str | None) -> Any:
        """The transcript with its exons, 0-based; `reference_end` is inclusive."""
        of: Messenger = self._messengers[transcript_ac]
        return {
            "ac": transcript_ac,
            "gene": of.transcript.gene,
            "cds_start_index": of.coding_start,
            "cds_end_index": of.coding_end - 1,
            "strand": 1 if of.plus else -1,
            "reference_accession": of.transcript.chrom,
            "exons": [
                {
                    "transcript_start": at,
                    "transcript_end": at + end - start + 1,
                    "reference_start": start - 1,
                    "reference_end": end - 1,
                    "alt_strand": 1 if of.plus else -1,
                    "cigar": f"{end - start + 1}=",
                }
                for at, (start, end) in zip(of.starts, of.spans, strict=True)
            ],
        }

    def get_seq(self, ac: str, start: int, end: int | None, kind: Any) -> str:
        """Bases or residues, 0-based half-open."""
        name = ac.removeprefix(_PROTEIN)
        if name not in self._messengers:
            return self._reference.padded(ac, start + 1, end or start)
        of = self._messengers[name]
        if ac.startswith(_PROTEIN):
            return translation.translate(of.bases[of.coding_start : of.coding_end])[start:end]
        return of.bases[start:end]

    def get_symbol_accessions(self, symbol: str, source: str, target: str) -> list[tuple[str, str]]:
        """The protein of a transcript, which bears its name."""
        if symbol in self._messengers and "rotein" in str(target):
            return [("protein_accession", f"{_PROTEIN}{symbol}")]
        return []

    def get_identifier_type(self, identifier: str) -> str:
        """Transcript, protein or chromosome."""
        if identifier in self._messengers:
            return "transcript_accession"
        return "protein_accession" if identifier.startswith(_PROTEIN) else "genomic_accession"


def by_peer(mapper: Any, transcript: Transcript, pos: int, ref: str, alt: str) -> Any:
    """The g. and c. names and the protein change by hgvs-weaver; None where it gives none."""
    edit = edits.of(transcript.chrom, pos, ref, alt)
    span = f"{edit.start}_{edit.end}" if len(edit.removed) > 1 else f"{edit.start}"
    if not edit.removed:
        text = f"{edit.end}_{edit.start}ins{edit.added}"
    elif not edit.added:
        text = f"{span}del"
    elif len(edit.removed) == len(edit.added) == 1:
        text = f"{span}{edit.removed}>{edit.added}"
    else:
        text = f"{span}delins{edit.added}"
    names: list[str | None] = [None, None, None]
    try:
        genomic = mapper.normalize_variant(weaver.parse(f"{transcript.chrom}:g.{text}"))
        names[0] = genomic.format().rsplit(":", 1)[-1]
        coding = mapper.normalize_variant(mapper.g_to_c(genomic, transcript.name))
        names[1] = coding.format().rsplit(":", 1)[-1]
        protein = mapper.c_to_p(coding, f"{_PROTEIN}{transcript.name}")
        change = proteins.parse(protein.format().rsplit(":", 1)[-1])
        names[2] = change.three_letter() if change else None
    except (weaver.HGVSError, ValueError):
        pass
    return names


def drawn(source: random.Random, of: Messenger, reference: Reference) -> tuple[int, str, str]:
    """A variant in or beside an exon: substitution, deletion, insertion, duplication, delins."""
    start, end = source.choice(of.transcript.exons)
    beside = source.choice((start, end)) + source.randint(-12, 12)
    at = source.choice((source.randint(start, end), beside))
    length = source.choice((1, 1, 2, 3, 3, 4, 6, 9, 20))
    before = reference.bases(of.transcript.chrom, at - 1, at - 1)
    bases = reference.bases(of.transcript.chrom, at, at + length - 1)
    kind = source.choice(("substitution", "deletion", "insertion", "duplication", "delins"))
    some = "".join(source.choices("ACGT", k=source.randint(1, 6)))
    if kind == "substitution":
        return at, bases[0], source.choice([base for base in "ACGT" if base != bases[0]])
    if kind == "deletion":
        return at - 1, before + bases, before
    if kind == "insertion":
        return at - 1, before, before + some
    if kind == "duplication":
        copied = reference.bases(of.transcript.chrom, at - length, at - 1)
        return at - 1, before, before + copied
    return at - 1, before + bases, before + some


def reason(ours: Names, theirs: list[str | None], of: Messenger) -> str:
    """Why names differ, as far as a program sees it."""
    first, last = sorted((ours.edit.start, ours.edit.end))
    near = len(ours.edit.added)  # a copy lies beside the place of its edit
    outside = first - near <= of.transcript.start or last + near >= of.transcript.end
    if ours.hgvs_c != theirs[1]:
        if outside:
            return "c.: beyond the ends of the transcript, counted on or as an intron"
        if not of.plus and bool(ours.edit.removed) != bool(ours.edit.added):
            return "c.: on the minus strand, not at the 3' end of the transcript"
        return "c.: other"
    change = ours.change.three_letter() if ours.change else ""
    if any(sign in (ours.hgvs_c or "") for sign in ("+", "-")):
        return "p.: named in part in an intron or before the start codon"
    if "Ter" in change + (theirs[2] or "") or not change:
        return "p.: a stop put in or lost"
    return "p.: other"


def main() -> None:
    """Draw, name by both, print the counts."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--variants", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=3, help="examples of each difference")
    given = parser.parse_args()
    shared = Path(os.environ["APOTHECARY_SHARED"])
    with tempfile.TemporaryDirectory() as folder:
        models = load(shared, Path(folder))
        chosen = [
            t
            for name in sorted(models.select.values())
            if (t := models.transcripts.get(name))
            and t.cds
            and models.reference.holds(t.chrom, t.start - 100, t.end + 100)
        ]
        provider = Provider(chosen, models.namer, models.reference)
        mapper = weaver.VariantMapper(provider)
        source = random.Random(given.seed)
        counts: Counter[str] = Counter()
        shown: dict[str, list[str]] = {}
        seconds = [0.0, 0.0]
        for _ in range(given.variants):
            of = models.namer.messenger(source.choice(chosen))
            pos, ref, alt = drawn(source, of, models.reference)
            if ref == alt:
                continue
            at = time.perf_counter()
            ours = models.namer.name(of.transcript, pos, ref, alt)
            middle = time.perf_counter()
            theirs = by_peer(mapper, of.transcript, pos, ref, alt)
            seconds[0] += middle - at
            seconds[1] += time.perf_counter() - middle
            change = ours.change.three_letter() if ours.change else None
            mine = [ours.hgvs_g, ours.hgvs_c, None if ours.unpredicted else change]
            if ours.unpredicted and mine[:2] == theirs[:2]:
                mine[2] = theirs[2] = None
            why = "agree" if mine == theirs else reason(ours, theirs, of)
            counts[why] += 1
            shown.setdefault(why, []).append(f"{of.transcript.gene} {mine} | {theirs}")
    print(f"seconds: ours {seconds[0]:.1f}, hgvs-weaver {seconds[1]:.1f}")
    for why, count in sorted(counts.items()):
        print(f"{count}\t{why}")
        for line in shown[why][: given.show] if why != "agree" else ():
            print(f"\t\t{line}")


if __name__ == "__main__":
    main()
