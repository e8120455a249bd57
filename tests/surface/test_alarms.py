"""The first promise: no alarm where nothing moved, and an alarm where the leeway that was set is surely passed."""

import unittest

from leeway_command import Case


class Alarms(Case):
    def two_samples(self, table, seeds, rows, *more):
        for name, seed in zip(("reference.csv", "current.csv"), seeds):
            self.command("simulate", "data", table, "--rows", rows, "--seed", seed, "--all-labels", "--monitor",
                         "monitor.yaml", "-o", name, "-q", *more)
        return "reference.csv", "current.csv"

    def test_two_samples_of_one_law_raise_none(self):
        # Correlated features, heavy tails, missing values, repeated ids, rare events and groups that differ in the
        # outcome: none of that is a movement.
        for table in ("fraud", "credit", "churn", "demand"):
            for seeds, rows in (((1, 2), 3000), ((3, 4), 600), ((5, 6), 9000)):
                with self.subTest(table=table, seeds=seeds):
                    sides = self.two_samples(table, seeds, rows)
                    for told in ([], ["--config", "monitor.yaml"]):
                        report = self.report(*sides, *told, codes=(0,))
                        self.assertEqual(report.failed(), set())

    def test_the_four_fifths_rule_is_about_the_favourable_decision(self):
        sides = self.two_samples("credit", (1, 2), 12000)
        told = ["--config", "monitor.yaml", "--set", "columns.groups=[age_band]"]
        unsaid = self.report(*sides, *told, codes=(0,))
        self.assertEqual(unsaid.one("adverse_impact_ratio", "age_band", "")["verdict"], "measured")
        self.assertIn("nothing says whether '1' is good or bad for people", " ".join(unsaid["notes"]))
        # Defaults are predicted for about 7 % of the oldest and 31 % of the youngest: approved are 93 % and 69 %.
        approved = self.report(*sides, *told, "--set", "columns.label.favourable=0", codes=(1,))
        ratio = approved.one("adverse_impact_ratio", "age_band", "")
        self.assertEqual(ratio["verdict"], "unfair")
        rate = {f["slice"]: f["current"]["value"] for f in approved.findings("group_selection_rate")}
        self.assertAlmostEqual(ratio["value"]["value"], min(rate.values()) / max(rate.values()), places=9)
        refused = {f["slice"]: f["current"]["value"] for f in unsaid.findings("group_selection_rate")}
        for group, share in rate.items():
            self.assertAlmostEqual(share, 1 - refused[group], places=9)
        self.assertGreater(min(rate.values()), 0.5)
        # What ranks well one way ranks well the other way round.
        for one, other in zip(unsaid.findings("group_roc_auc"), approved.findings("group_roc_auc")):
            self.assertAlmostEqual(one["current"]["value"], other["current"]["value"], places=9)
        self.refused("check", *sides, *told, "--set", "columns.label.favourable=never",
                     saying="the favourable outcome 'never' is neither '0' nor '1'")

    def test_a_stratum_explains_what_it_explains(self):
        # Women are two in three of the applicants to the strict department and one in three to the lenient one; within
        # a department both are accepted alike (Bickel, Hammel & O'Connell 1975, doi:10.1126/science.187.4175.398).
        rows = []
        for i in range(6000):
            strict, woman = i % 2, (i // 2) % 3 < (2 if i % 2 else 1)
            accepted = (i // 6) % 10 < (2 if strict else 7)
            rows.append([i, "woman" if woman else "man", "strict" if strict else "lenient", int(accepted), int(accepted)])
        header = ["id", "sex", "department", "accepted", "suitable"]
        a, b = self.table("a.csv", header, rows), self.table("b.csv", header, rows)
        report = self.report(a, b, "--set", "task=binary", "--set", "columns.prediction=accepted", "--set",
                             "columns.label={column: suitable, positive: 1, favourable: 1}", "--set", "columns.groups=[sex]",
                             "--set", "columns.stratum=department", codes=(0, 1))
        self.assertGreater(report.one("demographic_parity_difference", "sex", "")["value"]["value"], 0.15)
        self.assertLess(report.one("conditional_parity_difference", "sex", "")["value"]["value"], 0.01)


if __name__ == "__main__":
    unittest.main()
