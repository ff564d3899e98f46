"""A WebSocket client that does only what it is told: it reads when asked, so that a test can stall."""
import base64
import os
import socket
import struct
import time

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


class Refused(Exception):
    """The handshake was answered with something else than 101."""

    def __init__(self, status, reply):
        super().__init__(f"HTTP {status}")
        self.status = status
        self.reply = reply


class Closed(Exception):
    """The server ended the connection."""


def http(port, lines, timeout=10):
    """Sends a request given line by line; returns the status and the whole reply."""
    with socket.create_connection(("127.0.0.1", port), timeout=timeout) as connection:
        connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        reply = b""
        while chunk := connection.recv(65536):
            reply += chunk
    text = reply.decode("utf-8", "replace")
    return (int(text.split(" ", 2)[1]) if text.startswith("HTTP/") else 0), text


class WebSocket:
    def __init__(self, port, path="/ws", headers=(), timeout=10):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""
        given = {"Host": f"127.0.0.1:{port}", "Sec-WebSocket-Version": "13", **dict(headers)}
        lines = [f"GET {path} HTTP/1.1", "Upgrade: websocket", "Connection: Upgrade",
                 "Sec-WebSocket-Key: " + base64.b64encode(os.urandom(16)).decode()]
        lines += [f"{name}: {value}" for name, value in given.items() if value is not None]
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        while b"\r\n\r\n" not in self.buffer:
            chunk = self.socket.recv(65536)
            if not chunk:
                break
            self.buffer += chunk
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        status = int(head.split(b" ", 2)[1]) if head.startswith(b"HTTP/") else 0
        if status != 101:
            self.socket.close()
            raise Refused(status, head.decode("utf-8", "replace"))

    def send(self, text, opcode=TEXT):
        payload = text.encode() if isinstance(text, str) else text
        size = len(payload)
        if size < 126:
            head = struct.pack(">BB", 0x80 | opcode, 0x80 | size)
        elif size < 65536:
            head = struct.pack(">BBH", 0x80 | opcode, 0x80 | 126, size)
        else:
            head = struct.pack(">BBQ", 0x80 | opcode, 0x80 | 127, size)
        self.socket.sendall(head + b"\0\0\0\0" + payload)  # masked by zeros: its own self

    def _parse(self):
        data = self.buffer
        if len(data) < 2:
            return None
        opcode, size, at = data[0] & 15, data[1] & 127, 2
        if size == 126:
            size, at = (struct.unpack_from(">H", data, 2)[0], 4) if len(data) >= 4 else (1 << 40, 4)
        elif size == 127:
            size, at = (struct.unpack_from(">Q", data, 2)[0], 10) if len(data) >= 10 else (1 << 40, 10)
        if len(data) < at + size:
            return None
        self.buffer = data[at + size:]
        return opcode, data[at:at + size]

    def receive(self, timeout=10):
        """The next message: str or bytes; None when nothing came in time."""
        end = time.monotonic() + timeout
        while True:
            message = self._parse()
            if message is None:
                left = end - time.monotonic()
                if left <= 0:
                    return None
                self.socket.settimeout(left)
                try:
                    chunk = self.socket.recv(1 << 18)
                except TimeoutError:
                    return None
                if not chunk:
                    raise Closed()
                self.buffer += chunk
                continue
            opcode, payload = message
            if opcode == TEXT:
                return payload.decode()
            if opcode == BINARY:
                return payload
            if opcode == PING:
                self.send(payload, PONG)
            if opcode == CLOSE:
                raise Closed(struct.unpack(">H", payload[:2])[0] if len(payload) >= 2 else None)

    def close(self):
        self.socket.close()
