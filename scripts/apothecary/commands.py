"""What each command of the launcher does. Heavy modules are imported where they are needed."""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apothecary.errors import EXIT_DIFFERENT, EXIT_INPUT, WorkflowInputError
from apothecary.reads.formats import READ_FORMATS

if TYPE_CHECKING:
    from apothecary.knowledge.lock import Lock
    from apothecary.knowledge.pack import Pack
    from apothecary.plan import Plan


def run(arguments: argparse.Namespace, root: Path) -> int:
    """Check the sheets, print the Snakemake command, run it and tell how it ended."""
    from apothecary import settings
    from apothecary.execution import launch
    from apothecary.knowledge import store

    plan, config = _plan(arguments.config, root), None
    _tell_pairing(plan)
    if arguments.at:
        pack = store.of_day(launch.STORE, arguments.at).folder
        config = launch.with_pack(settings.read(arguments.config), pack)
    return launch.run(arguments, plan, config)


def check(arguments: argparse.Namespace, root: Path) -> int:
    """Check config, sheets, knowledge and every input file; write nothing."""
    from apothecary.hardening.bounded import Limits
    from apothecary.knowledge import lock, pack
    from apothecary.risk import installed

    plan = _plan(arguments.config, root)
    _tell_pairing(plan)
    installed.load(plan.config["risk"], Limits.of(plan.config))
    _tell_age(lock.verify_source(plan.knowledge_source, plan.knowledge_lock))
    opened = pack.load(_pack_of_plan(plan))
    failed = _unreadable(plan, opened)
    for line in failed:
        print(line, file=sys.stderr)
    print(
        f"{len(plan.sheets.samples)} samples in {len(plan.batches)} batches, "
        f"{len(failed)} cannot be read; knowledge {opened.digest[:12]} as locked"
    )
    return EXIT_INPUT if failed else 0


def _tell_pairing(plan: Plan) -> None:
    from apothecary import pairing

    if told := pairing.note(plan.sheets.samples, plan.config["samples"]):
        print(f"note: {told}", file=sys.stderr)


def _unreadable(plan: Plan, pack: Pack) -> list[str]:
    import tempfile

    from apothecary import batch_reading, progress
    from apothecary.hardening.bounded import Limits
    from apothecary.pharmacogenes import tag_screen

    failed = []
    for batch in progress.track(list(plan.batches), "reading"):
        samples = [row for row in plan.sheets.samples if row["batch"] == batch]
        variant_files = [row for row in samples if row["format"] not in READ_FORMATS]
        with tempfile.TemporaryDirectory() as folder:
            rows = batch_reading.read(
                variant_files,
                plan.sheets.consent,
                plan.sheet_folder,
                pack,
                plan.reading_config,
                folder,
                tag_screen.load(plan.tag_table),
                limits=Limits.of(plan.config),
            )
            unread = _bad_reads(plan, samples, Path(folder))
        reasons = {
            row["sample_id"]: row["reason"] for row in rows["outcomes"] if row["status"] == "failed"
        }
        reasons.update(unread)
        failed += [
            f"{plan.config['samples']}, {name}: {reason}" for name, reason in reasons.items()
        ]
    return failed


def _bad_reads(plan: Plan, samples: list[dict[str, Any]], work: Path) -> dict[str, str]:
    """The samples whose reads cannot be taken, with the reason."""
    from apothecary.hardening import bounded
    from apothecary.hardening.bounded import Limits
    from apothecary.reads import alignments

    folder, most = Path(plan.reads_folder), plan.config["reads"]["max_quality"]
    limits, reasons = Limits.of(plan.config), {}
    for row in samples:
        of_sample = {"sample": row["sample_id"]}
        try:
            if row["format"] == "fastq":
                alignments.check_apart(plan.lanes(of_sample), folder, most, limits)
            elif row["format"] in READ_FORMATS:
                given = plan.reads_of(of_sample)
                look = partial(_look, plan, row, given, work)
                bounded.read(given[0], limits.for_reads(given), look)
        except WorkflowInputError as error:
            reasons[row["sample_id"]] = str(error).splitlines()[0]
    return reasons


def _look(plan: Plan, row: dict[str, Any], given: list[str], work: Path) -> tuple[()]:
    """Hold alignments that are given against what a run asks of them."""
    from apothecary.alignments import files, links
    from apothecary.alignments.files import Expected

    fasta, build = (plan.config["reference"][key] for key in ("fasta", "build"))
    names = (str(row["sample_in_file"]), str(row["sample_id"]))
    unnamed = plan.config["inputs"]["unnamed_reads"]
    expected = Expected(names, build, frozenset(), unnamed, files.OF_RUN)
    path = links.side_by_side(given, work / "reads" / row["sample_id"])
    files.admit(path, expected, fasta, work, given[0])
    files.look(path, str(row["build"]), fasta, build, given[0])
    return ()


def _pack_of_plan(plan: Plan) -> Path:
    """A pack of the run's knowledge: the given one, the embedded one, or one of its own."""
    from apothecary.knowledge import build, lock

    if plan.config["knowledge"]["pack"]:
        return Path(plan.config["knowledge"]["pack"])
    folder = plan.root / "build" / "knowledge"
    imported = plan.config["knowledge"]["imported"]
    if plan.config["knowledge"]["source"] or imported:
        folder = Path("build") / "knowledge-of-config"
    if imported or not lock.is_current(folder, plan.knowledge_lock):
        build.build(plan.knowledge_source, folder, imported)
    return folder


def _plan(config: str, root: Path) -> Plan:
    from apothecary import plan, settings

    return plan.load(settings.read(config), root, config)


