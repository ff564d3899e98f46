"""That the rig measures what it says: on a program of which all is known."""

import unittest

import cable


class Copy(unittest.TestCase):
    """Its round trip is two periods by construction."""

    def comes_back_after_two_periods(self, period, periods):
        with cable.clock(period), cable.copying(cable.NEAR, period, periods):
            heard = cable.far_side(period, 2)
            ahead = cable.probe(period, 0.5)
        # Nothing is added and nothing taken off: all but the two periods still under way at the end.
        self.assertEqual(heard["round_trip_frames"], {2 * period: heard["captured"] - 2 * period}, heard)
        self.assertEqual((heard["lost"], heard["repeated"], heard["altered"], heard["gaps"]), (0, 0, 0, 0), heard)
        self.assertGreaterEqual(ahead["least_ahead"], period, ahead)
        self.assertEqual(ahead["most_ahead"], 2 * period, ahead)
        self.assertEqual(ahead["longest_cycle"], period, ahead)

    def test_comes_back_after_two_periods_of_128(self):
        self.comes_back_after_two_periods(128, 2)

    def test_comes_back_after_two_periods_of_1024_in_a_ring_of_four(self):
        self.comes_back_after_two_periods(1024, 4)
