"""The whole server on real cards: what reaches the output, and what becomes of it when the card goes."""

import time

import cable
import cards
from jig_server import JigTest, example

# far_side's sine: no louder than this, and no two frames further apart (a fade of 30 ms adds its own slope).
PEAK = 0.25
STEP = PEAK * 2 * 3.1416 * 100 / 48000 + PEAK / (0.03 * 48000)


class OnCard(JigTest):
    def on_card(self, address, *options, period=128):
        with cards.awake():
            return self.serve(self.put(example("gain")), "--period", period, *options, device=f"alsa:{address}")

    def on_cable(self):
        return self.on_card("hw:Loopback,0", "--input", "device")


class Sound(OnCard):
    def test_comes_back_after_exactly_two_periods(self):
        with cable.clock(128):
            self.on_cable()
            time.sleep(0.2)
            heard = cable.far_side(128, 2)
        self.assertEqual(heard["round_trip_frames"], {256: heard["captured"] - 256}, heard)

    def is_never_louder_than_meant(self, heard):
        self.assertGreater(heard["captured"] - heard["silent_at_end"], 48000, heard)
        self.assertLessEqual(heard["peak"], PEAK, heard)
        self.assertLessEqual(heard["largest_step"], STEP, heard)
        self.assertLessEqual(heard["largest_onset"], STEP, heard)
        self.assertEqual(heard["not_finite"], 0, heard)

    def test_fades_at_the_start_at_a_reload_and_at_the_end(self):
        with cable.clock(128):
            far = cable.FarSide(128, 6, "sine")
            time.sleep(0.2)
            server = self.on_cable()
            client = server.client()
            time.sleep(1)
            self.put(example("gain"))
            client.event("plugin.reloaded")
            time.sleep(1)
            self.assertEqual(server.end(), 0)
            heard = far.finish()
        self.is_never_louder_than_meant(heard)
        self.assertEqual(heard["gaps"], 0, heard)
        self.assertLessEqual(heard["largest_cut"], STEP, heard)

    def test_fades_in_after_a_stall(self):
        with cable.clock(128):
            server = self.on_cable()
            far = cable.FarSide(128, 5, "sine")
            for _ in range(2):
                time.sleep(1)
                cards.stall(server.engine(), 0.3)
            heard = far.finish()
            xruns = server.client().call("state.get")["audio"]["xruns"]
        self.is_never_louder_than_meant(heard)
        self.assertEqual(xruns, 2)

    def test_comes_back_after_exactly_two_periods_after_stalls(self):
        with cable.clock(128):
            server = self.on_cable()
            for _ in range(2):
                cards.stall(server.engine(), 0.3)
                time.sleep(1)
            heard = cable.far_side(128, 1)
        self.assertEqual(heard["round_trip_frames"], {256: heard["captured"] - 256}, heard)


class Pulled(OnCard):
    PERIOD = 256

    def outlives(self, card, address, before_return=lambda: None):
        server = self.on_card(address, "--input", "sine:100,-12", period=self.PERIOD)
        client, engine = server.client(), server.engine()
        device = client.call("state.get")["audio"]["device"]
        self.assertEqual(device, "alsa")
        card.unplug()
        gone = time.monotonic()
        cards.wait_for(lambda: not cards.holds_a_card(engine), what="the close")
        self.assertLess(time.monotonic() - gone, 2 * self.PERIOD / 48000)
        # The plugin plays on, on the virtual device, and the page can still turn its knobs.
        client.wait_state("audio", lambda audio: (audio["state"], audio["device"]) == ("lost", "virtual"))
        client.call("param.set", id="gain", value=-6)
        client.hear(lambda outputs: abs(outputs[0]["peak"] - 0.126) < 0.01)
        used = cards.cpu_seconds(engine) + cards.cpu_seconds(server.pid)
        time.sleep(1)
        self.assertLess(cards.cpu_seconds(engine) + cards.cpu_seconds(server.pid) - used, 0.2)
        before_return()
        card.plug()
        client.wait_state("audio", lambda audio: (audio["state"], audio["device"]) == ("running", "alsa"))
        self.assertTrue(cards.holds_a_card(engine))
        client.hear(lambda outputs: abs(outputs[0]["peak"] - 0.126) < 0.01)
        self.assertEqual(server.engine(), engine)
        self.assertEqual(server.end(), 0)

    def test_outlives_aloop(self):
        with cable.clock(self.PERIOD):
            self.outlives(cards.aloop(), "hw:Loopback,0")

    def test_outlives_dummy(self):
        self.outlives(cards.dummy(), "hw:Dummy,0")

    def test_outlives_usb(self):
        with cards.Monitor() as monitor:
            self.outlives(cards.Usb("Audio", monitor), "none+hw:Audio,0")

    def test_outlives_hda_and_finds_it_under_another_number(self):
        number = {name: number for number, name in cards.names().items()}["Intel"]
        other = cards.aloop()
        self.outlives(cards.Hda("Intel"), "hw:Intel,0", before_return=other.unplug)
        self.assertNotEqual(cards.names().get(number), "Intel")
        other.plug()
