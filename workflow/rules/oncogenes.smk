rule annotate_consequences:
    input:
        reference=PLAN.reference_files,
        chain=PLAN.chain_files,
        samples="<results>/tables/samples.parquet",
        variants="<results>/tables/{batch}/variants.parquet",
        pack="<pack>",
    output:
        consequences="<results>/tables/{batch}/consequences.parquet",
    log:
        "<logs>/annotate_consequences/{batch}.log",
    conda:
        "../../envs/apothecary.yaml"
    params:
        code=PLAN.code("annotate_consequences"),
        reference=PLAN.config["reference"],
    script:
        "../../scripts/annotate_consequences.py"


rule match_actionability:
    input:
        unpack(PLAN.quality_tables),
        samples="<results>/tables/samples.parquet",
        outcomes="<results>/tables/{batch}/outcomes.parquet",
        variants="<results>/tables/{batch}/variants.parquet",
        consequences="<results>/tables/{batch}/consequences.parquet",
        copy_number="<results>/tables/{batch}/copy_number.parquet",
        fusions="<results>/tables/{batch}/fusions.parquet",
        chain=PLAN.chain_files,
        pack="<pack>",
    output:
        actionability="<results>/tables/{batch}/actionability.parquet",
        tumor_flags="<results>/tables/{batch}/tumor_flags.parquet",
    log:
        "<logs>/match_actionability/{batch}.log",
    conda:
        "../../envs/apothecary.yaml"
    params:
        code=PLAN.code("match_actionability"),
        settings=PLAN.config["oncogenes"],
    script:
        "../../scripts/match_actionability.py"
