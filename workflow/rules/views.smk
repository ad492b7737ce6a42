rule report_patients:
    input:
        reports="<results>/reports/{batch}",
        facts=PLAN.patient_tables,
    output:
        pages=directory("<results>/patients/{batch}"),
    log:
        "<logs>/report_patients/{batch}.log",
    group:
        "reports"
    conda:
        "../../envs/apothecary.yaml"
    params:
        code=PLAN.code("report_patients"),
        languages=PLAN.config["reports"]["languages"],
    script:
        "../../scripts/report_patients.py"
