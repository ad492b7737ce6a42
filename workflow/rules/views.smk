# Further views of the reports of a batch; those that reports.views names are made.


rule typeset_reports:
    input:
        reports="<results>/reports/{batch}",
    output:
        pdf=directory("<results>/pdf/{batch}"),
    log:
        "<logs>/typeset_reports/{batch}.log",
    group:
        "reports"
    conda:
        "../../envs/apothecary.yaml"
    params:
        code=PLAN.code("typeset_reports"),
        paper=PLAN.config["reports"]["paper"],
    script:
        "../../scripts/typeset_reports.py"
