"""Records taken many at a time give the rows, counts and errors that they give one by one."""

from __future__ import annotations

import random

import pytest
from variant_builders import AT_POSITIONS, POSITIONS, header, read_samples, sample, write

from apothecary import schemas, tables
from apothecary.variants import lines, stored, stream
from apothecary.variants.regions import Regions

FORMS = ["GT:AD:DP:GQ:PL"] * 6 + ["GT:AD:DP:GQ:PGT:PID:PL:PS"] * 2 + ["GT:AD:AF:DP", "GT:AD:AF"]
RARE_FORMS = ["GT:DP", "GT", "GT:FT:AD:DP", "GT:AD:MIN_DP:DP", "AD:GT", "GT:AF:DP", "GT:AO:RO"]
GENOTYPES = ["0/1"] * 8 + ["1/1"] * 4 + ["0|1", "1|0", "1", "1/0"]
RARE_GENOTYPES = ["0/0", "./.", "./1", "0", ".", "0/1/1", "|1"]
INFO = ["DP=20"] * 6 + [".", "AC=1;DP=12;AN=2", "ADP=x;DP=5"]
RARE_INFO = ["DP=.", "DP=1.5", "DP=4;DP=7", "MQ=3;XDP=a", "DP", "DP=", "DP=abc"]
FILTERS = ["PASS"] * 8 + [".", "lowq", "made", "lowq;made"]
QUALS = ["50", "12.25", "1e2", "0", "3000"]
RARE_QUALS = [".", "nan", "inf", "12.", "1e400", "-3"]


class Drawn:
    """Records, common ones and of every kind that is not."""

    def __init__(self, seed: int, bases: str) -> None:
        self.source = random.Random(seed)
        self.bases = bases

    def one(self, common, rare=()):
        return self.source.choice(rare if rare and self.source.random() < 0.04 else common)

    def alleles(self, pos):
        ref = self.bases[pos - 1 : pos + self.one([0] * 8 + [1, 3])]
        other = self.one([b for b in "ACGT" if b != ref[0]])
        if len(ref) > 1:
            return self.one([(ref, ref[0]), (ref, other + ref[1:]), (ref, ref + ref[-1])])
        told = (other, f"{ref}TA", f"{ref}C", other)
        return self.one([(ref, told[0]), (ref, told[1]), (ref, told[2])]) if (
            self.source.random() > 0.05
        ) else self.one(
            [(ref, f"{other},<DEL>"), (ref, "*"), (ref, "<NON_REF>"), (ref.lower(), other),
             ("N", other), (ref, f"{other},{ref}G"), (ref, "<DEL>")]
        )  # fmt: skip

    def values(self, pos):
        depth = self.source.randint(0, 60)
        alt = self.source.randint(0, depth)
        phased = self.one([".", "0|1", "1|0"])
        drawn = self.source.randint
        return {
            "GT": self.one(GENOTYPES, RARE_GENOTYPES),
            "AD": self.one([f"{depth - alt},{alt}"], [".", "5", "3,4,5", f"{alt},.", "0,0"]),
            "DP": self.one([str(depth)], [".", "12.0", "abc"]),
            "GQ": self.one([str(drawn(0, 99))], [".", "30.6"]),
            "PL": self.one([f"{drawn(0, 999)},0,{drawn(0, 999)}"], [".", "0,.,5"]),
            "AF": self.one([f"{alt / depth:.3f}" if depth else "0"], ["0.9", "1.0e-2", ".", "1,2"]),
            "PS": self.one([".", "123", "p1"]),
            "PGT": phased,
            "PID": "." if phased == "." else f"{pos}_A_T",
            "FT": self.one(["PASS", ".", "bad"]),
            "MIN_DP": "3",
        }

    def record(self, chrom, pos):
        ref, alt = self.alleles(pos)
        form = self.one(FORMS, RARE_FORMS)
        values = self.values(pos)
        value = ":".join(values.get(name, "4") for name in form.split(":"))
        if self.source.random() < 0.01:
            value = value.rpartition(":")[0] or value
        name = self.one([".", f"rs{pos}"], ["rs\x01", "caf\u00e9"] if pos % 40 == 0 else ["x;y"])
        said = (self.one(QUALS, RARE_QUALS), self.one(FILTERS), self.one(INFO, RARE_INFO))
        return "\t".join((chrom, str(pos), name, ref, alt, *said, form, value))


def genome(seed, count, chroms=("chr1", "chr10", "chr2", "chrM")):
    """The lines of a file, and a sequence that most of its REF are of."""
    source = random.Random(seed)
    bases = "".join(source.choices("ACGT", k=60_000))
    drawn = Drawn(seed, bases)
    found = []
    for chrom in chroms:
        places = sorted(
            source.randint(1, 59_000 if chrom != "chrM" else 16_000) for _ in range(count)
        )
        shaken = [max(1, p - 50) if source.random() < 0.01 else p for p in places]
        found += [drawn.record(chrom, pos) for pos in shaken]
    return found, bases


@pytest.fixture(scope="module")
def sequence(tmp_path_factory):
    """A FASTA of one chromosome whole and of a slice of another, and the records beside."""
    records, bases = genome(1, 1200)
    path = tmp_path_factory.mktemp("sequence") / "genome.fa"
    path.write_text(f">chr1\n{bases}\n>chr2:1001-30000\n{bases[1000:30000]}\n", encoding="utf-8")
    return records, str(path)


def text_of(records, samples=("S1",)):
    return "\n".join([*header(samples=samples), *records]) + "\n"


