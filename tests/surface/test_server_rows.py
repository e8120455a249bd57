"""Rows through the server: scored here or elsewhere, kept, counted once, given back; after a kill as well."""

import csv
import gzip
import http.client
import io
import json
import random
import signal
import threading
import time
import unittest

from leeway_server import MODELS, ServerCase


def reference(name):
    """Rows of features and what XGBoost's own Python package makes of them (tests/models/reference_model.h)."""
    with open(MODELS / f"{name}.csv", newline="") as file:
        for line in csv.DictReader(file):
            yield {k: float(v) if v else None for k, v in line.items() if k.startswith("x")}, {
                k: float(v) for k, v in line.items() if k.startswith("value")
            }


class RowsCase(ServerCase):
    def rows(self, server, model, **query):
        """The rows of a model once the journal has been applied, by id."""
        end = time.monotonic() + 20
        while b"leeway_journal_unapplied_records 0\n" not in server.ask("GET", "/metrics").body:
            self.assertLess(time.monotonic(), end)
        answer = server.ask("GET", f"/api/v1/models/{model}/rows?" + "&".join(f"{k}={v}" for k, v in query.items()))
        self.assertEqual(answer.status, 200, answer.body)
        rows = list(csv.DictReader(io.StringIO(answer.body.decode(), newline="")))
        self.assertEqual(len({row["id"] for row in rows}), len(rows))
        return {row["id"]: row for row in rows}

    def post(self, server, path, body, status=200, **options):
        answer = server.ask("POST", path, body, **options)
        self.assertEqual(answer.status, status, answer.body)
        return answer.body


