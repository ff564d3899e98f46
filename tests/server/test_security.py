"""Every web page of the world can reach a server on localhost: who is let in."""
import base64
import os

from jig_server import JigTest, RpcError, example
from websocket import Closed, Refused, WebSocket, http


class Security(JigTest):
    def setUp(self):
        super().setUp()
        self.server = self.serve(self.put(example("gain")))
        self.port = self.server.port
        self.bearer = {"Authorization": f"Bearer {self.server.token}"}

    def connect(self, path="/ws", **headers):
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return WebSocket(self.port, path, {**self.bearer, **names})

    def refused(self, statuses, path="/ws", **headers):
        with self.assertRaises(Refused) as why:
            self.connect(path, **headers)
        self.assertIn(why.exception.status, statuses)

    def get(self, path, *headers, method="GET", host=None):
        return http(self.port, [f"{method} {path} HTTP/1.1", f"Host: {host or f'127.0.0.1:{self.port}'}",
                                *headers])

    def test_the_page_itself_is_let_in(self):
        self.connect(Origin=f"http://127.0.0.1:{self.port}").close()
        self.connect(Host=f"localhost:{self.port}", Origin=f"http://localhost:{self.port}").close()
        self.connect().close()
        self.connect(f"/ws?token={self.server.token}", Authorization=None).close()

    def test_other_origins_are_refused(self):
        for origin in ("http://evil.example", "null", "file://", f"https://127.0.0.1:{self.port}",
                       "http://127.0.0.1", f"http://127.0.0.1:{self.port}.evil.example",
                       f"http://localhost:{self.port}", "chrome-extension://abcdef", ""):
            with self.subTest(origin):
                self.refused((403, 400), Origin=origin)

    def test_foreign_hosts_are_refused(self):
        for host in ("evil.example", f"evil.example:{self.port}", "127.0.0.1.evil.example", "", "0.0.0.0"):
            with self.subTest(host):
                self.refused((403, 400), Host=host)
                self.assertIn(self.get("/", host=host or " ")[0], (400, 403))

    def test_without_the_token_nobody_is_let_in(self):
        token = self.server.token
        wrong = ("0" if token[0] != "0" else "1") + token[1:]
        self.refused((401, 403), Authorization=None)
        for given in (wrong, token[:-1], token + "0", token.upper() if token.upper() != token else wrong, ""):
            with self.subTest(given):
                self.refused((401, 403), Authorization=f"Bearer {given}")
                self.refused((401, 403), f"/ws?token={given}", Authorization=None)

    def test_old_versions_of_the_protocol_are_refused(self):
        for version in ("0", "7", "8", "12", "14", None):
            with self.subTest(version):
                self.refused((400, 426, 500), Sec_WebSocket_Version=version)

    def test_the_page_is_served_with_its_rules(self):
        status, reply = self.get("/")
        self.assertEqual(status, 200)
        head = reply.split("\r\n\r\n")[0].lower()
        for rule in ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'",
                     "connect-src 'self'"):
            self.assertIn(rule, head)
        for header in ("x-content-type-options: nosniff", "cross-origin-resource-policy: same-origin",
                       "referrer-policy: no-referrer"):
            self.assertIn(header, head)
        for header in ("access-control-allow", "\r\nserver:"):
            self.assertNotIn(header, head)
        self.assertNotIn(self.server.token, reply)

    def test_only_what_is_the_page_is_served(self):
        for path in ("/../../etc/passwd", "/..%2f..%2fetc/passwd", "/%2e%2e/", "/js/..%5c", "//etc/passwd",
                     "/index.html%00", "/\\index.html", "/nothing", "/js"):
            with self.subTest(path):
                self.assertIn(self.get(path)[0], (400, 403, 404))
        self.assertIn(self.get("http://evil.example/")[0], (400, 403, 404))
        for method in ("POST", "PUT", "DELETE", "OPTIONS", "TRACE"):
            with self.subTest(method):
                self.assertIn(self.get("/", "Content-Length: 0", method=method)[0], (400, 403, 405))
        self.assertEqual(self.get("/", method="HEAD")[1].split("\r\n\r\n", 1)[1], "")

    def test_a_message_that_is_too_large_ends_its_client_only(self):
        other = self.server.client()
        socket = self.connect()
        with self.assertRaises((Closed, ConnectionError)):
            socket.send("x" * (300 * 1024))
            while True:
                if socket.receive(5) is None:
                    break
        other.call("ping")

    def test_nonsense_is_answered_with_an_error(self):
        client = self.server.client()
        for text, code in (("{", -32700), ("[]", -32600), ('[{"jsonrpc":"2.0","id":1,"method":"ping"}]', -32600),
                           ("[" * 100 + "]" * 100, None), ('{"jsonrpc":"2.0","id":5,"method":"no.such"}', -32601),
                           ('{"jsonrpc":"2.0","id":5,"method":"param.set","params":{"id":7}}', -32602)):
            with self.subTest(text[:60]):
                client.socket.send(text)
                while not client.replies:
                    self.assertTrue(client.pump(5))
                (_, reply), = client.replies.items()
                client.replies.clear()
                self.assertIn("error", reply)
                if code is not None:
                    self.assertEqual(reply["error"]["code"], code)
        client.call("ping")

    def test_too_many_requests_are_told_so_and_the_others_are_served(self):
        other = self.server.client()
        client = self.server.client()
        asked = [client.ask("ping") for _ in range(3000)]
        codes = [client.answer(one).get("error", {}).get("code") for one in asked]
        self.assertIn(-32005, codes)
        self.assertGreater(codes.count(None), 900)
        other.call("ping")

    def test_no_method_takes_a_path(self):
        client = self.server.client()
        for method, params in (("plugin.load", {"name": "/etc/passwd"}), ("plugin.load", {"name": "../x.so"}),
                               ("plugin.select", {"id": "/etc/passwd"})):
            with self.assertRaises(RpcError):
                client.call(method, **params)
        with self.assertRaises(RpcError):
            client.call("input.select", kind="file")

    def test_the_token_is_on_no_command_line(self):
        from jig_server import children
        for pid in (self.server.pid, *children(self.server.pid)):
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                self.assertNotIn(self.server.token.encode(), file.read())
