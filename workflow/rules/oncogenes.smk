rule annotate_consequences:
    input:
        reference=PLAN.reference_files,
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


rule assess_biomarkers:
    input:
        unpack(PLAN.quality_tables),
        resources=PLAN.biomarker_tables,
        regions=PLAN.biomarker_files,
        baseline=PLAN.biomarker_baseline,
        reference=PLAN.reference_files,
        microsatellites=PLAN.batch_microsatellites,
        samples="<results>/tables/samples.parquet",
        consent="<results>/tables/consent.parquet",
        outcomes="<results>/tables/{batch}/outcomes.parquet",
        variants="<results>/tables/{batch}/variants.parquet",
        consequences="<results>/tables/{batch}/consequences.parquet",
        copy_number="<results>/tables/{batch}/copy_number.parquet",
        pack="<pack>",
    output:
        biomarkers="<results>/tables/{batch}/biomarkers.parquet",
        signatures="<results>/tables/{batch}/signatures.parquet",
    log:
        "<logs>/assess_biomarkers/{batch}.log",
    conda:
        "../../envs/apothecary.yaml"
    params:
        code=PLAN.code("assess_biomarkers"),
        config=PLAN.biomarker_config,
    script:
        "../../scripts/assess_biomarkers.py"


rule match_actionability:
    input:
        unpack(PLAN.quality_tables),
        samples="<results>/tables/samples.parquet",
        outcomes="<results>/tables/{batch}/outcomes.parquet",
        variants="<results>/tables/{batch}/variants.parquet",
        consequences="<results>/tables/{batch}/consequences.parquet",
        copy_number="<results>/tables/{batch}/copy_number.parquet",
        fusions="<results>/tables/{batch}/fusions.parquet",
        biomarkers="<results>/tables/{batch}/biomarkers.parquet",
        markers=PLAN.evidence_markers,
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
