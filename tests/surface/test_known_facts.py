"""What is known of public data sets comes out of `leeway check`. Each figure is from the README of its data set (published
by others and reproduced there)."""

import unittest

from leeway_command import Case


class KnownFacts(Case):
    def split(self, name, at):
        header, rows = self.rows(name)
        return self.table("before.csv", header, rows[:at]), self.table("after.csv", header, rows[at:])

    def test_elec2_the_day_the_market_was_linked(self):
        report = self.report(*self.split("elec2/electricity.csv.gz", 17424))
        self.assertAlmostEqual(report.one("ks", "nswprice")["value"]["value"], 0.5071625, places=7)
        self.assertAlmostEqual(report.one("ks", "nswdemand")["value"]["value"], 0.1205977, places=7)
        for column in ("vicprice", "vicdemand", "transfer"):
            self.assertIn(("constant_column", column), report.failed())

    def test_ma_employment_is_stable_and_known_before_the_labels(self):
        reference = self.data("ma_employment_scored/employment_MA_reference.csv.gz")
        header, rows = self.rows("ma_employment_scored/employment_MA_analysis.csv.gz")
        _, labels = self.rows("ma_employment_scored/employment_MA_analysis_target.csv.gz")
        year, employed = header.index("year"), dict(labels)
        rows = [r for r in rows if r[year] == "2018"]
        unlabelled = self.table("2018.csv", header, rows)
        labelled = self.table("2018_labelled.csv", header + ["employed"], [r + [employed[r[header.index("id")]]] for r in rows])
        told = ["--set", "columns.label={column: employed, positive: 1}", "--set", "columns.groups=[SEX]", "--set", "columns.ignore=[year]"]
        report = self.report(reference, labelled, *told)
        auc = report.one("roc_auc", slice="")
        self.assertAlmostEqual(auc["reference"]["value"], 0.90336, places=5)
        self.assertAlmostEqual(auc["current"]["value"], 0.90570, places=5)
        self.assertEqual(auc["verdict"], "stable")
        self.assertAlmostEqual(report.current("brier"), 0.12129, places=5)
        self.assertAlmostEqual(report.current("accuracy"), 0.82822, places=5)
        self.assertAlmostEqual(report.current("group_roc_auc", "SEX", "SEX = 1"), 0.92061, places=5)
        self.assertAlmostEqual(report.current("group_roc_auc", "SEX", "SEX = 2"), 0.88865, places=5)
        # Without the labels: the realised values lie inside the intervals of the estimates.
        estimated = self.report(reference, unlabelled, *told)
        for method, realised in (("estimated_roc_auc", 0.90570), ("estimated_accuracy", 0.82822)):
            estimate = estimated.one(method)["current"]
            self.assertLess(estimate["lower"], realised)
            self.assertGreater(estimate["upper"], realised)

    def test_california_housing_degrades(self):
        header, rows = self.rows("california_housing_scored/california_housing_analysis.csv.gz")
        labels = dict(self.rows("california_housing_scored/california_housing_analysis_gt.csv.gz")[1])
        current = self.table("current.csv", header + ["clf_target"], [r + [labels[r[header.index("id")]]] for r in rows])
        report = self.report(self.data("california_housing_scored/california_housing_reference.csv.gz"), current, codes=(1,))
        auc = report.one("roc_auc", slice="")
        self.assertAlmostEqual(auc["reference"]["value"], 0.9079415179034736, places=12)
        self.assertAlmostEqual(auc["current"]["value"], 0.8402458783370228, places=12)
        self.assertEqual(auc["verdict"], "degraded")
        self.assertLess({"Longitude", "Latitude"}, {column for _, column in report.failed()})

    def test_california_housing_month_by_month(self):
        header, rows = self.rows("california_housing_scored/california_housing_analysis.csv.gz")
        labels = dict(self.rows("california_housing_scored/california_housing_analysis_gt.csv.gz")[1])
        at = header.index("timestamp")
        months = {}
        for r in rows:
            months.setdefault(r[at][:7], []).append(r + [labels[r[header.index("id")]]])
        reference = self.data("california_housing_scored/california_housing_reference.csv.gz")
        for month, realised in (("2021-09", 0.66977), ("2022-03", 0.70487), ("2022-04", 0.97539)):
            current = self.table(f"{month}.csv", header + ["clf_target"], months[month])
            self.assertAlmostEqual(self.report(reference, current).current("roc_auc", slice=""), realised, places=5)

    def test_compas_error_rates_by_race(self):
        path = self.data("compas/compas-scores-two-years.csv.gz")
        told = ["--set", "columns.label={column: two_year_recid, positive: 1}", "--set", "columns.score=decile_score",
                "--set", "columns.groups=[race]", "--set", "task=binary"]
        at_5 = self.report(path, path, *told, "--set", "columns.threshold=5")
        african, caucasian = (at_5.current("group_false_positive_rate", "race", f"race = {r}") for r in ("African-American", "Caucasian"))
        self.assertAlmostEqual(african, 0.4485, places=4)
        self.assertAlmostEqual(caucasian, 0.2345, places=4)
        self.assertAlmostEqual(african / caucasian, 1.912093, places=6)
        self.assertAlmostEqual(at_5.current("group_true_positive_rate", "race", "race = African-American"), 1 - 0.2799, places=4)
        self.assertAlmostEqual(at_5.current("group_true_positive_rate", "race", "race = Caucasian"), 1 - 0.4772, places=4)
        self.assertAlmostEqual(at_5.current("specificity"), 1 - 0.3235, places=4)
        at_8 = self.report(path, path, *told, "--set", "columns.threshold=8")
        self.assertAlmostEqual(at_8.current("group_false_positive_rate", "race", "race = African-American"), 0.1582, places=4)
        self.assertAlmostEqual(at_8.current("group_false_positive_rate", "race", "race = Caucasian"), 0.0544, places=4)

    def test_adult_missing_texts_duplicates_and_label_spelling(self):
        train, test = self.data("adult/adult_train.csv.gz"), self.data("adult/adult_test.csv.gz")
        told = ["--missing", "?", "--set", "columns.label={column: income, positive: '>50K'}"]
        report = self.report(train, test, *told, "--sql", "SELECT * REPLACE (rtrim(income, '.') AS income) FROM data")
        self.assertEqual(report.failed(), set())
        duplicates = report.one("duplicate_rows")
        self.assertAlmostEqual(duplicates["reference"]["value"] * 32561, 24)
        self.assertAlmostEqual(duplicates["current"]["value"] * 16281, 5)
        for column, train_missing, test_missing in (("workclass", 1836, 963), ("occupation", 1843, 966), ("native_country", 583, 274)):
            counts = report.one("missing_share", column)
            self.assertEqual((counts["reference_rows"]["missing"], counts["current_rows"]["missing"]), (train_missing, test_missing))
        # As published the test file spells its labels with a full stop: every one is a category not seen before.
        self.assertIn(("unseen_share", "income"), self.report(train, test, *told).failed())

    def test_lending_club_young_labels_are_not_an_improvement(self):
        header, rows = self.rows("lending_club_2018/lendingclub_2018.csv.gz")
        month = header.index("issue_d")
        reference = self.table("first.csv", header, [r for r in rows if r[month] < "2018-05"])
        current = self.table("later.csv", header, [r for r in rows if r[month] >= "2018-05"])
        told = ["--sql", "SELECT *, (ascii(sub_grade[1]) - 65) * 5 + CAST(sub_grade[2] AS INT) AS risk FROM data",
                "--set", "columns.label={column: loan_status, positive: 1}", "--set", "columns.score=risk",
                "--set", "columns.time=issue_d", "--set", "task=binary"]
        told += ["--set", "columns.label.matures_after=180d"]
        mature = self.report(reference, current, *told)
        self.assertTrue(mature["labels"]["provisional"])
        self.assertTrue(any("were not used: they may still change" in note for note in mature["notes"]))
        mature_rates = mature.one("event_rate")
        self.assertGreater(mature_rates["current"]["value"], 0.26, "May and June: 27.27 and 26.67 %")

    def test_lending_club_grade_ranks_risk(self):
        path = self.data("lending_club_2018/lendingclub_2018.csv.gz")
        report = self.report(path, path, "--sql", "SELECT *, (ascii(sub_grade[1]) - 65) * 5 + CAST(sub_grade[2] AS INT) AS risk FROM data",
                             "--set", "columns.label={column: loan_status, positive: 1}", "--set", "columns.score=risk", "--set", "task=binary")
        self.assertAlmostEqual(report.current("roc_auc", slice=""), 0.6764749, places=7)

    def test_bike_sharing_hours_that_are_absent(self):
        path = self.data("bike_sharing/hour.csv.gz")
        report = self.report(path, path, "--sql", "SELECT *, dteday + to_hours(hr) AS at FROM data", "--set", "columns.time=at")
        self.assertAlmostEqual(report.current("time_gaps", "at") * 17544, 165)

    def test_air_quality_sentinel(self):
        path = self.data("air_quality/AirQualityUCI.csv.gz")
        report = self.report(path, path)
        flagged = {f["column"] for f in report.findings("suspect_values", slice="value = -200")}
        self.assertLess({"CO(GT)", "NMHC(GT)", "NOx(GT)", "NO2(GT)", "T", "RH", "AH"}, flagged)

    def test_noaa_outlier(self):
        path = self.data("noaa_weather/weather.csv.gz")
        self.assertEqual([f["column"] for f in self.report(path, path).findings("suspect_values")], ["feat_3"])

    def test_taiwan_default_rate_by_sex(self):
        path = self.data("taiwan_credit_default/UCI_Credit_Card.csv.gz")
        report = self.report(path, path, "--set", "columns.label={column: default.payment.next.month, positive: 1}",
                             "--set", "columns.prediction=default.payment.next.month_copy", "--set", "columns.groups=[SEX]",
                             "--sql", 'SELECT *, "default.payment.next.month" AS "default.payment.next.month_copy" FROM data')
        self.assertAlmostEqual(report.current("group_selection_rate", "SEX", "SEX = 1"), 0.2417, places=4)
        self.assertAlmostEqual(report.current("group_selection_rate", "SEX", "SEX = 2"), 0.2078, places=4)

    def test_green_taxi_parquet(self):
        path = self.data("nyc_green_taxi/green_tripdata_2022-01_5cols.parquet")
        report = self.report(path, path)
        self.assertEqual((report["current"]["rows"], report["current"]["columns"]), (62495, 5))
        self.assertEqual(report.failed(), set())

    def test_sine_concept_change_moves_performance_not_inputs(self):
        header, rows = self.rows("synthetic_drift_dataverse/sine_0123_abrupto.csv.gz")
        # A model of the first concept: the label of the nearest of its own rows on a grid.
        x1, x2, label = (header.index(n) for n in ("X1", "X2", "class"))
        cells = {}
        for r in rows[:8000]:
            cells.setdefault((int(float(r[x1]) * 25), int(float(r[x2]) * 25)), []).append(int(float(r[label])))
        def predicted(r):
            votes = cells.get((int(float(r[x1]) * 25), int(float(r[x2]) * 25)), [0])
            return int(sum(votes) * 2 > len(votes))
        scored = [[r[x1], r[x2], predicted(r), int(float(r[label]))] for r in rows]
        names = ["X1", "X2", "prediction", "label"]
        report = self.report(self.table("first.csv", names, scored[:10000]), self.table("second.csv", names, scored[10000:20000]))
        self.assertLess(report.one("ks", "X1")["value"]["value"], 0.01)
        self.assertNotIn(("ks", "X1"), report.failed())
        self.assertLess(report.current("accuracy"), 0.1, "labels swapped: 0.98 to about 0.01")


if __name__ == "__main__":
    unittest.main()
