# Pages of the reads over findings; made where reports.views names them.


rule show_reads:
    input:
        reports="<results>/reports/{batch}",
        alignments=PLAN.batch_reads,
        indexes=PLAN.batch_read_indexes,
        reference=PLAN.reference_files,
        program=PLAN.igv_program,
        releases=PLAN.igv_releases,
    output:
        pages=directory("<results>/reads/{batch}"),
    log:
        "<logs>/show_reads/{batch}.log",
    group:
        "reports"
    conda:
        "../../envs/apothecary.yaml"
    params:
        code=PLAN.code("show_reads"),
        samples=PLAN.batch_read_samples,
    script:
        "../../scripts/show_reads.py"
