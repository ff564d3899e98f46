"""One server for one test: start it, talk to it, see what it leaves behind."""
import json
import math
import os
import pathlib
import re
import shutil
import signal
import struct
import subprocess
import tempfile
import time
import unittest

from websocket import WebSocket

SERVER = os.environ["JIG_SERVER"]
REPLAY = os.environ.get("JIG_REPLAY", "")
_PLUGINS = pathlib.Path(os.environ.get("JIG_TEST_PLUGINS", ""))
_LEVELS = pathlib.Path(os.environ.get("JIG_LEVELS", ""))
_EXAMPLES = pathlib.Path(os.environ.get("JIG_EXAMPLES", ""))

RATE = 48000
METERS = ("peak", "rms", "hold", "max", "clipCount", "nanCount", "droppedFrames", "dc")
SPREAD = ("p50Us", "p99Us", "p999Us", "maxUs", "p50", "p99", "p999", "max")
LOAD = ("load", "loadMax", "callbackUs", "periodUs", "xruns", "cycles", "overruns", "eventsDropped", *SPREAD,
        *("recent" + name[0].upper() + name[1:] for name in SPREAD), "wakeLateUs", "xrunsPlugin", "xrunsScheduler",
        "xrunsDriver", "lostFrames", "roundTripFrames", "ratePpm")


def plugin(name):
    """The plugin of tests/plugins that has one fault."""
    return _PLUGINS / f"{name}.so"


def level(name):
    """A version of plugins/level.c."""
    return _LEVELS / f"level_{name}.so"


def example(name):
    return _EXAMPLES / name / "live" / f"{name}.so"


def wait_until(condition, timeout=10, what="the condition"):
    """What `condition` returns as soon as that is true; fails when it never is."""
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.01)
    raise AssertionError(f"{what} did not come true within {timeout} s")


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def children(pid):
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(fields[1]) == pid and fields[0] != "Z":
                found.append(int(entry.name))
    return found


