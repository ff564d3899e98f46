"""The clients that are compared: how each is started on a JACK server, and how it is called there."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import time

GAIN_URI = "urn:jig:compare:gain"


class Peer:
    """A client with a stereo input and output. `plugin` is the function that stands for the plugin in it."""

    label = ""
    plugin = "through_planar"
    inputs = ("in_1", "in_2")
    outputs = ("out_1", "out_2")
    ready = None  # what it says when it has started: RtAudio gives up when another connects its ports first

    def __init__(self, build):
        self.build = pathlib.Path(build)
        self.folder = self.build / "bench/compare"
        self.process = None

    def missing(self):
        """Why it cannot be run; None: it can."""
        return None if shutil.which(self.program()) else f"{pathlib.Path(self.program()).name} is not there"

    def program(self):
        raise NotImplementedError

    def command(self, name, period):
        """How it is run as the client `name` at that many frames a period."""
        return [self.program(), name]

    def environment(self):
        return {}

    def start(self, server, name, under=()):
        """Runs it as the client `name`, under a command such as valgrind; returns when its ports are there."""
        self.process = subprocess.Popen(
            [*under, *self.command(name, server.period)], env={**server.env, **self.environment()},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE if self.ready else subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        if self.ready:
            assert self.process.stdout.readline() == self.ready, f"{self.label} ended by itself"
        deadline = time.monotonic() + 60
        while f"{name}:{self.outputs[1]}" not in server.run("jack_lsp").stdout.splitlines():
            assert self.process.poll() is None, f"{self.label} ended by itself"
            assert time.monotonic() < deadline, f"{self.label} made no ports"
            time.sleep(0.05)
        # Most do that themselves. A port without a connection costs JACK a buffer of zeros each cycle.
        for side, (heard, played) in enumerate(zip(self.inputs, self.outputs), 1):
            server.run("jack_connect", f"system:capture_{side}", f"{name}:{heard}")
            server.run("jack_connect", f"{name}:{played}", f"system:playback_{side}")
        return self

    def pid(self):
        """Of the process that JACK calls."""
        return self.process.pid

    def stop(self):
        """Its input ends, then it is asked to; killed clients would hold JACK up."""
        if self.process.stdin:
            self.process.stdin.close()
        if self.process.stdout:
            self.process.stdout.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.terminate()
            self.process.wait(20)


class Bare(Peer):
    label = "bare libjack"
    ready = b"ready\n"

    def program(self):
        return self.folder / "compare_bare"


class Library(Peer):
    """PortAudio and RtAudio, in both of their layouts."""

    ready = b"ready\n"

    def __init__(self, build, layout):
        super().__init__(build)
        self.layout = layout
        self.label = f"{self.library}, {'non-interleaved' if layout == 'planar' else layout}"
        self.plugin = f"through_{layout}"

    def program(self):
        return self.folder / f"compare_{self.library.lower()}"

    def command(self, name, period):
        return [self.program(), name, self.layout, str(period)]


class PortAudio(Library):
    library = "PortAudio"
    inputs, outputs = ("in_0", "in_1"), ("out_0", "out_1")

    def __init__(self, build, layout, block="any"):
        super().__init__(build, layout)
        self.block = block
        if block != "any":
            self.label += f", {block} block"

    def command(self, name, period):
        return super().command(name, period if self.block == "fixed" else 0)


class RtAudio(Library):
    library = "RtAudio"
    inputs, outputs = ("inport 0", "inport 1"), ("outport 0", "outport 1")


class Lv2Host(Peer):
    plugin = "through_lv2"

    def missing(self):
        bundle = self.folder / "lv2/compare_gain.lv2/compare_gain.so"
        return super().missing() or (None if bundle.exists() else "its plugin was not built: lv2-dev")

    def environment(self):
        return {"LV2_PATH": str(self.folder / "lv2")}

    def stop(self):
        self.process.terminate()
        super().stop()


class Jalv(Lv2Host):
    label = "jalv"

    def program(self):
        return "jalv"

    def command(self, name, period):
        return [self.program(), "-x", "-n", name, GAIN_URI]


class Ecasound(Lv2Host):
    label = "ecasound"

    def program(self):
        return "ecasound"

    def command(self, name, period):
        return [self.program(), "-C", "-q", f"-b:{period}", "-z:nodb", "-f:f32_le,2,48000",
                f"-G:jack,{name},notransport", "-i", "jack", "-o", "jack", f"-elv2:{GAIN_URI},1.0"]


class Jig(Peer):
    """dev-server and its engine; what runs under another command is the engine alone."""

    label = "Jig"
    plugin = "process"
    client = "jig"  # its name at JACK is its own

    def __init__(self, build, *options):
        super().__init__(build)
        self.options = options
        self.home = None
        self.under = ()

    def program(self):
        return self.build / "server/cli/dev-server"

    def command(self, name, period):
        return [self.program(), "run", self.home / "gain.so", "--device", "jack", "--port", "0", "--no-token",
                *self.options]

    def settle(self):
        """A folder of its own, with the plugin in it."""
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="jig-compare-"))
        self.put()

    def put(self):
        """The plugin's library, built anew as far as anybody can see."""
        made = self.home / ".gain.so.new"
        shutil.copy(self.build / "examples/gain/live/gain.so", made)
        made.rename(self.home / "gain.so")

    def environment(self):
        made = {"XDG_STATE_HOME": str(self.home / "state"), "XDG_RUNTIME_DIR": "/nowhere"}
        if self.under:
            made["LD_PRELOAD"] = str(self.folder / "compare_under.so")
            made["JIG_ENGINE_UNDER"] = " ".join([shutil.which(self.under[0]), *self.under[1:]])
        return made

    def start(self, server, name=client, under=()):
        self.under = under
        self.settle()
        return super().start(server, self.client)

    def pid(self):
        listed = subprocess.run(["ps", "--ppid", str(self.process.pid), "-o", "pid=,args="],
                                capture_output=True, text=True, check=True).stdout.splitlines()
        return next(int(line.split()[0]) for line in listed if line.endswith(" engine"))

    def stop(self):
        self.process.terminate()
        super().stop()
        shutil.rmtree(self.home, ignore_errors=True)


def everyone(build):
    return [Bare(build), Jig(build, "--input", "device"), Jalv(build),
            RtAudio(build, "planar"), RtAudio(build, "interleaved"),
            PortAudio(build, "planar"), PortAudio(build, "interleaved"),
            PortAudio(build, "planar", "fixed"), Ecasound(build)]
