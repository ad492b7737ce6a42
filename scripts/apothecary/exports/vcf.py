"""The annotated VCF of a sample: what was found, what it does, what the report says of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from apothecary.calling import files
from apothecary.exports.calls import JOINED, REPORTED, Call
from apothecary.reports.text import printable
from apothecary.variants import alleles
from apothecary.variants.contigs import BUILDS, contigs

Model = Mapping[str, Any]
_INFO = (
    (
        "FATE",
        "1",
        "kept, joined or reported, reference, not_assessed, or why the variant was not used",
    ),
    ("REASON", "1", "Why, in words"),
    ("INPUT_FILTER", "1", "FILTER of the input"),
    ("GENE", "1", "Gene of the consequence"),
    ("CONSEQUENCE", "1", "Sequence Ontology terms joined by &"),
    ("TRANSCRIPT", "1", "Transcript of the consequence"),
    ("HGVSG", "1", "HGVS on the chromosome, without the accession"),
    ("HGVSC", "1", "HGVS on the coding sequence, without the accession"),
    ("HGVSP", "1", "HGVS on the protein, without the accession"),
    ("TIER", ".", "Tier of AMP, ASCO and CAP of each finding at the place"),
    ("ESCAT", ".", "ESCAT tier of each finding, computed"),
    ("ACTIONABILITY", ".", "Evidence of tier I and II: effect|therapies|level|tier|evidence"),
    ("ONCOGENICITY", ".", "Gene|class|points"),
    ("GERMLINE", ".", "Gene|class|finding, carrier or uncertain|points|codes joined by +|ClinVar"),
    ("GERMLINE_LIST", ".", "List of secondary findings with its version, for each of GERMLINE"),
    ("JOINED_INTO", "1", "What the variant and its neighbour of one codon are joined into"),
    ("PGX_GENE", ".", "Pharmacogenes that have the position"),
    ("PGX_DIPLOTYPE", ".", "Diplotype of each of PGX_GENE"),
    ("PGX_PHENOTYPE", ".", "Phenotype of each of PGX_GENE"),
    ("PGX_STATE", ".", "called, reference or not_assessed, for each of PGX_GENE"),
    ("PGX_RESEARCH", ".", "Those of PGX_GENE that no guideline looks at"),
)
_FORMAT = (
    ("GT", "1", "String", "Genotype; . for another alternate allele than that of the line"),
    ("DP", "1", "Integer", "Reads at the position"),
    ("AD", "R", "Integer", "Reads of the reference and of the alternate allele"),
    ("AF", "A", "Float", "Fraction of the reads with the alternate allele"),
    ("GQ", "1", "Integer", "Genotype quality, Phred"),
)
_FATES = (
    ("filtered", "Present in the input, but fails"),
    ("no_call", "No genotype"),
    ("duplicate", "The same change as an earlier record"),
    ("conflicting", "Records of the input contradict each other"),
    ("symbolic", "A symbolic allele, not used"),
    ("rejected", "Not a variant that can be used"),
    ("not_assessed", "A position of a pharmacogene that was not assessed"),
)
_PASS = frozenset({"kept", JOINED, REPORTED, "reference", "called"})
_ALTERNATE = re.compile(r"(?:\*|\.|<[A-Za-z0-9:_+.-]+>)$")
_RESERVED = {character: f"%{ord(character):02X}" for character in "%:;=,&| \t\r\n"}
_STRONG = ("I", "II")


def write(path: Path | str, calls: Sequence[Call], model: Model) -> int:
    """Write the VCF of a sample and its index, with the same bytes for the same calls.

    Args:
        path: The bgzipped file; the index stands beside it with the ending .tbi.
        calls: The calls, along the chromosomes.
        model: The report model; of it, the identity and why the sample failed.

    Returns:
        The number of calls whose alleles no VCF can spell, which the header tells.
    """
    lines, unspelled = [], 0
    for call in calls:
        if _spelled(call):
            lines.append(_line(call))
        else:
            unspelled += 1
    files.write(path, _header(model, unspelled), lines)
    return unspelled


def encoded(text: object) -> str:
    """A value of INFO, with what separates values written as % and two digits."""
    return "".join(_RESERVED.get(character, character) for character in printable(str(text)))


def _spelled(call: Call) -> bool:
    _, _, ref, alt = call.place
    return alleles.is_bases(ref) and (alleles.is_bases(alt) or _ALTERNATE.match(alt) is not None)


def _header(model: Model, unspelled: int) -> list[str]:
    identity = model["identity"]
    head = [
        "##fileformat=VCFv4.3",
        f"##source={identity['software']}",
        f"##knowledge={identity['knowledge_digest']}",
        f"##sample_status={model['status']}",
        *(f"##failure={encoded(entry['reason'])}" for entry in model["failure"]),
        f"##calls_without_spelling={unspelled}",
    ]
    if identity["build"] in BUILDS:
        head.append(f"##reference={identity['build']}")
        head += [
            f"##contig=<ID={contig.name},length={contig.lengths[identity['build']]}>"
            for contig in contigs().values()
        ]
    head += ['##FILTER=<ID=PASS,Description="Used for the report">']
    head += [f'##FILTER=<ID={name},Description="{meaning}">' for name, meaning in _FATES]
    head += [
        f'##INFO=<ID={name},Number={number},Type=String,Description="{meaning}">'
        for name, number, meaning in _INFO
    ]
    head += [
        f'##FORMAT=<ID={name},Number={number},Type={kind},Description="{meaning}">'
        for name, number, kind, meaning in _FORMAT
    ]
    columns = ("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT")
    return [*head, "\t".join((*columns, identity["sample_id"]))]


def _line(call: Call) -> str:
    row = call.row
    chrom, pos, ref, alt = call.place
    info = ";".join(f"{name}={value}" for name, value in _info(call).items() if value)
    cells = (
        chrom,
        str(pos),
        ";".join(encoded(name) for name in (row.get("rsid") or ".").split(";")),
        ref,
        alt,
        "." if row.get("qual") is None else f"{row['qual']:g}",
        "PASS" if row["fate"] in _PASS else row["fate"],
        info,
        *_sample(row),
    )
    return "\t".join(cells) + "\n"


def _info(call: Call) -> dict[str, str]:
    row, named = call.row, call.named
    genes = call.pharmacogenes
    return {
        "FATE": row["fate"],
        "REASON": encoded(row.get("reason") or ""),
        "INPUT_FILTER": "" if row["filters"] == "." else encoded(row["filters"]),
        "GENE": encoded(named.get("gene") or _gene(call)),
        "CONSEQUENCE": (named.get("consequence") or "").replace(" ", "_"),
        "TRANSCRIPT": encoded(named.get("transcript") or ""),
        "HGVSG": encoded(named.get("hgvs_g") or ""),
        "HGVSC": encoded(named.get("hgvs_c") or ""),
        "HGVSP": encoded(named.get("hgvs_p") or ""),
        "TIER": _joined(finding["tier"] for finding in call.findings),
        "ESCAT": _joined(finding["escat"] for finding in call.findings if finding["escat"]),
        "ACTIONABILITY": ",".join(_evidence(call)),
        "ONCOGENICITY": ",".join(
            "|".join(encoded(entry[key]) for key in ("gene", "class", "points"))
            for entry in call.oncogenicity
        ),
        "GERMLINE": ",".join(map(_germline, call.germline)),
        "GERMLINE_LIST": _listed(call),
        "JOINED_INTO": encoded(call.joined or ""),
        "PGX_GENE": _joined(gene.gene for gene in genes),
        "PGX_DIPLOTYPE": _joined(gene.diplotype or "." for gene in genes),
        "PGX_PHENOTYPE": _joined(gene.phenotype or "." for gene in genes),
        "PGX_STATE": _joined(gene.state for gene in genes),
        "PGX_RESEARCH": _joined(gene.gene for gene in genes if gene.research),
    }


def _joined(values: Iterable[object]) -> str:
    return ",".join(encoded(value) for value in values)


def _gene(call: Call) -> str:
    return str(call.findings[0]["gene"]) if call.findings else ""


def _germline(entry: Model) -> str:
    keys = ("gene", "class", "reported_as", "points", "codes", "clinvar_text")
    values = {**entry, "codes": "+".join(entry["codes"])}
    return "|".join(encoded(values[key] if values[key] is not None else "") for key in keys)


def _listed(call: Call) -> str:
    """The lists of GERMLINE; empty where none is that of secondary findings."""
    texts = [entry["list_text"] for entry in call.germline]
    return _joined(text or "." for text in texts) if any(texts) else ""


def _evidence(call: Call) -> list[str]:
    """What can be acted on: evidence of tier I and II, in the order of the report."""
    keys = ("effect", "therapies_text", "level", "tier", "evidence_id")
    return [
        "|".join(encoded(entry[key] or "") for key in keys)
        for finding in call.findings
        for entry in finding["evidence"]
        if entry["tier"] in _STRONG
    ]


def genotype(row: Mapping[str, Any]) -> str:
    """The genotype of a line with one alternate allele: 1 for it, 0 for the reference, else `.`."""
    own = str(row["allele_index"])
    spelled = re.split(r"([/|])", row["genotype"] or ".")
    return "".join({own: "1", "0": "0", "/": "/", "|": "|"}.get(part, ".") for part in spelled)


def _sample(row: Mapping[str, Any]) -> tuple[str, str]:
    depths = (row.get("ref_depth"), row.get("alt_depth"))
    values = {
        "GT": row["genotype"] if row["alt"] == "." else genotype(row),
        "DP": row.get("depth"),
        "AD": None if None in depths else f"{depths[0]},{depths[1]}",
        "AF": None if row.get("vaf") is None else f"{row['vaf']:.6g}",
        "GQ": row.get("gq"),
    }
    given = {name: str(value) for name, value in values.items() if value is not None}
    return ":".join(given), ":".join(given.values())
