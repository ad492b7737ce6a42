"""The thin launcher: checks, then hands over to Snakemake or to the library.

Nothing heavy is imported before the command is known, so that `apothecary --help` is at once.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

from apothecary.errors import ApothecaryError
from apothecary.version import VERSION

ROOT = Path(__file__).resolve().parents[2]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: Words of the command line without the program's name; `sys.argv` by default.

    Returns:
        The exit status: 0 when all is well, 2 for input, 3 for knowledge, 4 when a sample is
        missing from the results, 5 when two runs differ clinically, 1 for anything else.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    extra: list[str] = []
    if "--" in words:
        split = words.index("--")
        words, extra = words[:split], words[split + 1 :]
    parsed = _parser().parse_args(words)
    parsed.extra = extra
    module = importlib.import_module(f"apothecary.{getattr(parsed, 'module', 'commands')}")

    try:
        status: int = getattr(module, parsed.command)(parsed, ROOT)
    except ApothecaryError as error:
        print(error, file=sys.stderr)
        return error.exit_status
    except BrokenPipeError:
        return 1
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="apothecary",
        description="From sequencing reads and variant files to reviewed reports.",
    )
    parser.add_argument("--version", action="version", version=f"apothecary {VERSION}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_run(commands)
    _add_pgx(commands)
    _add_knowledge(commands)
    _add_looking_back(commands)
    _add_spell(commands)
    _add_records(commands)
    _add_cohort(commands)
    return parser


def _add_run(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    run = commands.add_parser("run", help="check the sheets, then run the workflow")
    run.set_defaults(command="run")
    check = commands.add_parser("check", help="check sheets, config, knowledge and inputs only")
    check.set_defaults(command="check")
    for command in (run, check):
        command.add_argument(
            "--config", default="config/config.yaml", help="the configuration (%(default)s)"
        )
    run.add_argument("--out", default="results", help="folder of the results (%(default)s)")
    run.add_argument("--cores", default="all", help="cores to use (%(default)s)")
    run.add_argument(
        "--profile", default="local", help="profile of workflow/profiles, or a folder (%(default)s)"
    )
    run.add_argument("--dry-run", action="store_true", help="tell the jobs only")
    run.add_argument(
        "--force", action="store_true", help="take a results folder that holds something else"
    )
    run.add_argument("--verbose", action="store_true", help="show all that Snakemake says")
    run.add_argument("--at", metavar="DATE", help="with the knowledge that was in use on that day")
    run.epilog = "Words after -- go to Snakemake as they are."


def _add_pgx(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    pgx = commands.add_parser("pgx", help="pharmacogenes of a variant file, without a sheet")
    pgx.set_defaults(command="pgx")
    pgx.add_argument("file", help="VCF, bgzipped VCF, gVCF or BCF")
    pgx.add_argument("--out", required=True, help="folder for the tables and the report")
    pgx.add_argument("--sample", help="one sample of the file; all when not given")
    pgx.add_argument(
        "--mode", choices=("posterior", "compatible"), default="posterior", help="%(default)s"
    )
    pgx.add_argument("--all-candidates", action="store_true", help="not only the top score")
    pgx.add_argument("--combinations", action="store_true", help="research: combined alleles")
    pgx.add_argument("--call-cyp2d6", action="store_true", help="research: CYP2D6 from the VCF")
    pgx.add_argument(
        "--no-research-genes",
        dest="research_genes",
        action="store_false",
        help="leave out the genes that no guideline looks at",
    )
    pgx.add_argument(
        "--outside",
        action="append",
        default=[],
        help="outside calls (TSV), or HLA types of OptiType, T1K, xHLA or arcasHLA",
    )
    pgx.add_argument("--definitions", help="allele definitions (JSON or folder) to use instead")
    pgx.add_argument("--sex", choices=("F", "M"), help="sex of the person, for G6PD")
    pgx.add_argument(
        "--ancestry",
        choices=("AFR", "AMR", "EAS", "EUR", "SAS"),
        help="population whose allele frequencies are the prior; the mixture when not given",
    )
    pgx.add_argument(
        "--absent-as-reference",
        action="store_true",
        help="take a position without a record as reference (the report says so)",
    )
    pgx.add_argument("--reads", help="sorted and indexed BAM or CRAM of the sample")
    pgx.add_argument("--reference", help="FASTA that the CRAM was made with")
    pgx.add_argument(
        "--unnamed-reads", action="store_true", help="take reads whose read groups name no sample"
    )
    pgx.add_argument(
        "--indexed",
        action="store_true",
        help="read a bgzipped VCF at the positions of the genes only, through its index",
    )
    pgx.add_argument("--knowledge", help="a built pack to use instead of the embedded one")
    pgx.add_argument(
        "--memory-mb", type=int, default=16000, help="memory that reading may take (%(default)s)"
    )
    pgx.add_argument(
        "--cpu-seconds", type=int, default=7200, help="CPU time that reading may take (%(default)s)"
    )


def _add_knowledge(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    knowledge = commands.add_parser("knowledge", help="build, verify, sync and compare packs")
    actions = knowledge.add_subparsers(required=True, metavar="ACTION")
    build = actions.add_parser("build", help="build a pack from the knowledge tables")
    build.set_defaults(command="knowledge_build")
    build.add_argument("--source", help="folder of knowledge tables (TSV); the embedded ones")
    build.add_argument(
        "--imported", action="append", default=[], help="folder of imported tables to add"
    )
    build.add_argument("--out", default="build/knowledge", help="folder of the pack (%(default)s)")
    verify = actions.add_parser("verify", help="hold tables and pack against the lock")
    verify.set_defaults(command="knowledge_verify")
    verify.add_argument("--source", help="folder of knowledge tables (TSV); the embedded ones")
    verify.add_argument("--lock", help="lock of the tables; the embedded one")
    verify.add_argument("--pack", help="a built pack to verify as well")
    sync = actions.add_parser("sync", help="import upstream sources into knowledge tables")
    sync.set_defaults(command="knowledge_sync")
    sync.add_argument("--from", dest="upstream", help="folder of upstream files; else download")
    sync.add_argument("--out", required=True, help="folder of the knowledge tables to write")
    sync.add_argument("--with-text", action="store_true", help="keep the words of the guidance")
    imports = actions.add_parser("import", help="import evidence or approvals that you hold")
    imports.set_defaults(command="knowledge_import")
    imports.add_argument("source", choices=("moalmanac", "moalmanac_referenced", "oncokb"))
    imports.add_argument("files", nargs="+", help="its files, or its folder")
    imports.add_argument("--out", required=True, help="new folder of the tables to write")
    kept = actions.add_parser("kept", help="the packs that runs used here")
    kept.set_defaults(command="knowledge_kept", module="execution.commands")
    affected = actions.add_parser("affected", help="for whom of past runs newer knowledge matters")
    affected.set_defaults(command="knowledge_affected", module="cohort.commands")
    affected.add_argument("--from", dest="old", required=True, help="the earlier pack")
    affected.add_argument("--to", dest="new", required=True, help="the later pack")
    affected.add_argument("results", nargs="+", help="results of runs that have ended")
    affected.add_argument("--out", help="folder for the table, as Parquet, TSV and a page")
    diff = actions.add_parser("diff", help="what differs between two packs, in clinical words")
    diff.set_defaults(command="knowledge_diff")
    diff.add_argument("pack_a")
    diff.add_argument("pack_b")


def _add_looking_back(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    why = commands.add_parser(
        "why", help="the fate of a variant, call, medicine or line of a report"
    )
    why.set_defaults(command="why")
    why.add_argument("sample", help="sample of the run")
    why.add_argument(
        "query",
        help="a gene, a medicine, chr7:140753336:A:T, rs9923231, 'BRAF V600E', or what stands in "
        "the column finding of a report",
    )
    why.add_argument("--results", default="results", help="results of the run (%(default)s)")
    compare = commands.add_parser("compare", help="what changed between two runs")
    compare.set_defaults(command="compare")
    compare.add_argument("run_a", help="results of one run")
    compare.add_argument("run_b", help="results of the other")


def _add_spell(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    spell = commands.add_parser("spell", help="the variants that make a change of a protein")
    spell.set_defaults(command="spell", module="oncogenes.spelling")
    spell.add_argument("query", help="gene and change, such as 'BRAF V600E'")
    spell.add_argument("--reference", required=True, help="FASTA of the genome, or of slices")
    spell.add_argument("--gff", required=True, help="GFF3 of Ensembl or RefSeq, same build")


def _add_records(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    rerun = commands.add_parser("rerun", help="make a past run again from its manifest")
    rerun.set_defaults(command="rerun", module="execution.commands")
    rerun.add_argument("manifest", help="manifest.json of the run; call from where it was started")
    rerun.add_argument("--out", required=True, help="folder of the new results")
    rerun.add_argument("--cores", default="all", help="cores to use (%(default)s)")
    rerun.add_argument("--profile", default="local", help="as of run (%(default)s)")
    rerun.add_argument("--check", action="store_true", help="tell only what differs; run nothing")
    audit = commands.add_parser("audit", help="the sealed log of a results folder, and signatures")
    actions = audit.add_subparsers(required=True, metavar="ACTION")
    verify = actions.add_parser(
        "verify", help="hold log, outputs and signature against their seals"
    )
    verify.set_defaults(command="audit_verify", module="execution.commands")
    verify.add_argument("results", help="results of a run")
    verify.add_argument("--key", help="public key of the signer; the signature is verified as well")
    keys = actions.add_parser("keys", help="make a pair of keys to sign with")
    keys.set_defaults(command="audit_keys", module="execution.commands")
    keys.add_argument("folder", help="folder for apothecary.key and apothecary.pub")
    sign = actions.add_parser("sign", help="sign the manifest and the log of a run")
    sign.set_defaults(command="audit_sign", module="execution.commands")
    sign.add_argument("results", help="results of a run that has ended")
    sign.add_argument("--key", required=True, help="private key (Ed25519, PEM)")
    crate = commands.add_parser("crate", help="a Workflow Run RO-Crate of a run's results")
    crate.set_defaults(command="crate", module="execution.commands")
    crate.add_argument("results", help="results of a run that has ended")
    fhir = commands.add_parser("check-fhir", help="hold FHIR bundles against the guide")
    fhir.set_defaults(command="check_fhir", module="fhir.commands")
    fhir.add_argument("files", nargs="+", help="bundles or resources, JSON")
    fhir.add_argument("--remarks", action="store_true", help="tell what is no error as well")
    sbom = commands.add_parser("sbom", help="bill of materials of this installation (CycloneDX)")
    sbom.set_defaults(command="sbom", module="execution.commands")
    sbom.add_argument("--out", help="file to write; printed when not given")


def _add_cohort(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    cohort = commands.add_parser("cohort", help="a dataset of the results of many runs")
    actions = cohort.add_subparsers(required=True, metavar="ACTION")
    add = actions.add_parser("add", help="add the results of runs; the same run is added once")
    add.set_defaults(command="cohort_add", module="cohort.commands")
    add.add_argument("results", nargs="+", help="results of runs that have ended")
    add.add_argument("--to", required=True, help="folder of the dataset, made when absent")
    export = commands.add_parser("export", help="counts of a run without anything of one person")
    export.set_defaults(command="export", module="cohort.commands")
    export.add_argument("results", help="results of a run that has ended")
    export.add_argument(
        "--deidentify", action="store_true", required=True, help="the one form there is; said aloud"
    )
    export.add_argument("--out", required=True, help="folder to write to")
    export.add_argument(
        "--least", type=int, help="smallest count that is shown; at least that of the run's config"
    )


if __name__ == "__main__":
    sys.exit(main())
