"""A knob dragged on the real page, and the level that comes of it at JACK's output."""
import json
import os
import pathlib
import shutil
import subprocess
import time

import live
from jig_server import db
from live import JackTest

PAGE = pathlib.Path(__file__).with_name("page.mjs")


class Page:
    """Chromium on the server's page: page.mjs says what it can do."""

    def __init__(self, url, parameter):
        self.process = subprocess.Popen([os.environ["JIG_NODE"], PAGE, url, parameter], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline() == "open\n", "the page did not open"

    def drag(self, pixels):
        print("drag", pixels, file=self.process.stdin, flush=True)
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


class Knob(JackTest):
    def test_a_knob_on_the_page_changes_the_level_at_the_output_and_its_meter_agrees(self):
        if not all(shutil.which(os.environ[name]) for name in ("JIG_NODE", "JIG_CHROMIUM")):
            self.skipTest("node or chromium is not installed")
        server = self.serve(self.put(os.environ["JIG_GAIN"]), "--input", "device", "--connect", "none")
        player = self.deck("player", outs=2)
        taker = self.deck("taker", ins=2, seconds=10)
        self.connect(*[(f"player:out_{c}", f"jig:in_{c}") for c in (1, 2)],
                     *[(f"jig:out_{c}", f"taker:in_{c}") for c in (1, 2)])
        client = self.client(server)
        player.play(live.sine(self.home / "sine.wav"), loop=True)
        page = Page(server.url, "gain")
        self.addCleanup(page.close)
        values = []
        for pixels in (30, -40):
            shown = page.drag(pixels)
            values.append(shown["value"])
            self.assertEqual(shown["faults"], [])
            self.assertAlmostEqual(client.call("param.get", id="gain")["value"], shown["value"], places=4)
            taker.record()
            peaks = self.peaks(taker)
            print(f"dragged by {pixels} px: {shown['value']:.2f} dB; {[round(p, 2) for p in peaks]} dBFS at "
                  f"the output, {shown['outputs']} on the page's meters", flush=True)
            self.assertEqual(len(shown["outputs"]), 2)
            for peak, meter in zip(peaks, shown["outputs"]):
                self.assertAlmostEqual(peak, db(0.5) + shown["value"], delta=0.02)
                self.assertAlmostEqual(meter, peak, delta=0.1)
        self.assertLess(values[0], -1)
        self.assertGreater(values[1], values[0] + 1)

    def peaks(self, taker):
        """The level at the output, by channel, over a fifth of a second."""
        time.sleep(0.2)
        return [db(max(map(abs, channel))) for channel in taker.take(self.home).channels]


if __name__ == "__main__":
    live.main()
