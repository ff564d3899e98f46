"""A jackd of one's own on the dummy driver, for tests: its name, its pid, its end.

    with Jackd(period=256) as server:
        subprocess.run([...], env=server.env)

jackd leaves its launcher's process group, so only its own pid ends it; a second one under the same name
would silently reuse the first, so every server gets a name of its own.
"""

import glob
import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time

START_TIMEOUT_S = 10
END_TIMEOUT_S = 5
_numbers = itertools.count()


def installed():
    return shutil.which("jackd") is not None and shutil.which("jack_lsp") is not None


def is_jackd1():
    """with_jackd1.py says so; jackd1 is always synchronous."""
    return "JIG_JACKD1" in os.environ


class Jackd:
    def __init__(self, rate=48000, period=256, capture=2, playback=2, sync=True, realtime=True, name=None):
        self.name = name or f"jigtest{os.getpid()}n{next(_numbers)}"
        self.rate = rate
        self.period = period
        self.capture = capture
        self.playback = playback
        self.sync = sync
        self.realtime = realtime
        self.process = None
        self.log = tempfile.TemporaryFile(mode="w+")
        self.env = dict(os.environ, JACK_DEFAULT_SERVER=self.name, JACK_NO_AUDIO_RESERVATION="1",
                        JACK_NO_START_SERVER="1")

    def start(self):
        """Starts it, also after kill(); returns when clients can connect."""
        assert self.process is None, "it runs already"
        command = ["jackd", "-n", self.name, "--port-max", "256"]
        command += ["-R"] if self.realtime else ["-r"]
        command += ["-S"] if self.sync and not is_jackd1() else []
        command += ["-d", "dummy", "-r", str(self.rate), "-p", str(self.period),
                    "-C", str(self.capture), "-P", str(self.playback)]
        self.process = subprocess.Popen(command, env=self.env, stdin=subprocess.DEVNULL,
                                        stdout=self.log, stderr=self.log)
        deadline = time.monotonic() + START_TIMEOUT_S
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"jackd did not start:\n{self.output()}")
            time.sleep(0.05)
        return self

    def _answers(self):
        if self.process.poll() is not None:
            return False
        try:
            listing = self.run("jack_lsp", timeout=2)
            # jackd1 lets clients in before its driver is there, and then has no buffers for their ports.
            return listing.returncode == 0 and (self.capture + self.playback == 0 or "system:" in listing.stdout)
        except subprocess.TimeoutExpired:
            return False

    def run(self, *command, timeout=10):
        """A command of the server's clients, e.g. run("jack_connect", "a:out", "b:in")."""
        return subprocess.run(command, env=self.env, capture_output=True, text=True, timeout=timeout)

    def signal(self, number):
        """SIGSTOP, SIGCONT, ...; not to end it."""
        self.process.send_signal(number)

    def kill(self):
        """SIGKILL: the server has no time to say goodbye. What it left in shared memory stays."""
        self._end(signal.SIGKILL)

    def terminate(self):
        """SIGTERM: it says goodbye to its clients."""
        self._end(signal.SIGTERM)

    def stop(self):
        """Ends it in good order, by force if it takes too long, and removes what it left."""
        self._end(signal.SIGTERM)
        self._clean()

    def _end(self, number):
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(number)
            try:
                self.process.wait(END_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None

    def _clean(self):
        # Only what carries this server's name: others may run.
        for path in glob.glob(f"/dev/shm/*{glob.escape(self.name)}*"):
            if os.path.isdir(path):
                shutil.rmtree(path, ignore_errors=True)
            else:
                os.unlink(path)

    def output(self):
        """All that it printed."""
        self.log.seek(0)
        return self.log.read()

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()
        self.log.close()
