"""Signatures over a run's manifest and the end of its audit log (Ed25519, RFC 8032)."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apothecary import files
from apothecary.errors import Problem, WorkflowInputError
from apothecary.execution import audit

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
        Ed25519PublicKey,
    )

SIGNATURE = "manifest.sig.json"


def make_keys(folder: Path | str) -> tuple[Path, Path]:
    """Make a pair of keys: `apothecary.key`, for its owner alone, and `apothecary.pub`.

    Args:
        folder: Where to; made when absent.

    Returns:
        The private and the public key's file (PEM).

    Raises:
        WorkflowInputError: There is a key already; it is never written over.
    """
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    private, public = Path(folder) / "apothecary.key", Path(folder) / "apothecary.pub"
    private.parent.mkdir(parents=True, exist_ok=True)
    key = Ed25519PrivateKey.generate()
    secret = key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
    try:
        handle = os.open(private, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        raise WorkflowInputError(
            Problem(str(private), "there is a key already", "give another folder")
        ) from None
    with os.fdopen(handle, "wb") as stream:
        stream.write(secret)
    shown = key.public_key().public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)
    files.write_text(public, shown.decode("ascii"))
    return private, public


def sign(results: Path | str, key_file: Path | str) -> Path:
    """Sign the manifest of a run together with the last line of its audit log.

    Args:
        results: The results folder.
        key_file: The private key (PEM, Ed25519, without password).

    Returns:
        The signature's file, which also holds the public key.

    Raises:
        WorkflowInputError: No manifest, no whole audit log, or no such key.
    """
    from cryptography.hazmat.primitives import serialization as form

    key = _private(Path(key_file))
    last = audit.append(results, "manifest signed", {"manifest_sha256": _manifest(results)})
    statement = _statement(results, last)
    public = key.public_key().public_bytes(form.Encoding.Raw, form.PublicFormat.Raw)
    path = Path(results) / SIGNATURE
    files.write_json(
        path,
        {
            **statement,
            "algorithm": "Ed25519",
            "public_key": base64.b64encode(public).decode("ascii"),
            "signature": base64.b64encode(key.sign(_bytes(statement))).decode("ascii"),
        },
    )
    return path


def verify(results: Path | str, key_file: Path | str) -> dict[str, Any]:
    """Hold manifest, outputs' list and audit log against the signature.

    Args:
        results: The results folder.
        key_file: The signer's public key (PEM), from a place that the results' keeper cannot
            write to: a key taken from the signature itself would prove nothing.

    Returns:
        What was signed.

    Raises:
        WorkflowInputError: It is not signed, not by this key, or was changed since.
    """
    from cryptography.exceptions import InvalidSignature

    path = Path(results) / SIGNATURE
    try:
        signed = json.loads(path.read_text(encoding="utf-8"))
        statement = {key: signed[key] for key in ("manifest_sha256", "audit_sha256")}
        signature = base64.b64decode(signed["signature"], validate=True)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WorkflowInputError(
            Problem(str(path), f"no signature ({error})", "sign it: apothecary audit sign")
        ) from error
    try:
        _public(Path(key_file)).verify(signature, _bytes(statement))
    except InvalidSignature:
        raise WorkflowInputError(
            Problem(str(path), "not signed by this key, or changed since", "do not rely on it")
        ) from None
    if statement["manifest_sha256"] != _manifest(results):
        raise WorkflowInputError(
            Problem(
                str(Path(results) / "manifest.json"),
                "changed since it was signed",
                "do not rely on it",
            )
        )
    events = [entry["sha256"] for entry in audit.verify(results)]
    if statement["audit_sha256"] not in events:
        raise WorkflowInputError(
            Problem(
                str(Path(results) / audit.LOG),
                "the line that was signed is gone",
                "do not rely on it",
            )
        )
    return statement


def _statement(results: Path | str, last: str) -> dict[str, Any]:
    return {"manifest_sha256": _manifest(results), "audit_sha256": last}


def _manifest(results: Path | str) -> str:
    path = Path(results) / "manifest.json"
    if not path.is_file():
        raise WorkflowInputError(
            Problem(str(path), "no manifest", "give the results folder of a run that has ended")
        )
    return files.sha256(path)


def _bytes(statement: dict[str, Any]) -> bytes:
    return json.dumps(statement, sort_keys=True).encode("ascii")


def _private(path: Path) -> Ed25519PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise _no_key(path, "private", error) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise _no_key(path, "private", "of another kind")
    return key


def _public(path: Path) -> Ed25519PublicKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(path.read_bytes())
    except (OSError, ValueError) as error:
        raise _no_key(path, "public", error) from error
    if not isinstance(key, Ed25519PublicKey):
        raise _no_key(path, "public", "of another kind")
    return key


def _no_key(path: Path, kind: str, why: object) -> WorkflowInputError:
    return WorkflowInputError(
        Problem(
            str(path), f"no {kind} Ed25519 key ({why})", "make one: apothecary audit keys FOLDER"
        )
    )
