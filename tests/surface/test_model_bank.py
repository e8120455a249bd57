"""The model bank, predict and explain, on models that XGBoost's Python package trained (tests/reference/models)."""

import csv
import io
import json
import shutil
import unittest

from leeway_command import Case, ROOT

REFERENCE = ROOT / "tests" / "reference" / "models"
SCHEMA = """name: demo
label: y
positive: 1
threshold: 0.5
columns: [x0, x1, x2, x3, x4]
"""


class ModelBank(Case):
    def setUp(self):
        super().setUp()
        self.file("schema.yaml", SCHEMA)
        for name in ("binary", "forest"):
            with open(REFERENCE / f"{name}.csv", newline="") as source:
                rows = list(csv.DictReader(source))
            if name == "binary":
                self.expected = rows
            self.table(f"{name}.csv", ["id", *(f"x{i}" for i in range(5)), "y"],
                       [[n, *(r[f"x{i}"] for i in range(5)), int(float(r["value0"]) > 0.4)] for n, r in enumerate(rows)])
        self.command("models", "import", REFERENCE / "binary.json", "--schema", "schema.yaml")

    def predicted(self, *arguments):
        done = self.command("predict", "binary.csv", "-m", "demo", *arguments)
        return list(csv.DictReader(io.StringIO(done.stdout)))

    def test_scores_and_contributions_are_those_of_xgboost(self):
        rows = self.predicted("--contributions")
        self.assertEqual(len(rows), len(self.expected))
        for row, expected in zip(rows, self.expected):
            self.assertAlmostEqual(float(row["score"]), float(expected["value0"]), delta=1e-6)
            self.assertEqual(row["prediction"], str(int(float(expected["value0"]) >= 0.5)))
            parts = [float(row[f"contribution_x{i}"]) for i in range(5)]
            for i, part in enumerate(parts):
                self.assertAlmostEqual(part, float(expected[f"c0_{i}"]), delta=1e-5)
            self.assertAlmostEqual(sum(parts) + float(row["contribution_base"]), float(row["margin"]), delta=1e-5)
            self.assertEqual(row["model_version"], "demo/1")

    def test_every_format_holds_the_same(self):
        self.command("predict", "binary.csv", "-m", "demo", "-o", "out.parquet", "--reasons", 2)
        self.command("predict", "binary.csv", "-m", "demo", "-o", "out.jsonl", "--reasons", 2)
        lines = [json.loads(line) for line in (self.folder / "out.jsonl").read_text().splitlines()]
        rows = self.predicted("--reasons", 2)
        self.assertEqual([line["score"] for line in lines], [float(row["score"]) for row in rows])
        self.assertEqual(list(lines[0]), list(rows[0]))
        self.assertEqual([line["id"] for line in lines], list(range(len(rows))))   # what the model does not use is kept
        self.assertRegex(rows[0]["reason_1"], r"^x\d is .*, which (raises|lowers) the score \([+-].*\)$")
        self.assertIn("25", self.command("profile", "out.parquet", "-o", "p.lwp").stdout)

    def test_kept_columns(self):
        self.assertEqual(list(self.predicted("--keep", "none")[0]), ["score", "prediction", "risk_level", "model_version"])
        self.assertEqual(list(self.predicted("--keep", "x1,id")[0])[:2], ["x1", "id"])
        self.command("predict", "binary.csv", "-m", "demo", "-o", "once.csv", "--keep", "all")
        twice = self.command("predict", "once.csv", "-m", "demo").stdout
        self.assertIn("input_score", twice.splitlines()[0])   # scored before: the old score is not lost and not taken for the new
        self.refused("predict", "binary.csv", "-m", "demo", "--keep", "idd", saying="Did you mean 'id'?")

    def test_versions_aliases_and_moves(self):
        self.command("models", "import", REFERENCE / "forest.ubj", "--schema", "schema.yaml")
        self.command("models", "import", REFERENCE / "forest.ubj", "--schema", "schema.yaml")
        versions = json.loads(self.command("models", "list", "--format", "json").stdout)["versions"]
        self.assertEqual([v["version"] for v in versions], [1, 2])   # the same content is the same version
        self.assertEqual(self.command("models", "promote", "demo/1", "--reason", "first").stdout, "demo@champion: none -> 1\n")
        self.command("models", "promote", "demo/2")
        self.assertEqual(self.command("models", "rollback", "demo").stdout, "demo@champion: 2 -> 1\n")
        self.refused("models", "rollback", "demo", saying="has no earlier version to go back to")
        self.refused("models", "promote", "demo/1", saying="demo/1 is the champion already")
        shown = self.command("models", "show", "demo").stdout
        self.assertIn("champion promoted from nothing to 1: first", shown)
        self.assertIn("champion rolled back from 2 to 1", shown)
        compared = self.command("models", "compare", "demo/1", "demo/2", "--data", "binary.csv").stdout
        self.assertRegex(compared, r"roc_auc +1 +\S+ +-\S+ \[")

    def test_versions_travel_and_damage_is_found(self):
        self.command("models", "export", "demo", "-o", "out")
        self.assertIn("demo/1", self.command("models", "import", "out", "--bank", "other").stdout)
        self.command("predict", "binary.csv", "-m", "out")
        self.refused("models", "export", "demo", "-o", "out", saying="is there already")
        trees = self.folder / "out" / "trees.json"
        whole = trees.read_bytes()
        trees.write_bytes(whole[:1000])
        self.refused("predict", "binary.csv", "-m", "out", saying="trees.json: is damaged: it has 1,000 bytes")
        trees.write_bytes(whole.replace(b"0", b"1", 1))
        self.refused("predict", "binary.csv", "-m", "out", saying="is damaged: its content is not what the manifest says")
        trees.unlink()
        self.refused("predict", "binary.csv", "-m", "out", saying="trees.json: is missing from the model version")
        shutil.rmtree(self.folder / "out")
        self.refused("predict", "binary.csv", "-m", "out", saying="no model 'out' in the bank 'models'. Models are: demo.")

    def test_foreign_files_are_one_sentence(self):
        self.refused("models", "import", "nowhere.json", "--name", "x", saying="nowhere.json: no such file")
        self.refused("models", "import", "schema.yaml", "--name", "x", saying="schema.yaml: is not readable as JSON")
        self.file("cut.ubj", (REFERENCE / "binary.ubj").read_bytes()[:5000])
        self.refused("models", "import", "cut.ubj", "--name", "x", saying="cut.ubj: is not readable as UBJSON")
        self.file("other.json", '{"learner": {}}')
        self.refused("models", "import", "other.json", "--name", "x", saying="'learner_model_param' is missing")
        self.refused("models", "import", REFERENCE / "binary.json", "--name", "x", saying="the model does not name its features")
        self.file("short.yaml", "name: x\ncolumns: [a, b]\n")
        self.refused("models", "import", REFERENCE / "binary.json", "--schema", "short.yaml", saying="the model takes 5 features, the schema gives 2")
        self.file("odd.yaml", "name: x\ncolumns: [a, b]\nlable: y\n")
        self.refused("models", "import", REFERENCE / "binary.json", "--schema", "odd.yaml", saying="odd.yaml:3:1")

    def test_rows_that_do_not_fit_are_one_sentence(self):
        self.table("lack.csv", ["x0", "x1", "x2", "x3"], [[1, 2, 3, 4]])
        self.refused("predict", "lack.csv", "-m", "demo", saying="the data have no column 'x4', which the model needs")
        self.table("type.csv", ["x0", "x1", "x2", "x3", "x4"], [["a", 1, 1, 1, 1], ["b", 1, 1, 1, 1]])
        self.refused("predict", "type.csv", "-m", "demo", saying="column 'x0' holds text values, none of which is a number")
        self.refused("predict", "binary.csv", "-m", "nobody", saying="Models are: demo.")
        self.refused("predict", "binary.csv", "-m", "demo/9", saying="Versions are: demo/1.")
        self.refused("predict", "binary.csv", "-m", "demo", "--format", "parquet", saying="Parquet cannot be written to standard output")
        self.table("odd.csv", ["x4", "x3", "x2", "x1", "x0", "more"], [["inf", 1, "oops", 1, 1, 1], [1, "", 2, 1, 1, 1]])
        done = self.command("predict", "odd.csv", "-m", "demo")
        self.assertIn("column 'x2': 1 value is not of the expected type and counts as missing", done.stderr)
        self.assertIn("column 'x4': 1 value is infinite", done.stderr)
        self.table("none.csv", ["x0", "x1", "x2", "x3", "x4"], [])
        self.assertEqual(self.command("predict", "none.csv", "-m", "demo", "-q").stdout, "score,prediction,risk_level,model_version\n")

    def test_categories_of_a_schema(self):
        self.file("levels.yaml", "name: levels\ncolumns:\n  - {name: region, levels: [North, South]}\n  - {name: grade, codes: [A, B]}\n"
                  "  - {name: foreign, type: boolean}\n  - x4\n")
        self.command("models", "import", REFERENCE / "binary.json", "--schema", "levels.yaml")
        self.table("rows.csv", ["region", "grade", "foreign", "x4"], [["North", "A", "true", 1], ["West", "C", "false", 2]])
        self.assertIn("column 'region': 1 value was not seen in training", self.command("predict", "rows.csv", "-m", "levels").stderr)

    def test_explain(self):
        self.assertRegex(self.command("explain", "demo").stdout, r"x0 +\d+(\.\d+)? %")
        self.table("moved.csv", ["x0", "x1", "x2", "x3", "x4"],
                   [[float(r["x0"]) + 1 if r["x0"] else "", *(r[f"x{i}"] for i in range(1, 5))] for r in self.expected])
        document = json.loads(self.command("explain", "demo", "--reference", "binary.csv", "--current", "moved.csv", "--format", "json").stdout)
        shift = document["shift"]
        self.assertAlmostEqual(sum(c["change"] for c in shift["columns"]), shift["change"], delta=1e-12)
        self.assertEqual(shift["columns"][0]["column"], "x0")
        self.assertEqual(document["columns"][0]["column"], "x0")
        text = self.command("explain", "demo", "--data", "binary.csv", "--columns", "x1").stdout
        self.assertIn("How the score goes with x1", text)
        self.refused("explain", "demo", "--reference", "binary.csv", saying="--reference and --current go together")
        self.refused("explain", "demo", "--data", "binary.csv", "--columns", "x9", saying="the model has no column 'x9'")


if __name__ == "__main__":
    unittest.main()
