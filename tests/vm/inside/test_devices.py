"""Jig's ALSA device on every kind of card that the guest has: long runs, stalls, and cards that go."""

import contextlib
import os
import signal
import subprocess
import time
import unittest

import cable
import cards

XRUN, LOST = 0, 1  # DeviceEvent::Kind


class Steady(unittest.TestCase):
    SECONDS = 185
    PERIOD = 256

    def test_dummy_aloop_and_hda_run_without_an_xrun(self):
        with contextlib.ExitStack() as running:
            running.enter_context(cable.clock(self.PERIOD))
            devices = [running.enter_context(cable.Through(self.PERIOD, address=address))
                       for address in ("hw:Dummy,0,1", cable.NEAR, "hw:Intel,0")]
            heard = cable.far_side(self.PERIOD, self.SECONDS)
            self.assertEqual(heard["round_trip_frames"], {2 * self.PERIOD: heard["captured"] - 2 * self.PERIOD}, heard)
            for device in devices:
                with self.subTest(device=device.address):
                    seen = device.finish()
                    self.assertGreaterEqual(seen["cycles"], self.SECONDS * 48000 // self.PERIOD, seen)
                    self.assertEqual((seen["events"], seen["discontinuities"]), ([], 0), seen)
                    self.assertTrue(seen["realtime"], seen)


class Stalls(unittest.TestCase):
    """A program that is stopped for 300 ms misses its periods, whatever its priority."""

    def test_a_stall_costs_its_own_time_and_no_latency(self):
        with cable.clock(128), cable.Through(128) as through:
            far = cable.FarSide(128, 4)
            for _ in range(3):
                time.sleep(0.6)
                through.process.send_signal(signal.SIGSTOP)
                time.sleep(0.3)
                through.process.send_signal(signal.SIGCONT)
            heard, seen = far.finish(), through.finish()
        self.assertEqual(list(heard["round_trip_frames"]), [256], heard)
        self.assertEqual((heard["altered"], heard["repeated"], heard["not_finite"]), (0, 0, 0), heard)
        self.assertEqual(heard["gaps"], 3, heard)
        # A gap is the stall, the silence of the prefill, and less than two periods until it is noticed.
        self.assertGreaterEqual(heard["longest_gap"], 0.3 * 48000, heard)
        self.assertLess(heard["longest_gap"], 0.3 * 48000 + 256 + 512, heard)
        self.assertEqual([kind for kind, *_ in seen["events"]], [XRUN] * 3, seen)
        self.assertEqual(seen["discontinuities"], 3, seen)


class Unplugged(unittest.TestCase):
    def closes_within_one_buffer(self, card, address, period, periods=2):
        with cable.Through(period, periods, address=address) as through:
            time.sleep(0.5)
            card.unplug()
            gone = time.monotonic()
            cards.wait_for(lambda: not cards.holds_a_card(through.process.pid), what="the close")
            took = time.monotonic() - gone
            before = cards.cpu_seconds(through.process.pid)
            time.sleep(1)
            self.assertLess(cards.cpu_seconds(through.process.pid) - before, 0.01)
            seen = through.finish()
        self.assertEqual([kind for kind, *_ in seen["events"]], [LOST], seen)
        print(f"{address}: closed {1000 * took:.1f} ms after it went", flush=True)
        self.assertLess(took, period * periods / 48000)
        card.plug()
        with cable.Through(period, periods, address=address) as through:
            time.sleep(0.2)
            self.assertGreater(through.finish()["cycles"], 1)

    def test_hda_is_closed_within_one_buffer(self):
        self.closes_within_one_buffer(cards.Hda("Intel"), "hw:Intel,0", 256)

    def test_aloop_is_closed_within_one_buffer(self):
        with cable.clock(256):
            self.closes_within_one_buffer(cards.aloop(), cable.NEAR, 256)

    def test_dummy_is_closed_within_one_buffer(self):
        self.closes_within_one_buffer(cards.dummy(), "hw:Dummy,0", 256)

    def test_usb_is_closed_within_one_buffer(self):
        with cards.Monitor() as monitor:
            self.closes_within_one_buffer(cards.Usb("Audio", monitor), "none+hw:Audio,0", 256)


class Busy(unittest.TestCase):
    def test_says_who_has_the_card(self):
        with cable.copying("hw:Intel,0", 1024) as owner:
            refused = subprocess.run([os.environ["JIG_VM_THROUGH"], "hw:Intel,0", "1024", "2", "2"],
                                     stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.assertEqual(refused.returncode, 1)
        self.assertIn(f"hw:Intel,0 is in use by copy (pid {owner.pid})", refused.stderr)
