"""What an annotator wrote into INFO: consequence entries and population frequencies of an allele.

The column `annotation` explains itself: `CSQ:` and the field names of the header joined by |, a
colon, and the entries of the allele joined by commas, fields by |. `ANN::` and the entries is the
same for SnpEff, whose fields are fixed. A MAF gives `MAF:`, its column names and its values.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from apothecary.variants import clinvar_info, flanks
from apothecary.variants.header import Header
from apothecary.variants.records import RecordBlock, number

_FORMAT = re.compile(r"Format:\s*['\"]?([^'\"]+?)['\"]?\s*$")
_POPULATION_FIELD = re.compile(
    r"(?:MAX_AF|AF|(?:AFR|AMR|EAS|EUR|SAS|AA|EA)_AF|gnomAD[eg]?_?(?:[A-Z]{3}_)?AF)$"
)
_POPULATION_INFO = re.compile(
    r"(?:AF_(?:grpmax|popmax)|gnomad[eg]?_?(?:exomes?|genomes?)?_?(?:grpmax_|popmax_)?AF"
    r"|gnomad[eg]?_?(?:exomes?|genomes?)?_?AF_(?:grpmax|popmax)|ExAC_AF|KG_?AF|1000g\w*_AF|MAX_AF)$",
    re.IGNORECASE,
)


def names_a_population(field: str) -> bool:
    """Whether a field of CSQ holds a population frequency, by its name."""
    return _POPULATION_FIELD.fullmatch(field) is not None


class Annotator:
    """Reads the annotation of an allele, as a header declares it.

    Attributes:
        csq_fields: Names of the fields of CSQ; empty when the file has none.
    """

    def __init__(self, header: Header) -> None:
        declared = header.info.get("CSQ")
        match = _FORMAT.search(declared.description) if declared else None
        self.csq_fields = tuple(f.strip() for f in match[1].split("|")) if match else ()
        self._has_ann = "ANN" in header.info
        self._flank_tags = tuple(tag for tag in flanks.INFO_KEYS if tag in header.info)
        self._clinvar_tags = clinvar_info.declared(header.info)
        self._frequency_tags = tuple(
            sorted(tag for tag in header.info if _POPULATION_INFO.fullmatch(tag))
        )

    @property
    def silent(self) -> bool:
        """Whether the header declares nothing of what is read here."""
        tags = self._frequency_tags or self._flank_tags or self._clinvar_tags
        return not (self.csq_fields or self._has_ann or tags)

    def annotation(self, block: RecordBlock, allele: int) -> str | None:
        """The entries of one alternate allele.

        Args:
            block: The record.
            allele: Number of the allele, from 1.

        Returns:
            The text of the column `annotation`, or None when there is no entry.
        """
        entries = self._csq(block, allele)
        if entries:
            return f"CSQ:{'|'.join(self.csq_fields)}:{','.join(entries)}"
        if self._has_ann and block.info_values.get("ANN"):
            alt = block.alts[allele - 1]
            found = block.info_values["ANN"].split(",")
            of_allele = [e for e in found if e.partition("|")[0].upper() == alt.upper()]
            if of_allele:
                return f"ANN::{','.join(of_allele)}"
        return None

    def flanks(self, block: RecordBlock, allele: int) -> str | None:
        """The bases around a substitution that INFO gives; see `flanks.given`."""
        alt = block.alts[allele - 1]
        return flanks.given(block.info_values, self._flank_tags, block.ref, alt)

    def clinvar(self, block: RecordBlock) -> str | None:
        """What INFO says of a record by the fields of ClinVar; see `clinvar_info.given`."""
        return clinvar_info.given(block.info_values, self._clinvar_tags, len(block.alts))

    def population_frequency(self, block: RecordBlock, allele: int) -> float | None:
        """The highest population frequency of one alternate allele that the input carries."""
        found: list[float | None] = []
        for tag in self._frequency_tags:
            parts = block.info_values.get(tag, "").split(",")
            if len(parts) == len(block.alts):
                found.append(number(parts[allele - 1]))
        fields = [at for at, f in enumerate(self.csq_fields) if _POPULATION_FIELD.fullmatch(f)]
        for entry in self._csq(block, allele) if fields else []:
            values = entry.split("|")
            for at in fields:
                if at < len(values):
                    found.extend(number(part) for part in values[at].split("&"))
        known = [f for f in found if f is not None and 0 <= f <= 1]
        return max(known, default=None)

    def _csq(self, block: RecordBlock, allele: int) -> list[str]:
        if not self.csq_fields or not block.info_values.get("CSQ"):
            return []
        entries = block.info_values["CSQ"].split(",")
        if len(block.alts) == 1:
            return entries
        by_number = self._index("ALLELE_NUM")
        if by_number is not None:
            return [e for e in entries if _at(e, by_number) == str(allele)]
        by_allele = self._index("Allele")
        if by_allele is None:
            return []
        wanted = _vep_alleles(block)[allele - 1]
        return [e for e in entries if _at(e, by_allele) in (wanted, block.alts[allele - 1])]

    def _index(self, name: str) -> int | None:
        return self.csq_fields.index(name) if name in self.csq_fields else None


def _at(entry: str, at: int) -> str:
    fields = entry.split("|")
    return fields[at] if at < len(fields) else ""


def _vep_alleles(block: RecordBlock) -> list[str]:
    """ALT as VEP names them: without the first base where an indel makes all alleles share it."""
    bases = [a for a in block.alts if not a.startswith("<") and a != "*"]
    indel = any(len(a) != len(block.ref) for a in bases)
    if indel and all(a[:1] == block.ref[:1] for a in bases):
        return [a[1:] or "-" if a in bases else a for a in block.alts]
    return list(block.alts)


def maf_annotation(line: Mapping[str, str], columns: tuple[str, ...]) -> str:
    """The column `annotation` of a line of a MAF.

    Args:
        line: Fields of the line by name.
        columns: The names to keep, in their order.
    """
    values = (re.sub(r"[|,:\s]+", _joined, line.get(name, "")) for name in columns)
    return f"MAF:{'|'.join(columns)}:{'|'.join(values)}"


def _joined(match: re.Match[str]) -> str:
    return ":" if match[0] == ":" else "&" if set(match[0]) & set(",|") else " "
