"""How small and how quick dev-server is: start, idle, a client at 60 Hz, memory."""

import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import jackd
import peers

STARTS = 5
SECONDS = 10


def used_ns(pid):
    """Processor time of all threads of a process."""
    return sum(int(path.read_text().split()[0]) for path in pathlib.Path(f"/proc/{pid}/task").glob("*/schedstat"))


def wake_ups(pid):
    """How often its threads have waited and been woken."""
    return sum(int(re.search(r"^voluntary_ctxt_switches:\s+(\d+)", path.read_text(), re.M).group(1))
               for path in pathlib.Path(f"/proc/{pid}/task").glob("*/status"))


def over(pid, seconds, work=time.sleep):
    """Share of a core in percent, and wake-ups a second."""
    began, time_before, woken_before = time.monotonic(), used_ns(pid), wake_ups(pid)
    work(seconds)
    passed = time.monotonic() - began
    return (used_ns(pid) - time_before) / passed / 1e7, (wake_ups(pid) - woken_before) / passed


def resident_mib(pid):
    """Its own memory and its files' pages. What it shares with jackd and with the server is in neither."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return sum(int(re.search(rf"^{kind}:\s+(\d+)", status, re.M).group(1))
               for kind in ("RssAnon", "RssFile")) / 1024


def start_to_sound_ms(build):
    """From exec to the first sample that is not zero at a JACK port, the median of several starts."""
    taken = []
    jig = peers.Jig(build, "--input", "sine:997")
    with jackd.Jackd(period=128, playback=0) as server:
        for _ in range(STARTS):
            listener = subprocess.Popen([pathlib.Path(build) / "bench/compare/compare_listen"], env=server.env,
                                        stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True)
            assert listener.stdout.readline() == "ready\n", "the listener did not start"
            jig.settle()
            began = time.monotonic_ns()
            jig.process = subprocess.Popen(jig.command("jig", 128), env={**server.env, **jig.environment()},
                                           stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
            taken.append((int(listener.stdout.readline()) - began) / 1e6)
            jig.stop()
            listener.communicate()
    return statistics.median(taken)


class Watched:
    """dev-server with a plugin on the virtual device, and a client like the page."""

    def __init__(self, build):
        self.home = tempfile.TemporaryDirectory()
        build = pathlib.Path(build)
        os.environ.update(JIG_SERVER=str(build / "server/cli/dev-server"), JIG_TEST_PLUGINS="", JIG_LEVELS="",
                          JIG_EXAMPLES=str(build / "examples"))
        sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "tests/server"))
        import jig_server  # it wants to know the programs when it is read
        self.jig = jig_server
        self.server = jig_server.ServerProcess(pathlib.Path(self.home.name), jig_server.example("gain"))
        self.server.wait_for_page()

    def watch(self, seconds):
        """Meters and load at 60 Hz, each frame acknowledged as the page does."""
        client = self.server.client()
        for stream in ("meters", "load"):
            client.subscribe(stream)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            client.pump(end - time.monotonic())
            for frame in client.frames:
                client.tell("stream.ack", acks=[[frame.sub, frame.seq]])
            client.frames.clear()
        client.close()

    def close(self):
        self.server.close()
        self.home.cleanup()


def measure(build):
    """(what, figure, aim) of each."""
    rows = [("start to the first sound at JACK, median of five", f"{start_to_sound_ms(build):.0f} ms", "500 ms")]
    watched = Watched(build)
    try:
        time.sleep(1)
        server, engine = watched.server.pid, watched.server.engine()
        share, woken = over(server, SECONDS)
        rows.append(("server, nobody watches", f"{share:.2f} % of a core, {woken:.0f} wake-ups/s", "2 %"))
        share, woken = over(server, SECONDS, watched.watch)
        rows.append(("server, a client with meters and load at 60 Hz",
                     f"{share:.2f} % of a core, {woken:.0f} wake-ups/s", "10 %"))
        rows.append(("engine's memory, RssAnon + RssFile", f"{resident_mib(engine):.1f} MiB", "40 MiB"))
    finally:
        watched.close()
    return rows
