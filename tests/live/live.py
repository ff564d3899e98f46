"""The whole server on a sound server of its own, with JACK clients that play into it and record it."""
import array
import bisect
import math
import os
import pathlib
import struct
import subprocess
import sys
import unittest
import unittest.mock

import jackd
from jig_server import JigTest, wait_until

# Two voices, English on the left and German on the right: 15 s, spoken by espeak-ng.
SPEECH = pathlib.Path(__file__).with_name("speech.ogg")
SKIPPED = 77


class Deck:
    """A JACK client of one's own: deck.cpp says what it can do."""

    def __init__(self, name, outs=0, ins=0, seconds=1, card=False, env=None):
        self.name = name
        self.ins = ins
        self.seconds = seconds
        self.process = subprocess.Popen(
            [os.environ["JIG_DECK"], name, str(outs), str(ins), str(seconds), *["card"] * card],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=env)
        assert self.process.stdout.readline() == "ready\n", f"the deck {name} did not start"

    def _command(self, *words):
        """The number in the answer."""
        print(*words, file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline().split()
        assert len(answer) == 2, f"the deck {self.name} cannot {' '.join(map(str, words))}"
        return int(answer[1])

    def play(self, path, loop=False):
        """JACK's frame time of the file's first sample."""
        return self._command("play", path, *["loop"] * loop)

    def note(self, status, key, velocity, offset):
        """JACK's frame time at which it was sent."""
        return self._command("note", status, key, velocity, offset)

    def record(self):
        return self._command("record")

    def freewheel(self, on):
        """Asks the server to run as fast as it can, or in time again."""
        self._command("freewheel", int(on))

    def take(self, folder, name="take"):
        """What was recorded since record()."""
        path = folder / f"{name}.f32"
        self._command("save", path)
        return Take(path, self.ins)

    def full(self, take, rate=48000):
        """There was no room for more."""
        return take.frames >= (self.seconds - 1) * rate

    def kill(self):
        self.process.kill()

    def close(self):
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass  # it is gone
        self.process.wait()
        self.process.stdout.close()


class Take:
    """A recording: channels of floats, and where each of JACK's cycles lies in them."""

    def __init__(self, path, channels):
        self.path = path
        samples = array.array("f", path.read_bytes())
        self.channels = [samples[c::channels] for c in range(channels)]
        self.frames = len(self.channels[0])
        self.cycles = [tuple(map(int, line.split()))
                       for line in pathlib.Path(f"{path}.cycles").read_text().splitlines()]

    def place(self, frame_time):
        """The frame of the recording that JACK heard at this frame time; it may lie before the first."""
        first_time, first = self.cycles[0]
        if frame_time < first_time:
            return first - (first_time - frame_time)
        time, place = self.cycles[bisect.bisect_right(self.cycles, (frame_time, 1 << 62)) - 1]
        return place + frame_time - time

    def jumps(self):
        """Cycles whose frame time does not follow on from the one before: frames that JACK lost."""
        return sum(b[0] - a[0] != b[1] - a[1] for a, b in zip(self.cycles, self.cycles[1:]))


def onset(samples, threshold=0.0):
    """The first frame that is louder than the threshold; None if there is none."""
    return next((i for i, x in enumerate(samples) if abs(x) > threshold), None)


def loudest_difference(a, b):
    return max((abs(x - y) for x, y in zip(a, b)), default=0.0)


def write_wav(path, channels, rate=48000):
    """A 32-bit float WAV."""
    count, frames = len(channels), len(channels[0])
    samples = array.array("f", bytes(4 * count * frames))
    for c, channel in enumerate(channels):
        samples[c::count] = array.array("f", channel)
    data = samples.tobytes()
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(data), b"WAVE", b"fmt ", 16, 3, count, rate,
                       4 * count * rate, 4 * count, 32, b"data", len(data))
    path.write_bytes(head + data)
    return path


def sine(path, channels=2):
    """A second of 480 Hz at half of full scale: it loops without a step, every 100 frames are alike."""
    period = [0.5 * math.sin(2 * math.pi * i / 100) for i in range(100)]
    return write_wav(path, [period * 480] * channels)


class JackTest(JigTest):
    """A private jackd, which everything that is started finds."""

    rate, period, capture, playback = 48000, 256, 2, 2

    def setUp(self):
        super().setUp()
        if not jackd.installed():
            self.skipTest("jackd is not installed")
        self.jack = self.start_jack(self.period)

    def start_jack(self, period):
        jack = jackd.Jackd(rate=self.rate, period=period, capture=self.capture, playback=self.playback)
        jack.start()
        self.addCleanup(jack.log.close)
        self.addCleanup(jack.stop)
        environment = unittest.mock.patch.dict(os.environ, {
            **{name: jack.env[name] for name in
               ("JACK_DEFAULT_SERVER", "JACK_NO_AUDIO_RESERVATION", "JACK_NO_START_SERVER")},
            "XDG_RUNTIME_DIR": "/nowhere"})  # no PipeWire of the machine's
        environment.start()
        self.addCleanup(environment.stop)
        return jack

    def serve(self, library, *options, **more):
        server = super().serve(library, *options, **{"device": "jack", **more})
        self.addCleanup(server.end)  # before its jackd
        return server

    def client(self, server):
        client = server.client()
        self.addCleanup(client.close)
        return client

    def deck(self, *arguments, **options):
        deck = Deck(*arguments, **options)
        self.addCleanup(deck.close)
        return deck

    def connect(self, *pairs):
        for source, sink in pairs:
            done = self.jack.run("jack_connect", source, sink)
            self.assertEqual(done.returncode, 0, f"{source} to {sink}: {done.stderr}")

    def disconnect(self, *pairs):
        for source, sink in pairs:
            self.jack.run("jack_disconnect", source, sink)

    def connections(self, port):
        """What a port is connected to."""
        lines = self.jack.run("jack_lsp", "-c", port).stdout.splitlines()
        return sorted(line.strip() for line in lines if line.startswith(" "))

    def ports(self):
        return [line for line in self.jack.run("jack_lsp").stdout.splitlines() if line.startswith("jig:")]

    def wait_for_connections(self, port, wanted, timeout=10):
        wait_until(lambda: self.connections(port) == sorted(wanted), timeout,
                   f"{port} connected to {wanted}, it is to {self.connections(port)}: that")


def main():
    program = unittest.main(module="__main__", verbosity=2, exit=False)
    if not program.result.wasSuccessful():
        sys.exit(1)
    sys.exit(SKIPPED if program.result.testsRun == len(program.result.skipped) else 0)
