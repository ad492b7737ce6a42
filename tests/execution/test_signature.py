"""Signatures: what was signed holds, and nothing else does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from apothecary.errors import WorkflowInputError
from apothecary.execution import audit, signature


@pytest.fixture
def results(tmp_path: Path) -> Path:
    folder = tmp_path / "results"
    audit.append(folder, "run started", {})
    (folder / "manifest.json").write_text("{}\n")
    return folder


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Path, Path]:
    return signature.make_keys(tmp_path / "keys")


def test_what_is_signed_verifies(results, keys):
    private, public = keys
    signature.sign(results, private)
    assert set(signature.verify(results, public)) == {"manifest_sha256", "audit_sha256"}
    audit.append(results, "run started", {})
    signature.verify(results, public)


def test_the_private_key_is_for_its_owner_alone_and_never_written_over(keys):
    private, _ = keys
    assert private.stat().st_mode & 0o777 == 0o600
    with pytest.raises(WorkflowInputError, match="there is a key already"):
        signature.make_keys(private.parent)


def test_a_changed_manifest_is_noticed(results, keys):
    signature.sign(results, keys[0])
    (results / "manifest.json").write_text("{ }\n")
    with pytest.raises(WorkflowInputError, match="changed since it was signed"):
        signature.verify(results, keys[1])


def test_a_statement_that_was_changed_is_noticed(results, keys):
    path = signature.sign(results, keys[0])
    signed = json.loads(path.read_text())
    signed["manifest_sha256"] = "0" * 64
    path.write_text(json.dumps(signed))
    with pytest.raises(WorkflowInputError, match="not signed by this key"):
        signature.verify(results, keys[1])


def test_another_key_does_not_verify(results, keys, tmp_path):
    signature.sign(results, keys[0])
    _, other = signature.make_keys(tmp_path / "other")
    with pytest.raises(WorkflowInputError, match="not signed by this key"):
        signature.verify(results, other)


def test_a_log_cut_before_the_signature_is_noticed(results, keys):
    signature.sign(results, keys[0])
    log = results / audit.LOG
    log.write_text(log.read_text().splitlines()[0] + "\n")
    with pytest.raises(WorkflowInputError, match="the line that was signed is gone"):
        signature.verify(results, keys[1])


def test_what_is_no_key_is_told(results, tmp_path, keys):
    (tmp_path / "no.pem").write_text("hello")
    with pytest.raises(WorkflowInputError, match="no private Ed25519 key"):
        signature.sign(results, tmp_path / "no.pem")
    signature.sign(results, keys[0])
    with pytest.raises(WorkflowInputError, match="no public Ed25519 key"):
        signature.verify(results, keys[0])


def test_what_is_not_signed_is_told(results, keys):
    with pytest.raises(WorkflowInputError, match="no signature"):
        signature.verify(results, keys[1])
