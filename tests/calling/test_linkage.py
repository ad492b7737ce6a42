"""Fragments of a copy of the region carry several differences together."""

from __future__ import annotations

from itertools import pairwise

import pytest
from calling_builders import Reads, bases, fasta
from hypothesis import given
from hypothesis import strategies as st

from apothecary.alignments import files
from apothecary.calling import hotspots, linkage, somatic
from apothecary.calling.error_rates import ErrorRates, NoiseSettings
from apothecary.calling.hotspots import Hotspot, HotspotSettings
from apothecary.calling.linkage import Linkage, LinkageSettings
from apothecary.calling.pileup import ReadLimits, read_window
from apothecary.calling.statistics import Detection
from apothecary.calling.support import Changes
from apothecary.variants.reference import Fasta

START = 5001
TEXT = bases(500, 8)
SETTINGS = LinkageSettings(
    reach=100, share=0.8, fragments=4, differences=2, balance=0.15, mapping_quality=10
)
OTHER = {"A": "C", "C": "A", "G": "T", "T": "G"}


def changed(offsets, deleted=()):
    text = list(TEXT)
    for at in offsets:
        text[at] = OTHER[text[at]]
    return text, deleted


def reads(groups):
    """Reads of 150 bases, each group with substitutions of its own at offsets of the slice."""
    made = Reads()
    for number, (count, offsets) in enumerate(groups):
        text, _ = changed(offsets)
        for at in range(count):
            low = 130 + at * 3 % 90
            body = "".join(text[low : low + 150])
            made.add("chr3", START + low, body, name=f"g{number}r{at}", reverse=at % 2 == 1)
    return made


def differences(folder, groups, offset, settings=SETTINGS):
    path = reads(groups).write(folder / "reads.bam")
    alignment = files.look(str(path))
    reference = Fasta(fasta(folder / "slices.fa", {("chr3", START): TEXT}), folder / "fasta")
    with files.opened(alignment) as file:
        window = read_window(file, "chr3", "chr3", START, START + 499, ReadLimits())
    changes = Changes(window, ErrorRates(NoiseSettings()), reference)
    ref = TEXT[offset]
    support = changes.of(START + offset, ref, OTHER[ref])
    return Linkage(window, settings).differences(START + offset, ref, support)


COPY = (225, 250, 280)


def test_the_differences_of_a_copy_are_told_from_any_of_them(tmp_path):
    for number, offset in enumerate(COPY):
        folder = tmp_path / str(number)
        folder.mkdir()
        expected = tuple(START + at for at in COPY if at != offset)
        assert differences(folder, [(60, ()), (40, COPY)], offset) == expected


@pytest.mark.parametrize(
    ("groups", "why"),
    [
        ([(60, ()), (40, (225,))], "a change alone"),
        # Of both haplotypes of the person, one carries the change in a third of the cells.
        ([(60, ()), (40, (250, 280)), (20, (225, 250, 280))], "a change on a germline haplotype"),
        ([(60, ()), (3, COPY)], "too few fragments"),
        ([(3, ()), (60, COPY)], "too few others"),
        ([(60, ()), (40, (225, 229, 233))], "one event of several bases"),
    ],
)
def test_what_is_no_copy_has_no_further_differences(tmp_path, groups, why):
    assert len(differences(tmp_path, groups, 225)) == 0, why


def test_an_indel_is_a_difference(tmp_path):
    made = reads([(60, ())])
    text, _ = changed((225, 280))
    text[250:253] = []
    for at in range(40):
        low = 130 + at * 2 % 80
        body = "".join(text[low : low + 150])
        made.add("chr3", START + low, body, f"{250 - low}M3D{150 - 250 + low}M", name=f"c{at}")
    path = made.write(tmp_path / "reads.bam")
    alignment = files.look(str(path))
    reference = Fasta(fasta(tmp_path / "slices.fa", {("chr3", START): TEXT}), tmp_path / "fasta")
    with files.opened(alignment) as file:
        window = read_window(file, "chr3", "chr3", START, START + 499, ReadLimits())
    changes = Changes(window, ErrorRates(NoiseSettings()), reference)
    support = changes.of(START + 225, TEXT[225], OTHER[TEXT[225]])
    found = Linkage(window, SETTINGS).differences(START + 225, TEXT[225], support)
    assert found == (START + 250, START + 280)


@given(st.sets(st.integers(150, 300), min_size=1, max_size=6), st.integers(150, 300))
def test_only_places_within_reach_and_apart_are_told(tmp_path_factory, offsets, offset):
    folder = tmp_path_factory.mktemp("linkage")
    found = differences(folder, [(50, ()), (50, {*offsets, offset})], offset)
    for place in found:
        assert place - START in offsets
        assert 10 < abs(place - START - offset) <= SETTINGS.reach
    assert all(later - place > 10 for place, later in pairwise(found))


def test_a_tumor_alone_is_marked_and_one_with_a_normal_is_judged_by_it(tmp_path, calling_config):
    reference = Fasta(fasta(tmp_path / "slices.fa", {("chr3", START): TEXT}), tmp_path / "fasta")
    groups = [(120, ()), (80, COPY)]
    opened = [
        files.look(str(reads(groups).write(tmp_path / f"{n}.bam"))) for n in ("tumor", "normal")
    ]
    settings = somatic.SomaticSettings.from_config(calling_config)
    span = [("chr3", START + 200, START + 299)]
    for normal, name in ((None, "linked_differences"), (opened[1], "normal_evidence")):
        called = somatic.call(opened[0], normal, reference, span, frozenset(), settings)
        assert {c.pos for c in called} == {START + at for at in COPY}
        assert all(name in c.filters for c in called)


def test_a_known_variant_of_a_copy_is_found_and_doubted(tmp_path):
    settings = HotspotSettings(
        ReadLimits(), NoiseSettings(), Detection(1e-6, 3, 0.95), SETTINGS, 20
    )
    ref = TEXT[250]
    site = Hotspot("chr3", START + 250, ref, OTHER[ref], "G", (), START + 250)
    for groups, remark in (
        ([(60, ()), (40, COPY)], f"at 2 further places ({START + 225}, {START + 280})"),
        ([(60, ()), (40, (250,))], None),
    ):
        path = reads(groups).write(tmp_path / "reads.bam")
        alignment = files.look(str(path))
        (row,) = hotspots.genotype(alignment, [site], None, None, settings, "T")
        assert row["status"] == "found"
        assert (row["reason"] is None) if remark is None else (remark in row["reason"])


def test_the_settings_are_those_of_the_configuration(calling_config):
    assert linkage.LinkageSettings.from_config(calling_config["copies"]) == SETTINGS
