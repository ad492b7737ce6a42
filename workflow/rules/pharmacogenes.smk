rule call_sites:
    input:
        unpack(PLAN.quality_tables),
        reads=PLAN.read_files,
        reference=PLAN.reference_files,
        samples="<results>/tables/samples.parquet",
        consent="<results>/tables/consent.parquet",
        variants="<results>/tables/{batch}/variants.parquet",
        outcomes="<results>/tables/{batch}/outcomes.parquet",
        pack="<pack>",
    output:
        sites="<results>/tables/{batch}/sites.parquet",
    log:
        "<logs>/call_sites/{batch}.log",
    conda:
        "../../envs/apothecary.yaml"
    resources:
        **PLAN.limits,
    params:
        code=PLAN.code("call_sites"),
        config=PLAN.sites_config,
    script:
        "../../scripts/call_sites.py"


rule call_diplotypes:
    input:
        unpack(PLAN.quality_tables),
        samples="<results>/tables/samples.parquet",
        clinical="<results>/tables/clinical.parquet",
        sites="<results>/tables/{batch}/sites.parquet",
        outside_calls="<results>/tables/{batch}/outside_calls.parquet",
        pack="<pack>",
    output:
        diplotypes="<results>/tables/{batch}/diplotypes.parquet",
    log:
        "<logs>/call_diplotypes/{batch}.log",
    conda:
        "../../envs/apothecary.yaml"
    params:
        code=PLAN.code("call_diplotypes"),
        settings=PLAN.config["pharmacogenes"],
    script:
        "../../scripts/call_diplotypes.py"


rule assign_phenotypes:
    input:
        **PLAN.conversion_tables,
        samples="<results>/tables/samples.parquet",
        medicines="<results>/tables/medicines.parquet",
        diplotypes="<results>/tables/{batch}/diplotypes.parquet",
        pack="<pack>",
    output:
        phenotypes="<results>/tables/{batch}/phenotypes.parquet",
    log:
        "<logs>/assign_phenotypes/{batch}.log",
    conda:
        "../../envs/apothecary.yaml"
    params:
        code=PLAN.code("assign_phenotypes"),
    script:
        "../../scripts/assign_phenotypes.py"


rule match_recommendations:
    input:
        **PLAN.conversion_tables,
        samples="<results>/tables/samples.parquet",
        clinical="<results>/tables/clinical.parquet",
        sites="<results>/tables/{batch}/sites.parquet",
        medicines="<results>/tables/medicines.parquet",
        phenotypes="<results>/tables/{batch}/phenotypes.parquet",
        pack="<pack>",
    output:
        recommendations="<results>/tables/{batch}/recommendations.parquet",
        interactions="<results>/tables/{batch}/interactions.parquet",
    log:
        "<logs>/match_recommendations/{batch}.log",
    conda:
        "../../envs/apothecary.yaml"
    params:
        code=PLAN.code("match_recommendations"),
    script:
        "../../scripts/match_recommendations.py"


rule calculate_doses:
    input:
        models=PLAN.dose_tables,
        samples="<results>/tables/samples.parquet",
        clinical="<results>/tables/clinical.parquet",
        medicines="<results>/tables/medicines.parquet",
        phenotypes="<results>/tables/{batch}/phenotypes.parquet",
        recommendations="<results>/tables/{batch}/recommendations.parquet",
    output:
        doses="<results>/tables/{batch}/doses.parquet",
    log:
        "<logs>/calculate_doses/{batch}.log",
    conda:
        "../../envs/apothecary.yaml"
    params:
        code=PLAN.code("calculate_doses"),
    script:
        "../../scripts/calculate_doses.py"


rule screen_tags:
    input:
        samples="<results>/tables/samples.parquet",
        consent="<results>/tables/consent.parquet",
        variants="<results>/tables/{batch}/variants.parquet",
        outcomes="<results>/tables/{batch}/outcomes.parquet",
        tags=PLAN.tag_table,
    output:
        tag_screens="<results>/tables/{batch}/tag_screens.parquet",
    log:
        "<logs>/screen_tags/{batch}.log",
    conda:
        "../../envs/apothecary.yaml"
    params:
        code=PLAN.code("screen_tags"),
    script:
        "../../scripts/screen_tags.py"
