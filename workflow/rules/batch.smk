localrules:
    validate_samples,
    resolve_medicines,
    write_manifest,
    check_run,


rule validate_samples:
    input:
        sheets=PLAN.sheet_files,
    output:
        samples="<results>/tables/samples.parquet",
        clinical="<results>/tables/clinical.parquet",
        consent="<results>/tables/consent.parquet",
        orders="<results>/tables/orders.parquet",
    log:
        "<logs>/validate_samples.log",
    conda:
        "../../envs/apothecary.yaml"
    params:
        code=PLAN.code("validate_samples"),
        config=PLAN.sheet_config,
        root=str(PLAN.root),
    script:
        "../../scripts/validate_samples.py"


rule resolve_medicines:
    input:
        **PLAN.drug_tables,
        clinical="<results>/tables/clinical.parquet",
    output:
        medicines="<results>/tables/medicines.parquet",
    log:
        "<logs>/resolve_medicines.log",
    conda:
        "../../envs/apothecary.yaml"
    params:
        code=PLAN.code("resolve_medicines"),
    script:
        "../../scripts/resolve_medicines.py"


rule write_manifest:
    input:
        # By path: for an output of rules, Snakemake looks at the whole list again at every file.
        tables=expand(
            "<results>/tables/{table}.parquet",
            table=["samples", "clinical", "consent", "orders", "medicines"],
        ),
        batches=expand(
            "<results>/tables/{batch}/{table}.parquet",
            batch=PLAN.batches,
            table=PLAN.batch_tables,
        ),
        quality=expand(
            "<results>/tables/{batch}/{table}.parquet",
            batch=PLAN.aligned_batches,
            table=PLAN.qc_tables,
        ),
        evidence=expand(
            "<results>/tables/{batch}/{table}.parquet",
            batch=PLAN.aligned_batches,
            table=PLAN.call_tables,
        ),
        of_samples=PLAN.sample_outputs,
        reports=expand("<results>/reports/{batch}", batch=PLAN.batches),
        views=PLAN.view_folders,
        page="<results>/index.html",
        dashboard="<results>/dashboard.html",
        pack="<pack>",
    output:
        manifest="<results>/manifest.json",
        table="<results>/manifest.parquet",
        checksums="<results>/checksums.sha256",
    log:
        "<logs>/write_manifest.log",
    conda:
        "../../envs/apothecary.yaml"
    params:
        code=PLAN.code("write_manifest"),
        config=PLAN.config_without_places,
        inputs=PLAN.sheet_files,
        batches=list(PLAN.batches),
    script:
        "../../scripts/write_manifest.py"


rule check_run:
    input:
        samples="<results>/tables/samples.parquet",
        outcomes=expand("<results>/tables/{batch}/outcomes.parquet", batch=PLAN.batches),
        quality=expand(
            "<results>/tables/{batch}/qc_outcomes.parquet", batch=PLAN.aligned_batches
        ),
        reports=expand("<results>/reports/{batch}", batch=PLAN.batches),
        views=PLAN.view_folders,
        manifest="<results>/manifest.json",
    output:
        complete="<results>/complete.json",
    log:
        "<logs>/check_run.log",
    conda:
        "../../envs/apothecary.yaml"
    params:
        code=PLAN.code("check_run"),
    script:
        "../../scripts/check_run.py"
