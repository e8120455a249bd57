"""Traffic sent to a server that is written here, on the standard library alone, and written as JSON lines."""

import collections
import http.server
import json
import threading
import unittest

from leeway_command import Case, run


class Server:
    """Takes predictions and outcomes by id, as Leeway's own does, and remembers who asked for what."""

    def __init__(self, status=200, key=None, rejects=0):
        outer, self.rejects = self, rejects
        self.rows, self.outcomes, self.bad, self.paths = {}, {}, 0, collections.Counter()
        self.repeated, self.connections, self.lock = 0, 0, threading.Lock()

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self):
                super().setup()
                with outer.lock:
                    outer.connections += 1

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with outer.lock:
                    allowed = not key or self.headers["Authorization"] == f"Bearer {key}"
                    taken = outer.take(self.path, body) if allowed else 0
                code = 401 if not allowed else 400 if taken == 0 else status
                answer = json.dumps({"accepted": taken - outer.rejects, "duplicates": 0}).encode()
                self.send_response(code)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def take(self, path, body):
        self.paths[path] += 1
        try:
            document = json.loads(body)
            rows = {row["id"]: row for row in document["outcomes" if path.endswith("/outcomes") else "rows"]}
        except (ValueError, TypeError, KeyError):
            self.bad += 1
            return 0
        into = self.outcomes if path.endswith("/outcomes") else self.rows
        self.repeated += len(rows.keys() & into.keys())
        into.update(rows)
        return len(rows)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class Traffic(Case):
    def send(self, *arguments, code=0, environment=None):
        done = run("simulate", "traffic", *arguments, environment=environment)
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def lines(self, *arguments, environment=None):
        return [json.loads(line) for line in self.send(*arguments, "-q", environment=environment).stdout.splitlines()]

    def test_months_of_history_arrive_whole_in_seconds(self):
        with Server() as server:
            done = self.send("fraud", "--backfill", "90d", "--rows", 20000, "--to", server.url, "--malformed", "10%",
                             "--duplicates", "10%")
            self.assertEqual(len(server.rows), 20000)
            self.assertGreater(len(server.outcomes), 19000)
            self.assertTrue(server.outcomes.keys() <= server.rows.keys())
            self.assertGreater(server.bad, 0)
            self.assertGreater(server.repeated, 0)
            self.assertLessEqual(server.connections, 8)
            row = next(iter(server.rows.values()))
            self.assertEqual([name for name in row][:3], ["id", "time", "amount"])
            self.assertEqual([name for name in row][-1], "score")
            self.assertIn("malformed refused", done.stderr)

    def test_it_keeps_to_the_rate_with_the_key_and_stops_in_time(self):
        with Server(key="lw_live_secret") as server:
            key = self.file("key", "lw_live_secret\n")
            done = self.send("fraud", "--rate", 200, "--for", "1s", "--to", server.url, "--key-file", key,
                             "--no-outcomes", "--mode", "predict", "--spacing", "constant")
            self.assertEqual(server.paths, {"/api/v1/predict": 199})
            self.assertNotIn("score", next(iter(server.rows.values())))
            self.assertNotIn("lw_live_secret", done.stderr)
            refused = self.send("fraud", "--rate", 50, "--rows", 3, "--to", server.url, "--no-outcomes", code=1,
                                environment={"LEEWAY_API_KEY": "wrong"})
            self.assertIn("3 refused", refused.stderr)
            self.assertIn("401 to /api/v1/predictions", refused.stderr)

    def test_a_server_that_fails_or_is_not_there(self):
        with Server(status=503) as server:
            done = self.send("fraud", "--rate", 100, "--rows", 3, "--to", server.url, "--no-outcomes", code=1)
            self.assertIn("3 failed", done.stderr)
        with Server(rejects=1) as server:
            done = self.send("fraud", "--rate", 100, "--rows", 10, "--rows-per-request", 5, "--to", server.url, "--no-outcomes",
                             code=1)
            self.assertIn("2 rows rejected", done.stderr)
        done = self.send("fraud", "--rows", 3, "--to", server.url, code=4)
        self.assertIn("no answer from", done.stderr)
        self.assertIn("leeway serve", done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 1)

    def test_json_lines_are_the_same_bytes_each_time(self):
        arguments = ("credit", "--rate", 20, "--for", "30s", "--outcomes-after", "5s", "--malformed", "5%", "--late", "5%", "--drift", "default")
        first, again = self.lines(*arguments), self.lines(*arguments)
        self.assertEqual(first, again)
        self.assertEqual({line["path"] for line in first}, {"/api/v1/predictions", "/api/v1/outcomes"})
        self.assertTrue(any(line.get("fault") == "malformed" and "text" in line for line in first))
        self.assertEqual([line["due"] for line in first], sorted(line["due"] for line in first))
        self.assertNotEqual(first, self.lines(*arguments, "--seed", 2))

    def test_the_rate_comes_from_the_environment(self):
        slow, fast = (len(self.lines("fraud", "--for", "10s", "--no-outcomes", environment=e))
                      for e in ({}, {"DEFAULT_RPS": "50"}))
        self.assertAlmostEqual(slow, 100, delta=35)
        self.assertAlmostEqual(fast, 500, delta=80)

    def test_rows_of_a_file_keep_their_columns(self):
        table = self.table("rows.csv", ["customer", "at", "income", "city", "p", "bad"],
                           [[f"c{i}", f"2026-03-{1 + i % 28:02d}T10:00:00", 1000 + i, "Ürgüp", i / 100, i % 2]
                            for i in range(60)])
        roles = ("--set", "columns.id=customer", "--set", "columns.time=at", "--set", "columns.score=p", "--set",
                 "columns.label.column=bad", "--set", "columns.label.positive=1")
        lines = self.lines(table, *roles, "--model", "mine", "--rows", 5, "--rate", 100)
        rows = [row for line in lines if line["path"].endswith("predictions") for row in line["body"]["rows"]]
        self.assertEqual([*rows[2]], ["id", "time", "income", "city", "score"])
        self.assertEqual((rows[2]["income"], rows[2]["city"], rows[2]["score"]), (1002, "Ürgüp", 0.02))
        self.assertTrue(rows[2]["id"].startswith("c2-"))
        self.assertEqual(lines[0]["body"]["model"], "mine")
        outcomes = [row for line in lines if line["path"].endswith("outcomes") for row in line["body"]["outcomes"]]
        self.assertEqual({row["label"] for row in outcomes}, {0, 1})

    def test_wrong_use_is_one_sentence(self):
        for arguments, words in [(("froud",), "fraud"), (("fraud", "--rate", 5000), "2000"),
                                 (("fraud", "--late", "120%"), "--late"), (("fraud", "--for", "soon"), "--for"),
                                 (("fraud", "--to", "ftp://x"), "address"), (("missing.csv",), "missing.csv"),
                                 (("fraud", "--drift", "none.yaml"), "none.yaml")]:
            done = self.send(*arguments, code=2)
            self.assertIn(words, done.stderr)
            self.assertLessEqual(len(done.stderr.splitlines()), 3, done.stderr)


if __name__ == "__main__":
    unittest.main()