class Predictions(RowsCase):
    def test_scores_are_those_of_xgboost_and_are_kept(self):
        self.bank("binary")
        server = self.serve()
        sent = list(reference("binary"))
        answer = self.post(
            server,
            "/api/v1/predict",
            {
                "model": "binary",
                "rows": [{"id": f"r{i}", **row} for i, (row, _) in enumerate(sent)],
                "reasons": 2,
                "contributions": True,
            },
        )
        self.assertEqual((answer["model"], answer["version"], len(answer["predictions"])), ("binary", "1", len(sent)))
        for got, (_, expected) in zip(answer["predictions"], sent):
            self.assertAlmostEqual(got["probability"], expected["value0"], delta=1e-6)
            self.assertEqual(got["prediction"], int(got["probability"] >= 0.5))
            self.assertIn(got["risk_level"], ("MINIMAL", "LOW", "MEDIUM", "HIGH", "CRITICAL"))
            self.assertLessEqual(len(got["reasons"]), 2)
            self.assertAlmostEqual(sum(got["contributions"].values()) + got["base"], got["margin"], delta=1e-5)
        kept = self.rows(server, "binary")
        self.assertEqual(len(kept), len(sent))
        for i, (row, expected) in enumerate(sent):
            self.assertEqual(kept[f"r{i}"]["model_version"], "1")
            self.assertAlmostEqual(float(kept[f"r{i}"]["score"]), expected["value0"], delta=1e-6)
            for name, value in row.items():
                self.assertEqual(float(kept[f"r{i}"][name]) if kept[f"r{i}"][name] else None, value)

    def test_the_short_form(self):
        self.bank("binary", "regression")
        server = self.serve()
        row, expected = next(reference("binary"))
        self.assertEqual(server.ask("POST", "/predict", row).status, 400)  # two models, and none named
        answer = self.post(server, "/predict?model=binary", row)
        self.assertAlmostEqual(answer["prediction"]["probability"], expected["value0"], delta=1e-6)
        self.assertEqual(len(self.post(server, "/predict?model=regression&log=false", [row, row])["predictions"]), 2)
        self.assertEqual(list(self.rows(server, "binary")), [answer["prediction"]["id"]])
        self.assertEqual(server.ask("GET", "/api/v1/models/regression/rows").status, 404)

    def test_mistakes_are_named(self):
        self.bank("binary")
        server = self.serve()
        row, _ = next(reference("binary"))
        for body, status, word in (
            (b"{", 400, "JSON"),
            ({"rows": []}, 400, "no row"),
            ({"rows": [{"x0": 1}]}, 422, "x1"),
            ({"rows": [1]}, 400, "No row"),
            ({"rows": [row], "model": "other"}, 404, "binary"),
            ({"rows": [row], "model": "binary/9"}, 404, "version"),
            ({"rows": [row], "model": "../x"}, 400, "name"),
            ({"rows": [row], "contribution": True}, 400, "Did you mean 'contributions'?"),
            ('{"rows":[{"x0":1,"x0":2}]}', 400, "twice"),
        ):
            answer = server.ask("POST", "/api/v1/predict", body, headers={"Content-Type": "application/json"})
            self.assertEqual(answer.status, status, (body, answer.body))
            self.assertIn(word, json.dumps(answer.body))
        self.assertEqual(
            server.ask(
                "POST", "/api/v1/predict", "a=1", headers={"Content-Type": "application/x-www-form-urlencoded"}
            ).status,
            415,
        )

    def test_open_inference(self):
        self.bank("binary", "multiclass")
        server = self.serve()
        sent = list(reference("binary"))
        names = sorted(sent[0][0])
        by_column = [
            {"name": n, "shape": [len(sent), 1], "datatype": "FP64", "data": [[row[n]] for row, _ in sent]}
            for n in names
        ]
        as_matrix = [
            {
                "name": "rows",
                "shape": [len(sent), len(names)],
                "datatype": "FP32",
                "data": [row[n] for row, _ in sent for n in names],
            }
        ]
        for inputs in (by_column, as_matrix):
            answer = self.post(
                server,
                "/v2/models/binary/infer",
                {"id": f"q{len(inputs)}", "inputs": inputs, "outputs": [{"name": "score"}]},
            )
            self.assertEqual(
                (answer["model_name"], answer["model_version"], answer["id"]), ("binary", "1", f"q{len(inputs)}")
            )
            self.assertEqual(
                [(o["name"], o["shape"], o["datatype"]) for o in answer["outputs"]], [("score", [len(sent)], "FP64")]
            )
            for got, (_, expected) in zip(answer["outputs"][0]["data"], sent):
                self.assertAlmostEqual(got, expected["value0"], delta=1e-6)
        self.assertEqual(set(self.rows(server, "binary")), {f"q{k}/{i}" for k in (5, 1) for i in range(len(sent))})
        outputs = self.post(server, "/v2/models/multiclass/versions/1/infer", {"inputs": by_column})["outputs"]
        self.assertEqual([(o["name"], o["datatype"]) for o in outputs], [("score", "FP64"), ("prediction", "BYTES")])
        self.assertEqual(len(outputs[0]["data"]), outputs[0]["shape"][0] * outputs[0]["shape"][1])
        metadata = server.ask("GET", "/v2/models/binary").body
        self.assertEqual([i["name"] for i in metadata["inputs"]], names)
        while server.ask("GET", "/readyz").status != 200:
            pass
        self.assertEqual(server.ask("GET", "/v2/health/ready").body, {"live": True, "ready": True})
        self.assertEqual(server.ask("GET", "/v2/models/binary/ready").status, 200)
        bad = [
            (
                {"inputs": [{"name": "x0", "shape": [3], "datatype": "FP64", "data": [1]}]},
                "x0",
            ),  # the specification's own example does this
            ({"inputs": [{"name": "x0", "shape": [1], "datatype": "FP16", "data": [1]}]}, "FP16"),
            ({"inputs": []}, "no row"),
            ({}, "inputs"),
        ]
        for body, word in bad:
            answer = server.ask("POST", "/v2/models/binary/infer", body)
            self.assertEqual((answer.status, list(answer.body)), (400, ["error"]))
            self.assertIn(word, answer.body["error"])
        answer = server.ask("GET", "/v2/models/none")
        self.assertEqual((answer.status, list(answer.body)), (404, ["error"]))

    def test_mlflow(self):
        self.bank("binary")
        server = self.serve()
        sent = list(reference("binary"))[:5]
        names = sorted(sent[0][0])
        table = (
            ",".join(names)
            + "\n"
            + "\n".join(",".join("" if row[n] is None else repr(row[n]) for n in names) for row, _ in sent)
            + "\n"
        )
        bodies = [
            ({"dataframe_split": {"columns": names, "data": [[row[n] for n in names] for row, _ in sent]}}, None),
            ({"dataframe_records": [row for row, _ in sent]}, None),
            ({"instances": [row for row, _ in sent]}, None),
            (table, "text/csv"),
        ]
        for body, kind in bodies:
            answer = self.post(server, "/invocations", body, headers={"Content-Type": kind} if kind else None)
            for got, (_, expected) in zip(answer["predictions"], sent):
                self.assertAlmostEqual(got, expected["value0"], delta=1e-6)
        self.assertEqual(len(self.rows(server, "binary")), 4 * len(sent))
        self.assertEqual(server.ask("POST", "/invocations", {"instances": [], "inputs": []}).status, 400)
        self.assertEqual(server.ask("POST", "/invocations", "x", headers={"Content-Type": "text/plain"}).status, 415)


