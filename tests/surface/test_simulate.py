"""`leeway simulate data`, as a user drives it."""

import csv
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

LEEWAY = os.environ["LEEWAY"]


class SimulateData(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def path(self, name):
        return pathlib.Path(self.folder.name, name)

    def run_data(self, *arguments):
        command = [LEEWAY, "simulate", "data", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, cwd=self.folder.name, timeout=60)

    def rows(self, name):
        with open(self.path(name), newline="") as file:
            return list(csv.DictReader(file))

    def causes(self, name):
        return json.loads(self.path(name + ".causes.json").read_text())

    def fails(self, sentence, *arguments):
        done = self.run_data(*arguments)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertEqual(done.stderr, sentence + "\n")
        self.assertEqual(done.stdout, "")

    def test_the_readme_run(self):
        done = self.run_data("credit", "--rows", 4000, "-o", "reference.csv", "--all-labels", "--monitor", "monitor.yaml")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("4,000 rows of credit", done.stderr)
        done = self.run_data("credit", "--rows", 3000, "--seed", 2, "--start", "2026-01-01", "--days", 180,
                             "--drift", "default", "-o", "current.csv")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout, "")
        reference, current = self.rows("reference.csv"), self.rows("current.csv")
        self.assertEqual((len(reference), len(current)), (4000, 3000))
        self.assertEqual(reference[0].keys(), current[0].keys())
        self.assertTrue(all(row["default"] in ("0", "1") for row in reference))
        self.assertTrue(0.3 < sum(row["default"] == "" for row in current) / 3000 < 0.7)
        self.assertTrue(current[0]["scored_at"].startswith("2026-01-"))
        self.assertEqual(self.causes("reference.csv")["causes"], [])
        causes = self.causes("current.csv")
        self.assertEqual(causes["schema"], "leeway.causes/1")
        self.assertEqual([cause["kind"] for cause in causes["causes"]], ["factor", "category", "missing", "concept"])
        gig = next(cause for cause in causes["causes"] if cause["kind"] == "category")
        self.assertEqual(gig["rows_affected"], sum(row["employment"] == "gig worker" for row in current))
        monitor = self.path("monitor.yaml").read_text()
        self.assertIn("score: probability", monitor)

    def test_same_options_same_bytes(self):
        for table in ("fraud", "credit", "churn", "demand"):
            for name, threads in (("a.csv", 1), ("b.csv", 5)):
                done = self.run_data(table, "--rows", 9000, "--seed", 3, "--drift", "default", "--threads", threads, "-o", name)
                self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(self.path("a.csv").read_bytes(), self.path("b.csv").read_bytes())
            self.assertEqual(self.path("a.csv.causes.json").read_bytes(), self.path("b.csv.causes.json").read_bytes())

    def test_the_shown_plan_is_the_default_one(self):
        shown = self.run_data("fraud", "--show-plan")
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.path("plan.yaml").write_text(shown.stdout)
        self.run_data("fraud", "--rows", 500, "--drift", "plan.yaml", "-o", "a.csv")
        self.run_data("fraud", "--rows", 500, "--drift", "default", "-o", "b.csv")
        self.assertEqual(self.path("a.csv").read_bytes(), self.path("b.csv").read_bytes())

    def test_drift_from(self):
        self.path("plan.yaml").write_text("drifts:\n  - {kind: unit, column: amount, by: 100}\n")
        for name, drift in (("plain.csv", ["none"]), ("drifted.csv", ["plan.yaml", "--drift-from", "2025-02-15"])):
            done = self.run_data("fraud", "--rows", 2000, "--drift", *drift, "-o", name)
            self.assertEqual(done.returncode, 0, done.stderr)
        for before, after in zip(self.rows("plain.csv"), self.rows("drifted.csv")):
            factor = 100 if before["time"] >= "2025-02-15" else 1
            self.assertAlmostEqual(float(after["amount"]), factor * float(before["amount"]), places=6)
            self.assertEqual(before["is_fraud"], after["is_fraud"])

    def test_standard_output_and_parquet(self):
        done = self.run_data("demand", "--rows", 5, "-o", "-", "-q")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(len(done.stdout.splitlines()), 6)
        self.assertEqual(list(self.path("").iterdir()), [])
        done = self.run_data("demand", "--rows", 5, "-o", "x.parquet", "--no-score")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.path("x.parquet").read_bytes()[:4], b"PAR1")

    def test_wrong_use(self):
        self.fails("leeway: no table 'frau'. Did you mean 'fraud'?", "frau", "-o", "x.csv")
        self.fails("leeway: no output file. Add '-o FILE.csv' or '-o FILE.parquet', or '-o -' for CSV on standard output.", "fraud")
        self.fails("leeway: cannot make 60000000 rows. Ask for 1 to 50,000,000.", "fraud", "--rows", 60000000, "-o", "x.csv")
        self.fails("leeway: --start is no time: 'yesterday'. Write 2026-02-01 or 2026-02-01T13:30.",
                   "fraud", "--start", "yesterday", "-o", "x.csv")
        self.fails("leeway: cannot read the drift plan 'no.yaml'. Give a file, 'default' or 'none'.",
                   "fraud", "--drift", "no.yaml", "-o", "x.csv")
        self.fails("leeway: no/x.csv: cannot be written: No such file or directory. Is there such a folder, and may you write to it?", "fraud", "-o", "no/x.csv")
        self.path("plan.yaml").write_text("drifts:\n  - kind: factor\n    column: amuont\n    by: 2\n")
        self.fails("leeway: plan.yaml:3:13: 'amuont' is not an input of 'fraud'. Did you mean 'amount'?",
                   "fraud", "--drift", "plan.yaml", "-o", "x.csv")
        self.assertEqual([entry.name for entry in self.path("").iterdir()], ["plan.yaml"])


if __name__ == "__main__":
    unittest.main()
