rule prepare_reference:
    input:
        fasta=PLAN.reference_fasta,
        contigs=PLAN.reference_contigs,
    output:
        reference=directory("<reference>"),
    log:
        "<logs>/prepare_reference.log",
    conda:
        "../../envs/alignment.yaml"
    resources:
        mem_mb=PLAN.config["reads"]["memory_mb"],
    params:
        code=PLAN.code("prepare_reference"),
        options=PLAN.reference_options,
    script:
        "../../scripts/prepare_reference.py"


rule align_reads:
    input:
        reads=PLAN.fastq_files,
        reference="<reference>",
    output:
        **PLAN.alignment_files,
        alignment="<results>/alignments/{sample}.alignment.parquet",
        read_files="<results>/alignments/{sample}.read_files.parquet",
    log:
        "<logs>/align_reads/{sample}.log",
    conda:
        "../../envs/alignment.yaml"
    threads: PLAN.config["reads"]["threads"]
    resources:
        **PLAN.limits,
        mem_mb=PLAN.config["reads"]["memory_mb"],
    params:
        code=PLAN.code("align_reads"),
        within=READ_WITHIN("alignments/{sample}.alignment.parquet"),
        lanes=PLAN.lanes,
        folder=PLAN.reads_folder,
        options=PLAN.alignment_options,
    script:
        "../../scripts/align_reads.py"


localrules:
    collect_alignments,


rule collect_alignments:
    input:
        alignment=PLAN.sample_alignments,
        read_files=PLAN.sample_read_files,
    output:
        alignments="<results>/tables/{batch}/alignments.parquet",
        read_files="<results>/tables/{batch}/read_files.parquet",
    log:
        "<logs>/collect_alignments/{batch}.log",
    conda:
        "../../envs/apothecary.yaml"
    params:
        code=PLAN.code("collect_alignments"),
        allow_shared=PLAN.config["reads"]["allow_shared"],
    script:
        "../../scripts/collect_alignments.py"
