"""What is known of a patient and of a tumor, as trials ask for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from apothecary.calling.verdicts import NOT_FOUND
from apothecary.oncogenes import cases, depth_copy_number, evidence, markers, neighbours
from apothecary.oncogenes import findings as findings_module
from apothecary.oncogenes.consequences import Knowledge
from apothecary.oncogenes.findings import COPY_NUMBER, FUSION, VARIANT, Finding
from apothecary.reads.formats import READ_FORMATS
from apothecary.selection import by_sample

_MICROSATELLITES = {"msi_high": "MSI-H", "mss": "MSS"}
"""Terms of CTML's ms_status by status in the table biomarkers."""


@dataclass(frozen=True)
class Patient:
    """A tumor and the person it is of.

    Attributes:
        sample_id: The tumor.
        subject_id: The person.
        tumor_type: OncoTree code, or empty.
        sex: F, M or unknown.
        clinical: Value by item of the clinical sheet, where there is one value.
        findings: What was found in the tumor.
        negative: Kinds of findings of which none found means that there is none.
        not_found: Gene and protein change of known variants that the reads were searched for in
            vain, with the detection limit; those of which a way to have the change was not
            assessable are not among them.
        given: Kinds of findings that the input is of.
    """

    sample_id: str
    subject_id: str
    tumor_type: str
    sex: str
    clinical: Mapping[str, str]
    findings: Sequence[Finding]
    negative: frozenset[str] = frozenset()
    not_found: Mapping[tuple[str, str], float] = field(default_factory=dict)
    given: frozenset[str] = frozenset({VARIANT})

    def of_gene(self, gene: str, kind: str) -> list[Finding]:
        """The findings of one kind in a gene; of every gene for an empty one."""
        return [f for f in self.findings if f.kind == kind and (not gene or gene in f.genes)]


def load(
    sample: Mapping[str, Any],
    clinical_rows: Iterable[Mapping[str, Any]],
    findings: Sequence[Finding],
    hotspot_rows: Iterable[Mapping[str, Any]],
    biomarker_rows: Iterable[Mapping[str, Any]] = (),
    *,
    absent_is_negative: bool,
) -> Patient:
    """Gather what is known of one patient.

    Args:
        sample: Row of the table samples, of a tumor.
        clinical_rows: Rows of the table clinical.
        findings: What was found in the tumor.
        hotspot_rows: Rows of the table hotspot_evidence, of the sample.
        biomarker_rows: Rows of the table biomarkers, of the sample; what the clinical sheet says of
            the same goes before them.
        absent_is_negative: Whether what was not found is taken as absent, for the kinds of
            findings that the input is of.
    """
    values: dict[str, list[str]] = {}
    for row in clinical_rows:
        if row["subject_id"] == sample["subject_id"]:
            values.setdefault(row["item"], []).append(str(row["value"]))
    given = {VARIANT}
    if sample.get("copy_number") or any(f.kind == COPY_NUMBER for f in findings):
        given.add(COPY_NUMBER)
    if sample.get("fusions"):
        given.add(FUSION)
    return Patient(
        sample["sample_id"],
        sample["subject_id"],
        sample["tumor_type"] or "",
        sample["sex"],
        {
            **_measured(biomarker_rows),
            **{item: found[0] for item, found in values.items() if len(found) == 1},
        },
        findings,
        frozenset(given) if absent_is_negative else frozenset(),
        _not_found(hotspot_rows) if sample["format"] in READ_FORMATS else {},
        frozenset(given),
    )


def _measured(rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Markers of the tumor that were measured here, as items of the clinical sheet."""
    told = markers.judged(rows)
    found = {}
    if "tmb" in told and told["tmb"]["value"] is not None:
        found["tmb_per_megabase"] = str(told["tmb"]["value"])
    status = _MICROSATELLITES.get(told["msi"]["status"]) if "msi" in told else None
    if status:
        found["ms_status"] = status
    return found


def _not_found(rows: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], float]:
    limits: dict[tuple[str, str], float] = {}
    other: set[tuple[str, str]] = set()
    for row in rows:
        for gene in str(row["gene"]).split(", "):
            for change in row["protein_changes"] or []:
                key = (gene, change.upper())
                if row["status"] != NOT_FOUND:
                    other.add(key)
                else:
                    limits[key] = max(limits.get(key, 0.0), float(row["detection_limit"]))
    return {key: limit for key, limit in limits.items() if key not in other}


def load_all(
    samples: Sequence[Mapping[str, Any]],
    rows: Mapping[str, Sequence[Mapping[str, Any]]],
    pack: Knowledge,
    absent_is_negative: bool,
    chain: str = "",
) -> list[Patient]:
    """Gather what is known of the patients of a batch.

    Args:
        samples: Rows of the table samples; those of tumors are taken.
        rows: Rows by name of the tables clinical, variants, consequences, copy_number,
            depth_copy_number, fusions, neighbours, biomarkers and, where there are reads,
            hotspot_evidence.
        pack: The knowledge pack.
        absent_is_negative: See `load`.
        chain: Chain file from GRCh37 to GRCh38, by which variants of GRCh37 are known.
    """
    known = evidence.index(pack, chain)
    consequences = findings_module.by_locus(rows["consequences"])
    names = (
        *("variants", "copy_number", "fusions", "hotspot_evidence"),
        *("biomarkers", "neighbours"),
    )
    copy_number = depth_copy_number.filled(rows["copy_number"], rows["depth_copy_number"])
    of = {name: by_sample(rows.get(name, ())) for name in names}
    of["copy_number"] = by_sample(copy_number)
    found = []
    for sample in samples:
        if sample["role"] != "tumor":
            continue
        name = sample["sample_id"]
        variants, copies, fusions, hotspots, biomarkers, near = (
            of[table].get(name, []) for table in names
        )
        joined = neighbours.applied(variants, near)
        found_here = cases.findings_of(joined, consequences, copies, fusions, known)
        found.append(
            load(
                sample,
                rows["clinical"],
                found_here,
                hotspots,
                biomarkers,
                absent_is_negative=absent_is_negative,
            )
        )
    return found
