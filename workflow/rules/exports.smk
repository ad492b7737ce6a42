rule export_statements:
    input:
        **PLAN.statement_tables,
        reports="<results>/reports/{batch}",
        reference=PLAN.reference_fasta,
    output:
        statements=directory("<results>/statements/{batch}"),
    log:
        "<logs>/export_statements/{batch}.log",
    group:
        "reports"
    conda:
        "../../envs/apothecary.yaml"
    params:
        code=PLAN.code("export_statements"),
        build=PLAN.config["reference"]["build"],
    script:
        "../../scripts/export_statements.py"


rule export_variants:
    input:
        reports="<results>/reports/{batch}",
        variants="<results>/tables/{batch}/variants.parquet",
        consequences="<results>/tables/{batch}/consequences.parquet",
        neighbours="<results>/tables/{batch}/neighbours.parquet",
        sites="<results>/tables/{batch}/sites.parquet",
        classes=PLAN.maf_classes,
    output:
        variants=directory("<results>/variants/{batch}"),
    log:
        "<logs>/export_variants/{batch}.log",
    group:
        "reports"
    conda:
        "../../envs/apothecary.yaml"
    params:
        code=PLAN.code("export_variants"),
    script:
        "../../scripts/export_variants.py"
