"""Reading the action and the dose change out of a recommendation's words and flags.

The reading is narrow on purpose. It looks at how a recommendation begins, takes only wordings that
stand in the tables below, and asks the source's own flags to agree: a dose change needs the flag
for dosing information, an alternative or an avoidance the flag for an alternative drug, and
standard dosing needs every flag to be down. A text that treats several indications apart, begins
with a condition, or is worded in any other way is `see_guideline`. So an action that is given can
be relied on, and one that is not sure sends the reader to the guideline.

What makes such texts treacherous, and how it is met:

* negation: `do not exceed …`, `no reason to avoid …` and `avoid CYP2D6 inhibitors` match no
  wording for avoiding the drug, since what is avoided must be the drug of the recommendation;
* alternates: in `choose an alternative or start with 10% …` the first verb gives the action, the
  figure is kept, and the flags tell of both; `avoid … or …` is not read;
* figures behind a condition (`avoid X; if X is warranted, consider a 50% reduction`) are not
  taken, since the action is to avoid;
* `reduce by` and `reduce to`, `N% lower` and `N% of` are separate wordings; `1.5x higher` can be
  read in two ways, so that no figure is taken.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Flags:
    """What the source says that a recommendation contains.

    Attributes:
        dosing: Dosing information.
        alternate: An alternative drug.
        other: Other prescribing guidance.
    """

    dosing: bool
    alternate: bool
    other: bool


@dataclass(frozen=True)
class Reading:
    """What was read.

    Attributes:
        action: One of `knowledge.checks.ACTIONS`.
        dose_change: Percent of a dose, or a limit in mg; None when no figure is sure.
    """

    action: str
    dose_change: str | None = None


UNSURE = Reading("see_guideline")

_NUMBER = r"(\d+(?:\.\d+)?)"
_RANGE = r"(\d+(?:\.\d+)?)\s*%?\s*(?:-|–|to)\s*(\d+(?:\.\d+)?)"

# Openings that say nothing of the action.
_PREAMBLES = (
    r"Based(?: on)? [A-Z0-9]+(?: status)?, ",
    r"It is not possible to offer (?:adequately )?substantiated (?:advice|recommendations?) for "
    r"dose (?:adjustments?|reductions?) based on the literature\. ",
)
_UNKNOWN_GENE = re.compile(
    r"not available|could (?:not )?be assigned|could not be determined", re.I
)
# A heading in capitals and a colon, which a trial's name, a reference or an HLA allele is not.
_SEVERAL_INDICATIONS = re.compile(
    r"(?:^|[.:;)\s])(?!EU-PACT|PMID|HLA|NOTE)(?:[A-Z][A-Z/-]{3,}(?: or | and | |, )?)+[^.]{0,60}:"
    r"|\b[Ii]ndications?\b[^.]{0,40}:|\b[Ff]or (?:non-)?malignan|\badministration:"
)

_NO_RECOMMENDATION = (
    r"No recommendation\b",
    r"n/a$",
    r"No action recommended based on genotype for [\w-]+ because of minimal evidence",
    r"The guideline does not provide a recommendation for ",
)
_STANDARD = (
    r"(?:Insufficient evidence demonstrating clinical impact based on [A-Z0-9]+ genotype\. )?"
    r"Initiate therapy with (?:the )?recommended starting dose(?:\.|$|\s*$)",
    r"Initiate therapy with (?:standard recommended dose|recommended standard of care dosing)",
    r"Initiate [\w-]+ with standard dosing",
    r"Start with normal starting dose",
    r"Prescribe desired starting dose and adjust doses (?:of [\w-]+ )?based on ",
    r"Use [\w-]+ per standard dosing guidelines",
    r"Use [\w-]+ label recommended age- or weight-specific dosing",
    r"Use [\w-]+ according to the product label",
    r"If considering [\w-]+, use at standard dose",
    r"Based on genotype, there is no indication to change dose or therapy\.",
    r"No adjustments needed from typical dosing strategies\.",
    r"No reason to avoid based on [A-Z0-9]+ status",
    r"No action is (?:needed|required) for th(?:is|e) gene-drug interaction",
)
_MONITOR = (
    r"Monitor the plasma concentration\.?$",
    r"Be alert to the occurrence of severe side effects",
    r"Initiate therapy with recommended standard of care dosing\. Use therapeutic drug monitoring",
)
_ALTERNATIVE = (
    r"(?:Select|Choose|Prescribe|Consider|Recommend) (?:an? )?(?:clinically appropriate )?"
    r"alternative\b",
    r"Consider a clinically appropriate antidepressant not predominantly metabolized by ",
)
# Classes that stand for the drug of the recommendation in CPIC's texts.
_CLASSES = (
    "tricyclic",
    "tertiary amine",
    "aminoglycoside anitbiotics",
    "aminoglycoside antibiotics",
    "aminoglycosides",
    "5-fluorouracil",
    "5-fluorouracil prodrug-based regimens",
)

_OF_DOSE = (
    r"% of (?:the )?(?:lowest )?(?:recommended |standard |normal )*"
    r"(?P<which>initial |starting |maintenance )?(?:daily )?doses?\b"
)
_WHICH = {"initial": " of the starting dose", "starting": " of the starting dose"}
_MAINTENANCE = " of the maintenance dose"
_START = " of the starting dose"


def read_action(text: str, flags: Flags, drugs: Sequence[str]) -> Reading:
    """Read the action of a recommendation.

    Args:
        text: Its words, with or without HTML markup.
        flags: What the source says that it contains.
        drugs: Names of the drugs that it is for.

    Returns:
        The action and, where a figure is sure, the dose change; `see_guideline` when the wording
        is not one that is known or the flags do not agree with it.
    """
    words = plain_text(text)
    for preamble in _PREAMBLES:
        words = re.sub(rf"^{preamble}", "", words)
    words = words[:1].upper() + words[1:]
    if _begins(words, _NO_RECOMMENDATION) and flags == Flags(False, False, False):
        return Reading("no_recommendation")
    if _SEVERAL_INDICATIONS.search(words):
        return UNSURE
    if _begins(words, _MONITOR) and flags == Flags(False, False, True):
        return Reading("monitor")
    if _begins(words, _STANDARD) and flags == Flags(False, False, False):
        return UNSURE if _UNKNOWN_GENE.search(words) else Reading("standard_dosing")
    if flags.alternate:
        if _avoided(words, drugs):
            return Reading("avoid")
        if _begins(words, _ALTERNATIVE) or _replaced(words, drugs):
            return Reading("alternative", _dose_behind_or(words) if flags.dosing else None)
    if flags.dosing:
        found, change = _dose(words)
        if found:
            return Reading("change_dose", change)
    return UNSURE


def plain_text(text: str) -> str:
    """The recommendation's own words: no markup, no further considerations, single blanks."""
    main = re.split(r"<h\d[^>]*>\s*Other Considerations", text, flags=re.IGNORECASE)[0]
    words = html.unescape(re.sub(r"<[^>]*>", " ", main))
    return re.sub(r"\s+([.,;:])", r"\1", re.sub(r"\s+", " ", words)).strip()


