"""Runs the product as a user would. The binary is named by the environment variable LEEWAY, real data sets by
LEEWAY_DATA (or stand beside the repository in ../shared/data); tests that need a set that is absent are skipped."""

import csv
import gzip
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = pathlib.Path(os.environ.get("LEEWAY_DATA", ROOT.parent / "shared" / "data"))


def run(*arguments, cwd=None, environment=None, stdin=None):
    """The finished process, with its text streams."""
    plain = {k: v for k, v in os.environ.items() if not k.startswith("LEEWAY_") and k not in ("COLUMNS", "FORCE_COLOR")}
    plain["LC_ALL"] = "C.UTF-8"
    return subprocess.run([os.environ["LEEWAY"], *map(str, arguments)], cwd=cwd, input=stdin, capture_output=True,
                          text=True, env={**plain, **(environment or {})}, timeout=300)


class Case(unittest.TestCase):
    """A test in a folder of its own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def data(self, name):
        path = DATA / name
        if not path.exists():
            self.skipTest(f"{name} is not here")
        return path

    def file(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def table(self, name, header, rows):
        path = self.folder / name
        with open(path, "w", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(header)
            writer.writerows(rows)
        return path

    def rows(self, name):
        """Header and rows of a gzipped CSV of the data sets."""
        with gzip.open(self.data(name), "rt", newline="") as source:
            lines = list(csv.reader(source))
        return lines[0], lines[1:]

    def command(self, *arguments, code=0, **options):
        done = run(*arguments, cwd=self.folder, **options)
        self.assertEqual(done.returncode, code, done.stderr + done.stdout[-2000:])
        return done

    def report(self, *arguments, codes=(0, 1)):
        done = run("check", *arguments, "--format", "json", cwd=self.folder)
        self.assertIn(done.returncode, codes, done.stderr)
        return Report(json.loads(done.stdout))

    def refused(self, *arguments, code=2, saying=""):
        """A failure in one sentence on standard error, nothing on standard output, and no trace of the insides."""
        done = run(*arguments, cwd=self.folder)
        self.assertEqual(done.returncode, code, done.stderr + done.stdout[-500:])
        self.assertEqual(done.stdout, "")
        self.assertTrue(done.stderr.startswith("leeway: "), done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        for inside in ("terminate called", "Stack trace", "std::", "Error:", "\x1b"):
            self.assertNotIn(inside, done.stderr)
        self.assertIn(saying, done.stderr)
        return done.stderr


class Report(dict):
    """The JSON document, with look-ups."""

    def findings(self, method, column=None, slice=None):
        return [f for f in self["findings"] if f["method"] == method
                and (column is None or f.get("column", "") == column) and (slice is None or f.get("slice", "") == slice)]

    def one(self, method, column=None, slice=None):
        found = self.findings(method, column, slice)
        assert len(found) == 1, f"{len(found)} findings of {method} {column} {slice}"
        return found[0]

    def current(self, method, column=None, slice=None):
        return self.one(method, column, slice)["current"]["value"]

    def failed(self):
        return {(f["method"], f.get("column", "")) for f in self["findings"]
                if f["verdict"] in ("drifted", "degraded", "unfair")}
