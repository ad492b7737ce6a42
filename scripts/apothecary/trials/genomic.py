"""Whether a tumor meets a genomic criterion.

Three answers: yes, no, unknown. What was not found is unknown, since it may lie where nothing was
sequenced, unless the reads were searched for it or the configuration says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from apothecary.oncogenes import maf, proteins
from apothecary.oncogenes.findings import COPY_NUMBER, FUSION, VARIANT, Finding, Name
from apothecary.oncogenes.matching import NO, UNKNOWN, YES
from apothecary.trials.patients import Patient
from apothecary.trials.terms import Terms

_ANY_GENE = frozenset({"any_gene", "none", ""})
_WILDCARD = "wildcard_protein_change"
_CHANGE = ("protein_change", "true_protein_change")
_CLASS = ("variant_classification", "true_variant_classification")
_EXON = ("exon", "true_transcript_exon")
_OF_VARIANT = frozenset({_WILDCARD, *_CHANGE, *_CLASS, *_EXON})
_MARKERS = frozenset({"ms_status", "mmr_status"})
_KNOWN = frozenset(
    {
        "hugo_symbol", "true_hugo_symbol", "variant_category", "cnv_call", "display_name",
        "fusion_partner_hugo_symbol", *_OF_VARIANT,
    }
)  # fmt: skip


@dataclass(frozen=True)
class Verdict:
    """Whether a criterion is met.

    Attributes:
        value: yes, no or unknown.
        reason: Why, in words.
        by: The findings or facts that made it so.
    """

    value: str
    reason: str
    by: tuple[str, ...] = ()

    def negated(self) -> Verdict:
        """The verdict on the opposite criterion."""
        return Verdict({YES: NO, NO: YES}.get(self.value, UNKNOWN), self.reason, self.by)


def judge(fields: Mapping[str, str], patient: Patient, terms: Terms) -> Verdict:
    """Judge a genomic criterion.

    Args:
        fields: Fields of CTML. All are of one finding. A value that begins with ! turns the
            criterion round: no such finding may be there.
        patient: Who is asked about.
        terms: What the terms of CTML ask for.
    """
    plain = {key: value.removeprefix("!").strip() for key, value in fields.items()}
    verdict = _positive(plain, patient, terms)
    turned = any(value.startswith("!") for value in fields.values())
    return verdict.negated() if turned else verdict


def _positive(fields: Mapping[str, str], patient: Patient, terms: Terms) -> Verdict:
    markers = [key for key in fields if key in _MARKERS or key.endswith("_signature")]
    if markers:
        return _marker(markers[0], fields[markers[0]], patient)
    if unknown := sorted(set(fields) - _KNOWN):
        return Verdict(UNKNOWN, f"{', '.join(unknown)} cannot be asked of the tables of a run")
    kinds = _kinds(fields, terms)
    if not kinds:
        return Verdict(UNKNOWN, f"{fields['variant_category']!r} is no category that is known here")
    answers = [_JUDGES[kind](fields, patient, terms) for kind in kinds]
    for value in (YES, UNKNOWN):
        if found := [answer for answer in answers if answer.value == value]:
            reasons = "; ".join(dict.fromkeys(answer.reason for answer in found))
            return Verdict(value, reasons, tuple(by for answer in found for by in answer.by))
    return Verdict(NO, "; ".join(dict.fromkeys(answer.reason for answer in answers)))


def _kinds(fields: Mapping[str, str], terms: Terms) -> tuple[str, ...]:
    if "variant_category" in fields:
        return terms.categories.get(fields["variant_category"].lower(), ())
    if "cnv_call" in fields:
        return (COPY_NUMBER,)
    if "fusion_partner_hugo_symbol" in fields:
        return (FUSION,)
    return (VARIANT,) if _OF_VARIANT & set(fields) else tuple(_JUDGES)


def _marker(key: str, asked: str, patient: Patient) -> Verdict:
    given = patient.clinical.get(key)
    if given is None:
        return Verdict(UNKNOWN, f"{key.replace('_', ' ')} is not known")
    same = given.lower() == asked.lower()
    return Verdict(YES if same else NO, f"{key.replace('_', ' ')} is {given}", (key,))


def _gene(fields: Mapping[str, str]) -> str:
    gene = fields.get("true_hugo_symbol") or fields.get("hugo_symbol") or ""
    return "" if gene.lower() in _ANY_GENE else gene


def _absent(gene: str, kind: str, patient: Patient) -> Verdict:
    what = f"{kind.replace('_', ' ')} of {gene or 'any gene'}"
    if kind in patient.negative:
        return Verdict(NO, f"no such {what}, which is taken as absent by the configuration")
    if kind not in patient.given:
        return Verdict(UNKNOWN, f"nothing of the input tells of the {what}")
    return Verdict(UNKNOWN, f"no such {what} found; whether it was looked for is not known")


def _variant(fields: Mapping[str, str], patient: Patient, _: Terms) -> Verdict:
    gene = _gene(fields)
    found = patient.of_gene(gene, VARIANT)
    answers = [(finding, _fits(fields, gene, finding)) for finding in found]
    met = [finding for finding, value in answers if value == YES and not finding.failed]
    if met:
        return Verdict(YES, _named(met), tuple(f.finding_id for f in met))
    failed = [finding for finding, value in answers if value == YES]
    if failed:
        return Verdict(UNKNOWN, f"present but failed: {_named(failed)}", _ids(failed))
    unsure = [finding for finding, value in answers if value == UNKNOWN and not finding.failed]
    if unsure:
        return Verdict(UNKNOWN, f"{_named(unsure)} may be it", _ids(unsure))
    return _searched(fields, gene, patient) or _absent(gene, VARIANT, patient)


def _named(findings: Iterable[Finding]) -> str:
    return ", ".join(finding.alteration for finding in findings)


def _ids(findings: Iterable[Finding]) -> tuple[str, ...]:
    return tuple(finding.finding_id for finding in findings)


def _searched(fields: Mapping[str, str], gene: str, patient: Patient) -> Verdict | None:
    """No, where the reads were searched for every known variant that is asked for."""
    change = next((fields[key] for key in _CHANGE if key in fields), "")
    text = (change or fields.get(_WILDCARD, "")).removeprefix("p.").upper()
    if not text:
        return None
    limits = [
        limit
        for (of, name), limit in patient.not_found.items()
        if of == gene and (name == text if change else _is_of_residue(name, text))
    ]
    if not limits:
        return None
    return Verdict(NO, f"not found in the reads at a detection limit of {max(limits):.3g}")


def _is_of_residue(change: str, residue: str) -> bool:
    return change.startswith(residue) and not change[len(residue) : len(residue) + 1].isdigit()


def _fits(fields: Mapping[str, str], gene: str, finding: Finding) -> str:
    """The best answer of the names of a variant; unknown for one that nothing names."""
    names = [name for name in finding.names if not gene or name.gene == gene]
    if not names:
        return UNKNOWN
    answers = {_name_fits(fields, name) for name in names}
    return next((value for value in (YES, UNKNOWN) if value in answers), NO)


def _name_fits(fields: Mapping[str, str], name: Name) -> str:
    answers = []
    for keys, test in _NAME_TESTS:
        answers += [test(fields[key], name) for key in keys if key in fields]
    if not answers:
        return YES if name.altering else NO
    return NO if NO in answers else UNKNOWN if UNKNOWN in answers else YES


def _change(asked: str, name: Name) -> str:
    wanted = proteins.parse(asked)
    if wanted is None or name.change is None:
        return UNKNOWN if wanted is None or name.altering else NO
    return YES if proteins.same(wanted, name.change) else NO


def _wildcard(asked: str, name: Name) -> str:
    if name.change is None:
        return UNKNOWN if name.altering else NO
    residue = f"{name.change.ref}{name.change.start}"
    kinds = (proteins.SUBSTITUTION, proteins.NONSENSE)
    same = residue.upper() == asked.removeprefix("p.").upper() and name.change.kind in kinds
    return YES if same else NO


def _classification(asked: str, name: Name) -> str:
    term = maf.TERMS.get(asked)
    if term is None or not (name.terms or name.change):
        return UNKNOWN
    if term in name.terms:
        return YES
    if not name.terms and name.change:
        return UNKNOWN
    inframe = {"inframe_deletion", "inframe_insertion"}
    if term in inframe:
        return YES if any(t.endswith(term) for t in name.terms) else NO
    splice = {"splice_acceptor_variant", "splice_donor_variant"}
    return YES if term == "splice_site_variant" and name.terms & splice else NO


def _exon(asked: str, name: Name) -> str:
    if not name.altering:
        return NO
    if name.exon is None or not asked.isdigit():
        return UNKNOWN
    return YES if name.exon == int(asked) else NO


_NAME_TESTS: tuple[tuple[Sequence[str], Callable[[str, Name], str]], ...] = (
    (_CHANGE, _change),
    ((_WILDCARD,), _wildcard),
    (_CLASS, _classification),
    (_EXON, _exon),
)


def _copy_number(fields: Mapping[str, str], patient: Patient, terms: Terms) -> Verdict:
    gene = _gene(fields)
    found = patient.of_gene(gene, COPY_NUMBER)
    asked = fields.get("cnv_call", "").lower()
    states = terms.calls.get(asked) if asked else terms.altered
    if states is None:
        return Verdict(UNKNOWN, f"{asked!r} is no state of copy number that is known here")
    met = [finding for finding in found if finding.state in states]
    if met:
        return Verdict(YES, _named(met), _ids(met))
    if found and gene:
        return Verdict(NO, _named(found), _ids(found))
    return _absent(gene, COPY_NUMBER, patient)


def _fusion(fields: Mapping[str, str], patient: Patient, _: Terms) -> Verdict:
    gene = _gene(fields)
    partner = fields.get("fusion_partner_hugo_symbol", "")
    other = "" if partner.lower() in _ANY_GENE else partner
    found = [f for f in patient.of_gene(gene or other, FUSION) if _is_pair(f, gene, other)]
    if found:
        return Verdict(YES, _named(found), _ids(found))
    return _absent(gene or other, FUSION, patient)


def _is_pair(finding: Finding, gene: str, partner: str) -> bool:
    """Whether a fusion is of two genes, whichever comes first; one of them may be any."""
    five, three = (name.upper() for name in finding.partners or ("", ""))
    return any(
        (not gene or gene.upper() == a) and (not partner or partner.upper() == b)
        for a, b in ((five, three), (three, five))
    )


_JUDGES: Mapping[str, Callable[[Mapping[str, str], Patient, Terms], Verdict]] = {
    VARIANT: _variant,
    COPY_NUMBER: _copy_number,
    FUSION: _fusion,
}
