"""Which server is there: asked of a real jackd and a real PipeWire, and clients that run on the latter.

    servers_test.py TOOL [unittest's arguments]     TOOL is jack_probe_tool
"""

import os
import signal
import subprocess
import sys
import unittest

import jackd
import pipewire

TOOL = ""


def tool(env, *words):
    return subprocess.run([TOOL, *words], env=env, capture_output=True, text=True, timeout=20)


def found(env):
    """The lines of `devices` by their first field."""
    lines = tool(env, "devices").stdout.splitlines()
    return {line.split("|")[0]: line.split("|")[1:] for line in lines}


def without_pipewire():
    env = dict(os.environ, XDG_RUNTIME_DIR="/nowhere")
    env.pop("PIPEWIRE_RUNTIME_DIR", None)
    return env


class NoServer(unittest.TestCase):
    def test_falls_back_to_the_virtual_device(self):
        devices = found(dict(without_pipewire(), JACK_DEFAULT_SERVER="jig-none"))
        self.assertEqual(devices["jack"][2], "0")
        self.assertIn('No JACK server is running (server "jig-none")', devices["jack"][3])
        self.assertEqual(devices["pipewire"][2], "0")
        self.assertEqual(devices["chosen"][0], "virtual")


@unittest.skipUnless(jackd.installed(), "jackd is not installed")
class OnJackd(unittest.TestCase):
    def test_a_running_jackd_is_found_and_taken(self):
        with jackd.Jackd(rate=44100, period=128) as server:
            devices = found(dict(server.env, XDG_RUNTIME_DIR="/nowhere"))
            name, description, available, _, library = devices["jack"]
            self.assertRegex(name, rf"^JACK [\d.]+ \(server {server.name}\)$")
            self.assertEqual((description, available, library), ("44100 Hz, 128 frames", "1", ""))
            self.assertEqual(devices["chosen"][0], "jack")

    def test_a_stopped_jackd_does_not_hold_the_probe(self):
        with jackd.Jackd() as server:
            server.signal(signal.SIGSTOP)
            devices = found(dict(server.env, XDG_RUNTIME_DIR="/nowhere"))
            server.signal(signal.SIGCONT)
            self.assertEqual(devices["jack"][2], "0")
            self.assertIn("gave no answer", devices["jack"][3])
            self.assertEqual(devices["chosen"][0], "virtual")

    def test_no_server_is_ever_started(self):
        env = dict(without_pipewire(), JACK_DEFAULT_SERVER=f"jigtest{os.getpid()}none")
        env.pop("JACK_NO_START_SERVER", None)
        self.assertEqual(found(env)["jack"][2], "0")
        running = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True).stdout
        self.assertNotIn(env["JACK_DEFAULT_SERVER"], running)


@unittest.skipUnless(pipewire.installed(), "pipewire, wireplumber, dbus or pipewire-jack is not installed")
class OnPipewire(unittest.TestCase):
    def setUp(self):
        self.server = pipewire.Pipewire().start()

    def tearDown(self):
        self.server.stop()
        self.server.log.close()

    def test_it_is_found_through_its_own_library(self):
        devices = found(self.server.env)
        name, description, available, _, library = devices["pipewire"]
        self.assertRegex(name, r"^PipeWire [\d.]+ \(JACK\)$")
        self.assertRegex(description, r"^\d+ Hz, \d+ frames$")
        self.assertEqual(available, "1")
        self.assertTrue(os.path.samefile(library, pipewire.library()))
        self.assertEqual(devices["jack"][2], "0")
        self.assertEqual(devices["chosen"][:2], ["jack", library])

    def test_it_needs_no_library_path_where_its_library_is_the_default(self):
        devices = found(self.server.jack_env)
        self.assertEqual(devices["chosen"][:2], ["jack", ""])

    def test_the_jack_device_cycles_and_connects_to_its_card(self):
        self.server.add_sound_card()
        result = tool(self.server.jack_env, "cycle", "10")
        self.assertEqual(result.returncode, 0, result.stdout)
        first, *connections = result.stdout.splitlines()
        self.assertRegex(first, r"^PipeWire [\d.]+ \(JACK\)\|\d+\|(\d+)\|\1$")
        self.assertEqual(connections, ["out_1|card:playback_FL", "out_2|card:playback_FR"])

    def test_the_jack_device_outlives_it_and_comes_back(self):
        client = subprocess.Popen([TOOL, "follow"], env=self.server.jack_env,
                                  stdout=subprocess.PIPE, text=True)
        self.assertEqual(client.stdout.readline(), "running\n")
        self.server.end()
        self.assertEqual(client.stdout.readline(), "lost\n")
        self.server.start()
        rest, _ = client.communicate(timeout=10)
        self.assertEqual((client.returncode, rest.splitlines()[-1]), (0, "back"))


if __name__ == "__main__":
    TOOL = sys.argv.pop(1)
    program = unittest.main(verbosity=2, exit=False)
    result = program.result
    if not result.wasSuccessful():
        sys.exit(1)
    sys.exit(77 if result.testsRun == len(result.skipped) else 0)
