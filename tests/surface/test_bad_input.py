"""Broken and degenerate input: one clear sentence and a non-zero exit, or a report in which what cannot be judged says why
and everything else is judged all the same."""

import gzip
import unittest

from leeway_command import Case

NORMAL = [[i, (i * 7919) % 1000 / 10, "north" if i % 3 else "south"] for i in range(1000)]
HEADER = ["id", "amount", "region"]


class Unreadable(Case):
    def setUp(self):
        super().setUp()
        self.good = self.table("good.csv", HEADER, NORMAL)

    def test_missing_file_names_its_neighbour(self):
        self.assertIn("good.csv", self.refused("check", "god.csv", "good.csv"))

    def test_empty_file(self):
        self.refused("check", self.file("empty.csv", ""), "good.csv", saying="empty")

    def test_binary_junk(self):
        junk = bytes((i * 73 + 41) % 256 for i in range(5000))
        for name in ("junk.parquet", "junk.csv.gz", "junk.lwp"):
            self.refused("check", "good.csv", self.file(name, junk))

    def test_truncated_gzip(self):
        whole = gzip.compress(self.good.read_bytes())
        self.refused("check", "good.csv", self.file("cut.csv.gz", whole[:len(whole) // 2]))

    def test_ragged_rows_have_a_line_number(self):
        lines = self.good.read_text().splitlines()
        lines[500] += ",surplus,more"
        self.assertRegex(self.refused("check", "good.csv", self.file("ragged.csv", "\n".join(lines))), r"ragged\.csv:501")

    def test_a_glob_without_files_and_a_folder(self):
        self.refused("check", "good.csv", "none-*.csv")
        self.refused("check", "good.csv", self.folder)

    def test_outside_access_stays_locked(self):
        self.file("secret.csv", "a\n1\n")
        self.refused("check", "good.csv", "good.csv", "--sql", "INSTALL httpfs")
        self.refused("check", "good.csv", "good.csv", "--sql", "COPY data TO 'out.csv'")
        self.assertFalse((self.folder / "out.csv").exists())

    def test_wrong_names(self):
        self.assertIn("amount", self.refused("check", "good.csv", "good.csv", "--set", "columns.score=amuont"))
        self.assertIn("Did you mean", self.refused("check", "good.csv", "good.csv", "--set", "columns.scoer=amount"))
        self.assertIn("--format", self.refused("check", "good.csv", "good.csv", "--fromat", "json"))
        self.refused("chekc", "good.csv", "good.csv", saying="Did you mean 'check'?")
        self.refused("check", "good.csv", "good.csv", "--policy", "psi", saying="psi-0.25")
        self.refused("methods", "kss", saying="Did you mean 'ks'?")

    def test_invalid_yaml_names_its_line(self):
        bad = self.file("monitor.yaml", "model: x\nleeway:\n  drift: 0.1\n  drift: 0.2\n")
        self.assertRegex(self.refused("check", "good.csv", "good.csv", "--config", bad), r"monitor\.yaml:4:\d+: ")
        unknown = self.file("monitor.yaml", "model: x\ntaks: binary\n")
        self.assertRegex(self.refused("config", "validate", unknown), r"monitor\.yaml:2:1: .*Did you mean 'task'\?")
        metric = self.file("monitor.yaml", "leeway:\n  roc_auk: {min: 0.7}\n")
        self.assertIn("roc_auc", self.refused("config", "validate", metric))

    def test_no_column_in_common(self):
        self.refused("check", "good.csv", self.table("other.csv", ["x"], [[1]] * 10), saying="no column in common")

    def test_profiles_of_different_references(self):
        self.command("profile", "good.csv", "-o", "a.lwp")
        self.table("shifted.csv", HEADER, [[i, a + 50, r] for i, a, r in NORMAL])
        self.command("profile", "shifted.csv", "-o", "b.lwp")
        self.refused("check", "a.lwp", "b.lwp", saying="--reference")
        self.refused("profile", "merge", "a.lwp", "b.lwp", "-o", "c.lwp", saying="--reference")
        self.refused("check", "good.csv", "a.lwp", saying="Profile the reference first")

    def test_a_damaged_profile_is_found_out(self):
        self.command("profile", "good.csv", "-o", "a.lwp")
        whole = (self.folder / "a.lwp").read_bytes()
        for at in (9, len(whole) // 3, len(whole) // 2, len(whole) - 5):
            damaged = bytearray(whole)
            damaged[at] ^= 0x40
            self.refused("check", self.file("damaged.lwp", bytes(damaged)), "good.csv", saying="damaged.lwp")
        self.refused("check", self.file("cut.lwp", whole[:100]), "good.csv")


class Mistakes(Case):
    """Slips that would otherwise change nothing, or something else than meant: what, where, how to mend."""

    def setUp(self):
        super().setUp()
        self.table("good.csv", HEADER, NORMAL)

    def check_refused(self, *arguments, saying):
        return self.refused("check", "good.csv", "good.csv", *arguments, saying=saying)

    def setting_refused(self, setting, saying):
        """The same slip after --set and in a file, where line and column are named."""
        self.check_refused("--set", setting, saying=saying)
        key, value = setting.split("=", 1)
        parts = key.split(".")
        text = "".join(f"{'  ' * i}{part}:\n" for i, part in enumerate(parts))
        text = text[:-1] + f" {value}\n"
        self.assertRegex(self.check_refused("--config", self.file("monitor.yaml", text), saying=saying), r"monitor\.yaml:\d+:\d+: ")

    def test_settings(self):
        for setting, saying in {
            "taks=binary": "Did you mean 'task'?",
            "task=binry": "Did you mean 'binary'?",
            "leeway.drfit=0.2": "Did you mean 'drift'?",
            "leeway.drift=much": "must be a number",
            "leeway.drift=-1": "must be above 0",
            "leeway.rocauc.min=0.7": "Did you mean 'roc_auc'?",
            "leeway.roc_auc.min=70": "70 is out of the range of roc_auc",
            "leeway.roc_auc.minimum=0.7": "Known here: min, max and change",
            "leeway.fairness.impact_ratio=0.8": "Did you mean 'adverse_impact_ratio'?",
            "leeway.fairness.adverse_impact_ratio=8": "out of the range",
            "leeway.quality.missing=0.1": "Did you mean 'missing_share'?",
            "leeway.quality.missing_share=10": "Write 0.1 for 10 %.",
            "leeway.columns.amuont=0.2": "Did you mean 'amount'?",
            "methods.numeric=[kss]": "Did you mean 'ks'?",
            "methods.numeric=[roc_auc]": "not a method of drift",
            "methods.columns.amuont=[ks]": "Did you mean 'amount'?",
            "columns.socre=amount": "Did you mean 'score'?",
            "columns.score=region": "column 'region' is of type text, and a score needs numbers",
            "columns.time=amount": "column 'amount' is of type real, and a time needs times",
            "columns.weight=region": "a weight needs numbers",
            "columns.threshold=high": "must be a number",
            "columns.label.matures_after=90": "Write a whole number and s, m, h, d or w",
            "policy=psi": "Did you mean 'psi-0.25'?",
            "window=daily": "12h, 1d, 2w",
            "seed=-1": "must be 0 or more",
            "false_alarms=lots": "1 per year",
            "cost.fn=10": "Known here: false_negative",
        }.items():
            with self.subTest(setting):
                self.setting_refused(setting, saying)

    def test_a_value_where_a_group_belongs_and_the_reverse(self):
        self.setting_refused("leeway=0.1", "must be a group of keys: drift")
        self.setting_refused("leeway.columns.amount={drift: 0.1}", "Write 'amount: VALUE'.")

    def test_options(self):
        for arguments, saying in [
            (["--method", "kss"], "Did you mean 'ks'?"),
            (["--policy", "psi"], "Did you mean 'psi-0.25'?"),
            (["--window", "week"], "Write 1h, 1d, 1w or 30d."),
            (["--window"], "--window needs a value"),
            (["--format", "htlm"], "Did you mean 'html'?"),
            (["--threads", "many"], "'many' is no whole number from 1 to 1,024"),
            (["--seed", "-5"], "no whole number"),
            (["--strict=perhaps"], "--strict does not take 'perhaps'"),
            (["--delimiter", ";"], "good.csv:1: the delimiter ';' separates nothing here"),
            (["--table", "t"], "--table is for DuckDB files"),
            (["--sql", "SELECT foo FROM data"], "foo"),
            (["--sql", "DROP TABLE data"], "SELECT"),
            (["--set", "score"], "key=value"),
            (["good.csv"], "Several files as one are a glob in quotes"),
        ]:
            with self.subTest(arguments):
                self.check_refused(*arguments, saying=saying)

    def test_the_reference_may_stand_in_the_monitor_file(self):
        self.refused("check", "good.csv", saying="name the reference in the monitor file")
        self.command("check", "good.csv", "--config", self.file("monitor.yaml", "reference: good.csv\n"))

    def test_a_profile_is_never_written_over_data(self):
        before = (self.folder / "good.csv").read_bytes()
        self.refused("profile", "good.csv", "-o", "good.csv", saying="end in .lwp")
        self.command("profile", "good.csv", "-o", "good.lwp", "-q")
        self.refused("profile", "merge", "good.lwp", "-o", "good.csv", saying="end in .lwp")
        self.refused("profile", "merge", "good.lwp", saying="See 'leeway profile merge --help'")
        self.assertEqual((self.folder / "good.csv").read_bytes(), before)

    def test_other_commands(self):
        self.refused("simulate", "data", "credit", "-o", "x.csv", "--rows", "0", saying="from 1 to")
        self.refused("simulate", "data", saying="TABLE is missing")
        self.refused("simulate", "data", "creditt", "-o", "x.csv", saying="Did you mean 'credit'?")
        self.refused("methods", "nothing-like-it", saying="'leeway methods' lists them")
        self.refused("config", "shwo", saying="Did you mean 'show'?")
        self.refused("config", "validate", self.file("m.yaml", "policy: psi\n"), saying="m.yaml:1:9: ")

    def test_a_column_empty_on_both_sides_is_no_movement(self):
        empty = self.table("empty.csv", HEADER, [[i, "", r] for i, a, r in NORMAL])
        report = self.report(empty, empty, codes=(0,))
        self.assertEqual(report.one("missing_share", "amount")["verdict"], "stable")
        self.command("check", empty, empty, "--set", "columns.id=id", code=0)


class Messy(Case):
    def test_numbers_written_as_text_are_said(self):
        rows = [[i, f"{i % 97 + i % 7 / 10:.1f}%", f"{i % 61},{i % 9}"] for i in range(1000)]
        path = self.table("text.csv", ["row", "rate", "amount"], rows)
        report = self.report(path, path, codes=(0,))
        note = [n for n in report["notes"] if n.startswith("numbers written as text")]
        self.assertEqual(len(note), 1)
        self.assertIn("rate and amount", note[0])
        query = "SELECT * REPLACE (replace(rate, '%', '')::DOUBLE AS rate) FROM data"
        self.assertEqual(self.report(path, path, "--sql", query).one("ks", "rate")["verdict"], "stable")

    def test_one_line_for_all_columns_like_identifiers(self):
        rows = [[f"a{i}", f"b{i * 7}", i % 5] for i in range(500)]
        path = self.table("ids.csv", ["first", "second", "x"], rows)
        notes = [n for n in self.report(path, path, codes=(0,))["notes"] if n.startswith("not compared")]
        self.assertEqual(len(notes), 1)
        self.assertIn("first and second", notes[0])


class Degenerate(Case):
    def setUp(self):
        super().setUp()
        self.table("good.csv", HEADER, NORMAL)

    def judged(self, report, column):
        return {f["method"]: f["verdict"] for f in report["findings"] if f.get("column") == column}

    def test_header_only(self):
        report = self.report("good.csv", self.table("none.csv", HEADER, []), codes=(0, 1))
        self.assertEqual(report["current"]["rows"], 0)
        self.assertEqual(self.judged(report, "amount")["ks"], "not_computable")

    def test_one_row(self):
        report = self.report("good.csv", self.table("one.csv", HEADER, NORMAL[:1]), codes=(0,))
        self.assertEqual(self.judged(report, "amount")["ks"], "undecided")
        self.command("check", "good.csv", "one.csv", "--strict", code=3)

    def test_null_constant_and_distinct_columns_do_not_stop_the_others(self):
        rows = [["", 5, f"value {i}"] for i in range(1000)]
        report = self.report("good.csv", self.table("odd.csv", HEADER, rows), codes=(1,))
        self.assertEqual(self.judged(report, "amount")["ks"], "drifted")
        self.assertEqual(self.judged(report, "region")["unseen_share"], "drifted")

    def test_numbers_at_the_edges(self):
        extremes = [1e308, -1e308, 5e-324, "nan", "inf", "-inf", 0.0, -0.0]
        edge = self.table("edge.csv", HEADER, [[i, extremes[i % 8], "north"] for i in range(800)])
        report = self.report("good.csv", edge, codes=(1,))
        counts = report.one("ks", "amount")["current_rows"]
        self.assertEqual((counts["nan"], counts["plus_infinity"], counts["minus_infinity"]), (100, 100, 100))
        self.report(edge, edge)

    def test_mixed_types(self):
        mixed = self.table("mixed.csv", HEADER, [[i, f"E{i:03}" if i % 10 == 0 else a, r] for i, a, r in NORMAL])
        report = self.report("good.csv", mixed, codes=(1,))
        self.assertEqual(report.one("ks", "amount")["current_rows"]["type_errors"], 100)
        self.assertEqual(self.judged(report, "amount")["type_errors"], "drifted")
        self.assertEqual(self.judged(report, "amount")["ks"], "stable")

    def test_missing_new_and_retyped_columns(self):
        changed = self.table("changed.csv", ["id", "extra", "region"], [[i, 1, i % 3] for i in range(1000)])
        report = self.report("good.csv", changed, codes=(1,))
        self.assertEqual(self.judged(report, "amount")["missing_column"], "drifted")
        self.assertIn("new_column", self.judged(report, "extra"))
        self.assertIn("retyped_column", self.judged(report, "region"))

    def test_missing_values_count_as_movement(self):
        gaps = self.table("gaps.csv", HEADER, [[i, "" if i % 3 == 0 else a, r] for i, a, r in NORMAL])
        self.assertIn(("missing_share", "amount"), self.report("good.csv", gaps, codes=(1,)).failed())

    def test_names_that_attack(self):
        names = ["id\x1b[31m", "<script>alert(1)</script>", "naïve 収入"]
        hostile = self.table("hostile.csv", names, NORMAL)
        shifted = self.table("shifted.csv", names, [[i, a + 80, r] for i, a, r in NORMAL])
        text = self.command("check", hostile, shifted, code=1).stdout
        self.assertNotIn("\x1b", text)
        self.assertIn("naïve 収入", text)
        page = self.command("check", hostile, shifted, "--format", "html", code=1).stdout
        self.assertNotIn("<script>alert", page)

    def test_duplicated_column_names(self):
        twice = self.file("twice.csv", "a,a,b\n" + "1,2,3\n" * 50)
        self.assertTrue(any("twice" in note for note in self.report(twice, twice)["notes"]))

    def test_one_class_only(self):
        rows = [[i / 1000, 0] for i in range(1000)]
        path = self.table("one_class.csv", ["score", "label"], rows)
        report = self.report(path, path, "--set", "columns.label={column: label, positive: 1}", "--set", "task=binary")
        self.assertEqual(report.one("roc_auc", slice="")["verdict"], "not_computable")
        self.assertEqual(report.one("log_loss")["verdict"], "measured")

    def test_times_out_of_order_and_in_zones(self):
        times = ["2026-01-01T10:00:00+02:00", "2026-01-01T07:00:00Z", "2026-01-01T09:30:00Z"]
        path = self.table("times.csv", ["at", "x"], [[times[i % 3], i] for i in range(300)])
        report = self.report(path, path, "--set", "columns.time=at")
        self.assertEqual((report["current"]["from"], report["current"]["to"]), ("2026-01-01T07:00:00Z", "2026-01-01T09:30:00Z"))
        self.assertGreater(report.current("time_order", "at"), 0)

    def test_ten_thousand_columns(self):
        header = [f"c{i}" for i in range(10_000)]
        wide = self.table("wide.csv", header, [[(i * j) % 17 for i in range(10_000)] for j in range(12)])
        report = self.report(wide, wide)
        self.assertEqual(len(report["columns"]), 10_000)


if __name__ == "__main__":
    unittest.main()
