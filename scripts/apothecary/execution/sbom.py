"""The software of this installation as a CycloneDX bill of materials."""

from __future__ import annotations

from importlib import metadata
from typing import TYPE_CHECKING

from apothecary.version import VERSION

if TYPE_CHECKING:
    from cyclonedx.model.component import Component


def render() -> str:
    """The bill of materials as CycloneDX 1.6 JSON.

    Returns:
        The document, the same for the same installation: without a serial number and a time, which
        the standard leaves open.
    """
    from cyclonedx.model.bom import Bom
    from cyclonedx.model.component import ComponentType
    from cyclonedx.output.json import JsonV1Dot6

    bom = Bom(components=[_component(*found) for found in installed()])
    program = _component("apothecary", VERSION, ComponentType.APPLICATION)
    bom.metadata.component = program
    bom.register_dependency(program, list(bom.components))
    bom.serial_number = None  # type: ignore[assignment]
    bom.metadata.timestamp = None  # type: ignore[assignment]
    return JsonV1Dot6(bom).output_as_string(indent=2) + "\n"


def installed() -> list[tuple[str, str]]:
    """Name and version of every installed distribution but this one, sorted by name."""
    names = {
        (str(found.metadata["Name"]).lower(), found.version) for found in metadata.distributions()
    }
    return sorted(pair for pair in names if pair[0] != "apothecary")


def _component(name: str, version: str, kind: object = None) -> Component:
    from cyclonedx.model.component import Component, ComponentType
    from packageurl import PackageURL

    return Component(
        name=name,
        version=version,
        type=kind if isinstance(kind, ComponentType) else ComponentType.LIBRARY,
        purl=PackageURL("pypi", name=name, version=version),
        bom_ref=f"{name}@{version}",
    )
