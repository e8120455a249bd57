"""The commands as documented: help, formats, exit codes, profiles, windows, configuration."""

import json
import unittest

from leeway_command import Case, run


class Commands(Case):
    def setUp(self):
        super().setUp()
        self.command("simulate", "data", "credit", "--rows", 6000, "--all-labels", "--output", "reference.csv", "--monitor", "monitor.yaml")
        self.command("simulate", "data", "credit", "--rows", 4000, "--seed", 2, "--start", "2026-01-01", "--days", 90, "--all-labels",
                     "--drift", "default", "--output", "current.csv")

    def check(self, *arguments, code=1):
        return self.command("check", "reference.csv", "current.csv", "--config", "monitor.yaml", *arguments, code=code).stdout

    def test_help_everywhere(self):
        for command in ([], ["check"], ["profile"], ["profile", "merge"], ["simulate", "data"], ["methods"], ["config"]):
            text = run(*command, "--help").stdout
            self.assertIn("leeway", text)
        self.assertIn("Examples:", run("check", "--help").stdout)
        self.assertIn("Exit codes", run("--help").stdout)
        self.assertEqual(run().returncode, 0)
        self.assertRegex(run("--version").stdout, r"^leeway \d+\.\d+\.\d+\n$")

    def test_every_method_explains_itself(self):
        methods = json.loads(run("methods", "--format", "json").stdout)["methods"]
        self.assertGreater(len(methods), 60)
        self.assertEqual(len({m["id"] for m in methods}), len(methods))
        for method in methods:
            self.assertTrue(method["measures"] and method["guarantee"] and method["misleads"] and method["cost"], method["id"])
        text = run("methods", "ks").stdout
        self.assertIn("Null hypothesis", text)
        self.assertIn("Source", text)

    def test_the_same_input_gives_the_same_bytes(self):
        for format in ("json", "html", "text"):
            self.assertEqual(self.check("--format", format, "--threads", 1), self.check("--format", format, "--threads", 1), format)
        one, two = (json.loads(self.check("--format", "json", "--threads", n)) for n in (1, 2))
        one.pop("command"), two.pop("command")
        self.assertEqual(one, two)

    def test_injected_causes_are_found(self):
        report = json.loads(self.check("--format", "json"))
        failed = {(f["method"], f.get("column")) for f in report["findings"] if f["verdict"] == "drifted"}
        self.assertIn(("unseen_share", "employment"), failed)
        self.assertIn(("missing_share", "bureau_score"), failed)

    def test_text_fits_narrow_terminals_without_escapes(self):
        for width in (40, 80):
            text = run("check", "reference.csv", "current.csv", "--config", "monitor.yaml", cwd=self.folder,
                       environment={"COLUMNS": str(width)}).stdout
            self.assertNotIn("\x1b", text)
            self.assertLessEqual(max(map(len, text.splitlines())), width)

    def test_a_locale_without_unicode_gets_plain_text(self):
        arguments = ("check", "reference.csv", "current.csv", "--config", "monitor.yaml")
        for locale in ("C", "POSIX", "de_DE.ISO-8859-1"):
            self.assertTrue(run(*arguments, cwd=self.folder, environment={"LC_ALL": locale}).stdout.isascii())
        self.assertFalse(run(*arguments, cwd=self.folder, environment={"LC_ALL": "", "LANG": "en_US.UTF-8"}).stdout.isascii())

    def test_the_name_of_the_output_says_its_format(self):
        for name, start in (("report.html", "<!doctype html>"), ("report.json", "{"), ("report.txt", "Leeway check")):
            self.check("-o", name)
            self.assertTrue((self.folder / name).read_text().startswith(start), name)

    def test_help_is_a_page_a_terminal_can_show(self):
        for command in ([], ["check"], ["profile"], ["profile", "merge"], ["simulate", "data"], ["methods"], ["config", "show"]):
            text = run(*command, "--help").stdout
            self.assertEqual(run("help", *command).stdout, text)
            self.assertIn("Usage: leeway " + " ".join(command), text)
            self.assertLess(len(text.splitlines()), 75)
            for line in text.splitlines():
                self.assertTrue(len(line) <= 80 or line.startswith("  "), line)
        self.assertIn("False alarms", run("methods", "psi-0.25").stdout)

    def test_html_is_one_file_without_network(self):
        page = self.check("--format", "html")
        self.assertNotRegex(page, r'(src|href)="(https?:)?//')
        self.assertIn("Content-Security-Policy", page)
        self.assertLess(len(page.encode()), 1_500_000)

    def test_output_goes_to_the_file(self):
        self.assertEqual(self.check("--format", "html", "-o", "report.html"), "")
        self.assertIn("<html", (self.folder / "report.html").read_text()[:200])
        self.refused("check", "reference.csv", "current.csv", "-o", "no/such/folder/x.txt")

    def test_exit_codes(self):
        self.command("check", "reference.csv", "reference.csv", code=0)
        self.check(code=1)
        self.refused("check", "reference.csv")

    def test_prepared_reference_gives_the_same_numbers(self):
        self.command("profile", "reference.csv", "--config", "monitor.yaml", "-o", "reference.lwp")
        rows = json.loads(self.check("--format", "json"))
        profile = json.loads(self.command("check", "reference.lwp", "current.csv", "--config", "monitor.yaml", "--format", "json", code=1).stdout)
        value = lambda report: {(f["method"], f.get("column"), f.get("slice")): (f["value"], f["verdict"]) for f in report["findings"]
                                if f["family"] in ("drift", "performance", "fairness", "business")}
        rows, profile = value(rows), value(profile)
        self.assertEqual({k: rows[k] for k in profile}, profile)
        self.assertIn("reference.lwp", run("profile", "show", "reference.lwp", cwd=self.folder).stdout)

    def test_profiles_add_up(self):
        lines = (self.folder / "current.csv").read_text().splitlines(True)
        self.file("one.csv", "".join(lines[:2001]))
        self.file("two.csv", "".join(lines[:1] + lines[2001:]))
        self.command("profile", "reference.csv", "--config", "monitor.yaml", "-o", "reference.lwp")
        for name in ("one", "two", "current"):
            self.command("profile", f"{name}.csv", "--config", "monitor.yaml", "--reference", "reference.lwp", "-o", f"{name}.lwp")
        self.command("profile", "merge", "one.lwp", "two.lwp", "-o", "sum.lwp")
        whole, total = (json.loads(self.command("check", "reference.lwp", f"{name}.lwp", "--format", "json", code=1).stdout)
                        for name in ("current", "sum"))
        for report in (whole, total):
            report.pop("command"), report.pop("current")
        self.assertEqual(whole["findings"], total["findings"])

    def test_bracket_holds_the_exact_value(self):
        self.command("profile", "reference.csv", "--config", "monitor.yaml", "--summary", "-o", "summary.lwp")
        exact = json.loads(self.check("--format", "json"))
        binned = json.loads(self.command("check", "summary.lwp", "current.csv", "--config", "monitor.yaml", "--format", "json", code=1).stdout)
        exact = {f.get("column"): f["value"]["value"] for f in exact["findings"] if f["method"] == "ks"}
        brackets = {f.get("column"): f["bracket"] for f in binned["findings"] if f["method"] == "ks"}
        self.assertGreater(len(brackets), 5)
        for column, bracket in brackets.items():
            self.assertLessEqual(bracket["lower"], exact[column] + 1e-12)
            self.assertGreaterEqual(bracket["upper"], exact[column] - 1e-12)

    def test_windows_over_time(self):
        report = json.loads(self.check("--window", "30d", "--format", "json"))
        self.assertGreaterEqual(len(report["windows"]), 3)
        self.assertEqual(sum(w["rows"] for w in report["windows"]), 4000)

    def test_policies_by_name(self):
        for policy in ("psi-0.25", "ks-0.05", "evidently", "share-of-features"):
            report = json.loads(self.check("--policy", policy, "--format", "json"))
            self.assertEqual(report["policy"], policy)

    def test_all_methods_of_drift(self):
        report = json.loads(self.check("--method", "all", "--p-values", "--format", "json"))
        on_income = {f["method"] for f in report["findings"] if f.get("column") == "income" and f["family"] == "drift"}
        self.assertLess({"ks", "kuiper", "cramer_von_mises", "anderson_darling", "mann_whitney", "wasserstein", "energy", "psi", "kl",
                         "jensen_shannon", "hellinger", "total_variation", "l_infinity", "chi_square", "g_test"}, on_income)

    def test_settings_have_an_order(self):
        show = lambda *a, **k: run("config", "show", "monitor.yaml", "--format", "json", *a, cwd=self.folder, **k)
        drift = lambda done: [s for s in json.loads(done.stdout)["settings"] if s["key"] == "leeway.drift"][0]
        self.assertEqual(drift(show())["value"], "0.1")
        environment = {"LEEWAY_LEEWAY__DRIFT": "0.2"}
        self.assertEqual(drift(show(environment=environment)), {"key": "leeway.drift", "value": "0.2", "origin": "LEEWAY_LEEWAY__DRIFT"})
        self.assertEqual(drift(show("--set", "leeway.drift=0.3", environment=environment))["value"], "0.3")
        self.command("config", "validate", "monitor.yaml")


if __name__ == "__main__":
    unittest.main()
