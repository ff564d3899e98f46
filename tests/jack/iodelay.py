"""Measures with jack_iodelay on a private jackd: our pass-through must cost what a bare one costs.

    iodelay.py PASSTHROUGH PERIOD

PASSTHROUGH is jack_passthrough: `device` and `bare` run the same copy as a device and as plain libjack.
"""

import re
import shutil
import subprocess
import sys
import time

import jackd

SKIP = 77
READINGS = 3
TIMEOUT_S = 8


def reading(server, passthrough, kind):
    """The round trip through the pass-through."""
    echo = subprocess.Popen([passthrough, kind], env=server.env, stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, text=True)
    try:
        assert echo.stdout.readline() == "ready\n", "the pass-through did not start"
        return reading_between(server, "echo:in_1", "echo:out_1")
    finally:
        # Clients that are killed hold the server up; they leave before it does.
        echo.stdin.close()
        echo.wait()
        echo.stdout.close()


def reading_between(server, sink, source):
    """The round trip in frames, from a client's input to its output, that jack_iodelay agrees on
    several times running."""
    # The meter prints to a pipe in blocks unless told otherwise.
    meter = subprocess.Popen(["stdbuf", "-oL", "jack_iodelay"], env=server.env,
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        deadline = time.monotonic() + TIMEOUT_S
        while "jack_delay:out" not in server.run("jack_lsp").stdout:
            assert time.monotonic() < deadline, "jack_iodelay did not start"
            time.sleep(0.02)
        for pair in [("jack_delay:out", sink), (source, "jack_delay:in")]:
            connected = server.run("jack_connect", *pair)
            assert connected.returncode == 0, connected.stderr
        seen = []
        for line in meter.stdout:
            assert time.monotonic() < deadline, f"jack_iodelay found no stable figure: {seen}"
            found = re.search(r"([\d.]+) frames .*total roundtrip latency", line)
            if found and "?" not in line and "Inv" not in line:
                seen.append(float(found.group(1)))
            if len(seen) >= READINGS and len(set(seen[-READINGS:])) == 1:
                return seen[-1]
        raise AssertionError(f"jack_iodelay ended early: {seen}")
    finally:
        server.run("jack_disconnect", source, "jack_delay:in")
        meter.kill()
        meter.wait()
        meter.stdout.close()


def main():
    passthrough, period = sys.argv[1], int(sys.argv[2])
    if not jackd.installed() or shutil.which("jack_iodelay") is None:
        print("skipped: jackd or jack_iodelay is not installed")
        return SKIP
    figures = {}
    for kind in ("bare", "device"):
        with jackd.Jackd(period=period) as server:
            figures[kind] = reading(server, passthrough, kind)
            print(f"period {period}, {kind}: {figures[kind]:.3f} frames", flush=True)
    return 0 if figures["bare"] == figures["device"] else 1


if __name__ == "__main__":
    sys.exit(main())
