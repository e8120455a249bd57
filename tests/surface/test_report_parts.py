"""Parts of the report beside the findings: thresholds, grades, what moved the score."""

import unittest

from leeway_command import Case


class ReportParts(Case):
    def setUp(self):
        super().setUp()
        self.command("simulate", "data", "credit", "--rows", 6000, "-o", "reference.csv", "--all-labels", "--monitor", "monitor.yaml", "-q")
        self.command("simulate", "data", "credit", "--rows", 5000, "--seed", 2, "--drift", "default", "--all-labels", "-o", "current.csv", "-q")
        self.told = ["reference.csv", "current.csv", "--config", "monitor.yaml"]

    def test_thresholds(self):
        report = self.report(*self.told, "--set", "cost.false_negative=10", "--set", "cost.false_positive=1")
        told = report["thresholds"]
        self.assertAlmostEqual(told["chosen"]["f1"], report.current("f1"), places=12)
        self.assertAlmostEqual(told["chosen"]["cost_per_row"], report.current("cost_per_row"), places=12)
        rows = report.one("f1")["current_rows"]["used"]
        for point in told["curve"]:
            counts = [point[c] for c in ("true_positives", "false_positives", "false_negatives", "true_negatives")]
            self.assertEqual(sum(counts), rows)
            self.assertLessEqual(point["f1"], told["best_f1"]["f1"])
            self.assertAlmostEqual(point["cost_per_row"], (10 * counts[2] + counts[1]) / rows, places=12)
            self.assertGreaterEqual(point["cost_per_row"], told["cheapest"]["cost_per_row"])
        thresholds = [point["threshold"] for point in told["curve"]]
        self.assertEqual(thresholds, sorted(thresholds))
        self.assertEqual(told["curve"][0]["false_negatives"], 0)   # the lowest score predicts everyone
        self.assertNotIn("cheapest", self.report(*self.told)["thresholds"])

    def test_grades_in_the_order_of_their_scores(self):
        text = self.command("check", *self.told, code=1).stdout
        marks = next(line for line in text.splitlines() if "Event rate by grade" in line).split("   ")[-1].split()
        self.assertEqual([len(m) for m in marks], [10, 10], text)
        for side in marks:
            self.assertEqual(list(side), sorted(side))             # a rank order without an inversion

    def test_labels_that_are_still_coming_in(self):
        # Half a year whose last 90 days cannot be final: what is labelled so far is mostly defaults, which come early.
        self.command("simulate", "data", "credit", "--rows", 6000, "--seed", 2, "--start", "2026-01-01", "--days", 180, "-o", "late.csv", "-q")
        self.command("simulate", "data", "credit", "--rows", 6000, "--seed", 2, "--start", "2026-01-01", "--days", 180, "--all-labels", "-o", "final.csv", "-q")
        late = self.report("reference.csv", "late.csv", "--config", "monitor.yaml")
        final = self.report("reference.csv", "final.csv", "--config", "monitor.yaml", "--set", "columns.label.matures_after=")
        self.assertTrue(late["labels"]["provisional"])
        for outcome in late["labels"]["maturity"]:
            shares = [known["share"] for known in outcome["known"]]
            self.assertEqual(shares, sorted(shares))
        by_horizon = late.one("event_rate_by_age", slice="by 90d")["current"]
        rows, events = 0, 0
        for f in late.findings("event_rate_by_age"):
            self.assertLessEqual(f["current"]["lower"], f["current"]["value"])
        # Every outcome within 90 days of the final table, counted.
        import csv, datetime
        with open(self.folder / "final.csv", newline="") as source:
            for row in csv.DictReader(source):
                at, known = (datetime.datetime.fromisoformat(row[c].replace("Z", "")) for c in ("scored_at", "default_known_at"))
                rows += 1
                events += row["default"] == "1" and known - at <= datetime.timedelta(days=90)
        self.assertLessEqual(by_horizon["lower"], events / rows)
        self.assertGreaterEqual(by_horizon["upper"], events / rows)
        self.assertEqual(final.findings("event_rate_by_age"), [])

    def test_what_moved_the_score(self):
        # The default plan makes incomes fall, which the scorecard reads; with or without outcomes.
        for more in ([], ["--set", "columns.ignore=[default]", "--set", "columns.label="]):
            shift = self.report(*self.told, *more)["explanation"]["prediction"]
            self.assertEqual(shift["features"][0]["column"], "income")
            self.assertIn("the movement of income explains", shift["sentence"])
            self.assertGreater(shift["total"]["lower"], 0)
        # Nothing is said where the score did not surely move.
        self.command("simulate", "data", "credit", "--rows", 5000, "--seed", 3, "--all-labels", "-o", "current.csv", "-q")
        self.assertNotIn("prediction", self.report(*self.told)["explanation"])


if __name__ == "__main__":
    unittest.main()
