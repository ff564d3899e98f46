"""A headless PipeWire of one's own: private runtime folder, private bus, a dummy driver.

    with Pipewire() as server:
        subprocess.run([...], env=server.env)      # finds its socket
        subprocess.run([...], env=server.jack_env) # … and PipeWire's libjack
"""

import glob
import os
import shutil
import signal
import subprocess
import tempfile
import time

START_TIMEOUT_S = 8

# Ends both when its standard input ends, and waits for them, so that nobody is orphaned.
SCRIPT = """
pipewire & first=$!
echo $first >"$XDG_RUNTIME_DIR/pipewire.pid"
wireplumber & second=$!
read _
kill $second $first
wait
"""


def installed():
    programs = ("pipewire", "wireplumber", "dbus-run-session", "pw-cli")
    return all(shutil.which(program) for program in programs) and library() is not None


def library():
    """The folder of PipeWire's libjack."""
    found = glob.glob("/usr/lib*/pipewire-0.3/jack") + glob.glob("/usr/lib/*/pipewire-0.3/jack")
    return found[0] if found else None


class Pipewire:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="jig-pipewire-")
        self.log = tempfile.TemporaryFile(mode="w+")
        self.env = dict(os.environ, XDG_RUNTIME_DIR=self.folder, HOME=self.folder,
                        XDG_CONFIG_HOME=self.folder, XDG_STATE_HOME=self.folder,
                        JACK_DEFAULT_SERVER="jig-none", JACK_NO_START_SERVER="1")
        self.env.pop("PIPEWIRE_RUNTIME_DIR", None)
        self.env.pop("PIPEWIRE_REMOTE", None)
        # Under AddressSanitizer: what PipeWire's libjack keeps for ever is no leak of ours.
        self.jack_env = dict(self.env, LD_LIBRARY_PATH=library() or "", ASAN_OPTIONS="detect_leaks=0")
        self.process = None

    def start(self):
        """Returns when JACK clients can cycle."""
        self.process = subprocess.Popen(["dbus-run-session", "--", "sh", "-c", SCRIPT], env=self.env,
                                        stdin=subprocess.PIPE, stdout=self.log, stderr=self.log,
                                        start_new_session=True)
        deadline = time.monotonic() + START_TIMEOUT_S
        while not self._answers():
            if time.monotonic() > deadline:
                output = self.output()
                self.stop()
                raise RuntimeError(f"PipeWire did not start:\n{output}")
            time.sleep(0.05)
        return self

    def _answers(self):
        listing = subprocess.run(["pw-cli", "ls", "Node"], env=self.env, capture_output=True, text=True)
        return "Dummy-Driver" in listing.stdout

    def add_sound_card(self):
        """A sink whose ports JACK clients take for a card's."""
        subprocess.run(["pw-cli", "create-node", "adapter", "{ factory.name=support.null-audio-sink"
                        " node.name=card media.class=Audio/Sink object.linger=true"
                        " audio.position=[FL FR] port.physical=true port.terminal=true }"],
                       env=self.env, check=True, capture_output=True)

    def set(self, key, value):
        """One of its settings, as clock.force-quantum."""
        subprocess.run(["pw-metadata", "-n", "settings", "0", key, str(value)], env=self.env, check=True,
                       capture_output=True)

    def signal(self, number):
        """SIGSTOP, SIGCONT, ... to PipeWire itself."""
        with open(os.path.join(self.folder, "pipewire.pid")) as pid:
            os.kill(int(pid.read()), number)

    def terminate(self):
        self.end()

    def kill(self):
        """SIGKILL: it has no time to say goodbye."""
        self.signal(signal.SIGKILL)
        self.end()

    def end(self):
        """Ends it; start() brings it back in the same place."""
        if self.process is not None:
            self.process.stdin.close()
            try:
                self.process.wait(3)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        self.process = None

    def stop(self):
        """Ends it for good."""
        self.end()
        shutil.rmtree(self.folder, ignore_errors=True)

    def output(self):
        self.log.seek(0)
        return self.log.read()

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()
        self.log.close()