class Models(RowsCase):
    def test_versions_and_aliases(self):
        self.bank("binary")
        self.bank("forest", model="binary")
        server = self.serve()
        self.assertEqual([m["name"] for m in server.ask("GET", "/").body["models"]], ["binary"])
        listed = server.ask("GET", "/api/v1/models/binary/versions").body["data"]
        self.assertEqual([v["version"] for v in listed], ["1", "2"])
        row, _ = next(reference("binary"))
        self.assertEqual(self.post(server, "/predict?log=false", row)["version"], "2")
        self.assertEqual(
            server.ask("PUT", "/api/v1/models/binary/aliases/champion", {"version": "1", "reason": "trusted"}).body[
                "to"
            ],
            "1",
        )
        self.assertEqual(self.post(server, "/predict?log=false", row)["version"], "1")
        self.assertEqual(server.ask("PUT", "/api/v1/models/binary/aliases/champion", {"version": "2"}).status, 200)
        self.assertEqual(server.ask("PUT", "/api/v1/models/binary/aliases/champion", {"version": "2"}).status, 409)
        self.assertEqual(
            self.post(server, "/api/v1/models/binary/aliases/champion/rollback", {"reason": "worse"})["to"], "1"
        )
        self.assertEqual(
            [e["what"] for e in server.ask("GET", "/api/v1/models/binary/log").body["data"]][-3:],
            ["promoted", "promoted", "rolled back"],
        )
        page = server.ask("GET", "/api/v1/models/binary/versions?limit=1").body
        self.assertEqual([v["version"] for v in page["data"]], ["1"])
        rest = server.ask("GET", "/api/v1/models/binary/versions?limit=1&cursor=" + page["next_cursor"]).body
        self.assertEqual(([v["version"] for v in rest["data"]], rest["next_cursor"]), (["2"], None))
        self.assertEqual(server.ask("GET", "/api/v1/models/binary/versions?cursor=AAAA").status, 400)


