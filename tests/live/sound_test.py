"""What is heard at JACK's output: builds swapped under a sine, a knob turned, levels metered."""
import math
import os
import pathlib
import time

import live
from jig_server import db, resident_kib
from live import JackTest

LIMIT = 10 ** (-120 / 20)


def resources(pid):
    """What an engine must not collect; its heap is judged by its size, not by the parts it is locked in."""
    proc = pathlib.Path(f"/proc/{pid}")
    maps = [line.split(maxsplit=5) for line in (proc / "maps").read_text().splitlines()]
    return {"descriptors": len(list((proc / "fd").iterdir())),
            "threads": len(list((proc / "task").iterdir())),
            "mappings": sum(len(line) == 6 and line[5] != "[heap]" for line in maps)}


class Swaps(JackTest):
    """The same sine through one build, and through as many identical ones."""

    period = 256
    swaps = 100

    def setUp(self):
        super().setUp()
        self.sine = live.sine(self.home / "sine.wav")

    def begin(self, library, values, seconds):
        """A server that plays the sine, its client, and who records it."""
        server = self.serve(self.put(library), "--input", "device", "--connect", "none", "--fade", "20")
        player = self.deck("player", outs=2)
        taker = self.deck("taker", ins=2, seconds=seconds)
        self.connect(*[(f"player:out_{c}", f"jig:in_{c}") for c in (1, 2)],
                     *[(f"jig:out_{c}", f"taker:in_{c}") for c in (1, 2)])
        client = self.client(server)
        client.call("param.setMany", values=values)
        began = player.play(self.sine, loop=True)
        time.sleep(0.5)  # the start fade and the values' smoothing are over
        taker.record()
        return server, client, (player, taker), began

    def end(self, server, client, decks, began):
        player, taker = decks
        take = taker.take(self.home)
        for deck in decks:
            deck.close()
        client.close()
        self.assertEqual(server.end(), 0)
        self.assertFalse(taker.full(take), "the take is cut short")
        self.assertEqual(take.jumps(), 0, "JACK itself lost frames")
        return take, (take.place(began) % 100)

    def unswapped(self, library, values):
        """One of the sine's periods of a hundred frames, as it sounds in the end, by channel."""
        take, phase = self.end(*self.begin(library, values, 2))
        periods = [channel[phase:phase + 100].tolist() for channel in take.channels]
        for channel, period in zip(take.channels, periods):
            again = channel[phase:]
            self.assertEqual(again, type(again)("f", period * (len(again) // 100 + 1))[:len(again)])
            self.assertGreater(max(period), 0.05)
        return periods

    def swapped(self, name, library, values, count):
        wanted = self.unswapped(library, values)
        running = self.begin(library, values, 10 + count // 4)
        server, client = running[:2]
        engine = server.engine()
        first, first_memory = None, 0
        fades = 0
        for swap in range(1, count + 1):
            self.put(library)
            reloaded = client.event("plugin.reloaded", timeout=20)["data"]
            self.assertEqual((reloaded["generation"], reloaded["gapFrames"]), (swap + 1, 0))
            client.wait_state("reload", lambda r: r["residentBuilds"] == 1)
            fades += reloaded["fadeFrames"]
            if swap == 10:
                first, first_memory = resources(engine), resident_kib(engine)
        self.assertEqual(server.engine(), engine)
        self.assertEqual(resources(engine), first)
        grown = resident_kib(engine) - first_memory
        self.assertLess(grown, 256, "KiB more resident than after ten swaps")
        take, phase = self.end(*running)
        worst = 0.0
        for channel, period in zip(take.channels, wanted):
            again = channel[phase:]
            worst = max(worst, live.loudest_difference(again, period * (len(again) // 100 + 1)))
        print(f"{name}: {count} swaps, {fades} frames of crossfades in {take.frames}; off the unswapped run "
              f"by at most {db(worst) if worst else -math.inf:.0f} dBFS; {first}, {grown:+} KiB", flush=True)
        self.assertLess(worst, LIMIT)

    def test_identical_builds_of_gain_null_against_one_however_often_they_are_swapped(self):
        self.swapped("gain", os.environ["JIG_GAIN"], {"gain": -3.7}, self.swaps)

    def test_identical_builds_of_crush_null_against_one_however_often_they_are_swapped(self):
        self.swapped("crush", os.environ["JIG_CRUSH"], {"drive": 4.3, "bits": 5}, self.swaps)


class ManySwaps(Swaps):
    swaps = 1000


class Levels(JackTest):
    def test_a_knob_changes_the_level_at_the_output_and_the_meters_agree(self):
        server = self.serve(self.put(os.environ["JIG_GAIN"]), "--input", "device", "--connect", "none")
        player = self.deck("player", outs=2)
        taker = self.deck("taker", ins=2, seconds=10)
        self.connect(*[(f"player:out_{c}", f"jig:in_{c}") for c in (1, 2)],
                     *[(f"jig:out_{c}", f"taker:in_{c}") for c in (1, 2)])
        client = self.client(server)
        player.play(live.sine(self.home / "sine.wav"), loop=True)
        for gain in (0, -12, 5.5, -20):
            client.call("param.set", id="gain", value=gain)
            time.sleep(3)  # the meter's mean of 300 ms has settled, and its hold of 2 s is over
            taker.record()
            time.sleep(0.2)
            take = taker.take(self.home)
            meters = self.reading(client)
            self.assertEqual(len(meters), 4)
            for channel, meter in zip(take.channels, meters[2:]):
                peak = max(map(abs, channel))
                rms = math.sqrt(sum(x * x for x in channel) / len(channel))
                print(f"gain {gain:+} dB: peak {db(peak):.2f}, rms {db(rms):.2f} dBFS at the output; the "
                      f"meter reads {db(meter['peak']):.2f}, hold {db(meter['hold']):.2f}, "
                      f"rms {db(meter['rms']):.2f}", flush=True)
                self.assertAlmostEqual(db(peak), db(0.5) + gain, delta=0.01)
                for name in ("peak", "hold"):
                    self.assertAlmostEqual(db(meter[name]), db(peak), delta=0.1)
                self.assertAlmostEqual(db(meter["rms"]), db(rms), delta=0.1)

    def reading(self, client):
        sub = client.subscribe("meters")
        frame = [client.frame(sub) for _ in range(3)][-1]
        client.call("stream.unsubscribe", sub=sub)
        return frame.meters()


if __name__ == "__main__":
    live.main()
