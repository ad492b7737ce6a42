rule measure_alignments:
    input:
        **PLAN.identity_tables,
        alignments=PLAN.reads_of,
        targets=PLAN.target_files,
        called=PLAN.called_targets,
        fasta=PLAN.reference_fasta,
        chain=PLAN.chain_files,
        samples="<results>/tables/samples.parquet",
        consent="<results>/tables/consent.parquet",
        pack="<pack>",
    output:
        alignment_metrics="<results>/qc/{sample}/alignment_metrics.parquet",
        coverage="<results>/qc/{sample}/coverage.parquet",
        fingerprints="<results>/qc/{sample}/fingerprints.parquet",
        target_genotypes="<results>/qc/{sample}/target_genotypes.parquet",
        qc_outcomes="<results>/qc/{sample}/outcomes.parquet",
        stats="<results>/qc/{sample}/{sample}.stats.txt",
    log:
        "<logs>/measure_alignments/{sample}.log",
    conda:
        "../../envs/alignment_qc.yaml"
    resources:
        **PLAN.limits,
        mem_mb=PLAN.config["qc"]["memory_mb"],
    params:
        code=PLAN.code("measure_alignments"),
        within=READ_WITHIN("qc/{sample}/outcomes.parquet"),
        settings=PLAN.config["qc"],
        unnamed=PLAN.config["inputs"]["unnamed_reads"],
        build=PLAN.config["reference"]["build"],
    script:
        "../../scripts/measure_alignments.py"


rule assess_identity:
    input:
        **PLAN.identity_tables,
        samples="<results>/tables/samples.parquet",
        consent="<results>/tables/consent.parquet",
        metrics=PLAN.measured("alignment_metrics"),
        fingerprints=expand(
            "<results>/qc/{sample}/fingerprints.parquet", sample=PLAN.aligned_samples
        ),
        target_genotypes=expand(
            "<results>/qc/{sample}/target_genotypes.parquet",
            sample=PLAN.aligned_samples,
        ),
        kept=PLAN.config["qc"]["kept_fingerprints"],
    output:
        identity="<results>/tables/{batch}/identity.parquet",
        fingerprints="<results>/tables/{batch}/fingerprints.parquet",
        ancestry="<results>/tables/{batch}/ancestry.parquet",
    log:
        "<logs>/assess_identity/{batch}.log",
    conda:
        "../../envs/apothecary.yaml"
    params:
        code=PLAN.code("assess_identity"),
        settings=PLAN.config["qc"]["identity"],
    script:
        "../../scripts/assess_identity.py"


rule gate_samples:
    input:
        samples="<results>/tables/samples.parquet",
        alignment_metrics=PLAN.measured("alignment_metrics"),
        coverage=PLAN.measured("coverage"),
        qc_outcomes=PLAN.measured("outcomes"),
        identity=["<results>/tables/{batch}/identity.parquet"],
    output:
        qc_metrics="<results>/tables/{batch}/qc_metrics.parquet",
        coverage="<results>/tables/{batch}/coverage.parquet",
        qc_gates="<results>/tables/{batch}/qc_gates.parquet",
        qc_outcomes="<results>/tables/{batch}/qc_outcomes.parquet",
    log:
        "<logs>/gate_samples/{batch}.log",
    conda:
        "../../envs/apothecary.yaml"
    params:
        code=PLAN.code("gate_samples"),
        settings=PLAN.config["qc"],
    script:
        "../../scripts/gate_samples.py"


rule collect_multiqc:
    input:
        stats=expand(
            "<results>/qc/{sample}/{sample}.stats.txt", sample=PLAN.aligned_samples
        ),
        qc_metrics=expand(
            "<results>/tables/{batch}/qc_metrics.parquet", batch=PLAN.aligned_batches
        ),
        qc_gates=expand(
            "<results>/tables/{batch}/qc_gates.parquet", batch=PLAN.aligned_batches
        ),
        identity=expand(
            "<results>/tables/{batch}/identity.parquet", batch=PLAN.aligned_batches
        ),
        coverage=expand(
            "<results>/tables/{batch}/coverage.parquet", batch=PLAN.aligned_batches
        ),
        diplotypes=expand(
            "<results>/tables/{batch}/diplotypes.parquet", batch=PLAN.aligned_batches
        ),
    output:
        folder=directory("<results>/multiqc"),
    log:
        "<logs>/collect_multiqc.log",
    conda:
        "../../envs/alignment_qc.yaml"
    params:
        code=PLAN.code("collect_multiqc"),
        report=PLAN.config["qc"]["multiqc"],
    script:
        "../../scripts/collect_multiqc.py"
