from __future__ import annotations

import pytest

from apothecary import settings, sheets
from apothecary.errors import WorkflowInputError


@pytest.fixture(scope="session")
def schema(repository):
    return sheets.load_schema(repository / "workflow" / "schemas" / "config.schema.yaml")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: !!python/object/apply:os.system ['true']\n", "row 1: could not determine"),
        ("a: &x [1]\nb: *x\n", "row 2: an alias"),
        ("samples: a\nsamples: b\n", "row 2: key 'samples' twice"),
        ("- a\n", "no mapping of keys"),
        ("samples: [\n", "row 2: "),
    ],
)
def test_yaml_that_hides_something_is_refused(tmp_path, text, told):
    path = tmp_path / "config.yaml"
    path.write_text(text)
    with pytest.raises(WorkflowInputError, match=told.replace("(", r"\(")):
        settings.read(path)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"sampels": "x"}, "config: unknown key 'sampels'; did you mean 'samples'\\?"),
        ({"batch_size": 0}, "config, batch_size: 0; it is less than the minimum of 1"),
        ({"pharmacogenes": {"mode": "guess"}}, "config, pharmacogenes.mode: 'guess'; one of"),
        ({"variants": {"thresholds": {"tumor": {"default": {"min_vaf": -0.1}}}}}, "-0.1"),
        ({"variants": {"thresholds": {"tumor": {"default": {"min_vaf": "5"}}}}}, "min_vaf: '5'"),
        ({"variants": {"thresholds": {"tumour": {}}}}, "did you mean 'tumor'"),
        ({"samples": None}, "config, samples: None"),
    ],
)
def test_values_out_of_range_and_typing_errors_are_told(schema, change, told):
    with pytest.raises(WorkflowInputError, match=told):
        settings.check({"samples": "x", **change}, schema, "config")


def test_the_example_is_valid_and_lists_every_key(schema, repository):
    example = settings.read(repository / "config" / "config.yaml")
    settings.check(example, schema, "config")
    keys = set(schema["properties"]) - {"pathvars"}
    assert set(example) == keys
    for section in ("pharmacogenes", "oncogenes", "reference", "knowledge", "inputs", "reports"):
        assert set(example[section]) == set(schema["properties"][section]["properties"])


def test_an_assay_overlays_the_default_thresholds(schema):
    config = settings.check(
        {
            "samples": "x",
            "variants": {
                "thresholds": {
                    "tumor": {
                        "default": {"min_depth": 20, "min_vaf": 0.05},
                        "panel": {"min_vaf": None},
                    }
                }
            },
        },
        schema,
        "config",
    )
    assert settings.thresholds(config, "tumor", "panel") == {"min_depth": 20, "min_vaf": None}
    assert settings.thresholds(config, "germline", "panel")["min_gq"] == 20
    assert settings.thresholds(config, "germline", "array")["min_gq"] is None


def test_defaults_are_those_of_the_example_and_of_the_library(schema, repository):
    from apothecary.oncogenes.settings import Settings

    example = settings.check(settings.read(repository / "config" / "config.yaml"), schema, "config")
    plain = settings.check(
        {key: example[key] for key in ("samples", "clinical", "consent")}, schema, "config"
    )
    assert plain == example
    assert Settings.of(plain["oncogenes"]) == Settings()
    assert set(plain["oncogenes"]) == set(Settings.__dataclass_fields__)
