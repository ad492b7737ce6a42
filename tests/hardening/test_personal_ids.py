"""Names that look like something personal."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apothecary.hardening.personal_ids import DATE, MRN, SSN, looks_like

BOTH = (DATE, SSN)


@pytest.mark.parametrize(
    "name",
    [
        "1980-01-31",
        "DOE_31.01.1980",
        "01-31-1980",
        "19800131",
        "P19800131",
        "dob31011980",
        "3Jan1980",
    ],
)
def test_dates_are_told(name):
    assert looks_like(name, BOTH) == "a date such as one of birth"
    assert looks_like(name, [SSN, MRN][: 1 + (not name.isdigit())]) == ""


@pytest.mark.parametrize("name", ["123-45-6789", "S-123-45-6789", "ssn123456789"])
def test_social_security_numbers_are_told(name):
    assert looks_like(name, BOTH) == "a social security number"
    assert looks_like(name, [DATE]) == ""


@pytest.mark.parametrize("name", ["MRN0012345", "12345678", "x_mrn-77"])
def test_medical_record_numbers_are_told_where_they_are_looked_for(name):
    assert looks_like(name, [MRN]) == "a medical record number"
    assert looks_like(name, BOTH) == ""


@pytest.mark.parametrize(
    "name",
    [
        *("NA19207", "HG00096", "TCGA-02-0001-01A", "TUMOR1", "batch0001", "SRR19800131", "S1"),
        *("1980-13-31", "2026", "20261301", "lane-3-12", "12-3456", "17000101", "31.02.1980"),
    ],
)
def test_names_of_samples_are_left_alone(name):
    assert looks_like(name, BOTH) == ""


@given(
    day=st.dates(datetime.date(1900, 1, 1), datetime.date(2099, 12, 31)),
    form=st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%m-%d-%Y", "%Y%m%d", "%d%m%Y", "%d%b%Y"]),
    before=st.sampled_from(["", "P_", "X-"]),
)
def test_every_day_is_told_in_every_form(day, form, before):
    assert looks_like(before + day.strftime(form), BOTH)
