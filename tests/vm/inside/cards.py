"""The guest's cards: unplugging them and plugging them in, and what the kernel says of them."""

import contextlib
import json
import os
import pathlib
import re
import signal
import subprocess
import threading
import time

HDA = "0000:00:10.0"
PCI = pathlib.Path("/sys/bus/pci")
PLATFORM = pathlib.Path("/sys/bus/platform/drivers")


def names():
    """The cards by their number: {0: "Dummy"}."""
    listed = pathlib.Path("/proc/asound/cards").read_text()
    return {int(number): name.strip() for number, name in re.findall(r"^ *(\d+) \[(.*?)\]", listed, re.M)}


def wait_for(condition, timeout=10, what="the condition"):
    """As soon as it is true, in the guest's time."""
    end = time.monotonic() + timeout
    while not (found := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not come true within {timeout} s")
        time.sleep(0.0005)
    return found


class Monitor:
    """QEMU's, from within: QMP over a virtio port."""

    def __init__(self):
        self.port = open("/dev/virtio-ports/monitor", "r+b", buffering=0)
        self.ask("qmp_capabilities")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.port.close()

    def ask(self, command, **arguments):
        self.port.write(json.dumps({"execute": command, "arguments": arguments}).encode() + b"\n")
        while True:
            answer = json.loads(self.port.readline())
            if "error" in answer:
                raise AssertionError(f"{command}: {answer['error']['desc']}")
            if "return" in answer:
                return answer["return"]


class Card:
    """One that can be pulled out. Pulling blocks until the last program has closed it, so it is done beside."""

    def __init__(self, name):
        self.name = name  # as /proc/asound knows it

    def is_there(self):
        return self.name in names().values() and pathlib.Path(f"/proc/asound/{self.name}/pcm0p").exists()

    def unplug(self):
        """Returns as soon as programs see that it is gone."""
        self.pulling = threading.Thread(target=self.pull, daemon=True)
        self.pulling.start()
        wait_for(lambda: not self.is_there(), what=f"the end of {self.name}")

    def is_closed(self):
        """Whether every program has let go of it since it was unplugged."""
        return not self.pulling.is_alive()

    def plug(self):
        wait_for(self.is_closed, what=f"the last close of {self.name}")
        self.push()
        wait_for(self.is_there, what=f"{self.name}'s return")


class Driven(Card):
    """aloop and dummy."""

    def __init__(self, name, driver):
        super().__init__(name)
        self.driver = driver

    def pull(self):
        (PLATFORM / self.driver / "unbind").write_text(f"{self.driver}.0")

    def push(self):
        (PLATFORM / self.driver / "bind").write_text(f"{self.driver}.0")


class Hda(Card):
    def pull(self):
        (PCI / "devices" / HDA / "remove").write_text("1")

    def push(self):
        (PCI / "rescan").write_text("1")


class Usb(Card):
    def __init__(self, name, monitor):
        super().__init__(name)
        self.monitor = monitor

    def pull(self):
        self.monitor.ask("device_del", id="usb0")

    def push(self):
        self.monitor.ask("device_add", driver="usb-audio", id="usb0", bus="xhci.0", audiodev="a0")


def aloop():
    return Driven("Loopback", "snd_aloop")


def dummy():
    return Driven("Dummy", "snd_dummy")


def cpu_seconds(pid):
    """That all threads of a process have used."""
    return sum(int(path.read_text().split()[0])
               for path in pathlib.Path(f"/proc/{pid}/task").glob("*/schedstat")) / 1e9


def holds_a_card(pid):
    """Whether the process has a PCM open."""
    for path in pathlib.Path(f"/proc/{pid}/fd").iterdir():
        try:
            if re.match(r"/dev/snd/pcm", str(path.readlink())):
                return True
        except FileNotFoundError:
            continue
    return False


@contextlib.contextmanager
def awake():
    """The clock of an idle guest jumps to the next alarm, so that a file of the host's takes "seconds" to come. Round
    what reads files and has a time limit: something that is always busy, and gives way to everything."""
    busy = subprocess.Popen(["chrt", "-i", "0", "/run/busybox", "sh", "-c", "echo ready; while :; do :; done"],
                            stdout=subprocess.PIPE)
    busy.stdout.readline()
    try:
        yield
    finally:
        busy.kill()
        busy.communicate()


def stall(pid, seconds):
    """Nothing of the process runs for a while."""
    os.kill(pid, signal.SIGSTOP)
    time.sleep(seconds)
    os.kill(pid, signal.SIGCONT)
