"""A running `leeway serve` and the plainest of clients."""

import http.client
import json
import os
import select
import signal
import socket
import subprocess

from leeway_command import ROOT, Case, run

MODELS = ROOT / "tests" / "reference" / "models"


class Server:
    """`leeway serve` on a free port of loopback; `folder` holds its data."""

    def __init__(self, folder, *flags, environment=None):
        self.folder = folder
        self.log = open(folder / "server.log", "ab")
        plain = {k: v for k, v in os.environ.items() if not k.startswith("LEEWAY_")}
        self.process = subprocess.Popen(
            [os.environ["LEEWAY"], "serve", "--port", "0", "--data", str(folder / "data"), *map(str, flags)],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=self.log,
            env={**plain, **(environment or {})},
            text=True,
        )
        ready, _, _ = select.select([self.process.stdout], [], [], 30)
        line = self.process.stdout.readline() if ready else ""
        if not line.startswith("Leeway listens on "):
            self.stop()
            raise AssertionError("the server did not start: " + self.logged())
        self.url = line.split()[-1]
        host, self.port = self.url.split("//")[1].rsplit(":", 1)
        self.host, self.port = host, int(self.port)

    def logged(self):
        return (self.folder / "server.log").read_text()

    def stop(self, how=signal.SIGTERM):
        """Ends the process and returns its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        code = self.process.wait(timeout=30)
        self.process.stdout.close()
        self.log.close()
        return code

    def connect(self, timeout=20):
        return socket.create_connection(("127.0.0.1", self.port), timeout=timeout)

    def raw(self, request, timeout=20):
        """What comes back until the server closes, for bytes sent as they are."""
        with self.connect(timeout) as connection:
            connection.sendall(request if isinstance(request, bytes) else request.encode())
            connection.shutdown(socket.SHUT_WR)
            return read_all(connection)

    def ask(self, method, path, body=None, headers=None, key=None):
        """Status, headers and body (parsed if JSON) of one request."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = dict(headers or {})
        if key:
            headers["Authorization"] = "Bearer " + key
        if body is not None and not isinstance(body, (bytes, str)):
            body = json.dumps(body)
            headers.setdefault("Content-Type", "application/json")
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        kind = answer.getheader("Content-Type", "")
        if kind.split(";")[0].endswith(("/json", "+json")) and not answer.getheader("Content-Encoding"):
            content = json.loads(content) if content else None
        return Answer(answer.status, dict((k.lower(), v) for k, v in answer.getheaders()), content)


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body


def read_all(connection):
    """Everything until the end; a reset counts as the end."""
    parts = []
    try:
        while part := connection.recv(65536):
            parts.append(part)
    except ConnectionResetError:
        pass
    return b"".join(parts)


class ServerCase(Case):
    """A test with servers in a folder of its own, stopped at its end."""

    def serve(self, *flags, environment=None):
        server = Server(self.folder, *flags, environment=environment)
        self.addCleanup(lambda: server.process.poll() is None and server.stop(signal.SIGKILL))
        return server

    def bank(self, *names, model=None):
        """Brings models that XGBoost's Python package made (tests/reference/models) into the bank of this test."""
        columns = "".join(f"  - {{name: x{i}, type: number}}\n" for i in range(5))
        for name in names:
            schema = self.file(
                f"{name}.yaml", "columns:\n" + columns + ("classes: [a, b, c]\n" if name == "multiclass" else "")
            )
            done = run(
                "models",
                "import",
                MODELS / f"{name}.ubj",
                "--name",
                model or name,
                "--schema",
                schema,
                "--bank",
                self.folder / "data" / "models",
                cwd=self.folder,
            )
            self.assertEqual(done.returncode, 0, done.stderr)

    def key(self, *flags):
        """A new key of this test's data folder."""
        done = run("keys", "create", "--data", self.folder / "data", *flags, cwd=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.strip()
