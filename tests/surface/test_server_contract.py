"""The server against its contract: every operation's example, every answer's form, every kind of key."""

import http.client
import json
import signal
import unittest

from leeway_command import run
from leeway_server import ServerCase

TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "number": (int, float),
    "integer": int,
    "boolean": bool,
    "null": type(None),
}


class Contract:
    def __init__(self, document):
        self.document = document

    def look_up(self, node):
        while "$ref" in node:
            found = self.document
            for part in node["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            node = found
        return node

    def operations(self):
        for path, methods in self.document["paths"].items():
            for method, operation in methods.items():
                if method != "parameters":
                    parameters = [
                        self.look_up(p) for p in methods.get("parameters", []) + operation.get("parameters", [])
                    ]
                    yield method.upper(), path, operation, parameters

    def check(self, value, schema, where="answer"):
        """As much of JSON Schema as the contract uses."""
        schema = self.look_up(schema)
        for part in schema.get("allOf", []):
            self.check(value, part, where)
        kinds = schema.get("type", [])
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if kinds:
            assert any(
                isinstance(value, TYPES[k]) and not (isinstance(value, bool) and k in ("number", "integer"))
                for k in kinds
            ), f"{where}: {value!r} is not {kinds}"
        if "enum" in schema:
            assert value in schema["enum"], f"{where}: {value!r} is not in {schema['enum']}"
        if isinstance(value, dict):
            missing = set(schema.get("required", [])) - value.keys()
            assert not missing, f"{where} lacks {missing}"
            known = schema.get("properties", {})
            if schema.get("additionalProperties") is False:
                assert value.keys() <= known.keys(), f"{where} has {value.keys() - known.keys()}"
            for name, item in value.items():
                if name in known:
                    self.check(item, known[name], f"{where}.{name}")
        if isinstance(value, list) and "items" in schema:
            for item in value:
                self.check(item, schema["items"], where + "[]")

    def check_answer(self, operation, answer):
        responses = operation["responses"]
        described = self.look_up(responses.get(str(answer.status)) or responses["default"])
        kind = answer.headers.get("content-type", "").split(";")[0]
        name = f"{operation['operationId']} {answer.status}"
        assert kind in described["content"], f"{name}: {kind} is not documented"
        if isinstance(answer.body, (dict, list)):
            self.check(answer.body, described["content"][kind]["schema"], name)


class ContractCase(ServerCase):
    def setUp(self):
        super().setUp()
        self.bank("binary", model="fraud")

    def contract(self, server):
        return Contract(server.ask("GET", "/openapi.json").body)

    def example(self, method, path, operation, parameters):
        """Address and body as the contract's examples say."""
        for parameter in parameters:
            if parameter["in"] == "path":
                path = path.replace("{" + parameter["name"] + "}", parameter["example"])
        content = operation.get("requestBody", {}).get("content", {})
        return method, path, content.get("application/json", {}).get("example")


class Examples(ContractCase):
    def test_every_example_is_answered_as_documented(self):
        server = self.serve()
        contract = self.contract(server)
        seen = 0
        for method, path, operation, parameters in contract.operations():
            answer = server.ask(*self.example(method, path, operation, parameters))
            self.assertLess(answer.status, 500, (path, answer.body))
            contract.check_answer(operation, answer)
            seen += 1
        self.assertGreater(seen, 30)

    def test_wrong_bodies_and_parameters_are_answered_as_documented(self):
        server = self.serve()
        contract = self.contract(server)
        bodies = [
            b"",
            b"{",
            b"[]",
            b"{}",
            b"null",
            b"7",
            b'"x"',
            b'{"a":{"b":[1]}}',
            b"\xff\xfe",
            b"[" * 100,
            b'{"rows":[[]],"inputs":[{}],"outcomes":[null]}',
        ]
        for method, path, operation, parameters in contract.operations():
            path = self.example(method, path, operation, parameters)[1]
            for body in bodies if method != "GET" else [None]:
                for query in ("", "?limit=0&cursor=x&from=1&to=y&format=z", "?%"):
                    answer = server.ask(method, path + query, body, headers={"Content-Type": "application/json"})
                    self.assertLess(answer.status, 500, (method, path + query, body, answer.body))
                    contract.check_answer(operation, answer)
        self.assertEqual(server.stop(), 0)

    def test_the_page_needs_nothing_from_elsewhere(self):
        server = self.serve()
        page = server.ask("GET", "/docs").body.decode()
        self.assertIn('<meta charset="utf-8">', page)
        self.assertNotIn("//", page.replace("<!doctype", ""))
        for name in ("start.js", "swagger-ui.css", "swagger-ui-bundle.js"):
            self.assertIn(f'"/docs/{name}"', page)
            self.assertEqual(server.ask("GET", f"/docs/{name}").status, 200, name)
        self.assertEqual(server.ask("GET", "/docs/nothing.js").status, 404)


class Keys(ContractCase):
    def setUp(self):
        super().setUp()
        self.keys = {scope: self.key("--scope", scope) for scope in ("ingest", "read", "write", "admin")}
        self.keys["expired"] = self.key("--scope", "admin", "--expires", "1d")
        self.keys["revoked"] = self.key("--scope", "admin")
        self.keys["elsewhere"] = self.key("--scope", "admin", "--model", "another")
        run("keys", "revoke", self.keys["revoked"][8:16], "--data", self.folder / "data")
        path = self.folder / "data" / "keys" / "keys.json"
        records = json.loads(path.read_text())
        for record in records:
            if record["id"] == self.keys["expired"][8:16]:
                record["expires"] = record["created"] - 1
        path.write_text(json.dumps(records))
        self.keys["wrong"] = "lw_live_" + "0" * 57
        self.keys["none"] = None
        self.source = 0

    def ask(self, server, method, path, body, key):
        """From an address of its own each time, so that wrong keys do not add up."""
        self.source += 1
        source = (f"127.{1 + self.source // 60000}.{self.source // 250 % 240}.{1 + self.source % 250}", 0)
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30, source_address=source)
        headers = {"Content-Type": "application/json", **({"Authorization": "Bearer " + key} if key else {})}
        connection.request(
            method,
            path,
            body=json.dumps(body if body is not None else {}) if method != "GET" else None,
            headers=headers,
        )
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status

    def test_every_operation_with_every_kind_of_key(self):
        server = self.serve()
        contract = self.contract(server)
        asked = 0
        for method, template, operation, parameters in contract.operations():
            scope = operation["x-leeway-scope"]
            method, path, body = self.example(method, template, operation, parameters)
            for kind, key in self.keys.items():
                status = self.ask(server, method, path, body, key)
                asked += 1
                if scope == "open":
                    self.assertNotIn(status, (401, 403), (path, kind))
                elif kind in ("none", "wrong", "expired", "revoked"):
                    self.assertEqual(status, 401, (path, kind))
                elif kind in ("ingest", "read", "write") and kind != scope:
                    self.assertEqual(status, 403, (path, kind))
                elif kind == "elsewhere" and "{model}" in template:
                    self.assertEqual(status, 403, (path, kind))
                elif kind != "elsewhere":
                    self.assertNotIn(status, (401, 403), (path, kind))
        self.assertGreater(asked, 250)
        self.assertEqual(server.ask("GET", "/api/v1/models", key=self.keys["elsewhere"]).body["data"], [])
        self.assertEqual(
            server.ask(
                "POST",
                "/api/v1/predict",
                {"rows": [{"x0": 1, "x1": 1, "x2": 1, "x3": 1, "x4": 1}]},
                key=self.keys["elsewhere"],
            ).status,
            403,
        )
        self.assertEqual(
            server.ask("POST", "/api/v1/predictions?model=other", [{"id": "1"}], key=self.keys["elsewhere"]).status, 403
        )
        self.assertEqual(
            server.ask(
                "POST", "/api/v1/outcomes?model=other", [{"id": "1", "label": 1}], key=self.keys["elsewhere"]
            ).status,
            403,
        )
        self.assertNotIn(b"model=", server.ask("GET", "/metrics").body)

    def test_metrics_name_models_for_keys_that_may_read(self):
        server = self.serve()
        self.assertEqual(
            server.ask("POST", "/api/v1/predictions?model=credit", [{"id": "1"}], key=self.keys["ingest"]).status, 200
        )
        self.assertIn(
            b'leeway_predictions_total{model="credit",version=""} 1',
            server.ask("GET", "/metrics", key=self.keys["read"]).body,
        )
        self.assertNotIn(b"credit", server.ask("GET", "/metrics", key=self.keys["ingest"]).body)
        self.assertNotIn(b"credit", server.ask("GET", "/metrics").body)

    def test_no_secret_is_written_anywhere(self):
        server = self.serve("--log-level", "debug")
        canary = "CANARY-" + self.keys["admin"]
        for path in ("/health", "/nowhere", "/api/v1/models/x"):
            server.ask(
                "GET",
                path,
                headers={"Authorization": "Bearer " + self.keys["admin"], "Cookie": canary, "X-Api-Key": canary},
            )
            server.ask("GET", path, headers={"Authorization": "Bearer " + canary})
        server.ask("POST", "/api/v1/predict", {"rows": [{"secret_value": canary}]}, key=self.keys["ingest"])
        metrics = server.ask("GET", "/metrics", key=self.keys["admin"]).body.decode()
        server.stop(signal.SIGTERM)
        secret = self.keys["admin"][16:59]
        self.assertNotIn(secret, metrics)
        for path in self.folder.rglob("*"):
            if path.is_file():
                self.assertNotIn(secret.encode(), path.read_bytes(), path)


if __name__ == "__main__":
    unittest.main()
