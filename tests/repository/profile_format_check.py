"""A second reader of profiles, written from api/profile_format.md alone: the page must be enough to read the files.

Usage: profile_format_check.py REPOSITORY. Reads every golden profile to its last byte; checks frame and checksums, that
counts agree with each other, and that the mean of each numeric column comes out the same from its two summaries.
"""

import pathlib
import struct
import sys
from fractions import Fraction

MAGIC = bytes.fromhex("894C57500D0A1A0A")
NUMERIC, CATEGORY, TEXT, TIME = 1, 2, 3, 4


def crc32c(data: bytes) -> int:
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


class Section:
    """Notation of §1."""

    def __init__(self, data: bytes):
        self.data, self.at = data, 0

    def fixed(self, form: str):
        values = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return values[0] if len(values) == 1 else values

    def v(self) -> int:
        value = shift = 0
        while True:
            byte = self.fixed("B")
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    def z(self) -> int:
        raw = self.v()
        return raw >> 1 ^ -(raw & 1)

    def text(self) -> str:
        size = self.v()
        self.at += size
        assert self.at <= len(self.data)
        return self.data[self.at - size:self.at].decode()

    def many(self, read, count=None) -> list:
        return [read() for _ in range(self.v() if count is None else count)]

    def array(self, form: str, count: int) -> list:
        return [self.fixed(form) for _ in range(count)]

    def pad8(self):
        self.at = (self.at + 7) // 8 * 8

    def end(self):
        assert self.at == len(self.data), f"{len(self.data) - self.at} bytes left"

    # §4
    def bin_map(self):
        centre, unit = self.fixed("dd")
        edges = self.array("d", self.v())
        assert edges == sorted(set(edges)) and all(p < len(edges) for p in self.many(self.v))
        return centre, unit, edges

    def bin_counts(self, edges) -> list:
        self.fixed("dd"), self.v()
        return [(rows, self.z() if rows else 0) for rows in (self.v() for _ in range(len(edges) + 1))]

    def exact_sum(self) -> Fraction:
        bottom, shape = self.fixed("BB")
        words = [0] * bottom + self.array("Q", shape >> 1)
        words += [2**64 - 1 if shape & 1 else 0] * (35 - len(words))
        value = sum(word << 64 * i for i, word in enumerate(words)) - (shape & 1) * 2 ** (64 * 35)
        return Fraction(value, 2**1074)

    def moments(self):
        centre, _ = self.fixed("dd")
        rows, _ = self.v(), self.v()
        self.fixed("dd")
        total, _ = self.exact_sum(), self.exact_sum()
        return rows, centre, total

    def layout(self):
        edges = self.bin_map()[2]
        return len(edges) + 1, self.many(self.text), self.fixed("B")

    def table(self, layout) -> int:
        bins, names, probability = layout
        groups = len(names) + 2 if names else 1
        total = self.v()
        self.many(self.v, groups)
        for _ in range(groups * 3 * bins):
            rows = self.v()
            total += rows
            if rows and probability:
                self.many(self.z, 5)
        return total


def sections(data: bytes) -> dict:
    """§2."""
    assert data[:8] == MAGIC == data[-8:] and data[8:12] == struct.pack("<I", 1) and not any(data[12:64])
    table, count, version, zero, checksum = struct.unpack("<QIIII", data[-32:-8])
    assert version == 1 and zero == 0 and crc32c(data[table:-12]) == checksum
    found, at = {}, 64
    for i in range(count):
        kind, column, offset, size, crc, zero = struct.unpack_from("<IIQQII", data, table + 32 * i)
        padded = (size + 63) // 64 * 64
        assert offset == at and zero == 0 and crc32c(data[offset:offset + padded]) == crc
        found[kind, column] = data[offset:offset + size]
        at += padded
    assert at == table and table + 32 * count + 32 == len(data)
    return found


def read_header(s: Section):
    s.text(), s.v(), s.text()
    rows = s.v()
    s.fixed("BQ")
    columns = []
    for _ in range(s.v()):
        column = s.text(), s.fixed("B"), s.text(), s.fixed("B"), s.text(), *s.fixed("BBB")
        columns.append((column[0], column[5]))
    s.end()
    return rows, columns


