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


rule export_fhir:
    input:
        **PLAN.fhir_tables,
        reports="<results>/reports/{batch}",
    output:
        bundles=directory("<results>/fhir/{batch}"),
    log:
        "<logs>/export_fhir/{batch}.log",
    group:
        "reports"
    conda:
        "../../envs/apothecary.yaml"
    params:
        code=PLAN.code("export_fhir"),
    script:
        "../../scripts/export_fhir.py"


rule export_cards:
    input:
        reports="<results>/reports/{batch}",
        indicators=PLAN.card_indicators,
    output:
        cards=directory("<results>/cards/{batch}"),
    log:
        "<logs>/export_cards/{batch}.log",
    group:
        "reports"
    conda:
        "../../envs/apothecary.yaml"
    params:
        code=PLAN.code("export_cards"),
    script:
        "../../scripts/export_cards.py"
