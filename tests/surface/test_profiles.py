"""A prepared profile in place of the reference's rows: what it tells, and what it says that it cannot."""

import unittest

from leeway_command import Case


class Profiles(Case):
    def setUp(self):
        super().setUp()
        self.command("simulate", "data", "credit", "--rows", 6000, "-o", "reference.csv", "--all-labels", "--monitor", "monitor.yaml", "-q")
        self.command("simulate", "data", "credit", "--rows", 5000, "--seed", 2, "--drift", "default", "-o", "current.csv", "-q")
        self.told = ["--config", "monitor.yaml"]
        self.command("profile", "reference.csv", *self.told, "-o", "reference.lwp")

    def values(self, report, *left_out):
        return {(f["method"], f.get("column", ""), f.get("slice", "")): (f["value"], f["verdict"])
                for f in report["findings"] if f["method"] not in left_out}

    def test_a_profile_as_reference_tells_what_its_rows_tell(self):
        rows = self.report("reference.csv", "current.csv", *self.told)
        profile = self.report("reference.lwp", "current.csv", *self.told)
        self.assertEqual(self.values(profile), self.values(rows, "duplicate_rows", "duplicate_ids"))
        self.assertEqual(profile["explanation"]["performance"]["behaviour"], rows["explanation"]["performance"]["behaviour"])
        self.assertIn("give the reference's data in place of its profile", " ".join(profile["notes"]))
        self.assertNotIn("give the reference's data in place of its profile", " ".join(rows["notes"]))

    def test_two_profiles_tell_how_columns_moved_together(self):
        self.command("profile", "current.csv", *self.told, "--reference", "reference.lwp", "-o", "current.lwp")
        rows = self.report("reference.csv", "current.csv", *self.told)
        profiles = self.report("reference.lwp", "current.lwp", *self.told)
        for method in ("second_moments", "random_fourier_mmd"):
            self.assertEqual(profiles.one(method)["value"], rows.one(method)["value"])

    def test_outcomes_that_are_still_to_come_are_no_drift_between_profiles(self):
        # The monitor file says that labels mature after 90 days; half of the current ones are not known yet.
        self.command("profile", "current.csv", *self.told, "--reference", "reference.lwp", "-o", "current.lwp")
        report = self.report("reference.lwp", "current.lwp", *self.told)
        self.assertEqual([f["method"] for f in report["findings"] if f.get("column") == "default" and f["verdict"] == "drifted"], [])
        self.assertIn("The outcomes in default are not compared", " ".join(report["notes"]))


if __name__ == "__main__":
    unittest.main()