def pgx(arguments: argparse.Namespace, root: Path) -> int:
    """Pharmacogenes of a variant file, without a sheet: tables and a page."""
    from apothecary.hardening.bounded import Limits
    from apothecary.knowledge import pack
    from apothecary.pharmacogenes import pgx as engine
    from apothecary.pharmacogenes import pgx_apart
    from apothecary.reports import pgx_tables

    options = engine.PgxOptions(
        file=Path(arguments.file),
        out=Path(arguments.out),
        pack=_pack_folder(arguments.knowledge, root),
        sample=arguments.sample,
        mode=arguments.mode,
        ancestry=arguments.ancestry,
        all_candidates=arguments.all_candidates,
        combinations=arguments.combinations,
        call_cyp2d6=arguments.call_cyp2d6,
        research_genes=arguments.research_genes,
        outside=tuple(Path(path) for path in arguments.outside),
        definitions=Path(arguments.definitions) if arguments.definitions else None,
        sex=arguments.sex,
        absent_as_reference=arguments.absent_as_reference,
        reads=Path(arguments.reads) if arguments.reads else None,
        reference=Path(arguments.reference) if arguments.reference else None,
        unnamed_reads=arguments.unnamed_reads,
        indexed=arguments.indexed,
    )
    summary = pgx_apart.run(options, Limits(arguments.memory_mb, arguments.cpu_seconds))
    facts = pgx_tables.PgxInput(
        samples=summary.samples,
        build=summary.build,
        format="bcf" if options.file.suffix == ".bcf" else "vcf",
        sex=options.sex,
        settings={
            "mode": options.mode,
            "all_candidates": options.all_candidates,
            "combinations": options.combinations,
            "call_cyp2d6": options.call_cyp2d6,
            "research_genes": options.research_genes,
            "absent_is_reference": options.absent_as_reference,
            "outside_calls_win": options.outside_calls_win,
            "min_depth": options.min_depth,
            "min_gq": options.min_gq,
        },
        notes=summary.notes,
    )
    page = pgx_tables.write_page(options.out, facts, pack.load(options.pack))
    print(f"{summary}\nreport: {page}")
    return 0


def _pack_folder(given: str | None, root: Path) -> Path:
    """The pack that was named, or the embedded one, built when it is absent or out of date."""
    from apothecary.knowledge import build, lock

    if given:
        return Path(given)
    folder = root / "build" / "knowledge"
    source, lock_file = root / "resources" / "knowledge", root / "resources" / "knowledge.lock"
    if not lock.is_current(folder, lock_file):
        lock.verify_source(source, lock_file)
        build.build(source, folder)
    return folder


def knowledge_build(arguments: argparse.Namespace, root: Path) -> int:
    """Build a pack from knowledge tables."""
    from apothecary.knowledge import build

    source = Path(arguments.source) if arguments.source else root / "resources" / "knowledge"
    pack = build.build(source, arguments.out, arguments.imported)
    print(f"built {arguments.out}: {pack.digest}")
    return 0


def knowledge_verify(arguments: argparse.Namespace, root: Path) -> int:
    """Hold knowledge tables, and a pack when one is named, against the lock."""
    from apothecary.knowledge import lock

    source = Path(arguments.source) if arguments.source else root / "resources" / "knowledge"
    lock_file = Path(arguments.lock) if arguments.lock else root / "resources" / "knowledge.lock"
    locked = lock.verify_source(source, lock_file)
    if arguments.pack:
        lock.verify_pack(arguments.pack, lock_file)
    _tell_age(locked)
    print("ok: all as locked")
    return 0


def _tell_age(locked: Lock) -> None:
    from datetime import UTC, datetime

    from apothecary.knowledge import lock

    for line in lock.notices(locked, datetime.now(tz=UTC).date()):
        print(f"note: {line}", file=sys.stderr)


def knowledge_sync(arguments: argparse.Namespace, root: Path) -> int:
    """Import upstream sources into knowledge tables."""
    from apothecary.knowledge import sync

    upstream = Path(arguments.upstream) if arguments.upstream else None
    for line in sync.sync(upstream, Path(arguments.out), with_text=arguments.with_text):
        print(line)
    return 0


def knowledge_import(arguments: argparse.Namespace, root: Path) -> int:
    """Import evidence or approvals that the user holds into a folder of tables."""
    from apothecary.knowledge import imports

    paths = [Path(path) for path in arguments.files]
    for line in imports.import_source(
        arguments.source, paths, Path(arguments.out), root / "resources"
    ):
        print(line)
    return 0


def knowledge_diff(arguments: argparse.Namespace, root: Path) -> int:
    """Tell what differs between two packs."""
    from apothecary.knowledge import diff, pack

    changes = diff.diff(pack.load(arguments.pack_a), pack.load(arguments.pack_b))
    for line in diff.render(changes):
        print(line)
    return EXIT_DIFFERENT if changes else 0


def why(arguments: argparse.Namespace, root: Path) -> int:
    """Tell the fate of a variant or a call through every step."""
    from apothecary import why as explaining

    for line in explaining.explain(Path(arguments.results), arguments.sample, arguments.query):
        print(line)
    return 0


def compare(arguments: argparse.Namespace, root: Path) -> int:
    """Tell what changed between two runs, by clinical weight."""
    from apothecary import compare as comparing

    changes = comparing.compare(Path(arguments.run_a), Path(arguments.run_b))
    for line in comparing.render(changes):
        print(line)
    return EXIT_DIFFERENT if comparing.clinical(changes) else 0
