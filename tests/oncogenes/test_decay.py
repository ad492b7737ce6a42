from __future__ import annotations

from pathlib import Path

import pytest
from oncogene_builders import base, reverse_complement, write_models

from apothecary.errors import ResourceError
from apothecary.oncogenes import consequence_facts, decay, hgvs, proteins
from apothecary.oncogenes.decay import Decay, Rules
from apothecary.oncogenes.gene_models import Reference, Transcript, read_gff

NEVER = Rules(last_junction=0, coding_start=0)


@pytest.fixture(scope="module")
def toys(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Transcript], hgvs.Namer]:
    fasta, gff = write_models(tmp_path_factory.mktemp("decay"))
    return {t.gene: t for t in read_gff(gff)}, hgvs.Namer(Reference(fasta))


def predicted(
    toys: tuple[dict[str, Transcript], hgvs.Namer], number: int, alt: str, rules: Rules
) -> Decay | None:
    """The fate after a substitution of c.number in the toy gene PLUS."""
    transcripts, namer = toys
    transcript = transcripts["PLUS"]
    of = namer.messenger(transcript)
    pos = of.position((of.coding_start or 0) + number - 1)
    names = namer.name(transcript, pos, base(pos), alt)
    return decay.predict(of, names.edit, names.change, rules)


def test_a_stop_long_before_the_last_junction_triggers(
    toys: tuple[dict[str, Transcript], hgvs.Namer],
) -> None:
    # c.10G>T: GAA to TAA, codon 4; the junction is behind c.31.
    fate = predicted(toys, 10, "T", NEVER)
    assert fate == Decay(
        decay.TRIGGERS, "the new stop is 19 bases before the last junction of exons"
    )


@pytest.mark.parametrize(
    ("number", "alt", "rules", "words"),
    [
        (10, "T", Rules(19, 0), "19 bases before the last junction of exons, not more than 19"),
        (10, "T", Rules(0, 100), "within the first 100 coding bases"),
        (48, "A", NEVER, "in the last exon"),
    ],
)
def test_escapes(
    toys: tuple[dict[str, Transcript], hgvs.Namer],
    number: int,
    alt: str,
    rules: Rules,
    words: str,
) -> None:
    fate = predicted(toys, number, alt, rules)
    assert fate is not None
    assert fate.prediction == decay.ESCAPES
    assert words in fate.reason


def test_no_premature_stop_has_no_fate(toys: tuple[dict[str, Transcript], hgvs.Namer]) -> None:
    assert predicted(toys, 5, "A", NEVER) is None


def test_a_frameshift_goes_by_its_new_stop(
    toys: tuple[dict[str, Transcript], hgvs.Namer],
) -> None:
    transcripts, namer = toys
    transcript = transcripts["MINUS"]
    of = namer.messenger(transcript)
    pos = of.position((of.coding_start or 0) + 9)  # c.10del
    names = namer.name(transcript, pos - 1, base(pos - 1, 2), base(pos - 1))
    assert base(pos) == reverse_complement("G")
    assert names.change is not None
    assert names.change.stop_in == 5
    fate = decay.predict(of, names.edit, names.change, NEVER)
    # The stop is codon 8, c.22_24 of what is one base shorter: 30 - 24 bases are left.
    assert fate == Decay(
        decay.TRIGGERS, "the new stop is 6 bases before the last junction of exons"
    )
    endless = proteins.ProteinChange(proteins.FRAMESHIFT, 4, 4, "E", "E", "K")
    unknown = decay.predict(of, names.edit, endless, NEVER)
    assert unknown is not None
    assert unknown.prediction == decay.UNKNOWN


def test_the_facts_of_the_project_are_read(repository: Path, tmp_path: Path) -> None:
    paths = sorted((repository / "resources" / "consequences").glob("*.tsv"))
    facts = consequence_facts.read(paths)
    assert facts.nmd == Rules(last_junction=50, coding_start=100)
    assert facts.accessions["GRCh38", "chrX"].startswith("NC_000023.")
    assert len(facts.accessions) == 24
    assert "ENST00000644969" in facts.plus_clinical  # BRAF
    wrong = tmp_path / "nmd_rules.tsv"
    wrong.write_text("rule\tbases\n")
    with pytest.raises(ResourceError, match="columns rule, bases, source"):
        consequence_facts.read([*[p for p in paths if p.stem != "nmd_rules"], wrong])
