rule report_samples:
    input:
        unpack(PLAN.quality_tables),
        unpack(PLAN.evidence_tables),
        unpack(PLAN.risk_tables),
        samples="<results>/tables/samples.parquet",
        clinical="<results>/tables/clinical.parquet",
        medicines="<results>/tables/medicines.parquet",
        consent="<results>/tables/consent.parquet",
        orders="<results>/tables/orders.parquet",
        previous=PLAN.previous_run,
        outcomes="<results>/tables/{batch}/outcomes.parquet",
        record_fates="<results>/tables/{batch}/record_fates.parquet",
        variants="<results>/tables/{batch}/variants.parquet",
        outside_calls="<results>/tables/{batch}/outside_calls.parquet",
        sites="<results>/tables/{batch}/sites.parquet",
        diplotypes="<results>/tables/{batch}/diplotypes.parquet",
        phenotypes="<results>/tables/{batch}/phenotypes.parquet",
        recommendations="<results>/tables/{batch}/recommendations.parquet",
        interactions="<results>/tables/{batch}/interactions.parquet",
        doses="<results>/tables/{batch}/doses.parquet",
        tag_screens="<results>/tables/{batch}/tag_screens.parquet",
        consequences="<results>/tables/{batch}/consequences.parquet",
        neighbours="<results>/tables/{batch}/neighbours.parquet",
        copy_number="<results>/tables/{batch}/copy_number.parquet",
        fusions="<results>/tables/{batch}/fusions.parquet",
        actionability="<results>/tables/{batch}/actionability.parquet",
        tumor_flags="<results>/tables/{batch}/tumor_flags.parquet",
        oncogenicity="<results>/tables/{batch}/oncogenicity.parquet",
        oncogenicity_codes="<results>/tables/{batch}/oncogenicity_codes.parquet",
        approvals="<results>/tables/{batch}/approvals.parquet",
        pertinent_negatives="<results>/tables/{batch}/pertinent_negatives.parquet",
        biomarkers="<results>/tables/{batch}/biomarkers.parquet",
        signatures="<results>/tables/{batch}/signatures.parquet",
        depth_copy_number="<results>/tables/{batch}/depth_copy_number.parquet",
        clonality="<results>/tables/{batch}/clonality.parquet",
        variant_origins="<results>/tables/{batch}/variant_origins.parquet",
        two_hits="<results>/tables/{batch}/two_hits.parquet",
        expression_outliers="<results>/tables/{batch}/expression_outliers.parquet",
        multi_omic="<results>/tables/{batch}/multi_omic.parquet",
        germline_findings="<results>/tables/{batch}/germline_findings.parquet",
        trials="<results>/tables/{batch}/trials.parquet",
        pack="<pack>",
    output:
        reports=directory("<results>/reports/{batch}"),
    log:
        "<logs>/report_samples/{batch}.log",
    group:
        "reports"
    conda:
        "../../envs/apothecary.yaml"
    params:
        code=PLAN.code("report_samples"),
        settings=PLAN.report_settings,
    script:
        "../../scripts/report_samples.py"


localrules:
    report_run,
    report_dashboard,


rule report_run:
    input:
        samples="<results>/tables/samples.parquet",
        reports=expand("<results>/reports/{batch}", batch=PLAN.batches),
        trial_counts=expand(
            "<results>/tables/{batch}/trial_counts.parquet", batch=PLAN.batches
        ),
        views=PLAN.view_folders,
    output:
        page="<results>/index.html",
    log:
        "<logs>/report_run.log",
    conda:
        "../../envs/apothecary.yaml"
    params:
        code=PLAN.code("report_run"),
        laboratory=PLAN.config["reports"]["laboratory"],
    script:
        "../../scripts/report_run.py"


rule report_dashboard:
    input:
        samples="<results>/tables/samples.parquet",
        reports=expand("<results>/reports/{batch}", batch=PLAN.batches),
        trial_counts=expand(
            "<results>/tables/{batch}/trial_counts.parquet", batch=PLAN.batches
        ),
    output:
        page="<results>/dashboard.html",
    log:
        "<logs>/report_dashboard.log",
    conda:
        "../../envs/apothecary.yaml"
    params:
        code=PLAN.code("report_dashboard"),
        laboratory=PLAN.config["reports"]["laboratory"],
    script:
        "../../scripts/report_dashboard.py"
