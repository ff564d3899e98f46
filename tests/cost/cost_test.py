"""What the host's callback costs around a stereo plugin, in instructions.

    cost_test.py CALLBACK_COST PLUGIN
"""

import sys
import tempfile
import unittest

import callgrind
from instructions import GUARDS

CALLBACK = "jig::rt::Engine::callback"
CYCLES = 2000
# By frames: parameters, events, copies for the meters, statistics; and the guards of the output. The host's
# are a tenth above what they are; bench/README.md has what they should be.
MOST = {128: (1850, 900), 1024: (3300, 6500)}


class Callback(unittest.TestCase):
    def test_stays_within_its_instructions(self):
        for frames, (most_host, most_guards) in MOST.items():
            with self.subTest(frames=frames), tempfile.TemporaryDirectory() as folder:
                profile = callgrind.count([PROGRAM, PLUGIN, str(frames), str(CYCLES)], CALLBACK + "*", folder)
                plugin_calls, plugin = profile.find("process")
                self.assertGreaterEqual(plugin_calls, CYCLES)
                guards = sum(profile.find(name)[1] for name in GUARDS)
                self.assertGreater(guards, 0)
                host = (profile.total - plugin - guards) / plugin_calls
                guards /= plugin_calls
                print(f"{frames} frames: host {host:.0f}, guards {guards:.0f} instructions", flush=True)
                self.assertLessEqual(host, most_host)
                self.assertLessEqual(guards, most_guards)


if __name__ == "__main__":
    PROGRAM, PLUGIN = sys.argv[1:]
    unittest.main(argv=sys.argv[:1], verbosity=2)