def read_column(s: Section, treatment: int):
    counts = s.many(s.v, 8)
    used = counts[0] - sum(counts[1:6])
    if treatment == NUMERIC:
        centre, unit, edges = s.bin_map()
        bins = s.bin_counts(edges)
        rows, moments_centre, total = s.moments()
        assert sum(n for n, _ in bins) == rows == used
        if rows:
            from_bins = sum(q for _, q in bins) * unit * 2.0**-40 / rows + centre
            assert abs(from_bins - float(total / rows + Fraction(moments_centre))) <= unit * 2.0**-40
        s.fixed("dd")
        assert sum((s.v(), s.v())[1] for _ in range(s.v())) == used
    elif treatment == CATEGORY:
        s.fixed("B")
        named = s.many(s.text)
        s.array("Q", s.v())
        assert sum(s.many(s.v, len(named) + 2)) == used and s.v() == counts[1]
        s.many(lambda: (s.text(), s.v(), s.v()))
        register = s.v()
        while register < 4096:
            s.fixed("B")
            register += 1 + s.v()
    elif treatment == TEXT:
        s.array("Q", s.v())
        edges = s.bin_map()[2]
        assert s.many(s.v, 5)[0] == used
        s.many(s.v, 7), s.many(s.z, 16)
        assert sum(n for n, _ in s.bin_counts(edges)) == used
    elif treatment == TIME:
        rows = s.v()
        assert rows == used
        if rows:
            s.fixed("qq"), s.v(), s.fixed("B")
            cells = s.v()
            s.fixed("q")
            assert sum((s.v(), s.v())[1] for _ in range(cells)) == rows
    s.end()
    return used


def read_reference(s: Section, used: int):
    s.many(s.v, 8)
    m = s.moments()[0]
    s.fixed("d")
    _, wide, repeats, kind, pivots = s.fixed("BBBBB")
    distinct, buckets, segments = s.v(), s.v(), s.v()
    s.pad8()
    s.fixed("ddQQQ")
    s.at += 24 * segments + (8 * buckets if pivots else 0)
    if buckets:
        cells = 3 * buckets if pivots else buckets
        s.array("d", cells)
        rows = s.array("I", cells + 1)
        s.pad8()
        first = s.array("I", cells + 1)
        s.pad8()
        assert rows[-1] == m and first[-1] == distinct and kind <= 2
    values = s.array("q" if wide else "d", distinct)
    upto = s.array("I", distinct) if repeats else list(range(1, distinct + 1))
    s.pad8()
    s.end()
    assert values == sorted(set(values)) and m == used and (not upto or upto[-1] == m)


def read_rows(s: Section, rows: int):
    kind, nulls = s.fixed("BB")
    assert s.v() == rows
    s.pad8()
    s.at += 8 * ((rows + 63) // 64) if nulls else 0
    s.at += (4 if kind == 4 else 8) * rows
    if kind == 4:
        s.many(s.text)
    s.end()


def read_joint(s: Section, rows: int, names: list):
    columns = [(s.text(), *s.fixed("dd")) for _ in range(s.v())]
    assert 2 <= len(columns) <= 500 and all(name in names and scale > 0 for name, _, scale in columns)
    assert s.v() == rows
    spread = s.fixed("B")
    n = s.v()
    assert n <= rows
    pairs = [(j, k) for j in range(len(columns)) for k in range(j, len(columns))]
    products = dict(zip(pairs, s.many(s.z, len(pairs))))
    present = dict(zip(pairs, s.many(s.z, len(pairs))))
    for j, k in pairs:
        assert 0 <= present[j, k] <= min(present[j, j], present[k, k]) <= n
        # Cauchy and Schwarz, and clamping at 5 standard deviations.
        assert products[j, k] ** 2 <= products[j, j] * products[k, k] and products[j, j] <= (5 * 256) ** 2 * present[j, j]
    if spread:
        squares = dict(zip(pairs, s.many(s.z, len(pairs))))
        assert all(0 <= squares[pair] <= (25 * 64) ** 2 * present[pair] for pair in pairs)
    s.fixed("Q")
    sums = [s.many(s.z, 2 * 128) for _ in range(3)]
    lengths = [sum((q / (1024 * n)) ** 2 for q in of_width) / 128 for of_width in sums]
    assert all(abs(q) <= 1024 * n for of_width in sums for q in of_width) and all(0 < x <= 1.001 for x in lengths)
    if spread:
        for squared_mean in lengths:
            trace, _ = s.fixed("dd")
            # cos² + sin² = 1, so the features of a row have length 1.
            assert abs(trace - (1 - squared_mean) * n / (n - 1)) < 0.002
    s.end()


def read_profile(data: bytes):
    found = sections(data)
    rows, columns = read_header(Section(found[1, 0]))
    for i, (_, treatment) in enumerate(columns):
        used = read_column(Section(found[2, i]), treatment)
        if (4, i) in found:
            read_reference(Section(found[4, i]), used)
        if (5, i) in found:
            read_rows(Section(found[5, i]), rows)
    if (3, 0) in found:
        s = Section(found[3, 0])
        s.many(s.text, 3), s.array("d", s.v())
        assert s.table(s.layout()) == rows
        for _ in range(s.v()):
            s.text()
            assert s.table(s.layout()) == rows
        s.end()
    if (6, 0) in found:
        read_joint(Section(found[6, 0]), rows, [name for name, _ in columns])


def main(root: pathlib.Path) -> int:
    files = sorted((root / "tests/profiles/golden").glob("*.lwp"))
    assert files, "no golden profiles"
    for file in files:
        read_profile(file.read_bytes())
    print(f"{len(files)} profiles read as api/profile_format.md says")
    return 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
