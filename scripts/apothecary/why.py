"""The fate of a variant, of a call or of a medicine, through every step of a run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from apothecary import (
    queries,
    runs,
    schemas,
    why_actionability,
    why_biomarkers,
    why_germline,
    why_hotspots,
    why_medicines,
    why_oncogenicity,
    why_pertinent_negatives,
    why_risk,
    why_trials,
    why_tumors,
)
from apothecary.consent import granted_scopes, withheld_scopes
from apothecary.errors import Problem, WorkflowInputError
from apothecary.pharmacogenes.phase_words import read_backed
from apothecary.queries import Query
from apothecary.story import Row, Story, allele, because, listed, place
from apothecary.tracing import trace

# Scopes whose genes are called; without them no gene of a sample can be told from another.
CALLING_SCOPES = frozenset({"pharmacogenes", "tumor"})


def explain(results_folder: Path | str, sample_id: str, query: str) -> list[str]:
    """Tell what became of a variant, of a gene's call or of a medicine in a sample.

    Args:
        results_folder: The results of a run.
        sample_id: A sample of the run.
        query: Identifier of a line of the sample's report, a polygenic score, a medicine (see
            `why_medicines.find`), or see `queries.parse`.

    Returns:
        Lines of the form `step: what happened`, in the order of the steps.

    Raises:
        WorkflowInputError: The folder holds no run, the sample is not in it, the query cannot be
            read, or the gene is in no table of the sample.
    """
    run = runs.load(results_folder)
    sample = run.samples.get(sample_id)
    if sample is None:
        right = f"samples of the run: {listed(sorted(run.samples))}"
        raise WorkflowInputError(Problem(str(results_folder), f"no sample {sample_id!r}", right))
    story = Story(run, sample)
    query = why_risk.line(story, query)
    is_line = trace.known(story, query)
    drug = None if is_line else why_medicines.find(story, query)
    told_early, story.lines = story.lines, []
    asked = None if drug or is_line else queries.parse(query)
    failed = _tell_sample(story)
    _tell_consent(story)
    story.lines += told_early
    if failed and not is_line:
        return story.lines
    if is_line:
        why_risk.tell(story, query)
        trace.tell(story, query)
    elif asked is None:
        why_medicines.tell(story, str(drug))
    elif why_biomarkers.asked(story, asked):
        why_biomarkers.tell(story, asked)
    elif asked.gene and not asked.change:
        _tell_asked_gene(story, asked.gene)
    else:
        _tell_variant(story, asked)
    return story.lines


def _tell_sample(story: Story) -> bool:
    sample = story.sample
    story.tell(
        "sample",
        f"{sample['sample_id']} of {sample['subject_id']}: {sample['role']}, {sample['assay']}, "
        f"{sample['tumor_type'] or sample['sex']}; {sample['format']} {sample['input']}, "
        f"batch {sample['batch']}",
    )
    outcomes = story.rows(schemas.OUTCOMES)
    for row in outcomes:
        text = row["status"]
        if row["reason"]:
            text += f": {row['reason']}"
        if row["build"]:
            text += f" (build {row['build']})"
        story.tell(row["step"], text)
        for note in row["notes"] or []:
            story.tell(row["step"], f"note: {note}")
    return any(row["status"] == "failed" for row in outcomes)


def _tell_consent(story: Story) -> None:
    rows = story.run.whole_run(schemas.CONSENT)
    granted = granted_scopes(story.sample, rows)
    withheld = withheld_scopes(story.sample, rows)
    text = f"granted: {', '.join(granted) or 'none'}"
    if withheld:
        text += (
            f"; withheld: {', '.join(withheld)} (nothing in genes of a withheld scope is read, "
            "and nothing is told of what the input holds there)"
        )
    story.tell("consent", text)


def _tell_variant(story: Story, asked: Query) -> None:
    sites = _asked_sites(story, asked)
    variants = _asked_variants(story, asked, sites)
    for row in variants:
        _tell_record(story, row)
    if not variants:
        story.tell("read_variants", f"no record of {asked.text} was kept from the input")
        if asked.change:
            unnamed = sum(row["method"] == "not_named" for row in story.consequences())
            story.tell("annotate_consequences", f"{unnamed} variants of the sample have no name")
        for row in story.rows(schemas.RECORD_FATES):
            if row["fate"] != "withheld":
                told = f"{row['records']} records {row['fate']}: {row['reason']}"
                story.tell("read_variants", told)
    why_hotspots.tell_variant(story, asked)
    for row in sites:
        _tell_site(story, row)
    for gene in sorted({row["gene"] for row in sites}):
        ids = {row["position_id"] for row in sites if row["gene"] == gene}
        _tell_diplotypes(story, gene, ids)
    _tell_oncogenes(story, {allele(row) for row in variants}, asked)


def _asked_sites(story: Story, asked: Query) -> list[Row]:
    if asked.change:
        return []
    return [
        row
        for row in story.rows(schemas.SITES)
        if (asked.rsid is not None and row["rsid"] == asked.rsid)
        or (asked.pos is not None and (row["chrom"], row["pos"]) == (asked.chrom, asked.pos))
    ]


def _asked_variants(story: Story, asked: Query, sites: Sequence[Row]) -> list[Row]:
    variants = story.rows(schemas.VARIANTS)
    records = {row["record"] for row in sites if row["record"] is not None}
    if asked.change:
        named = {
            allele(row)
            for row in story.consequences()
            if (row["gene"] or "").upper() == (asked.gene or "").upper()
            and (row["protein_change"] or "").upper() == asked.change.upper()
        }
        named |= why_germline.alleles(story, asked.gene, asked.change)
        found = [row for row in variants if allele(row) in named]
    else:
        found = [
            row
            for row in variants
            if row["record"] in records
            or (asked.rsid and asked.rsid in (row["rsid"] or "").split(";"))
            or (asked.pos is not None and _is_at(row, asked))
        ]
    exact = [row for row in found if asked.alt and asked.alt in _alts(row)]
    return exact or found


def _is_at(row: Row, asked: Query) -> bool:
    if row["chrom"] != asked.chrom or asked.pos is None:
        return False
    end = row["block_end"] or row["pos"]
    return bool(row["pos"] <= asked.pos <= end or row["input_pos"] == asked.pos)


def _alts(row: Row) -> set[str]:
    return {row["alt"], *row["input_alts"].split(",")}


def _tell_record(story: Story, row: Row) -> None:
    text = f"record {row['record']}: {place(row)} ({row['build']})"
    if (row["input_pos"], row["input_ref"]) != (row["pos"], row["ref"]):
        text += f", in the file {row['input_pos']} {row['input_ref']} {row['input_alts']}"
    if row["block_end"]:
        text += f", reference block to {row['block_end']}"
    text += f", genotype {row['genotype']}"
    measures = (
        ("depth", "depth"), ("alt_depth", "reads of the allele"), ("vaf", "allele fraction"),
        ("gq", "genotype quality"), ("qual", "QUAL"), ("filters", "FILTER"),
    )  # fmt: skip
    text += "".join(
        f", {word} {row[key]:.4g}" if isinstance(row[key], float) else f", {word} {row[key]}"
        for key, word in measures
        if row[key] is not None
    )
    story.tell("read_variants", text)
    story.tell("read_variants", f"fate: {row['fate']}" + because(row["reason"]))


def _tell_site(story: Story, row: Row) -> None:
    text = f"{row['gene']} {row['position_id']}"
    text += f" {row['rsid']}" if row["rsid"] else ""
    text += f": {row['state'].replace('_', ' ')}"
    if row["allele_1"] is not None:
        strands = [strand for strand in (row["allele_1"], row["allele_2"]) if strand is not None]
        text += f" {('|' if row['phased'] else '/').join(strands)}"
    text += f", from {row['state_source']}" if row["state_source"] == "reads" else ""
    if row["phase_source"] == "reads":
        text += f", phase read-backed by {row['phase_reads']} fragments"
    elif row["phase_reads"]:
        text += f", phase of the file, confirmed by {row['phase_reads']} fragments"
    if row["undocumented"]:
        text += f", bases that no allele has: {', '.join(row['undocumented'])}"
    story.tell("call_sites", text + because(row["reason"]))


def _tell_asked_gene(story: Story, gene: str) -> None:
    known = _genes(story)
    spelled = {name.upper(): name for name in known}
    if gene.upper() not in spelled:
        withheld = withheld_scopes(story.sample, story.run.whole_run(schemas.CONSENT))
        if CALLING_SCOPES & set(withheld):
            story.tell("gene", f"nothing on {gene} in the tables of this sample")
            return
        right = f"genes of this sample: {listed(sorted(known)) or 'none'}"
        if withheld:
            right += f"; nothing is told of genes of {', '.join(withheld)} (no consent)"
        found = f"no gene {gene!r} in {story.sample['sample_id']}"
        raise WorkflowInputError(Problem(str(story.run.folder), found, right))
    tell_gene(story, spelled[gene.upper()])


def tell_gene(story: Story, name: str) -> None:
    """Tell what became of a gene: its positions, call, guidance, variants and evidence.

    Args:
        story: The sample.
        name: The gene, spelled as in the tables.
    """
    sites = [row for row in story.rows(schemas.SITES) if row["gene"] == name]
    for row in story.rows(schemas.OUTSIDE_CALLS):
        if row["gene"] == name:
            given = row["diplotype"] or row["phenotype"] or row["activity_score"]
            story.tell("read_variants", f"outside call {given} ({row['file']}, row {row['row']})")
    _tell_sites(story, sites)
    _tell_diplotypes(story, name, None)
    alleles = {allele(row) for row in story.consequences() if row["gene"] == name}
    alleles |= why_germline.alleles(story, name)
    for row in story.rows(schemas.VARIANTS):
        if allele(row) in alleles:
            _tell_record(story, row)
    why_hotspots.tell_gene(story, name)
    why_pertinent_negatives.tell_gene(story, name)
    _tell_oncogenes(story, alleles, Query(name, gene=name))


def _genes(story: Story) -> set[str]:
    named = (
        schemas.SITES, schemas.DIPLOTYPES, schemas.OUTSIDE_CALLS, schemas.COPY_NUMBER,
        schemas.ACTIONABILITY,
    )  # fmt: skip
    genes = {row["gene"] for table in named for row in story.rows(table)}
    genes |= {row["gene"] for row in story.consequences() if row["gene"]}
    genes |= why_germline.genes(story)
    genes |= why_hotspots.genes(story) | why_pertinent_negatives.genes(story)
    for row in story.rows(schemas.FUSIONS):
        genes |= {row["gene_5prime"], row["gene_3prime"]}
    return genes


def _tell_sites(story: Story, sites: Sequence[Row]) -> None:
    if not sites:
        return
    states = sorted({row["state"] for row in sites})
    counts = ", ".join(
        f"{sum(row['state'] == state for row in sites)} {state.replace('_', ' ')}"
        for state in states
    )
    story.tell("call_sites", f"{len(sites)} positions: {counts}")
    _tell_reads(story, sites)
    for row in sites:
        differs = {row["allele_1"], row["allele_2"]} - {None, row["ref"]}
        if differs or row["undocumented"]:
            _tell_site(story, row)
    reasons: dict[str, list[str]] = {}
    for row in sites:
        if row["state"] == "not_assessed":
            reasons.setdefault(row["reason"] or "no reason given", []).append(
                row["rsid"] or row["position_id"]
            )
    for reason, names in sorted(reasons.items()):
        story.tell("call_sites", f"not assessed, {reason}: {listed(names)}")


def _tell_reads(story: Story, sites: Sequence[Row]) -> None:
    covered = sum(row["state_source"] == "reads" and row["state"] == "reference" for row in sites)
    if covered:
        story.tell("call_sites", f"reference by reads, without a record: {covered} positions")
    text = read_backed(sites)
    if text:
        story.tell("call_sites", f"phase: {text}")
    for warning in sorted({row["phase_warning"] for row in sites if row["phase_warning"]}):
        story.tell("call_sites", f"phase: {warning}")


def _tell_diplotypes(story: Story, gene: str, position_ids: set[str] | None) -> None:
    for row in story.rows(schemas.DIPLOTYPES):
        if row["gene"] != gene:
            continue
        text = why_medicines.call_text(row)
        story.tell("call_diplotypes", text + because(row["reason"]))
        for key, words in (
            ("supporting_sites", "differs from the reference allele at"),
            ("missing_sites", "not assessed"),
        ):
            names = row[key] or []
            if position_ids is None and names:
                story.tell("call_diplotypes", f"{words}: {listed(names)}")
            elif position_ids and position_ids & set(names):
                story.tell("call_diplotypes", f"{words}: {listed(sorted(position_ids))}")
        if row["not_excludable"]:
            story.tell("call_diplotypes", f"not excludable: {listed(row['not_excludable'])}")
        for warning in row["warnings"] or []:
            story.tell("call_diplotypes", f"warning: {warning}")
    _tell_phenotypes(story, gene, whole=position_ids is None)


def _tell_phenotypes(story: Story, gene: str, *, whole: bool) -> None:
    why_medicines.tell_phenotypes(story, gene)
    for row in story.rows(schemas.INTERACTIONS):
        if gene in row["genes"]:
            why_medicines.tell_interaction(story, row)
    advice = [row for row in story.rows(schemas.RECOMMENDATIONS) if gene in row["genes"]]
    for row in sorted(advice, key=lambda row: not row["taken"]):
        if whole or row["taken"]:
            why_medicines.tell_recommendation(story, row)
    rest = 0 if whole else sum(not row["taken"] for row in advice)
    if rest:
        told = f"{rest} rows for medicines that the person does not take: ask for {gene}"
        story.tell("match_recommendations", told)
    for row in why_medicines.doses_by(story, gene):
        why_medicines.tell_dose(story, row)


def _tell_oncogenes(story: Story, alleles: Iterable[tuple[Any, ...]], asked: Query) -> None:
    wanted = set(alleles)
    for row in story.consequences():
        if allele(row) in wanted:
            name = row["protein_change"] or row["hgvs_p"] or row["hgvs_c"] or ""
            words = [row["gene"], name, row["consequence"], row["transcript"]]
            text = " ".join(word for word in words if word) or "not named"
            story.tell("annotate_consequences", f"{place(row)}: {text}, by {row['method']}")
    gene = None if asked.change else asked.gene
    if gene:
        why_actionability.tell_events(story, gene)
    places = {allele[1:] for allele in wanted}
    why_germline.tell(story, wanted, gene)
    if story.of_tumor:
        why_oncogenicity.tell(story, wanted, gene)
    why_actionability.tell_evidence(story, places, gene)
    named = [":".join(str(part) for part in place) for place in places]
    if story.of_tumor:
        why_tumors.tell(story, gene, named)
        why_trials.tell(story, gene, named)
    if story.of_tumor and (wanted or gene):
        for row in story.rows(schemas.TUMOR_FLAGS):
            story.tell("match_actionability", f"{row['status']} {row['flag']}: {row['reason']}")