def _begins(words: str, wordings: Sequence[str]) -> bool:
    return any(re.match(wording, words, re.IGNORECASE) for wording in wordings)


def _sentence(words: str) -> str:
    """The first sentence; a full stop within an abbreviation does not end it."""
    ended = re.search(r"(?<!e\.g)(?<!i\.e)(?<!\d)[.;](?=\s|$)", words)
    return words[: ended.start()] if ended else words


def _only_drugs(what: str, drugs: Sequence[str]) -> bool:
    """Whether words name nothing but drugs of the recommendation or their classes."""
    names = sorted({*(drug.lower() for drug in drugs), *_CLASSES}, key=len, reverse=True)
    alternatives = "|".join(re.escape(name) for name in names)
    pattern = rf"(?:the )?(?:{alternatives})(?:(?:,| and| or|/) ?(?:{alternatives}))*"
    return re.fullmatch(pattern, what.strip().lower()) is not None


def _avoided(words: str, drugs: Sequence[str]) -> bool:
    sentence = _sentence(words)
    if re.fullmatch(r"Avoid(?: use)?", sentence, re.IGNORECASE):
        return True
    stated = re.fullmatch(
        r"(?P<what>.+?) (?:is|are) (?:not recommended|contra-?indicated)"
        r"(?: for [\w*:-]+ patients)?",
        sentence,
        re.IGNORECASE,
    )
    if stated:
        return _only_drugs(stated["what"], drugs)
    if re.match(
        r"Halogenated volatile anesthetics or the depolarizing muscle relaxant succinylcholine are "
        r"relatively contraindicated in persons with malignant hyperthermia susceptibility",
        words,
        re.IGNORECASE,
    ):
        return True
    naive = re.fullmatch(
        r"If patient is [\w/-]+-na[iï]ve, do not use (?P<what>.+)", sentence, re.IGNORECASE
    )
    if naive:
        return _only_drugs(naive["what"], drugs)
    avoided = re.fullmatch(
        r"Avoid (?:use of )?(?P<what>.+?)(?: use)?(?: (?:because of|due to|unless) .+)?",
        sentence,
        re.IGNORECASE,
    )
    if avoided is None:
        return False
    if _only_drugs(avoided["what"], drugs):
        return True
    # Several drugs of one guideline that share a recommendation: `azathioprine and mercaptopurine`.
    parts = re.split(r" and |, ", avoided["what"].lower())
    return (
        len(parts) == 2
        and any(_only_drugs(part, drugs) for part in parts)
        and all(re.fullmatch(r"[a-z-]+", part) for part in parts)
        and not any(part in {"strong", "moderate"} for part in parts)
    )


