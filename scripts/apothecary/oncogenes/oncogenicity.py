"""How oncogenic the variants of tumors are, with a ledger of the evidence.

The procedure is that of ClinGen, CGC and VICC; its codes, points, exclusions and classes are the
tables of `resources/oncogenicity`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from apothecary.oncogenes import entries, findings, proteins
from apothecary.oncogenes.consequences import Knowledge
from apothecary.oncogenes.exons import Exons
from apothecary.oncogenes.known import KnownVariants
from apothecary.oncogenes.sop import (
    assertions,
    codes,
    hotspots,
    loci,
    mechanisms,
    predictions,
    rules,
    score_files,
    user_evidence,
)
from apothecary.oncogenes.sop.codes import KNOWN_BUILD, Sources, UserScores
from apothecary.oncogenes.sop.rules import MET, Code, Rules, Verdict
from apothecary.oncogenes.sop.score_files import Place
from apothecary.oncogenes.sop.settings import Settings
from apothecary.oncogenes.sop.subject import Locus, Subject, subjects
from apothecary.pharmacogenes import facts
from apothecary.variants.annotate import names_a_population

_FATES = frozenset({"kept", "filtered"})
Row = dict[str, Any]


@dataclass(frozen=True)
class _Seen:
    """A variant of the batch, over all its samples."""

    text: str | None
    population_af: float | None


def classify(
    variants_rows: Iterable[Mapping[str, Any]],
    consequences_rows: Iterable[Mapping[str, Any]],
    pack: Knowledge,
    procedure: Mapping[str, Path | str],
    config: Mapping[str, Any],
) -> tuple[list[Row], list[Row]]:
    """Classify the variants of the tumors of a batch, each in every gene that it changes.

    Args:
        variants_rows: Rows of the table `variants`; those kept or filtered are classified.
        consequences_rows: Rows of the table `consequences`.
        pack: The knowledge pack.
        procedure: Files of the tables of the procedure, by the names of
            `sop.names.ONCOGENICITY_TABLES`.
        config: The part `oncogenicity` of a checked configuration.

    Returns:
        Rows of the tables `oncogenicity` and `oncogenicity_codes`.

    Raises:
        ResourceError: A table of the procedure is faulty.
        WorkflowInputError: A file of the user is faulty.
    """
    settings = Settings.of(config)
    procedures = rules.load(procedure)
    seen = _seen(variants_rows)
    by_locus = findings.by_locus(consequences_rows)
    scores = user_scores(config, settings, procedure["predictors"], seen)
    sources = _sources(pack, procedure, procedures, config, settings, scores)
    common = {_key(row): row for row in pack.rows("population_frequencies")}
    known = KnownVariants(pack.rows("known_variants"))
    exons = Exons(pack.rows("exons"))
    classes: list[Row] = []
    ledger: list[Row] = []
    for locus in sorted(seen):
        for unchecked in _subjects(locus, seen[locus], by_locus.get(locus, ()), scores):
            subject = _placed(_named(_common(unchecked, common), known), exons)
            verdict = rules.combine(codes.assess(subject, sources), procedures, settings.criteria)
            classes.append(_class_row(subject, verdict, sources, procedures))
            ledger += _ledger_rows(subject, verdict.codes)
    return classes, ledger


def _seen(variants_rows: Iterable[Mapping[str, Any]]) -> dict[Locus, _Seen]:
    found: dict[Locus, _Seen] = {}
    for row in variants_rows:
        if row["fate"] not in _FATES or row["allele_index"] < 1:
            continue
        locus = (row["build"], row["chrom"], row["pos"], row["ref"], row["alt"])
        before = found.get(locus, _Seen(None, None))
        frequencies = [
            value for value in (before.population_af, row.get("population_af")) if value is not None
        ]
        text = before.text or row.get("annotation")
        found[locus] = _Seen(text, max(frequencies, default=None))
    return found


def _subjects(
    locus: Locus, variant: _Seen, rows: Sequence[Mapping[str, Any]], scores: UserScores
) -> list[Subject]:
    given = entries.decode(variant.text)[1] if variant.text else []
    asked = any(names_a_population(name) for entry in given[:1] for name in entry)
    frequency = variant.population_af
    if scores.frequencies is not None and locus[0] == KNOWN_BUILD:
        asked = True
        listed = scores.frequencies.get(locus[1:])
        known = [value for value in (frequency, listed) if value is not None]
        frequency = max(known, default=None)
    return subjects(locus, rows, given, frequency, frequency_asked=asked)


def _key(row: Mapping[str, Any]) -> Place:
    return row["chrom"], row["pos"], row["ref"], row["alt"]


def _common(subject: Subject, common: Mapping[Place, Mapping[str, Any]]) -> Subject:
    """The subject with the frequency that the pack knows, where it is the highest.

    That the pack has none says nothing, since it holds some common variants only.
    """
    row = common.get(subject.locus[1:]) if subject.locus[0] == KNOWN_BUILD else None
    if row is None or row["frequency"] <= (subject.population_af or 0.0):
        return subject
    return replace(subject, population_af=row["frequency"], frequency_source=row["source_id"])


def _named(subject: Subject, known: KnownVariants) -> Subject:
    """The subject with its protein change by coordinate, where its own annotation tells none."""
    build, chrom, pos, ref, alt = subject.locus
    if subject.change is not None or build != KNOWN_BUILD:
        return subject
    for row in known.at(chrom, pos, ref, alt):
        change = proteins.parse(row["protein_change"]) if row["protein_change"] else None
        if row["gene"] == subject.gene and change is not None:
            return replace(subject, change=change)
    return subject


def _placed(subject: Subject, exons: Exons) -> Subject:
    """The subject with its exon by coordinate, where its own annotation tells none."""
    build, chrom, pos, ref, _ = subject.locus
    if subject.exon is not None or build != KNOWN_BUILD:
        return subject
    first = pos + 1 if len(ref) > 1 else pos
    exon = exons.at(subject.gene, chrom, first, pos + len(ref) - 1)
    return replace(subject, exon_by_place=exon)


def user_scores(
    config: Mapping[str, Any],
    settings: Settings,
    predictors: Path | str,
    seen: Iterable[Locus],
) -> UserScores:
    """What the user's files of scores and frequencies say of variants.

    Args:
        config: The part `oncogenicity` of a checked configuration.
        settings: Limits of scores.
        predictors: Table of the fields that hold predictions.
        seen: The variants; those of GRCh38 are looked up.

    Raises:
        WorkflowInputError: A file of the user is faulty.
    """
    places = {locus[1:] for locus in seen if locus[0] == KNOWN_BUILD}
    found = []
    if config.get("alphamissense"):
        classes = predictions.fields(predictors)["am_class"]
        found.append(score_files.alphamissense(config["alphamissense"], places, classes))
    if config.get("revel"):
        found.append(score_files.revel(config["revel"], places, settings))
    if config.get("spliceai"):
        found.append(score_files.spliceai(config["spliceai"], places, settings))
    listed = (
        score_files.frequencies(config["frequencies"], places)
        if config.get("frequencies")
        else None
    )
    return UserScores(tuple(found), listed)


def _sources(
    pack: Knowledge,
    procedure: Mapping[str, Path | str],
    procedures: Rules,
    config: Mapping[str, Any],
    settings: Settings,
    scores: UserScores,
) -> Sources:
    recurrent = pack.rows("hotspot_residues")
    evidence = pack.rows("civic_evidence")
    own = user_evidence.read(config["evidence"], procedures) if config.get("evidence") else {}
    domains: dict[str, list[tuple[int, int]]] = {}
    domains_source = ""
    for row in pack.rows("functional_domains"):
        domains_source = row["source_id"]
        domains.setdefault(row["gene"], []).append((row["start"], row["end"]))
    frequencies = facts.read(procedure["frequencies"], ("code", "above", "source"))
    return Sources(
        mechanisms.index(
            pack.rows("gene_roles"), pack.rows("gene_mechanisms"), recurrent, evidence, settings
        ),
        hotspots.index(recurrent, procedure["hotspots"]),
        assertions.index(
            evidence, pack.rows("pathogenic_changes"), own, procedure["civic_codes"], settings
        ),
        loci.index(pack.rows("pathogenic_loci")),
        domains,
        domains_source,
        predictions.distances(procedure["grantham"]),
        predictions.fields(procedure["predictors"]),
        sorted(((row["code"], float(row["above"])) for row in frequencies), key=lambda r: -r[1]),
        scores,
        settings,
    )


def _place(subject: Subject) -> Row:
    build, chrom, pos, ref, alt = subject.locus
    return {
        "build": build,
        "chrom": chrom,
        "pos": pos,
        "ref": ref,
        "alt": alt,
        "gene": subject.gene,
    }


def _class_row(subject: Subject, verdict: Verdict, sources: Sources, procedures: Rules) -> Row:
    counted = [code for code in verdict.codes if code.status == MET]
    return {
        **_place(subject),
        "transcript": subject.transcript,
        "protein_change": subject.change.one_letter() if subject.change else None,
        "class": verdict.classification,
        "points": verdict.points,
        "codes": [_code_words(code, procedures) for code in counted],
        "not_assessed": codes.not_assessed(subject, sources),
        "criteria": sources.settings.criteria,
        "masked": sources.settings.mask_classifications,
    }


def _code_words(code: Code, procedures: Rules) -> str:
    """A code, with its strength where the code has a greater one, such as OVS1_strong."""
    greatest = procedures.greatest_strength(code.code)
    strength = "" if code.strength == greatest else f"_{code.strength}"
    return f"{code.code}{strength}{' (weak)' if code.weak else ''}"


def _ledger_rows(subject: Subject, found: Iterable[Code]) -> list[Row]:
    return [
        {
            **_place(subject),
            "rank": rank,
            "code": code.code,
            "strength": code.strength,
            "points": code.points,
            "status": code.status,
            "weak": code.weak,
            "evidence": code.evidence,
            "reason": code.reason or None,
            "source_id": code.source_id,
            "references": list(code.references),
        }
        for rank, code in enumerate(found, start=1)
    ]
