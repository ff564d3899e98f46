"""The aloop cable in the guest, and the tools on it. A program under test runs on NEAR, the far side on FAR."""

import contextlib
import json
import os
import pathlib
import signal
import subprocess

TOOLS = pathlib.Path(os.environ["JIG_VM_TOOLS"])
NEAR, FAR = "hw:Loopback,0,0", "hw:Loopback,1,0"


@contextlib.contextmanager
def running(*words, ready=b"ready\n", end=signal.SIGKILL):
    """A program that runs until the block ends, once it has said that it does."""
    process = subprocess.Popen([str(word) for word in words], stdout=subprocess.PIPE)
    try:
        said = process.stdout.readline() if ready else ready
        if said != ready:
            raise AssertionError(f"{words[0]} said {said!r} and ended with {process.wait(10)}")
        yield process
    finally:
        process.send_signal(end)
        process.wait()
        process.stdout.close()


def clock(period):
    """What moves the cable, a period a tick: all that runs on it must have this period."""
    return running(TOOLS / "clock", "hw:Dummy", period)


def copying(device, period, periods=2):
    """A program of which the round trip is known: 2 periods."""
    return running(TOOLS / "copy", device, period, periods)


class Through:
    """Jig's own ALSA device around a copy; finish() tells what it saw. A context."""

    def __init__(self, period, periods=2, prefill=2, address=NEAR, resample=False):
        self.address = address
        self.words = [os.environ["JIG_VM_THROUGH"], address, *map(str, (period, periods, prefill)),
                      *(["resample"] if resample else [])]

    def __enter__(self):
        self.process = subprocess.Popen(self.words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        said = self.process.stdout.readline()
        if said != "ready\n":
            raise AssertionError(f"{self.words} ended with {self.process.wait()}")
        return self

    def report(self):
        """What it saw; it ends afterwards."""
        self.process.stdin.close()
        return json.loads(self.process.stdout.readline())

    def finish(self):
        seen = self.report()
        self.process.wait()
        return seen

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()


class FarSide:
    """Plays into the program under test; finish() tells what came back."""

    def __init__(self, period, seconds, programme="code", recording=None, device=FAR):
        words = [TOOLS / "far_side", device, period, seconds, programme]
        self.process = subprocess.Popen([*map(str, words), *([str(recording)] if recording else [])],
                                        stdout=subprocess.PIPE, text=True)

    def finish(self):
        said, _ = self.process.communicate()
        if self.process.returncode != 0:
            raise AssertionError(f"far_side ended with {self.process.returncode}")
        return json.loads(said, object_pairs_hook=_with_whole_keys)


def far_side(period, seconds, **options):
    return FarSide(period, seconds, **options).finish()


def _with_whole_keys(pairs):
    return {int(key) if key.isdigit() else key: value for key, value in pairs}


def probe(period, seconds, stream="pcm0p", card="Loopback"):
    """How far the application is ahead of the hardware over that time (the other way round for capture)."""
    said = subprocess.run([str(TOOLS / "pointer_probe"), f"/proc/asound/{card}/{stream}/sub0/status", str(period),
                           str(seconds)], stdout=subprocess.PIPE, text=True, check=True).stdout
    return json.loads(said)
