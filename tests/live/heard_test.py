"""What a listener hears while JACK comes, goes, stands still and changes: recorded through every fault.

The listener is a JACK client that poses as the only sound card, so that the server connects to it by itself.
"""
import math
import os
import signal
import time

import jackd
import pipewire
from jig_server import JigTest, alive, wait_until
import live
from live import Deck

HZ, PEAK = 480, 0.5
FADE_S = 0.05


def steepest(rate):
    """The largest step between two samples of the programme, and a hair."""
    return 1.02 * PEAK * 2 * math.sin(math.pi * HZ / rate)


def steps(samples):
    return [abs(b - a) for a, b in zip(samples, samples[1:])]


def longest_silence(samples):
    """Its first frame and the one after it, between two sounds."""
    sounds = [i for i, x in enumerate(samples) if x != 0]
    return max(((a + 1, b) for a, b in zip(sounds, sounds[1:])), key=lambda hole: hole[1] - hole[0])


class Heard(JigTest):
    """A sine of the server's own, -6 dBFS, through a plugin that does nothing."""

    rate = 48000
    period = 256
    longest_period = 1024
    breaks = 0  # that the server of sound itself makes when it goes over to something else
    freewheel_breaks = 0

    def setUp(self):
        super().setUp()
        self.jack = self.sound_server()
        self.addCleanup(self.jack.log.close)
        self.addCleanup(self.jack.stop)
        self.jack.start()

    def sound_server(self):
        if not jackd.installed():
            self.skipTest("jackd is not installed")
        server = jackd.Jackd(rate=self.rate, period=self.period, capture=1, playback=0)
        server.env["XDG_RUNTIME_DIR"] = "/nowhere"  # no PipeWire of the machine's
        server.jack_env = server.env
        return server

    def set_period(self, frames):
        self.jack.run("jack_bufsize", str(frames))

    # What is made on it.

    def listen(self, seconds=10):
        ears = Deck("ears", ins=2, seconds=seconds, card=True, env=self.jack.jack_env)
        self.addCleanup(ears.close)
        ears.record()
        return ears

    def play(self, *options):
        before = dict(os.environ)
        os.environ.update(self.jack.env)
        self.addCleanup(lambda: (os.environ.clear(), os.environ.update(before)))
        server = self.serve(self.put(os.environ["JIG_GAIN"]), "--input", f"sine:{HZ},-6.0206", *options,
                            device="jack")
        self.addCleanup(server.end)
        client = server.client()
        self.addCleanup(client.close)
        return server, client

    def hear(self, ears, seconds=0.3):
        """Waits until so much was heard."""
        time.sleep(seconds)

    def pace(self, client):
        """How many seconds of sound are made in one."""
        first, began = client.call("ping")["frame"], time.monotonic()
        time.sleep(0.2)
        return (client.call("ping")["frame"] - first) / self.rate / (time.monotonic() - began)

    def back_before(self, server, start):
        """Runs `start`, which brings JACK back, and listens from before the server sees it."""
        engine = server.engine()
        os.kill(engine, signal.SIGSTOP)
        try:
            start()
            return self.listen()
        finally:
            os.kill(engine, signal.SIGCONT)

    # What is asked of it.

    def assert_calm(self, take, breaks=0, rate=None, frames=None):
        """Never louder than the programme, never a larger step than its own (in the first `frames`), but where JACK
        itself was away or dropped a cycle: there it may break off or set in at once, `breaks` times."""
        limit = steepest(rate or self.rate)
        for number, channel in enumerate(take.channels, 1):
            wild = [(i, x) for i, x in enumerate(channel) if not math.isfinite(x)]
            self.assertEqual(wild[:5], [], f"of {take.frames} frames")
            self.assertLessEqual(max(map(abs, channel)), PEAK * 1.0001, f"channel {number} is too loud")
            wide = [i for i, step in enumerate(steps(channel[:frames])) if step > limit]
            self.assertLessEqual(len(wide), breaks, f"channel {number} jumps at {wide} of {take.frames}: "
                                 f"{[(channel[i], channel[i + 1]) for i in wide[:5]]}")

    def assert_steady(self, take):
        """From the end of the first ramp on, always the whole programme."""
        begin = live.onset(take.channels[0]) + int(FADE_S * self.rate)
        for channel in take.channels:
            for i in range(begin, len(channel) - 100, 100):
                self.assertGreater(max(channel[i:i + 100]), 0.99 * PEAK, f"a hole at {i} of {take.frames}")

    def assert_fades_in(self, take, rate=None):
        """From silence, along the ramp, to the whole programme."""
        rate = rate or self.rate
        for channel in take.channels:
            first = live.onset(channel)
            self.assertIsNotNone(first, "nothing was heard")
            self.assertGreater(first, 0, "it sounded before it was listened to")
            ramp = int(FADE_S * rate)
            for i, x in enumerate(channel[first:first + ramp]):
                # JACK connects between two cycles; the ramp may have begun in the one before.
                self.assertLessEqual(abs(x), PEAK * (i + 2 * self.period) / ramp + 1e-4, f"frame {i} of the ramp")
            self.assertAlmostEqual(max(channel[first + ramp:]), PEAK, places=3)