def resident_kib(pid):
    """Memory of its own: without the pages that it shares with the engine."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"RssAnon:\s+(\d+)", status).group(1))


class Client:
    """A client that has said hello. What comes in unasked is kept until someone asks for it."""

    def __init__(self, server, greet=True, headers=None, path="/ws", name="test"):
        given = {"Authorization": f"Bearer {server.token}"} if headers is None else headers
        self.socket = WebSocket(server.port, path, given)
        self.next_id = 1
        self.notes = []  # (method, params), in order
        self.frames = []  # binary
        self.replies = {}
        self.hello = self.call("hello", client=name, protocol=1) if greet else None

    def close(self):
        self.socket.close()

    def tell(self, method, **params):
        self.socket.send(json.dumps({"jsonrpc": "2.0", "method": method, "params": params}))

    def ask(self, method, **params):
        """Sends a request; answer() waits for what comes back."""
        self.next_id += 1
        self.socket.send(json.dumps(
            {"jsonrpc": "2.0", "id": self.next_id, "method": method, "params": params}))
        return self.next_id

    def answer(self, request, timeout=10):
        end = time.monotonic() + timeout
        while request not in self.replies:
            if not self.pump(end - time.monotonic()):
                raise AssertionError(f"no answer within {timeout} s")
        return self.replies.pop(request)

    def call(self, method, **params):
        """The result; an error raises RpcError."""
        reply = self.answer(self.ask(method, **params))
        if "error" in reply:
            raise RpcError(reply["error"])
        return reply["result"]

    def pump(self, timeout):
        """Takes in one message; False when none came in time."""
        message = self.socket.receive(max(timeout, 0.0))
        if message is None:
            return False
        if isinstance(message, bytes):
            self.frames.append(Frame(message))
            return True
        parsed = json.loads(message, parse_int=_whole)
        if "method" in parsed:
            self.notes.append((parsed["method"], parsed["params"]))
        else:
            self.replies[parsed["id"]] = parsed
        return True

    def drain(self, seconds=0.0):
        end = time.monotonic() + seconds
        while self.pump(end - time.monotonic()):
            pass

    def take(self, match, timeout=10, what="a notification"):
        """The first notification that matches, whenever it came; it and those before it are gone."""
        end = time.monotonic() + timeout
        at = 0
        while True:
            for index in range(at, len(self.notes)):
                if match(*self.notes[index]):
                    found = self.notes[index]
                    del self.notes[:index + 1]
                    return found[1]
            at = len(self.notes)
            if not self.pump(end - time.monotonic()):
                kinds = [p.get("text") or m for m, p in self.notes]
                raise AssertionError(f"{what} did not come within {timeout} s; there came {kinds[-20:]}")

    def event(self, kind, timeout=10, **data):
        """The next event of this kind with these data."""
        return self.take(
            lambda method, params: method == "event" and params["kind"] == kind
            and all(params["data"].get(name) == value for name, value in data.items()),
            timeout, f"event {kind} {data}")

    def state(self, member, match=lambda value: True, timeout=10):
        """The next state.changed of a member that matches."""
        return self.take(
            lambda method, params: method == "state.changed" and member in params
            and match(params[member]), timeout, f"a change of {member}")[member]

    def wait_state(self, member, match, timeout=10):
        """The member as soon as it matches, asked for again and again."""
        def look():
            value = self.call("state.get")[member]
            return value if match(value) else None
        return wait_until(look, timeout, f"{member} as wanted")

    def subscribe(self, stream, rate=60):
        reply = self.call("stream.subscribe", stream=stream, rateHz=rate)
        return reply["sub"]

    def frame(self, sub, timeout=10):
        """The next frame of a subscription, acknowledged."""
        end = time.monotonic() + timeout
        while True:
            for index, frame in enumerate(self.frames):
                if frame.sub == sub:
                    del self.frames[:index + 1]
                    self.tell("stream.ack", acks=[[sub, frame.seq]])
                    return frame
            if not self.pump(end - time.monotonic()):
                raise AssertionError(f"no frame of subscription {sub} within {timeout} s")

    def hear(self, match, timeout=10, what="the level"):
        """Waits for meters that match: called with the outputs' readings."""
        sub = self.subscribe("meters")
        end = time.monotonic() + timeout
        heard = []
        while time.monotonic() < end:
            frame = self.frame(sub)
            outputs = frame.meters()[self._inputs():]
            if outputs and match(outputs):
                self.call("stream.unsubscribe", sub=sub)
                return outputs
            heard.append([round(o["dc"], 4) for o in outputs])
        raise AssertionError(f"{what} was not heard within {timeout} s; dc was {heard[-5:]}")

    def _inputs(self):
        buses = self.call("plugin.info")["buses"]
        return sum(bus["channels"] for bus in buses if bus["direction"] == "in")

    def hear_level(self, value, timeout=10):
        """Waits until the outputs hold a constant value."""
        return self.hear(lambda outputs: all(
            abs(o["peak"] - value) < 1e-6 and abs(o["dc"] - value) < 2e-3 * max(value, 0.1)
            for o in outputs), timeout, f"level {value}")


def _whole(text):
    value = int(text)
    assert abs(value) <= 1 << 53, f"the number {text} exceeds 2^53"
    return value


class RpcError(Exception):
    def __init__(self, error):
        super().__init__(f"{error['code']}: {error['message']}")
        self.code = error["code"]
        self.message = error["message"]
        self.data = error.get("data")


class Frame:
    """A binary frame, as PROTOCOL.md describes it."""

    def __init__(self, message):
        (self.version, self.kind, self.sub, self.seq, self.frame, self.generation, self.skipped,
         self.channels, self.format, count) = struct.unpack_from("<BBHIQIIHHI", message)
        assert len(message) == 32 + 4 * count, "a frame is 32 bytes and its floats"
        self.values = struct.unpack_from(f"<{count}f", message, 32)

    def meters(self):
        return [dict(zip(METERS, self.values[8 * c:8 * c + 8])) for c in range(self.channels)]

    def load(self):
        return dict(zip(LOAD, self.values))