class Logging(RowsCase):
    def test_rows_and_outcomes_of_a_model_that_is_served_elsewhere(self):
        server = self.serve()
        settings = {"task": "binary", "columns": {"id": "client", "time": "at", "label": "default", "groups": ["sex"]}}
        self.assertEqual(server.ask("PUT", "/api/v1/models/credit", settings).body, settings)
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        rows = [
            {"client": f"c{i}", "at": now, "income": 1000.5 + i, "sex": "f" if i % 2 else "m", "score": i / 10}
            for i in range(10)
        ]
        answer = self.post(server, "/api/v1/predictions?version=7", {"model": "credit", "rows": rows})
        self.assertEqual((answer["accepted"], answer["deduplicated"], answer["rejected"]), (10, True, []))
        again = self.post(
            server,
            "/api/v1/predictions?model=credit&version=7",
            "\n".join(map(json.dumps, rows)),
            headers={"Content-Type": "application/x-ndjson"},
        )
        self.assertEqual(again["accepted"], 10)
        self.assertEqual(
            self.post(
                server,
                "/api/v1/outcomes",
                {"model": "credit", "outcomes": [{"client": "c3", "default": 1}, {"client": "c4", "default": 0}]},
            )["accepted"],
            2,
        )
        kept = self.rows(server, "credit")
        self.assertEqual(len(kept), 10)
        self.assertEqual((kept["c3"]["income"], kept["c3"]["sex"], kept["c3"]["model_version"]), ("1003.5", "f", "7"))
        self.assertEqual([kept[f"c{i}"]["label"] for i in (2, 3, 4)], ["", "1", "0"])
        volume = server.ask("GET", "/api/v1/models/credit/volume").body["versions"]
        self.assertEqual([(v["version"], v["rows"], v["labelled"]) for v in volume], [("7", 10, 2)])
        columns = {c["name"]: c["lasting"] for c in server.ask("GET", "/api/v1/models/credit").body["columns"]}
        self.assertEqual(columns, {"income": False, "sex": True, "score": True})

    def test_rejections_say_why(self):
        server = self.serve()
        rows = [
            {"id": "a", "time": "2020-01-01T00:00:00Z"},
            {"id": "b", "time": "2100-01-01T00:00:00Z"},
            {"id": "c", "time": "2026-11-20T10:00:00"},
            {"id": "d", "time": "yesterday"},
            {"id": "e", "x": [1]},
            {"id": "x" * 300},
            7,
            {"id": "f", "x": 1},
            {"id": "f", "x": 2},
        ]
        answer = self.post(server, "/api/v1/predictions?model=m", rows)
        self.assertEqual(
            [(r["row"], r["code"]) for r in answer["rejected"]],
            [(0, "too_old"), (1, "in_future"), (2, "naive_time"), (3, "time"), (4, "value"), (5, "id"), (6, "json")],
        )
        self.assertEqual((answer["accepted"], answer["duplicates"], answer["rejected_rows"]), (1, 1, 7))
        self.assertIn(b'leeway_ingest_rows_rejected_total{reason="too_old"} 1', server.ask("GET", "/metrics").body)

    def test_a_key_makes_a_request_count_once(self):
        server = self.serve()
        rows = [{"x": i} for i in range(5)]
        plain = self.post(server, "/api/v1/predictions?model=m", rows)
        self.assertFalse(plain["deduplicated"])
        headers = {"Idempotency-Key": "batch-1"}
        first = server.ask("POST", "/api/v1/predictions?model=m", rows, headers=headers)
        second = server.ask("POST", "/api/v1/predictions?model=m", rows, headers=headers)
        self.assertEqual((first.body, second.body), (second.body, {**plain, "deduplicated": True}))
        self.assertEqual(second.headers["idempotent-replayed"], "true")
        self.assertEqual(server.ask("POST", "/api/v1/predictions?model=m", rows[:1], headers=headers).status, 422)
        self.assertEqual(len(self.rows(server, "m")), 10)
        server.stop(signal.SIGKILL)
        server = self.serve()
        self.assertEqual(len(self.rows(server, "m")), 10)
        self.assertEqual(
            server.ask("POST", "/api/v1/predictions?model=m", rows, headers=headers).headers["idempotent-replayed"],
            "true",
        )

    def test_compressed_bodies_and_bombs(self):
        server = self.serve()
        rows = json.dumps([{"id": str(i)} for i in range(1000)]).encode()
        headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        self.assertEqual(
            self.post(server, "/api/v1/predictions?model=m", gzip.compress(rows), headers=headers)["accepted"], 1000
        )
        self.assertEqual(
            server.ask("POST", "/api/v1/predictions?model=m", gzip.compress(b" " * (40 << 20)), headers=headers).status,
            413,
        )
        self.assertEqual(server.ask("POST", "/api/v1/predictions?model=m", b"not gzip", headers=headers).status, 400)
        self.assertEqual(
            server.ask(
                "POST", "/api/v1/predictions?model=m", b"x", headers={**headers, "Content-Encoding": "br"}
            ).status,
            415,
        )
        self.assertEqual(
            server.ask(
                "POST",
                "/api/v1/predictions?model=m",
                b"",
                headers={"Content-Type": "application/json", "Content-Length": str(40 << 20)},
            ).status,
            413,
        )

    def test_rows_come_out_in_three_forms(self):
        server = self.serve()
        self.post(
            server,
            "/api/v1/predictions?model=m",
            [{"id": "1", "name": "=1+1", "x": 0.1}, {"id": "2", "name": 'a "quoted", one', "x": None}],
        )
        kept = self.rows(server, "m")
        self.assertEqual((kept["1"]["name"], kept["2"]["name"]), ("'=1+1", 'a "quoted", one'))
        lines = [
            json.loads(line) for line in server.ask("GET", "/api/v1/models/m/rows?format=ndjson").body.splitlines()
        ]
        self.assertEqual(
            {(r["id"], r["name"], r["x"]) for r in lines}, {("1", "=1+1", 0.1), ("2", 'a "quoted", one', None)}
        )
        parquet = server.ask("GET", "/api/v1/models/m/rows?format=parquet").body
        self.assertEqual((parquet[:4], parquet[-4:]), (b"PAR1", b"PAR1"))
        answer = self.post(
            server,
            "/api/v1/predictions?model=again",
            parquet,
            headers={"Content-Type": "application/vnd.apache.parquet"},
        )
        self.assertEqual(answer["accepted"], 2)
        self.assertEqual(self.rows(server, "again")["1"]["x"], "0.1")
        self.assertEqual(
            server.ask(
                "POST",
                "/api/v1/predictions?model=m",
                b"PAR1 no",
                headers={"Content-Type": "application/vnd.apache.parquet"},
            ).status,
            422,
        )


