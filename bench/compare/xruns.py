"""Xruns of all peers side by side on one jackd, while every other core is busy."""

import os
import re
import subprocess
import sys
import time

import jackd
import peers

PERIOD = 128


def measure(clients, build, seconds):
    """Runs them at the same time: xruns by label, as jackd says whose they were, and how often jackd itself was
    late. Jig runs twice: as it is, and with a reload a second."""
    reloaded = peers.Jig(build, "--input", "device")
    reloaded.label, reloaded.client = "Jig, a reload a second", "jig-01"
    names = {peer: getattr(peer, "client", f"peer{number}") for number, peer in enumerate([*clients, reloaded])}
    load = [subprocess.Popen([sys.executable, "-c", "while True: pass"])
            for _ in range(max(1, (os.cpu_count() or 2) - 1))]
    started = []
    with jackd.Jackd(period=PERIOD, sync=False) as server:
        try:
            for peer, name in names.items():
                started.append(peer.start(server, name))
            before = len(server.output())
            for _ in range(seconds):
                reloaded.put()
                time.sleep(1)
            said = server.output()[before:]
        finally:
            for peer in started:
                peer.stop()
            for process in load:
                process.kill()
                process.wait()
    missed = {peer.label: len(re.findall(rf"XRun: client =? ?{re.escape(name)} ", said))
              for peer, name in names.items()}
    return missed, len(re.findall("XRun = ", said))
