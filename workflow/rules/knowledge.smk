localrules:
    build_knowledge,


rule build_knowledge:
    input:
        source=PLAN.knowledge_files,
        imported=PLAN.imported_knowledge,
        lock=str(PLAN.knowledge_lock),
    output:
        pack=directory("<pack>"),
    log:
        "<logs>/build_knowledge.log",
    conda:
        "../../envs/apothecary.yaml"
    params:
        code=PLAN.code("build_knowledge"),
        imported=PLAN.config["knowledge"]["imported"],
    script:
        "../../scripts/build_knowledge.py"