def _replaced(words: str, drugs: Sequence[str]) -> bool:
    """`Avoid X if possible. Use Y …`: the drug is to be replaced."""
    found = re.match(
        r"Avoid (?:standard dose )?(?:\([^)]*\) )?(?P<what>[\w-]+)(?: \([^)]*\))? if possible\. "
        r"(?:Use|Consider an alternative) ",
        words,
    )
    return found is not None and _only_drugs(found["what"], drugs)


def _percent(low: float, high: float | None = None) -> str:
    if high is None or high == low:
        return f"{low:g} %"
    low, high = min(low, high), max(low, high)
    return f"{low:g}–{high:g} %"


def _dose_behind_or(words: str) -> str | None:
    """The figure of `choose an alternative or start with 10% of the standard dose`."""
    other = re.search(r" or (start with|use) ", _sentence(words))
    return _dose(words[other.start(1)].upper() + words[other.start(1) + 1 :])[1] if other else None


def _share(words: str, opening: str) -> str | None:
    """`<opening> N% of the … dose`, with a range as well."""
    found = re.match(rf"(?:{opening}) (?:{_RANGE}|{_NUMBER})\s*{_OF_DOSE}", words, re.IGNORECASE)
    if not found:
        return None
    low, high, single, which = found[1], found[2], found[3], found["which"]
    text = _percent(float(low), float(high)) if low else _percent(float(single))
    if "lowest" in found[0]:
        return text + " of the lowest starting dose"
    if which and which.strip() == "maintenance":
        return text + _MAINTENANCE
    opens_low = re.match(r"(?:start|initiate|reduce starting)", words, re.IGNORECASE)
    return text + (_WHICH.get((which or "").strip(), "") or (_START if opens_low else ""))


def _dose(words: str) -> tuple[bool, str | None]:
    """Whether the words begin with a dose change, and the change where the figure is sure."""
    opening = (
        r"Use|Start with|Initiate|Initiate therapy with|Recommend to use|Reduce the dose to|"
        r"Reduce starting doses? to|The loading dose does not need to be adjusted\. For the other "
        r"doses, use"
    )
    share = _share(words, opening)
    if share is not None:
        return True, share + (_MAINTENANCE if words.startswith("The loading dose") else "")
    for wording, change in _DOSE_WORDINGS:
        found = re.match(wording, words, re.IGNORECASE)
        if found:
            return True, change(found)
    return False, None


