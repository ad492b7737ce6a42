rule call_germline:
    input:
        files=PLAN.calling_files,
        samples="<results>/tables/samples.parquet",
        consent="<results>/tables/consent.parquet",
        alignment=PLAN.reads_of,
        measured="<results>/qc/{sample}/outcomes.parquet",
        pack="<pack>",
    output:
        calls="<results>/calls/{sample}/germline.g.vcf.gz",
        index="<results>/calls/{sample}/germline.g.vcf.gz.tbi",
        outcomes="<results>/calls/{sample}/germline.outcomes.parquet",
    log:
        "<logs>/call_germline/{sample}.log",
    conda:
        PLAN.calling_environment("germline")
    resources:
        **PLAN.limits,
    params:
        code=PLAN.code("call_germline"),
        within=READ_WITHIN("calls/{sample}/germline.outcomes.parquet"),
        config=PLAN.calling_config,
    script:
        "../../scripts/call_germline.py"


rule call_somatic:
    input:
        files=PLAN.calling_files,
        samples="<results>/tables/samples.parquet",
        consent="<results>/tables/consent.parquet",
        alignment=PLAN.reads_of,
        measured="<results>/qc/{sample}/outcomes.parquet",
        normal=PLAN.normal_alignment,
        normal_measured=PLAN.normal_outcomes,
        pack="<pack>",
    output:
        calls="<results>/calls/{sample}/somatic.vcf.gz",
        index="<results>/calls/{sample}/somatic.vcf.gz.tbi",
        outcomes="<results>/calls/{sample}/somatic.outcomes.parquet",
    log:
        "<logs>/call_somatic/{sample}.log",
    conda:
        PLAN.calling_environment("somatic")
    resources:
        **PLAN.limits,
    params:
        code=PLAN.code("call_somatic"),
        within=READ_WITHIN("calls/{sample}/somatic.outcomes.parquet"),
        config=PLAN.calling_config,
    script:
        "../../scripts/call_somatic.py"


rule genotype_hotspots:
    input:
        unpack(PLAN.quality_of),
        files=PLAN.calling_files,
        samples="<results>/tables/samples.parquet",
        consent="<results>/tables/consent.parquet",
        alignment=PLAN.reads_of,
        measured="<results>/qc/{sample}/outcomes.parquet",
        normal=PLAN.normal_alignment,
        normal_measured=PLAN.normal_outcomes,
        pack="<pack>",
    output:
        hotspot_evidence="<results>/calls/{sample}/hotspot_evidence.parquet",
    log:
        "<logs>/genotype_hotspots/{sample}.log",
    conda:
        "../../envs/apothecary.yaml"
    resources:
        **PLAN.limits,
    params:
        code=PLAN.code("genotype_hotspots"),
        config=PLAN.calling_config,
        limits=PLAN.config["qc"]["callable"],
    script:
        "../../scripts/genotype_hotspots.py"


rule measure_microsatellites:
    input:
        files=PLAN.calling_files,
        samples="<results>/tables/samples.parquet",
        consent="<results>/tables/consent.parquet",
        alignment=PLAN.reads_of,
        measured="<results>/qc/{sample}/outcomes.parquet",
        normal=PLAN.normal_alignment,
        normal_measured=PLAN.normal_outcomes,
        pack="<pack>",
    output:
        microsatellites="<results>/calls/{sample}/microsatellites.parquet",
    log:
        "<logs>/measure_microsatellites/{sample}.log",
    conda:
        "../../envs/apothecary.yaml"
    resources:
        **PLAN.limits,
    params:
        code=PLAN.code("measure_microsatellites"),
        config=PLAN.calling_config,
        settings=PLAN.config["biomarkers"]["msi_reads"],
    script:
        "../../scripts/measure_microsatellites.py"


localrules:
    collect_hotspots,


rule collect_hotspots:
    input:
        hotspot_evidence=PLAN.batch_hotspots,
        pack="<pack>",
    output:
        hotspot_evidence="<results>/tables/{batch}/hotspot_evidence.parquet",
    log:
        "<logs>/collect_hotspots/{batch}.log",
    conda:
        "../../envs/apothecary.yaml"
    params:
        code=PLAN.code("collect_hotspots"),
    script:
        "../../scripts/collect_hotspots.py"
