"""The round trip through Jig's ALSA device: what the prefill says, whatever the ring and the period."""

import unittest

import cable


class RoundTrip(unittest.TestCase):
    def comes_back_after(self, prefill, period, periods):
        with self.subTest(period=period, periods=periods, prefill=prefill), cable.clock(period), \
                cable.Through(period, periods, prefill) as through:
            heard = cable.far_side(period, 1)
            ahead = cable.probe(period, 0.5)
            seen = through.finish()
            print(f"P {period:5} N {periods} prefill {prefill}: {heard['round_trip_frames']}", flush=True)
            self.assertEqual(heard["round_trip_frames"],
                             {prefill * period: heard["captured"] - prefill * period}, heard)
            self.assertEqual((heard["lost"], heard["repeated"], heard["altered"], heard["gaps"]), (0, 0, 0, 0), heard)
            # The hardware never comes up with the application, which is ahead of it by the prefill.
            self.assertGreaterEqual(ahead["least_ahead"], (prefill - 1) * period, ahead)
            self.assertEqual(ahead["most_ahead"], prefill * period, ahead)
            self.assertEqual(ahead["longest_cycle"], period, ahead)
            self.assertEqual((seen["round_trip"], seen["exact"]), (prefill * period, True), seen)
            self.assertEqual((seen["events"], seen["discontinuities"], seen["wrong_frames"]), ([], 0, 0), seen)

    def test_is_two_periods_in_a_ring_of_two_and_of_four(self):
        for period in (64, 128, 256, 1024):
            for periods in (2, 4):
                self.comes_back_after(2, period, periods)

    def test_is_three_periods_with_a_prefill_of_three(self):
        self.comes_back_after(3, 128, 3)
        self.comes_back_after(3, 128, 4)
