"""What happens to JACK while the server runs on it, and what it tells the server."""
import os
import subprocess
import time

import live
from jig_server import db, wait_until
from live import JackTest, onset


class Periods(JackTest):
    period = 512

    def test_a_change_of_the_buffer_size_goes_through_without_a_break(self):
        sine = live.sine(self.home / "sine.wav")
        server = self.serve(self.put(os.environ["JIG_GAIN"]), "--input", "device", "--connect", "none")
        player = self.deck("player", outs=2)
        taker = self.deck("taker", ins=2, seconds=20)
        self.connect(("player:out_1", "jig:in_1"), ("player:out_2", "jig:in_2"),
                     ("jig:out_1", "taker:in_1"), ("jig:out_2", "taker:in_2"))
        client = self.client(server)
        engine = server.engine()
        player.play(sine, loop=True)
        time.sleep(0.3)
        for period in (256, 1024):
            self.assertEqual(self.jack.run("jack_bufsize", str(period)).returncode, 0)
            audio = client.state("audio", lambda audio: audio["periodFrames"] == period)
            self.assertEqual(audio["state"], "running")
            taker.record()
            time.sleep(0.5)
            take = taker.take(self.home)
            self.assertEqual({b[1] - a[1] for a, b in zip(take.cycles, take.cycles[1:])}, {period})
            # A sine of 480 Hz repeats every 100 frames: any frame lost or doubled would show.
            for channel in take.channels:
                self.assertAlmostEqual(max(channel), 0.5, places=4)
                self.assertLess(live.loudest_difference(channel, channel[100:]), 1e-6, f"period {period}")
        self.assertEqual(server.engine(), engine)
        self.assertEqual(client.call("state.get")["engine"]["restarts"], 0)


class Loss(JackTest):
    def test_a_killed_jackd_costs_sound_only_until_it_is_back(self):
        sine = live.sine(self.home / "sine.wav")
        server = self.serve(self.put(os.environ["JIG_GAIN"]), "--input", "device")
        deck = self.deck("deck", outs=1, ins=1)
        self.connect(("deck:out_1", "jig:in_1"), ("jig:out_1", "deck:in_1"))
        self.disconnect(("jig:out_2", "system:playback_2"))
        client = self.client(server)
        client.call("param.set", id="gain", value=-6)
        engine = server.engine()
        time.sleep(0.5)  # what changed is on its way to the server

        self.jack.kill()
        self.assertEqual(client.event("audio.status", state="lost")["level"], "error")
        lost = client.state("audio", lambda audio: audio["state"] == "lost")
        deck.kill()
        first = client.call("ping")["frame"]
        wait_until(lambda: client.call("ping")["frame"] > first + self.rate // 2, 10,
                   "half a second of frames without JACK")
        self.assertEqual(client.call("param.get", id="gain")["value"], -6)
        self.assertEqual(client.call("state.get")["audio"]["state"], "lost")
        self.assertEqual((lost["rateHz"], server.engine()), (self.rate, engine))

        began = time.monotonic()
        self.jack.start()
        back = client.state("audio", lambda audio: audio["state"] == "running")
        print(f"back {1000 * (time.monotonic() - began):.0f} ms after jackd was started again")
        self.assertEqual((back["device"], back["periodFrames"]), ("jack", self.period))
        self.wait_for_connections("jig:out_1", ["system:playback_1"])
        self.assertEqual(self.connections("jig:out_2"), [])
        # The deck comes back later than the server, and is patched as it was.
        deck = self.deck("deck", outs=1, ins=1, seconds=5)
        self.wait_for_connections("jig:in_1", ["deck:out_1", "system:capture_1"])
        self.wait_for_connections("jig:out_1", ["deck:in_1", "system:playback_1"])
        self.assertEqual((server.engine(), client.call("param.get", id="gain")["value"]), (engine, -6))
        deck.play(sine, loop=True)
        time.sleep(0.2)
        deck.record()
        time.sleep(0.3)
        heard = max(deck.take(self.home).channels[0])
        self.assertAlmostEqual(db(heard), db(0.5) - 6, delta=0.05)
        self.assertGreater(client.call("ping")["frame"], first)


class Notes(JackTest):
    def test_a_note_of_a_jack_client_begins_on_its_frame(self):
        server = self.serve(self.put(os.environ["JIG_SYNTH"]), "--connect", "none")
        sender = self.deck("sender")
        taker = self.deck("taker", ins=1, seconds=3)
        self.connect(("sender:midi_out", "jig:midi_in"), ("jig:out_1", "taker:in_1"))
        client = self.client(server)
        client.call("param.set", id="release", value=1)
        client.call("param.set", id="wave", value=1)
        time.sleep(0.2)
        for offset in (0, 1, 100, 255):
            taker.record()
            sent = sender.note(0x90, 60, 100, offset)
            time.sleep(0.1)
            sender.note(0x80, 60, 0, 0)
            time.sleep(0.1)
            take = taker.take(self.home)
            # An attack starts from a level of 0, so that the first sample to be heard is the next.
            self.assertEqual(onset(take.channels[0]), take.place(sent) + 1, f"offset {offset}")
            self.assertEqual(take.jumps(), 0)


class Transport(JackTest):
    def test_the_transport_of_jack_is_followed(self):
        server = self.serve(self.put(os.environ["JIG_GAIN"]), "--bpm", "90")
        client = self.client(server)
        self.transport("stop", "locate 0")
        self.transport("play")
        moved = client.state("transport", lambda t: t["playing"] and t["source"] == "jack")
        self.assertEqual(moved["source"], "jack")
        wait_until(lambda: client.call("state.get")["transport"]["beat"] > 0.1, 5, "a beat that moves")
        self.transport("stop")
        client.state("transport", lambda t: not t["playing"])
        # No client is the timebase: seconds are JACK's, beats are ours at --bpm.
        self.transport(f"locate {10 * self.rate}")
        client.wait_state("transport", lambda t: abs(t["beat"] - 15) < 0.01 and t["bpm"] == 90)
        self.transport("locate 0")
        client.wait_state("transport", lambda t: t["beat"] == 0)

    def transport(self, *commands):
        subprocess.run(["jack_transport"], input="".join(c + "\n" for c in (*commands, "quit")),
                       text=True, check=True, capture_output=True, timeout=10)


if __name__ == "__main__":
    live.main()
