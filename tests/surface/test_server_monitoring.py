"""Rows that come in are judged: a reference, a drifted hour, and what the server says of it."""

import csv
import io
import random
import time
import unittest

from leeway_server import ServerCase


class Monitoring(ServerCase):
    def rows(self, seed, count, shift=0.0):
        choice = random.Random(seed)
        return [
            {
                "amount": choice.gauss(100 + shift, 15),
                "region": choice.choice(["north", "south"]),
                "score": choice.random(),
            }
            for _ in range(count)
        ]

    def wait_for_windows(self, server, length):
        end = time.monotonic() + 60
        while time.monotonic() < end:
            windows = server.ask("GET", f"/api/v1/models/credit/windows?length={length}").body["data"]
            if windows:
                return windows
        self.fail("no window was judged: " + server.logged())

    def test_an_hour_that_drifted_is_judged_so(self):
        server = self.serve("--monitoring-interval", 1)
        settings = {"task": "binary", "columns": {"id": "id", "time": "time", "score": "score"}}
        self.assertEqual(server.ask("PUT", "/api/v1/models/credit", settings).body, settings)
        table = io.StringIO()
        reference = self.rows(1, 4000)
        start = int(time.time()) // 3600 * 3600 - 3 * 3600  # an hour that has closed
        for i, row in enumerate(reference):
            row.update(id=f"r{i}", time=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(start - 86400 * 3 + i * 20)))
        writer = csv.DictWriter(table, list(reference[0]))
        writer.writeheader()
        writer.writerows(reference)
        made = server.ask(
            "POST", "/api/v1/models/credit/references", table.getvalue(), headers={"Content-Type": "text/csv"}
        )
        self.assertEqual((made.status, made.body.get("rows")), (201, 4000), made.body)
        self.assertEqual(
            [r["id"] for r in server.ask("GET", "/api/v1/models/credit/references").body["data"]], [made.body["id"]]
        )
        current = self.rows(2, 3000, shift=30)
        for i, row in enumerate(current):
            row.update(id=f"c{i}", time=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(start + i)))
        self.assertEqual(
            server.ask("POST", "/api/v1/predictions", {"model": "credit", "version": "1", "rows": current}).body[
                "accepted"
            ],
            3000,
        )
        windows = self.wait_for_windows(server, "1h")
        self.assertEqual(
            [(w["from"], w["rows"]) for w in windows], [(time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(start)), 3000)]
        )
        report = server.ask("GET", "/api/v1/models/credit/report").body
        drifted = {f.get("column") for f in report["findings"] if f["verdict"] == "drifted"}
        self.assertIn("amount", drifted)
        self.assertNotIn("region", drifted)
        series = server.ask("GET", "/api/v1/models/credit/series").body["data"]
        self.assertTrue(any("amount" in point["series"] for point in series), series[:3])
        self.assertEqual(server.ask("GET", "/api/v1/alerts").status, 200)
        self.assertIn(b"leeway_monitoring_windows ", server.ask("GET", "/metrics").body)
        self.assertEqual(server.stop(), 0)

    def test_a_reference_that_cannot_be_read_is_refused(self):
        server = self.serve()
        for body, kind, status in (
            (b"", "text/csv", 422),
            (b"PAR1", "application/vnd.apache.parquet", 422),
            (b"a", "application/json", 415),
        ):
            answer = server.ask("POST", "/api/v1/models/credit/references", body, headers={"Content-Type": kind})
            self.assertEqual(answer.status, status, answer.body)
            self.assertNotIn("/tmp", str(answer.body))
        self.assertEqual(server.ask("GET", "/api/v1/models/credit/report").status, 404)


if __name__ == "__main__":
    unittest.main()
