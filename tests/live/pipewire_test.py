"""The whole server under a PipeWire of its own, found without being told of it."""
import os
import re
import subprocess
import time
import unittest.mock

import live
import pipewire
from jig_server import JigTest


class OnPipewire(JigTest):
    def setUp(self):
        super().setUp()
        if not pipewire.installed():
            self.skipTest("pipewire, wireplumber, dbus or pipewire-jack is not installed")
        self.server = pipewire.Pipewire().start()
        self.addCleanup(self.server.log.close)
        self.addCleanup(self.server.stop)
        environment = unittest.mock.patch.dict(os.environ, self.server.env)
        environment.start()
        self.addCleanup(environment.stop)

    def run_tool(self, *command):
        return subprocess.run(command, env=self.server.env, capture_output=True, text=True, timeout=10).stdout

    def test_it_is_taken_by_itself_and_the_plugin_plays_on_it(self):
        self.server.add_sound_card()
        server = self.serve(self.put(os.environ["JIG_GAIN"]), "--input", "sine:480,-6.0206", device="auto")
        self.addCleanup(server.end)
        said = re.search(r"(?m)^Device +PipeWire [\d.]+ \(JACK\), \d+ Hz, \d+ frames a period.*running.*$",
                         server.output)
        self.assertTrue(said, server.output)
        print(said.group(0))
        client = server.client()
        self.addCleanup(client.close)
        audio = client.call("state.get")["audio"]
        self.assertEqual((audio["device"], audio["state"]), ("jack", "running"))
        self.assertIn("running", audio["why"])
        sub = client.subscribe("load")
        first, last = client.frame(sub).load(), None
        time.sleep(0.3)
        for _ in range(20):
            last = client.frame(sub).load()
        self.assertGreater(last["cycles"], first["cycles"])
        client.call("param.set", id="gain", value=-6)
        client.hear(lambda outputs: all(abs(o["peak"] - 0.25) < 1e-3 for o in outputs), what="-12 dBFS")

        links = self.run_tool("pw-link", "-l")
        ports = self.run_tool("pw-link", "-io")
        for port in ("jig:in_1", "jig:in_2", "jig:out_1", "jig:out_2"):
            self.assertRegex(ports, rf"(?m)^{port}$")
        self.assertRegex(links, r"jig:out_1\n +\|-> card:playback_FL")
        self.assertRegex(links, r"jig:out_2\n +\|-> card:playback_FR")
        self.assertNotRegex(links, r"jig:in_\d\n")

    def test_an_engine_that_died_is_back_on_it(self):
        server = self.serve(self.put(os.environ["JIG_GAIN"]), device="auto")
        self.addCleanup(server.end)
        client = server.client()
        self.addCleanup(client.close)
        os.kill(server.engine(), 9)
        client.event("engine.restarted")
        audio = client.wait_state("audio", lambda a: a["state"] == "running")
        self.assertRegex(audio["name"], "PipeWire")


if __name__ == "__main__":
    live.main()
