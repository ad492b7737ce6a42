"""Apothecary: from sequencing reads and variant files to reviewed precision-medicine reports."""

from snakemake.utils import min_version

min_version("9.27")


# A configuration that is given replaces the example; they are never mixed.
if "samples" not in config:

    configfile: "config/config.yaml"


pathvars:
    results="results",
    logs="logs",
    pack=config.get("knowledge", {}).get("pack") or "build/knowledge",
    reference="build/reference",


include: "workflow/rules/common.smk"
include: "workflow/rules/reads.smk"
include: "workflow/rules/qc.smk"
include: "workflow/rules/calling.smk"
include: "workflow/rules/variants.smk"
include: "workflow/rules/pharmacogenes.smk"
include: "workflow/rules/oncogenes.smk"
include: "workflow/rules/tumors.smk"
include: "workflow/rules/germline.smk"
include: "workflow/rules/trials.smk"
include: "workflow/rules/risk.smk"
include: "workflow/rules/reports.smk"
include: "workflow/rules/read_pages.smk"
include: "workflow/rules/views.smk"
include: "workflow/rules/exports.smk"
include: "workflow/rules/batch.smk"


# A pack that is given is used as it is.
if not PLAN.config["knowledge"]["pack"]:

    include: "workflow/rules/knowledge.smk"


rule all:
    default_target: True
    input:
        rules.report_run.output,
        rules.report_dashboard.output,
        rules.write_manifest.output,
        rules.check_run.output,
        PLAN.multiqc,
