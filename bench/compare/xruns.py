"""Xruns of all peers side by side on one jackd, while every other core is busy."""

import os
import re
import subprocess
import sys
import threading

import jackd
import peers

PERIOD = 128


def measure(clients, build, seconds):
    """Runs them at the same time; (label, xruns) of each, as jackd says whose they were. Jig runs twice: as it
    is, and with a reload a second."""
    reloaded = peers.Jig(build, "--input", "device")
    reloaded.label, reloaded.client = "Jig, a reload a second", "jig-01"
    everyone = [*clients, reloaded]
    load = [subprocess.Popen([sys.executable, "-c", "while True: pass"])
            for _ in range(max(1, (os.cpu_count() or 2) - 1))]
    started = []
    names = {}
    with jackd.Jackd(period=PERIOD, sync=False) as server:
        try:
            for number, peer in enumerate(everyone):
                names[peer] = getattr(peer, "client", f"peer{number}")
                peer.start(server, names[peer])
                started.append(peer)
            before = len(server.output())
            ended = threading.Event()
            reloads = 0
            for _ in range(seconds):
                reloaded.put()
                reloads += 1
                ended.wait(1)
            said = server.output()[before:]
        finally:
            for peer in started:
                peer.stop()
            for process in load:
                process.kill()
                process.wait()
    counts = {peer.label: len(re.findall(rf"XRun: client =? ?{re.escape(name)} ", said))
              for peer, name in names.items()}
    return counts, len(re.findall("XRun = ", said)), reloads