class Ordinary(Heard):
    def test_start_fades_in_and_stop_fades_out(self):
        ears = self.listen()
        server, _ = self.play()
        self.hear(ears)
        self.assertEqual(server.end(), 0)
        take = ears.take(self.home)
        self.assert_calm(take)
        self.assert_fades_in(take)
        self.assertEqual(max(map(abs, take.channels[0][-self.period:])), 0.0, "silence at the end")

    def test_a_change_of_the_buffer_size_is_not_heard(self):
        ears = self.listen()
        _, client = self.play()
        for period in (512, 64, 1024):
            self.set_period(period)
            client.wait_state("audio", lambda audio: audio["periodFrames"] == period)
            self.hear(ears, 0.2)
        take = ears.take(self.home)
        self.assert_calm(take)
        self.assert_steady(take)

    def test_freewheel_runs_through_at_full_speed_and_back_in_time(self):
        ears = self.listen(seconds=120)
        _, client = self.play()
        self.hear(ears)
        ears.freewheel(True)
        wait_until(lambda: self.pace(client) > 5, 10, "five times as fast as time")
        ears.freewheel(False)
        wait_until(lambda: abs(self.pace(client) - 1) < 0.2, 10, "as fast as time")
        self.assertEqual(client.call("state.get")["audio"]["state"], "running")
        take = ears.take(self.home)
        self.assertFalse(ears.full(take), "the take is cut short")
        self.assert_calm(take, breaks=self.freewheel_breaks)
        if not self.freewheel_breaks:
            self.assert_steady(take)


class Loss(Heard):
    def lost_and_back(self, leave, start, rate=None):
        """The rate afterwards."""
        ears = self.listen()
        server, client = self.play()
        self.hear(ears)
        engine = server.engine()
        leave()
        self.assertEqual(client.event("audio.status", state="lost")["level"], "error")
        before = ears.take(self.home)
        ears.kill()
        # As it dies the clients run at once: what they heard last may be parts of two cycles.
        self.assert_calm(before, frames=before.frames - 2 * self.longest_period)
        self.assert_fades_in(before)
        frame = client.call("ping")["frame"]
        wait_until(lambda: client.call("ping")["frame"] > frame + 4800, 5, "frames without JACK")

        ears = self.back_before(server, start)
        audio = client.wait_state("audio", lambda audio: audio["state"] == "running", timeout=20)
        self.hear(ears)
        self.assertEqual((server.engine(), client.call("state.get")["engine"]["restarts"]), (engine, 0))
        after = ears.take(self.home)
        self.assert_calm(after, rate=rate)
        self.assert_fades_in(after, rate=rate)
        return audio["rateHz"]

    def test_a_server_that_ends_in_good_order(self):
        self.lost_and_back(self.jack.terminate, self.jack.start)

    def test_a_server_that_is_killed(self):
        self.lost_and_back(self.jack.kill, self.jack.start)

    def test_a_server_that_comes_back_with_another_rate(self):
        self.jack.rate = 44100
        self.assertEqual(self.lost_and_back(self.jack.terminate, self.jack.start, rate=44100), 44100)

    def test_a_server_that_is_stopped_is_left_and_taken_again_once_it_goes_on(self):
        ears = self.listen(seconds=30)
        server, client = self.play()
        self.hear(ears)
        engine = server.engine()
        self.jack.signal(signal.SIGSTOP)
        client.event("audio.status", state="lost")
        frame = client.call("ping")["frame"]
        wait_until(lambda: client.call("ping")["frame"] > frame + 4800, 5, "frames without JACK")
        self.assertEqual(client.call("param.set", id="gain", value=0)["value"], 0)
        self.jack.signal(signal.SIGCONT)
        client.wait_state("audio", lambda audio: audio["state"] == "running", timeout=20)
        self.assertEqual((server.engine(), client.call("state.get")["engine"]["restarts"]), (engine, 0))
        self.hear(ears)
        self.assert_calm(ears.take(self.home), breaks=max(1, self.breaks))

    def test_a_server_that_stands_still_for_a_moment_is_kept(self):
        ears = self.listen()
        server, client = self.play()
        self.hear(ears)
        self.jack.signal(signal.SIGSTOP)
        time.sleep(0.8)
        self.jack.signal(signal.SIGCONT)
        self.hear(ears)
        self.assertEqual(client.call("state.get")["audio"]["state"], "running")
        self.assert_calm(ears.take(self.home), breaks=max(1, self.breaks))

    def test_dev_server_ends_at_once_while_it_stands_still(self):
        server, _ = self.play()
        engine = server.engine()
        self.jack.signal(signal.SIGSTOP)
        try:
            self.assertEqual(server.end(timeout=8), 0)
            self.assertFalse(alive(engine))
        finally:
            self.jack.signal(signal.SIGCONT)


class Pipewire:
    """The same on PipeWire, whose graph lacks some cycles of every client when it was held up or changes its pace."""

    breaks = 4
    freewheel_breaks = math.inf

    def sound_server(self):
        if not pipewire.installed():
            self.skipTest("pipewire, wireplumber, dbus or pipewire-jack is not installed")
        return pipewire.Pipewire()

    def set_period(self, frames):
        self.jack.set("clock.force-quantum", frames)


class OrdinaryOnPipewire(Pipewire, Ordinary):
    def test_a_change_of_the_rate_fades_out_and_in(self):
        ears = self.listen()
        server, client = self.play()
        self.hear(ears)
        engine = server.engine()
        self.jack.set("clock.force-rate", 44100)
        client.wait_state("audio", lambda audio: audio["rateHz"] == 44100)
        self.hear(ears)
        self.assertEqual((server.engine(), client.call("state.get")["audio"]["state"]), (engine, "running"))
        take = ears.take(self.home)
        self.assert_calm(take, breaks=self.breaks, rate=44100)
        for channel in take.channels:
            begin, end = longest_silence(channel)
            self.assertLess(max(map(abs, channel[begin - 20:begin])), 0.1 * PEAK, "cut off")
            self.assertLess(max(map(abs, channel[end:end + 20])), 0.1 * PEAK, "set in at once")
            self.assertAlmostEqual(max(channel[-self.rate // 5:]), PEAK, places=3)


class LossOnPipewire(Pipewire, Loss):
    test_a_server_that_comes_back_with_another_rate = None


if __name__ == "__main__":
    live.main()
