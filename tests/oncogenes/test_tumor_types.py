from __future__ import annotations

import pytest
from oncogene_builders import DISEASES, ONCOTREE

from apothecary.oncogenes import tumor_types

TYPES = tumor_types.load(ONCOTREE, DISEASES)


@pytest.mark.parametrize(
    ("code", "doid", "disease", "expected"),
    [
        ("LUAD", "3910", "Lung Adenocarcinoma", "exact"),
        ("LUAD", "3908", "Lung Non-small Cell Carcinoma", "main_type"),
        ("LUAD", "1324", "Lung Cancer", "tissue"),
        ("LUAD", "3907", "Lung Squamous Cell Carcinoma", "tissue"),
        ("LUAD", "9256", "Colorectal Cancer", "other"),
        ("LUAD", "162", "Cancer", "any"),
        ("LUAD", "", "Solid Tumor", "any"),
        ("AML", "", "Solid Tumor", "other"),
        ("AML", "162", "Cancer", "any"),
        ("LUAD", "14175", "Von Hippel-Lindau Disease", "other"),
        ("LUAD", "999999", "Unheard Of", "other"),
        ("LUAD", "3910", "Another name of it", "exact"),
        (None, "162", "Cancer", "any"),
        (None, "3910", "Lung Adenocarcinoma", "other"),
        (None, "", "Solid Tumor", "other"),
        ("XXX", "3910", "Lung Adenocarcinoma", "other"),
        ("LUAD", None, None, "other"),
    ],
)
def test_distance(code: str | None, doid: str | None, disease: str | None, expected: str) -> None:
    assert TYPES.distance(code, doid, disease) == expected
