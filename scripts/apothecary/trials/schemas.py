"""The declaration of the tables of trials."""

from __future__ import annotations

from apothecary.tables import Column, Table

_SAMPLE = Column("sample_id", "str", "tumor sample of the sheet", required=True)
_BLOCK = (
    Column("trial_id", "str", "number of the protocol, or NCT number", required=True),
    Column(
        "block", "int", "which part of the trial with criteria of its own, from 1", required=True
    ),
)
_PLACE = (
    Column("step", "str", "step of the trial; null for the whole trial"),
    Column("arm", "str", "arm; null for a whole step"),
    Column("dose_level", "str", "dose level; null for a whole arm"),
    Column("accrual", "str", "open, closed or unknown", required=True),
)

TRIALS = Table(
    "trials",
    1,
    ("sample_id", "trial_id", "block"),
    (
        _SAMPLE,
        *_BLOCK,
        Column("title", "str", "title of the trial"),
        Column("phase", "str", "phase as the trial gives it"),
        *_PLACE,
        Column(
            "status",
            "str",
            "met, unmet, or unknown: a criterion that the answer hangs on cannot be told",
            required=True,
        ),
        Column("met", "list", "criteria met that the answer rests on, with the reason"),
        Column("unmet", "list", "criteria not met that the answer rests on, with the reason"),
        Column("unknown", "list", "criteria that cannot be told, with the reason"),
        Column("matched_by", "list", "findings and facts of the patient that met criteria"),
        Column("form", "str", "ctml or clinicaltrials.gov", required=True),
        Column("file", "str", "file of the trial, as in the configuration", required=True),
    ),
    "a tumor patient held against a part of a trial; to be confirmed by a person in every case",
)

TRIAL_CRITERIA = Table(
    "trial_criteria",
    1,
    ("sample_id", "trial_id", "block", "criterion"),
    (
        _SAMPLE,
        *_BLOCK,
        Column("criterion", "int", "which criterion of the part, from 1", required=True),
        Column("path", "str", "how it is joined with the others, such as and > or", required=True),
        Column("kind", "str", "genomic, clinical or text", required=True),
        Column("text", "str", "the criterion in words", required=True),
        Column("status", "str", "met, unmet or unknown", required=True),
        Column("reason", "str", "why, in words", required=True),
        Column("matched_by", "list", "findings and facts of the patient"),
        Column("decisive", "bool", "whether the answer of the part rests on it", required=True),
    ),
    "a criterion of a trial held against a tumor patient",
)

TRIAL_COUNTS = Table(
    "trial_counts",
    1,
    ("trial_id", "block", "status"),
    (
        *_BLOCK,
        *_PLACE,
        Column("status", "str", "met, unmet or unknown", required=True),
        Column("persons", "int", "persons of the batch; null when it is suppressed"),
        Column("suppressed", "str", "why the count is not told"),
    ),
    "persons of a batch by answer to a part of a trial; small counts, and those from which they "
    "could be told, are suppressed",
)

TABLES = (TRIALS, TRIAL_CRITERIA, TRIAL_COUNTS)