def _less(found: re.Match[str], which: str) -> str:
    """Percent that is left when the groups `low` and `high` give what is taken away."""
    low = float(found["low"])
    high = float(found["high"]) if found.groupdict().get("high") else low
    return _percent(100 - high, 100 - low) + which


_N = r"(?P<low>\d+(?:\.\d+)?)"
_N_TO = r"(?P<low>\d+(?:\.\d+)?)(?:\s*%?\s*(?:-|–|to)\s*(?P<high>\d+(?:\.\d+)?))?"

_DOSE_WORDINGS = (
    (
        rf"(?:Use|Increase the dose to) {_N} times the (?:standard|normal) dose",
        lambda found: _percent(100 * float(found["low"])),
    ),
    (r"Double the (?:standard|normal) dose", lambda found: _percent(200)),
    (r"Use half of the (?:standard|normal) dose", lambda found: _percent(50)),
    (
        rf"Consider a {_N_TO}% (?:reduction (?:of|in)|lower) (?:the )?(?:recommended )?"
        r"starting dose",
        lambda found: _less(found, _START),
    ),
    (rf"Reduce starting doses? by {_N}%", lambda found: _less(found, _START)),
    (
        rf"Increase starting (?:daily )?dose by {_N_TO}%",
        lambda found: (
            _percent(100 + float(found["low"]), 100 + float(found["high"] or found["low"])) + _START
        ),
    ),
    (
        rf"Increase starting dose {_N_TO} times (?:the )?recommended starting dose",
        lambda found: (
            _percent(100 * float(found["low"]), 100 * float(found["high"] or found["low"])) + _START
        ),
    ),
    (
        rf"Start with reduced (?:starting )?doses \({_N_TO}% of normal dose\)",
        lambda found: _percent(float(found["low"]), float(found["high"] or found["low"])) + _START,
    ),
    (
        rf"Prescribe ≤ ?{_N} ?mg(?P<day> per day)? as a starting dose",
        lambda found: f"starting dose ≤ {found['low']} mg" + ("/day" if found["day"] else ""),
    ),
    (
        rf"Consider initiating [\w-]+ with decreased dose of {_N}(?: or (?P<high>\d+))? mg/day",
        lambda found: (
            found["low"]
            + (f" or {found['high']}" if found["high"] else "")
            + " mg/day starting dose"
        ),
    ),
    (
        r"For first dose, use typical initial or loading dose\. For subsequent doses,? use "
        rf"approximately {_N}% less than typical maintenance dose",
        lambda found: _less(found, _MAINTENANCE),
    ),
    (
        r"(?:Consider a )?lower starting dose, slower titration schedule and "
        rf"{_N}% reduction of standard maintenance dose",
        lambda found: _less(found, _MAINTENANCE),
    ),
    (r"Consider a lower starting dose and slower titration schedule", lambda found: None),
    (
        r"(?:Do not exceed the following(?: daily)? doses|Use no more than the following doses) "
        rf"\({_N}% of the (?:standard|normal) maximum dose\)",
        lambda found: f"≤ {_percent(float(found['low']))} of the maximum dose",
    ),
    (
        rf"Administer no more than [^(.]+\({_N_TO}% of the normal maximum dose",
        lambda found: (
            f"≤ {_percent(float(found['low']), float(found['high'] or found['low']))}"
            " of the maximum dose"
        ),
    ),
    (r"Do not exceed the following(?: daily)? doses:", lambda found: None),
    (rf"Do not give doses exceeding {_N} mg/day", lambda found: f"≤ {found['low']} mg/day"),
    (r"Use an initial dose that is [\d.]+x higher", lambda found: None),
    (r"Start with drastically reduced doses", lambda found: None),
)
