"""Runs in a guest with an aloop cable: puts each peer on it, tells its round trip in frames, and what it does when
the cable is pulled. Prints a line of JSON for each; `cable` makes tables of them."""

import contextlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

import cable
import cards

PERIOD = 128
BUILD = pathlib.Path(os.environ["JIG_COMPARE_BUILD"])
CPU_WINDOW_S = 2


def through_jack(periods):
    """jackd on the cable and a client that copies: the whole of it is the peer."""
    jackd = ["jackd", "--port-max", "256", "-R", "-P70", "-S", "-d", "alsa", "-d", "hw:Loopback,0", "-r", "48000",
             "-p", str(PERIOD), "-n", str(periods), "-i", "2", "-o", "2"]
    server = subprocess.Popen(jackd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    subprocess.run(["jack_wait", "-w", "-t", "20"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    client = subprocess.Popen([BUILD / "bench/compare/compare_bare", "peer"], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    client.stdout.readline()
    for side in ("1", "2"):
        subprocess.run(["jack_connect", f"system:capture_{side}", f"peer:in_{side}"], check=True)
        subprocess.run(["jack_connect", f"peer:out_{side}", f"system:playback_{side}"], check=True)
    return [server, client]


def through_library(name, device, periods):
    peer = subprocess.Popen([BUILD / f"bench/compare/compare_{name}", device, "interleaved", str(PERIOD), str(periods)],
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    while peer.stdout.readline() not in (b"ready\n", b""):
        pass
    return [peer]


def through_jig(periods):
    server = subprocess.Popen(
        [BUILD / "bench/compare/compare_dev_server", "run", BUILD / "examples/gain/live/gain.so", "--no-token", "--port", "0",
         "--device", "alsa:hw:Loopback,0", "--period", str(PERIOD), "--periods", str(periods), "--input", "device"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    while not (said := server.stdout.readline()).startswith(b"Page") and said:
        pass
    cards.wait_for(lambda: "RUNNING" in pathlib.Path("/proc/asound/Loopback/pcm0p/sub0/status").read_text())
    time.sleep(1)  # it fades in
    return [server]


def card_number():
    return next(number for number, name in cards.names().items() if name == "Loopback")


PEERS = {
    "Jig": through_jig,
    "JACK2, synchronous": through_jack,
    "PortAudio": lambda periods: through_library("portaudio", f"hw:{card_number()},0", periods),
    "RtAudio": lambda periods: through_library("rtaudio", "hw:Loopback,0", periods),
}


def family(processes):
    """Those that still run, and their children."""
    known = {process.pid for process in processes}
    parents = {}
    for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = path.read_text().rsplit(")", 1)[1].split()
            if fields[0] != "Z":
                parents[int(path.parent.name)] = int(fields[1])
    return [pid for pid, parent in parents.items() if pid in known or parent in known]


def used(pids):
    return sum(cards.cpu_seconds(pid) for pid in pids)


@contextlib.contextmanager
def on_the_cable(start, periods):
    processes = start(periods)
    try:
        yield processes
    finally:
        for process in reversed(processes):
            process.send_signal(signal.SIGKILL)
            process.wait()
        for pid in family(processes):
            os.kill(pid, signal.SIGKILL)


def round_trip(start, periods):
    """Frames by round trip."""
    with on_the_cable(start, periods):
        return cable.far_side(PERIOD, 2)["round_trip_frames"]


def unplugged(start):
    """What becomes of it when the card goes, and when it is back."""
    loopback = cards.aloop()
    with on_the_cable(start, 2) as processes:
        loopback.unplug()
        time.sleep(1)
        left = family(processes)
        before = used(left)
        time.sleep(CPU_WINDOW_S)
        found = {"ended": not left, "closed": loopback.is_closed(),
                 "cpu_percent": round(100 * (used(left) - before) / CPU_WINDOW_S, 1)}
        if loopback.is_closed():
            loopback.plug()
            time.sleep(3)
            found["back"] = bool(cable.far_side(PERIOD, 1)["round_trip_frames"])
    if not loopback.is_there():
        loopback.plug()
    return found


def main(names):
    with cable.clock(PERIOD):
        for name in names:
            start = PEERS[name]
            print(json.dumps({"peer": name, "round_trip": {periods: round_trip(start, periods) for periods in (2, 4)},
                              "unplugged": unplugged(start)}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:] or PEERS)
