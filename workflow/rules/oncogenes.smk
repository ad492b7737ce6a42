rule annotate_consequences:
    input:
        facts=PLAN.consequence_facts,
        reference=PLAN.consequence_files,
        reads=PLAN.read_files,
        alignments=PLAN.tumor_alignments,
        samples="<results>/tables/samples.parquet",
        variants="<results>/tables/{batch}/variants.parquet",
        pack="<pack>",
    output:
        consequences="<results>/tables/{batch}/consequences.parquet",
        neighbours="<results>/tables/{batch}/neighbours.parquet",
    log:
        "<logs>/annotate_consequences/{batch}.log",
    conda:
        "../../envs/apothecary.yaml"
    params:
        code=PLAN.code("annotate_consequences"),
        config=PLAN.consequence_config,
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
        unpack(PLAN.evidence_tables),
        samples="<results>/tables/samples.parquet",
        consent="<results>/tables/consent.parquet",
        outcomes="<results>/tables/{batch}/outcomes.parquet",
        variants="<results>/tables/{batch}/variants.parquet",
        consequences="<results>/tables/{batch}/consequences.parquet",
        neighbours="<results>/tables/{batch}/neighbours.parquet",
        copy_number="<results>/tables/{batch}/copy_number.parquet",
        depth_copy_number="<results>/tables/{batch}/depth_copy_number.parquet",
        fusions="<results>/tables/{batch}/fusions.parquet",
        defining_fusions=PLAN.defining_fusions,
        escat_rules=PLAN.escat_rules,
        biomarkers="<results>/tables/{batch}/biomarkers.parquet",
        markers=PLAN.evidence_markers,
        chain=PLAN.chain_files,
        pack="<pack>",
    output:
        actionability="<results>/tables/{batch}/actionability.parquet",
        approvals="<results>/tables/{batch}/approvals.parquet",
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


rule classify_oncogenicity:
    input:
        **PLAN.oncogenicity_tables,
        user_files=PLAN.oncogenicity_files,
        samples="<results>/tables/samples.parquet",
        variants="<results>/tables/{batch}/variants.parquet",
        consequences="<results>/tables/{batch}/consequences.parquet",
        pack="<pack>",
    output:
        oncogenicity="<results>/tables/{batch}/oncogenicity.parquet",
        oncogenicity_codes="<results>/tables/{batch}/oncogenicity_codes.parquet",
    log:
        "<logs>/classify_oncogenicity/{batch}.log",
    conda:
        "../../envs/apothecary.yaml"
    params:
        code=PLAN.code("classify_oncogenicity"),
        settings=PLAN.config["oncogenicity"],
    script:
        "../../scripts/classify_oncogenicity.py"


rule list_pertinent_negatives:
    input:
        unpack(PLAN.quality_tables),
        unpack(PLAN.evidence_tables),
        samples="<results>/tables/samples.parquet",
        consent="<results>/tables/consent.parquet",
        outcomes="<results>/tables/{batch}/outcomes.parquet",
        variants="<results>/tables/{batch}/variants.parquet",
        consequences="<results>/tables/{batch}/consequences.parquet",
        copy_number="<results>/tables/{batch}/copy_number.parquet",
        depth_copy_number="<results>/tables/{batch}/depth_copy_number.parquet",
        fusions="<results>/tables/{batch}/fusions.parquet",
        neighbours="<results>/tables/{batch}/neighbours.parquet",
        defining_fusions=PLAN.defining_fusions,
        biomarkers="<results>/tables/{batch}/biomarkers.parquet",
        markers=PLAN.evidence_markers,
        chain=PLAN.chain_files,
        pack="<pack>",
    output:
        pertinent_negatives="<results>/tables/{batch}/pertinent_negatives.parquet",
    log:
        "<logs>/list_pertinent_negatives/{batch}.log",
    conda:
        "../../envs/apothecary.yaml"
    params:
        code=PLAN.code("list_pertinent_negatives"),
        settings=PLAN.config["oncogenes"],
    script:
        "../../scripts/list_pertinent_negatives.py"