class ServerProcess:
    """dev-server run, with everything private to it."""

    def __init__(self, home, library, *options, device="virtual", port=0, wrapper=()):
        self.home = home
        self.state_home = home / "state"
        environment = {**os.environ, "XDG_STATE_HOME": str(self.state_home), "TMPDIR": str(home / "tmp")}
        (home / "tmp").mkdir(exist_ok=True)
        self.process = subprocess.Popen(
            [*wrapper, SERVER, "run", str(library), "--device", device, "--port", str(port), *map(str, options)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=home, env=environment)
        os.set_blocking(self.process.stdout.fileno(), False)
        self.output = ""
        self.url = None
        self.clients = []

    def _printed(self):
        """What it has printed since the last look."""
        try:
            return os.read(self.process.stdout.fileno(), 1 << 16).decode()
        except BlockingIOError:
            return ""

    def wait_for_page(self, timeout=20):
        def page():
            self.output += self._printed()
            if self.process.poll() is not None and "Page" not in self.output:
                raise AssertionError(f"the server ended: {self.process.stderr.read()}")
            return re.search(r"^Page +(\S+)$", self.output, re.M)
        self.url = wait_until(page, timeout, "the line with the page's URL").group(1)
        self.port = int(re.search(r":(\d+)/", self.url).group(1))
        self.token = self.url.partition("#token=")[2]
        return self

    def wait_for_line(self, pattern, timeout=10):
        """Waits for a whole line in the terminal."""
        def line():
            self.output += self._printed()
            return re.search(f"^{pattern}$", self.output, re.M)
        return wait_until(line, timeout, f"a line {pattern}, in {self.output!r}")

    @property
    def pid(self):
        return self.process.pid

    def engine(self):
        """The engine's process id, as soon as there is one."""
        return wait_until(lambda: children(self.pid), 10, "an engine")[0]

    def client(self, **options):
        self.clients.append(Client(self, **options))
        return self.clients[-1]

    def end(self, signal_number=signal.SIGTERM, timeout=10):
        """Ends it; returns its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal_number)
        try:
            return self.process.wait(timeout)
        finally:
            if self.process.poll() is None:
                self.process.kill()
                self.process.wait()

    def close(self):
        for client in self.clients:
            client.close()
        self.end(signal.SIGKILL)
        self.process.stdout.close()
        self.process.stderr.close()


class JigTest(unittest.TestCase):
    """A folder of its own, and servers that end with the test."""

    def setUp(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="jig-test-"))
        self.addCleanup(shutil.rmtree, self.home, ignore_errors=True)
        self.live = self.home / "live"
        self.live.mkdir()

    def put(self, source, name="plugin.so"):
        """A library, moved into the live folder as a linker would."""
        made = self.live / f".{name}.tmp"
        shutil.copy(source, made)
        made.rename(self.live / name)
        return self.live / name

    def overwrite(self, source, name="plugin.so"):
        """A library, written over the one that is there, as cp does."""
        subprocess.run(["cp", str(source), str(self.live / name)], check=True)
        return self.live / name

    def launch(self, library, *options, **more):
        server = ServerProcess(self.home, library, *options, **more)
        self.addCleanup(server.close)
        return server

    def serve(self, library, *options, **more):
        return self.launch(library, *options, **more).wait_for_page()

    def run_to_end(self, *arguments, cwd=None, timeout=20):
        environment = {**os.environ, "XDG_STATE_HOME": str(self.home / "state")}
        return subprocess.run([SERVER, *map(str, arguments)], capture_output=True, text=True,
                              cwd=cwd or self.home, env=environment, timeout=timeout)

    def copies(self):
        """What a server has put beside the libraries."""
        return sorted(path.name for path in self.live.glob(".*.so"))


def db(value):
    return 20 * math.log10(max(value, 1e-12))


def float_wav(path):
    """Channels of a 32-bit float WAV."""
    data = path.read_bytes()
    at, channels, samples = 12, 0, b""
    while at + 8 <= len(data):
        name, size = data[at:at + 4], struct.unpack_from("<I", data, at + 4)[0]
        if name == b"fmt ":
            channels = struct.unpack_from("<H", data, at + 10)[0]
        if name == b"data":
            samples = data[at + 8:at + 8 + size]
        at += 8 + size + size % 2
    values = memoryview(samples[:len(samples) // 4 * 4]).cast("f")
    return [values[c::channels] for c in range(channels)]


def as_float(text):
    """The 32-bit float that the shortest text stands for."""
    return struct.unpack("f", struct.pack("f", float(text)))[0]


def journal(path):
    """The entries of a recording's journal: dicts, in order."""
    entries = []
    for line in path.read_text().splitlines():
        if line and not line.startswith(("#", "frame\t")):
            frame, kind, generation, slot, value, aux = line.split("\t")
            entries.append({"frame": int(frame), "kind": kind, "generation": int(generation),
                            "slot": int(slot), "value": as_float(value), "aux": int(aux)})
    return entries
