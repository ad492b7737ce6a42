"""Whether a tumor has what a profile asks for: found, not found, or not assessable and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from apothecary.oncogenes import cases as case_files
from apothecary.oncogenes import matching, profiles
from apothecary.oncogenes.cases import Case
from apothecary.oncogenes.evidence import Evidence
from apothecary.oncogenes.profiles import Profile
from apothecary.oncogenes.settings import Settings

FOUND, NOT_FOUND, NOT_ASSESSABLE = "found", "not_found", "not_assessable"


@dataclass(frozen=True)
class Verdict:
    """What looking for a profile came to.

    Attributes:
        status: found, not_found or not_assessable.
        reason: How it was looked for, or why it was not, in words.
        limit: The worst detection limit of what is absent; None where none is known.
        findings: finding_id of what meets it.
    """

    status: str
    reason: str
    limit: float | None = None
    findings: Sequence[str] = ()


class Judge:
    """Judges profiles for one tumor."""

    def __init__(self, case: Case, evidence: Evidence, settings: Settings) -> None:
        """Index the tumor once: what was kept, and what there is with what failed a filter."""
        self._case = case
        self._kept = case_files.tumor(case.kept, case, evidence, settings)
        self._all = case_files.tumor([*case.kept, *case.failed], case, evidence, settings)
        self._words = {finding.finding_id: finding for finding in [*case.kept, *case.failed]}

    def of(self, profile: Profile) -> Verdict:
        """The verdict on a profile.

        Args:
            profile: See `profiles.parse`.
        """
        if self._case.refused:
            return Verdict(NOT_ASSESSABLE, "; ".join(self._case.refused))
        answer = matching.evaluate(profile, self._kept)
        if answer.value == matching.YES:
            found = sorted(answer.matches)
            told = [self._words[name].alteration for name in found if name in self._words]
            return Verdict(FOUND, ", ".join(told) or "as asked for", findings=found)
        with_failed = matching.evaluate(profile, self._all)
        failed = [self._words[name] for name in with_failed.matches if name in self._words]
        failed = [finding for finding in failed if finding.failed]
        if with_failed.value == matching.YES and failed:
            told = [f"{f.alteration} is present but failed: {f.failed}" for f in failed]
            return Verdict(NOT_ASSESSABLE, "; ".join(told))
        return self._absent(profile, answer.value == matching.NO)

    def _absent(self, profile: Profile, absent: bool) -> Verdict:
        """The verdict on a profile that is not met, from what looking for its parts came to."""
        parts = [c for c in profiles.components(profile) if not self._met(c)]
        looks = [matching.look(component, self._kept) for component in parts]
        reasons = list(dict.fromkeys(look.reason for look in looks if look.absent is absent))
        if not absent:
            return Verdict(NOT_ASSESSABLE, "; ".join(reasons) or "not told")
        limits = [look.limit for look in looks if look.absent and look.limit is not None]
        return Verdict(
            NOT_FOUND,
            "; ".join(reasons) or "contradicted by what is there",
            max(limits, default=None),
        )

    def _met(self, component: profiles.Component) -> bool:
        return matching.evaluate(component, self._kept).value == matching.YES
