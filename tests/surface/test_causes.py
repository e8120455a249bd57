"""The explanations name what was injected: the drift plans of 'leeway simulate data', and the checks that need a learner."""

import json
import unittest

from leeway_command import Case, run


class Causes(Case):
    def simulate(self, table, name, *options, rows=5000):
        path = self.folder / name
        done = run("simulate", "data", table, "--rows", rows, "-o", path, "--all-labels", "-q", *options)
        self.assertEqual(done.returncode, 0, done.stderr)
        return path

    def check(self, *arguments):
        done = run("check", *arguments, "--format", "json")
        self.assertIn(done.returncode, (0, 1), done.stderr)
        return json.loads(done.stdout)

    def plan(self, text):
        return self.file("drift.yaml", "drifts:\n  - {" + text + "}\n")

    def test_the_injected_column_is_ranked_first(self):
        """Each kind of plan that moves one column, over seeds: its headline finding is the worst of all."""
        plans = [("fraud", "kind: factor, column: amount, by: 1.6", "amount"),
                 ("fraud", "kind: factor, column: distance_from_home, by: 1.8", "distance_from_home"),
                 ("credit", "kind: missing, column: bureau_score, by: 0.3", "bureau_score"),
                 ("credit", "kind: unit, column: income, by: 100", "income"),
                 ("credit", "kind: category, column: employment, to: self-employed, share: 25%", "employment"),
                 ("churn", "kind: shift, column: monthly_charge, by: 15", "monthly_charge")]
        wrong = []
        for table, text, column in plans:
            monitor = self.folder / f"{table}.yaml"
            reference = self.simulate(table, f"{table}.csv", "--monitor", monitor)
            plan = self.plan(text)
            for seed in (2, 3):
                current = self.simulate(table, "current.csv", "--seed", seed, "--drift", plan)
                found = self.check(reference, current, "--config", monitor)["findings"]
                worst = next((f for f in found if f["verdict"] == "drifted" and f.get("column")), None)
                if worst is None or worst["column"] != column:
                    wrong.append((table, column, seed, worst and worst["column"]))
        self.assertEqual(wrong, [])

    def test_the_classifier_names_what_moved_together(self):
        header = ["a", "b", "kind"]
        reference = self.table("reference.csv", header, self.rows(0, lambda i, j: (i, j)))
        current = self.table("current.csv", header, self.rows(1, lambda i, j: (i, i)))
        report = self.check(reference, current, "--method", "domain_classifier")
        found = next(f for f in report["findings"] if f["method"] == "domain_classifier")
        self.assertEqual(found["verdict"], "drifted", found["sentence"])
        self.assertIn("told apart by", found["note"])
        self.assertIn("rows must have changed", found["sentence"])
        alone = [f for f in report["findings"] if f.get("column") in ("a", "b") and f["method"] == "ks"]
        self.assertTrue(all(f["verdict"] == "stable" for f in alone), alone)
        same = self.check(reference, reference, "--method", "domain_classifier")
        found = next(f for f in same["findings"] if f["method"] == "domain_classifier")
        self.assertEqual(found["verdict"], "stable", found["sentence"])
        self.assertAlmostEqual(found["value"]["value"], 0.5, places=6)

    def rows(self, shift, pair):
        """Two numbers that go together or do not, each by itself evenly spread."""
        out = []
        for n in range(1600):
            i, j = (n * 7 + shift) % 40, (n // 40 * 11 + shift) % 40
            i, j = pair(i, j)
            out.append([i + (n % 13) / 20, j + (n % 17) / 20, "xyz"[n % 3]])
        return out

    def test_the_split_by_cases_adds_up_and_is_made_only_when_asked(self):
        monitor = self.folder / "monitor.yaml"
        reference = self.simulate("credit", "reference.csv", "--monitor", monitor, rows=3000)
        current = self.simulate("credit", "current.csv", "--seed", 2, "--drift", "default", rows=3000)
        self.assertNotIn("cases", self.check(reference, current, "--config", monitor)["explanation"])
        split = self.check(reference, current, "--config", monitor, "--cases")["explanation"]["cases"]
        terms = sum(split[term]["value"] for term in ("familiar", "response", "new_cases"))
        self.assertAlmostEqual(terms, split["total"]["value"], places=12)
        self.assertIn("By the features themselves", split["sentence"])
        for term in ("total", "familiar", "response", "new_cases"):
            self.assertLessEqual(split[term]["lower"], split[term]["value"])
        by_file = self.check(reference, current, "--config", monitor, "--set", "explain.cases=true")["explanation"]
        self.assertEqual(by_file["cases"], split)

    def test_without_outcomes_it_says_why_there_is_no_split(self):
        rows = [[i, i % 7] for i in range(300)]
        table = self.table("a.csv", ["x", "y"], rows)
        report = self.check(table, table, "--cases")
        self.assertNotIn("cases", report["explanation"])
        self.assertTrue(any("was not split by the features" in note for note in report["notes"]), report["notes"])

    def test_an_unknown_method_is_refused(self):
        table = self.table("a.csv", ["x"], [[i] for i in range(50)])
        done = run("check", table, table, "--method", "domain_clasifier")
        self.assertEqual(done.returncode, 2)
        self.assertIn("domain_classifier", done.stderr)


if __name__ == "__main__":
    unittest.main()