def found(folder, text, *, together, monkeypatch, regions=None, fasta="", **fields):
    """Rows of a reading in small pieces: as a table, the counts, the outcome, and how many."""
    monkeypatch.setattr(stream, "PIECE", 20_000)
    monkeypatch.setattr(stream, "FIRST_PIECE", 5_000)
    if not together:
        monkeypatch.setattr(lines, "_MOST_COLUMNS", 0)
    folder.mkdir()
    row = sample(write(folder, text), **fields)
    limits = {"min_depth": 10, "min_gq": 15, "min_vaf": 0.1, "min_qual": 13}
    options = {} if regions is None else {"regions": regions}
    result = read_samples([row], folder, fasta=fasta, **options, **limits)
    batches = list(stored.batches(result.variants, result.variant_columns))
    written = tables.to_arrow(schemas.VARIANTS, tables.pa.concat_tables(batches) if batches else ())
    path = folder / "variants.parquet"
    tables.write_batches(path, schemas.VARIANTS, tables.in_groups(batches))
    assert tables.read(path, schemas.VARIANTS).equals(written)
    (outcome,) = result.outcomes
    told = {**outcome, "reason": outcome["reason"].replace(str(folder), "")}
    return written, result.record_fates, told, len(result.variants)


def both(tmp_path, text, **options):
    with pytest.MonkeyPatch.context() as patch:
        by_lines = found(tmp_path / "l", text, together=False, monkeypatch=patch, **options)
    with pytest.MonkeyPatch.context() as patch:
        by_columns = found(tmp_path / "c", text, together=True, monkeypatch=patch, **options)
    return by_lines, by_columns


@pytest.mark.parametrize("with_fasta", [False, True])
def test_a_tumor_reads_the_same(sequence, tmp_path, with_fasta):
    records, fasta = sequence
    options = {"fasta": fasta} if with_fasta else {}
    by_lines, by_columns = both(tmp_path, text_of(records), role="tumor", **options)
    assert by_columns[0].equals(by_lines[0])
    assert by_columns[1:3] == by_lines[1:3]
    assert by_lines[0].num_rows > 3000
    assert by_lines[3] == by_lines[0].num_rows
    assert by_columns[3] < by_lines[3] * 0.75


def test_a_germline_sample_reads_the_same(sequence, tmp_path):
    spans = Regions(POSITIONS, genes=(("chr1", 2_000, 2_400),), withheld=(("chr2", 1, 900),))
    regions = {build: spans for build in AT_POSITIONS}
    by_lines, by_columns = both(tmp_path, text_of(sequence[0]), regions=regions)
    assert by_columns[0].equals(by_lines[0])
    assert by_columns[1:3] == by_lines[1:3]
    assert {row["fate"] for row in by_lines[1]} > {"outside", "withheld"}


def test_the_second_sample_of_a_file_reads_the_same(sequence, tmp_path):
    records = [f"{record}\t{record.rpartition(chr(9))[2]}" for record in sequence[0][:2000]]
    text = text_of(records, samples=("other", "S1"))
    by_lines, by_columns = both(tmp_path, text, role="tumor")
    assert by_columns[0].equals(by_lines[0])
    assert by_columns[1:3] == by_lines[1:3]
    assert by_columns[3] < by_lines[3]


WRONG = {
    "POS": "chr1 15x A C",
    "beyond": "chr1 400000000 A C",
    "REF": "chr1 15500 A! C",
    "ALT": "chr1 15500 A A",
    "contig": "chr99 15500 A C",
}
COLUMNS = "{} {} . {} {} 50 PASS DP=20 GT:AD:DP 0/1:5,5:10"


def wrong_lines():
    yield from ((name, COLUMNS.format(*words.split()).split()) for name, words in WRONG.items())
    good = COLUMNS.format("chr1", 15_500, "A", "C").split()
    yield "QUAL", [*good[:5], "high", *good[6:]]
    yield "GT", [*good[:9], "0/2:5,5:10"]
    yield "genotype", [*good[:9], "zero:5,5:10"]
    yield "short", good[:9]
    yield "long", [*good, "."]
    yield "header", ["##late=1"]


@pytest.mark.parametrize("role", ["tumor", "germline"])
@pytest.mark.parametrize(("name", "columns"), list(wrong_lines()))
def test_a_wrong_line_is_refused_by_its_number(tmp_path, name, columns, role):
    good = COLUMNS.format("chr1", "{}", "A", "C").replace(" ", "\t")
    records = [good.format(pos) for pos in range(4000, 4700)]
    records.insert(600, "\t".join(columns))
    text = text_of(records)
    regions = {} if role == "tumor" else {"regions": AT_POSITIONS}
    by_lines, by_columns = both(tmp_path, text, role=role, **regions)
    assert by_columns[1:3] == by_lines[1:3]
    outcome = by_columns[2]
    if name == "QUAL" and role == "germline":  # Where nothing is looked at, QUAL is not either.
        assert outcome["status"] != "failed"
    else:
        row = next(i for i, line in enumerate(text.splitlines(), 1) if line == "\t".join(columns))
        assert f"row {row}" in outcome["reason"]


def test_a_byte_that_is_no_text_is_told_by_its_line(tmp_path):
    good = COLUMNS.format("chr1", "{}", "A", "C").replace(" ", "\t")
    records = [good.format(pos) for pos in range(4000, 4700)]
    records[500] += "\0"
    by_lines, by_columns = both(tmp_path, text_of(records), role="tumor")
    assert by_columns[2] == by_lines[2]
    row = len(header()) + 501
    assert f"row {row}: the line holds a NUL byte" in by_columns[2]["reason"]
