"""Made summaries of the reports of a run, for the tests of its dashboard."""

from __future__ import annotations

from typing import Any

from report_builders import RUN, germline_tables, pack, sample, tumor_sample, tumor_tables

from apothecary.reports import dashboard, model
from apothecary.reports.summary import summary

STATES = ("pass", "warn", "fail", "not_assessed")
METRICS = [f"metric_{number:02d}" for number in range(27)]
Summary = dict[str, Any]


def germline() -> Summary:
    return summary(model.build_model(sample(), germline_tables(), pack(), RUN))


def tumor() -> Summary:
    return summary(model.build_model(tumor_sample(), tumor_tables(), pack(), RUN))


def metric(name: str, status: str | None, value: float | None = 1.5) -> dict[str, Any]:
    return {"metric": name, "value": value, "unit": "x", "status": status}


def many(count: int) -> dict[str, Any]:
    """The model of the dashboard of a run, four of five samples germline, one a tumor."""
    one, other = germline(), tumor()
    samples, found, links = [], {}, {}
    for number in range(count):
        name, is_tumor = f"S{number:05d}", number % 5 == 4
        base = other if is_tumor else one
        gene = {"called": True, "phenotype": f"Phenotype {number % 4}"}
        finding = {"alteration": "A1B", "tier_words": "Tier"}
        found[name] = {
            **base,
            "sample_id": name,
            "batch": f"batch{number // 100:04d}",
            "metrics": [metric(m, STATES[(number + n) % 4]) for n, m in enumerate(METRICS)],
            "genes": []
            if is_tumor
            else [
                {**gene, "gene": f"GENE{n:02d}", "diplotype": f"*1/*{number % 9}"}
                for n in range(23)
            ],
            "medicines": []
            if is_tumor
            else [
                {"drug": f"medicine{n}", "action": "avoid", "action_words": "", "taken": n == 7}
                for n in range(40)
            ],
            "tumor": [
                {
                    **finding,
                    "gene": f"ONCO{(number + n) % 60:02d}",
                    "tier": ("I", "II", "III")[n % 3],
                }
                for n in range(6)
            ]
            if is_tumor
            else [],
        }
        samples.append(sample(name, row=number + 2, batch=found[name]["batch"], role=base["role"]))
        links[name] = f"reports/{found[name]['batch']}/{name}.html"
    return dashboard.build(samples, found, links, {})
