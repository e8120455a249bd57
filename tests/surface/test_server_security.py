"""What a hostile, slow or broken client meets: host and origin rules, request smuggling, limits, headers, keys."""

import gzip
import json
import os
import re
import socket
import ssl
import subprocess
import threading
import time
import unittest

from leeway_command import run
from leeway_server import ServerCase, read_all

PROTECTION = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


def head_of(raw):
    """Status and headers of a raw answer; headers in lower case."""
    head = raw.split(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    return int(head[0].split()[1]), {k.strip().lower(): v.strip() for k, v in (line.split(":", 1) for line in head[1:])}


class WebDefences(ServerCase):
    def setUp(self):
        super().setUp()
        self.server = self.serve("--allowed-hosts", "leeway.example", "--allowed-origins", "https://ui.example")

    def status(self, request):
        raw = self.server.raw(request)
        self.assertTrue(raw, request)
        status, headers = head_of(raw)
        for name, value in PROTECTION.items():
            self.assertEqual(headers.get(name), value, (request, name))
        self.assertRegex(headers["x-request-id"], r"^[A-Za-z0-9_-]{1,64}$")
        return status

    def get(self, host="Host: localhost", path="/healthz", more=""):
        return self.status(f"GET {path} HTTP/1.1\r\n{host}\r\n{more}Connection: close\r\n\r\n")

    def test_hosts(self):
        for host in (
            "127.0.0.1",
            "127.0.0.1:80",
            "[::1]:9",
            "localhost",
            "LocalHost:1",
            "leeway.example",
            "192.168.1.7",
        ):
            self.assertEqual(self.get(f"Host: {host}"), 200, host)
        for host in (
            "evil.example",
            "localhost.evil.example",
            "0x7f.1",
            "2130706433",
            "xn--lway-gra.example",
            "",
            "localhost:x",
            "user@localhost",
        ):
            self.assertEqual(self.get(f"Host: {host}"), 421, host)
        self.assertEqual(self.status("GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n"), 400)
        self.assertEqual(self.get("Host: localhost\r\nHost: localhost"), 400)
        self.assertEqual(self.get("Host: localhost", more="X-Forwarded-Host: evil.example\r\n"), 200)

    def test_smuggling(self):
        post = "POST /api/v1/predictions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        smuggled = "0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
        for fields in (
            "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
            "Content-Length: 5\r\nContent-Length: 6\r\n",
            "Content-Length: 5, 6\r\n",
            "Content-Length: +5\r\n",
            "Content-Length: 5x\r\n",
            "Content-Length: -1\r\n",
            "Transfer-Encoding: chunked, chunked\r\n",
            "Transfer-Encoding: identity\r\n",
            "Transfer-Encoding: gzip, chunked\r\n",
            "Transfer-Encoding: xchunked\r\n",
            "Transfer-Encoding : chunked\r\n",
            "X: a\r\n folded\r\n",
            "X: a\r\n\tfolded\r\n",
            "X: a\nY: b\r\n",
            "X\0: a\r\n",
            "X: a\0b\r\n",
            ": empty\r\n",
            "no colon\r\n",
        ):
            self.assertEqual(self.status(post + fields + "\r\n" + smuggled), 400, fields)
        self.assertEqual(
            self.status("GET /healthz HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400
        )
        self.assertEqual(self.status("GET /healthz HTTP/1.1\nHost: localhost\n\n"), 400)

    def test_what_is_not_http(self):
        for text in (
            "\r\n\r\n",
            "hello\r\n\r\n",
            "\x16\x03\x01\x02\x00\x01",
            "GET /healthz\r\n\r\n",
            "GET  /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "GET /healthz HTTP/3.0\r\nHost: localhost\r\n\r\n",
            "GET http://localhost/healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "GET * HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        ):
            self.assertIn(self.status(text), (400, 505), text)

    def test_paths_are_decoded_once_and_then_plain(self):
        for path in (
            "/%2e%2e/healthz",
            "/healthz%2f",
            "/%252e%252e/x",
            "/healthz;x=1",
            "/a%5cb",
            "/a\\b",
            "/healthz%00",
            "/..",
            "/a/../healthz",
            "/%",
            "/%ff",
        ):
            self.assertEqual(self.get(path=path), 400, path)
        self.assertEqual(self.get(path="/health%7a"), 200)
        self.assertEqual(self.get(path="//healthz"), 404)
        self.assertEqual(self.get(path="/healthz/"), 404)

    def test_methods(self):
        self.assertEqual(
            self.status(
                "POST /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nX-HTTP-Method-Override: GET\r\n"
                "Connection: close\r\n\r\n"
            ),
            405,
        )
        for method in ("TRACE", "CONNECT", "PROPFIND", "get", "OPTIONS"):
            self.assertIn(
                self.status(f"{method} /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
                (400, 405),
                method,
            )
        answer = self.server.ask("HEAD", "/healthz")
        self.assertEqual((answer.status, answer.body), (200, None))
        self.assertEqual(answer.headers["content-length"], "15")

    def test_no_cross_origin_sharing(self):
        answer = self.server.ask("GET", "/healthz", headers={"Origin": "https://evil.example"})
        self.assertNotIn("access-control-allow-origin", answer.headers)
        answer = self.server.ask("GET", "/healthz", headers={"Origin": "https://ui.example"})
        self.assertEqual(answer.headers["access-control-allow-origin"], "https://ui.example")
        self.assertNotIn("access-control-allow-credentials", answer.headers)

    def test_problem_documents(self):
        answer = self.server.ask("GET", "/nowhere", headers={"X-Request-Id": "mine-1"})
        self.assertEqual(answer.headers["content-type"], "application/problem+json")
        self.assertEqual(answer.headers["x-request-id"], "mine-1")
        self.assertEqual(
            (answer.body["status"], answer.body["title"], answer.body["request_id"]), (404, "Not Found", "mine-1")
        )

    def test_header_limits(self):
        self.assertEqual(self.get(more="X: " + "a" * 33000 + "\r\n"), 431)
        self.assertEqual(self.get(more="".join(f"X-{i}: a\r\n" for i in range(120))), 431)
        self.assertEqual(self.get(more="".join(f"X-{i}: a\r\n" for i in range(90))), 200)

    def test_pipelined_requests_are_answered_in_order(self):
        one = "GET {} HTTP/1.1\r\nHost: localhost\r\n\r\n"
        raw = self.server.raw(one.format("/healthz") + one.format("/nowhere") + one.format("/healthz"))
        self.assertEqual([int(s) for s in re.findall(rb"HTTP/1\.1 (\d+)", raw)], [200, 404, 200])

    def test_the_old_version_of_http_closes_unless_asked(self):
        raw = self.server.raw("GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n")
        self.assertEqual(head_of(raw)[1]["connection"], "close")


class SlowClients(ServerCase):
    def setUp(self):
        super().setUp()
        self.server = self.serve("--max-connections-per-address", 40)

    def test_a_header_in_drops_is_cut_after_ten_seconds_and_others_never_notice(self):
        slow = [self.server.connect() for _ in range(30)]
        silent = [self.server.connect() for _ in range(5)]
        self.addCleanup(lambda: [c.close() for c in slow + silent])
        began = time.monotonic()
        stop = threading.Event()

        def drip():
            while not stop.wait(0.5):
                for connection in slow:
                    try:
                        connection.sendall(b"X-a: b\r\n")
                    except OSError:
                        pass

        for connection in slow:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n")
        thread = threading.Thread(target=drip)
        thread.start()
        try:
            slowest = 0
            for _ in range(50):
                start = time.monotonic()
                self.assertEqual(self.server.ask("GET", "/healthz").status, 200)
                slowest = max(slowest, time.monotonic() - start)
            answers = [read_all(connection) for connection in slow]
        finally:
            stop.set()
            thread.join()
        taken = time.monotonic() - began
        self.assertLess(slowest, 1)
        self.assertTrue(9 < taken < 15, taken)
        for raw in answers:
            self.assertTrue(raw == b"" or raw.startswith(b"HTTP/1.1 408"), raw[:80])
        self.assertTrue(any(raw.startswith(b"HTTP/1.1 408") for raw in answers))
        for connection in silent:
            self.assertEqual(read_all(connection), b"")

    def test_connections_from_one_address_are_counted(self):
        held = [self.server.connect() for _ in range(40)]
        self.addCleanup(lambda: [c.close() for c in held])
        for connection in held:  # all have been accepted once each has answered
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            self.assertTrue(connection.recv(4096).startswith(b"HTTP/1.1 200"))
        with self.server.connect() as one_more:
            self.assertTrue(read_all(one_more).startswith(b"HTTP/1.1 503"))
        held.pop().close()
        for _ in range(100):
            with self.server.connect() as again:
                again.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                if read_all(again).startswith(b"HTTP/1.1 200"):
                    break
        else:
            self.fail("a place that was given back stays taken")


class Stopping(ServerCase):
    def test_a_stop_is_clean_and_quick(self):
        server = self.serve()
        idle = server.connect()
        self.addCleanup(idle.close)
        half = server.connect()
        self.addCleanup(half.close)
        half.sendall(b"GET /healthz HTTP/1.1\r\nHost: loc")
        began = time.monotonic()
        self.assertEqual(server.stop(), 0)
        self.assertLess(time.monotonic() - began, 5)
        self.assertEqual(read_all(idle), b"")

    def test_the_port_in_use_is_said(self):
        server = self.serve()
        done = run("serve", "--port", server.port, "--data", self.folder / "other", cwd=self.folder)
        self.assertEqual(done.returncode, 4)
        self.assertIn("cannot be opened", done.stderr)


class Keys(ServerCase):
    def test_the_life_of_a_key(self):
        server = self.serve()
        self.assertEqual(server.ask("GET", "/health").status, 200)  # nobody needs a key until there is one
        key = self.key("--scope", "read", "--name", "dash")
        self.assertRegex(key, r"^lw_live_[0-9A-Za-z]{57}$")
        self.wait_until(lambda: server.ask("GET", "/health").status == 401)
        self.assertEqual(server.ask("GET", "/health", key=key).status, 200)
        self.assertEqual(server.ask("GET", "/healthz").status, 200)
        listed = json.loads(run("keys", "list", "--data", self.folder / "data", "--format", "json").stdout)
        self.assertEqual([(k["id"], k["scopes"], k["name"]) for k in listed], [(key[8:16], "read", "dash")])
        self.assertEqual(run("keys", "revoke", key[8:16], "--data", self.folder / "data").returncode, 0)
        self.wait_until(lambda: server.ask("GET", "/health", key=key).status == 401)
        for path in self.folder.rglob("*"):
            if path.is_file():
                self.assertNotIn(key[16:59].encode(), path.read_bytes(), path)

    def wait_until(self, happens):
        """The server looks at the file once a second."""
        end = time.monotonic() + 10
        while not happens():
            self.assertLess(time.monotonic(), end)

    def test_every_wrong_key_gets_the_same_answer(self):
        good = self.key("--scope", "read")
        server = self.serve()
        wrong = ["", "x", good[:-1] + ("A" if good[-1] != "A" else "B"), "lw_live_" + "0" * 57]
        answers = {
            json.dumps(
                {
                    k: v
                    for k, v in server.ask(
                        "GET", "/health", headers={"Authorization": "Bearer " + w, "X-Request-Id": "same"}
                    ).body.items()
                }
            )
            for w in wrong
        }
        self.assertEqual(len(answers), 1)
        answer = server.ask("GET", "/health", headers={"Authorization": "Basic abc"})
        self.assertEqual((answer.status, answer.headers["www-authenticate"]), (401, "Bearer"))
        self.assertEqual(server.ask("GET", "/health?key=" + good).status, 401)
        statuses = [server.ask("GET", "/health", key="wrong").status for _ in range(12)]
        self.assertEqual(statuses[-1], 429)
        self.assertEqual(server.ask("GET", "/health", key=good).status, 200)
        self.assertNotIn(good, server.logged())

    def test_a_public_address_needs_keys(self):
        message = self.refused(
            "serve", "--listen", "0.0.0.0", "--port", "0", "--data", self.folder / "data", saying="there are no keys"
        )
        self.assertIn("leeway keys create", message)
        self.key("--scope", "admin")
        server = self.serve("--listen", "0.0.0.0")
        self.assertEqual(server.ask("GET", "/healthz").status, 200)
        self.assertEqual(server.ask("GET", "/health").status, 401)

    def test_metrics_name_models_only_with_a_key(self):
        self.key("--scope", "ingest")
        server = self.serve()
        answer = server.ask("GET", "/metrics")
        self.assertEqual(answer.status, 200)
        self.assertNotIn(b"model=", answer.body)


class Transport(ServerCase):
    def test_tls(self):
        subprocess.run(
            [
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-keyout",
                "key.pem",
                "-out",
                "cert.pem",
                "-days",
                "2",
                "-subj",
                "/CN=localhost",
                "-addext",
                "subjectAltName=DNS:localhost",
            ],
            cwd=self.folder,
            check=True,
            capture_output=True,
        )
        server = self.serve(
            "--tls-certificate-file", self.folder / "cert.pem", "--tls-key-file", self.folder / "key.pem"
        )
        self.assertTrue(server.url.startswith("https://"))
        context = ssl.create_default_context(cafile=self.folder / "cert.pem")
        for _ in range(3):
            with context.wrap_socket(server.connect(), server_hostname="localhost") as connection:
                connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                raw = read_all(connection)
                self.assertTrue(raw.startswith(b"HTTP/1.1 200"), raw)
                self.assertIn("strict-transport-security", head_of(raw)[1])
        old = subprocess.run(
            ["openssl", "s_client", "-tls1_1", "-cipher", "ALL:@SECLEVEL=0", "-connect", f"127.0.0.1:{server.port}"],
            input=b"",
            capture_output=True,
            timeout=20,
        )
        self.assertNotEqual(old.returncode, 0)
        self.refused(
            "serve",
            "--port",
            "0",
            "--tls-certificate-file",
            self.folder / "key.pem",
            "--tls-key-file",
            self.folder / "key.pem",
            saying="certificate",
        )

    def test_compression_is_given_when_asked_for(self):
        server = self.serve()
        answer = server.ask("GET", "/metrics", headers={"Accept-Encoding": "br, gzip"})
        self.assertEqual(answer.headers["content-encoding"], "gzip")
        self.assertIn(b"leeway_build_info", gzip.decompress(answer.body))
        self.assertNotIn(
            "content-encoding", server.ask("GET", "/metrics", headers={"Accept-Encoding": "gzip;q=0"}).headers
        )

    def test_settings_come_from_file_environment_and_flags(self):
        self.file("serve.yaml", "log_level: debug\nmax_connections_per_address: 9\n")
        server = self.serve("--config", self.folder / "serve.yaml", environment={"LEEWAY_LOG_FORMAT": "text"})
        server.ask("GET", "/healthz")
        self.assertEqual(server.stop(), 0)
        self.assertRegex(server.logged(), r"debug +request request_id=\S+ method=GET path=/healthz status=200")
        self.file("wrong.yaml", "log_levl: debug\n")
        self.assertIn(
            "log_level", self.refused("serve", "--config", self.folder / "wrong.yaml", saying="wrong.yaml:1:1")
        )
        self.refused("serve", "--workers", "none", saying="--workers must be a whole number")


if __name__ == "__main__":
    unittest.main()