class Kills(RowsCase):
    def test_what_was_acknowledged_survives_and_counts_once(self):
        """Eight kills at random times, four writers; `make reliability` runs many more."""
        seed = random.SystemRandom().randrange(1 << 30)
        print(f"SEED={seed}")
        choice = random.Random(seed)
        acknowledged, sent, lock = set(), set(), threading.Lock()
        for generation in range(8):
            server = self.serve()
            stop = threading.Event()

            def write(writer):
                own = random.Random(seed + generation * 10 + writer)
                for batch in range(1000):
                    if stop.is_set():
                        return
                    ids = [f"{generation}-{writer}-{batch}-{i}" for i in range(own.choice((1, 5, 200)))]
                    with lock:
                        sent.update(ids)
                    try:
                        answer = server.ask(
                            "POST", "/api/v1/predictions?model=m&version=1", [{"id": i, "x": own.random()} for i in ids]
                        )
                    except (OSError, ValueError, http.client.HTTPException):
                        return
                    if answer.status == 200 and answer.body["accepted"] == len(ids):
                        with lock:
                            acknowledged.update(ids)

            threads = [threading.Thread(target=write, args=(w,)) for w in range(4)]
            for thread in threads:
                thread.start()
            stop.wait(choice.uniform(0.05, 0.5))
            server.stop(signal.SIGKILL)
            stop.set()
            for thread in threads:
                thread.join()
        server = self.serve()
        kept = set(self.rows(server, "m", limit=1000000))
        self.assertGreater(len(acknowledged), 100)
        self.assertEqual(acknowledged - kept, set(), f"SEED={seed}")
        self.assertEqual(kept - sent, set(), f"SEED={seed}")
        self.assertEqual(server.stop(), 0)


if __name__ == "__main__":
    unittest.main()
