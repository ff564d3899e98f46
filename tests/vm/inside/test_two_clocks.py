"""Input and output on two cards: one clock, two clocks, and the input brought over."""

import os
import subprocess
import time
import unittest

import cable

DUMMY, HDA, CABLE = "hw:Dummy,0", "hw:Intel,0", "hw:Loopback,1,0"


class TwoCards(unittest.TestCase):
    def test_on_one_clock_are_one_device(self):
        # Both follow the guest's time; HDA in steps of 64 frames.
        with cable.Through(256, 4, 2, f"{DUMMY}+{HDA}") as through:
            time.sleep(5)
            seen = through.finish()
        self.assertIn("one clock", seen["detail"])
        self.assertEqual((seen["round_trip"], seen["events"], seen["discontinuities"]), (512, [], 0), seen)

    def test_on_two_clocks_are_refused_with_the_ppm_though_the_kernel_links_them(self):
        # The cable's clock, half a percent off; what moves in jiffies has much jitter.
        subprocess.run(["amixer", "-q", "-c", "Loopback", "cset",
                        "iface=PCM,name='PCM Rate Shift 100000',device=1,subdevice=0", "99500"], check=True)
        refused = subprocess.run([os.environ["JIG_VM_THROUGH"], f"{CABLE}+{DUMMY}", "1024", "4", "2"],
                                 stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.assertEqual(refused.returncode, 1)
        said = refused.stderr.split(" ppm ")[0].rsplit(" ", 1)
        self.assertEqual(said[0], f"{CABLE} and {DUMMY} run on two clocks, the input")
        self.assertAlmostEqual(float(said[1]), 1e6 / 0.995 - 1e6, delta=1000)

    def test_go_together_with_the_input_brought_over(self):
        with cable.Through(256, 4, 2, f"{HDA}+{DUMMY}", resample=True) as through:
            time.sleep(60)
            seen = through.finish()
        self.assertIn("input resampled", seen["detail"])
        self.assertEqual((seen["round_trip"], seen["exact"]), (512 + 25 + 256 + 72, False), seen)
        self.assertEqual((seen["events"], seen["discontinuities"]), ([], 0), seen)
        self.assertGreater(seen["cycles"], 60 * 48000 / 256 - 200, seen)
