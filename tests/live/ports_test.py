"""Ports, their connections and what they cost."""
import os
import shutil
import signal
import time
import unittest

import iodelay
import live
from jig_server import alive, wait_until
from live import JackTest

BOTH = ["system:playback_1", "system:playback_2"]


class Latency(JackTest):
    def setUp(self):
        super().setUp()
        if shutil.which("jack_iodelay") is None:
            self.skipTest("jack_iodelay is not installed")

    def test_the_server_adds_no_frame_to_what_a_bare_client_takes(self):
        for period in (64, 256, 1024):
            with self.subTest(period=period):
                self.jack.stop()
                self.jack = self.start_jack(period)
                bare = iodelay.reading(self.jack, os.environ["JIG_PASSTHROUGH"], "bare")
                server = self.serve(self.put(os.environ["JIG_GAIN"]),
                                    "--input", "device", "--connect", "none")
                client = self.client(server)
                self.assertEqual(client.call("param.get", id="gain")["value"], 0)
                ours = iodelay.reading_between(self.jack, "jig:in_1", "jig:out_1")
                print(f"period {period}: bare {bare:.3f} frames, dev-server with gain {ours:.3f} frames",
                      flush=True)
                self.assertEqual(server.end(), 0)
                self.assertEqual(ours, bare)


class Connections(JackTest):
    def test_outputs_go_to_the_card_and_inputs_wait_until_they_are_asked_for(self):
        server = self.serve(self.put(os.environ["JIG_GAIN"]))
        self.assertEqual(self.connections("jig:out_1"), BOTH[:1])
        self.assertEqual(self.connections("jig:out_2"), BOTH[1:])
        self.assertEqual(self.connections("jig:in_1"), [])
        client = self.client(server)
        client.call("input.select", kind="device")
        self.wait_for_connections("jig:in_1", ["system:capture_1"])
        self.wait_for_connections("jig:in_2", ["system:capture_2"])
        client.call("input.select", kind="off")
        self.wait_for_connections("jig:in_1", [])

    def test_the_input_asked_for_on_the_command_line_is_connected_at_once(self):
        self.serve(self.put(os.environ["JIG_GAIN"]), "--input", "device")
        self.assertEqual(self.connections("jig:in_1"), ["system:capture_1"])
        self.assertEqual(self.connections("jig:in_2"), ["system:capture_2"])

    def test_connect_none_leaves_them_alone(self):
        server = self.serve(self.put(os.environ["JIG_GAIN"]), "--input", "device", "--connect", "none")
        client = self.client(server)
        client.call("input.select", kind="off")
        client.call("input.select", kind="device")
        client.call("ping")
        for port in ("jig:in_1", "jig:in_2", "jig:out_1", "jig:out_2"):
            self.assertEqual(self.connections(port), [], port)

    def test_what_the_user_patched_is_back_after_the_engine_died(self):
        server = self.serve(self.put(os.environ["JIG_GAIN"]), "--input", "device")
        deck = self.deck("deck", outs=1, ins=1)
        self.connect(("deck:out_1", "jig:in_1"), ("jig:out_1", "deck:in_1"))
        self.disconnect(("system:capture_1", "jig:in_1"), ("jig:out_2", "system:playback_2"))
        client = self.client(server)
        time.sleep(0.5)  # what changed is on its way to the server
        engine = server.engine()
        os.kill(engine, signal.SIGKILL)
        restarted = client.event("engine.restarted")
        print(f"silent for {restarted['data']['silentMs']:.0f} ms")
        self.assertFalse(alive(engine))
        self.wait_for_connections("jig:in_1", ["deck:out_1"])
        self.wait_for_connections("jig:out_1", ["deck:in_1", "system:playback_1"])
        self.assertEqual(self.connections("jig:in_2"), ["system:capture_2"])
        self.assertEqual(self.connections("jig:out_2"), [])


class Channels(JackTest):
    """tests/plugins/eight: out i is in i plus `side` times the sidechain, left for even i, else right."""

    capture, playback = 8, 8

    def test_eight_channels_and_a_sidechain_each_go_through_their_own_port(self):
        rate, frames = self.rate, 4800
        # A constant for each input, so that a mix-up of any two shows.
        levels = [2.0 ** -(2 + i) for i in range(8)]
        side_levels = [0.3, 0.6]
        sound = live.write_wav(self.home / "in.wav", [[level] * frames for level in levels + side_levels])
        server = self.serve(self.put(os.environ["JIG_EIGHT"]), "--input", "device", "--connect", "none")
        inputs = [port for port in self.ports() if port.startswith(("jig:in_", "jig:side_"))]
        outputs = [port for port in self.ports() if port.startswith("jig:out_")]
        self.assertEqual([len(inputs), len(outputs)], [10, 8], self.ports())
        player = self.deck("player", outs=10)
        taker = self.deck("taker", ins=8, seconds=4)
        self.connect(*[(f"player:out_{i + 1}", f"jig:in_{i + 1}") for i in range(8)],
                     *[(f"player:out_{i + 9}", f"jig:side_{i + 1}") for i in range(2)],
                     *[(f"jig:out_{i + 1}", f"taker:in_{i + 1}") for i in range(8)])
        client = self.client(server)
        player.play(sound, loop=True)
        for side in (0.0, 0.5):
            client.call("param.set", id="side", value=side)
            time.sleep(0.2)
            taker.record()
            time.sleep(0.3)
            take = taker.take(self.home)
            for i, channel in enumerate(take.channels):
                wanted = levels[i] + side * side_levels[i % 2]
                self.assertEqual(len(set(channel)), 1, f"channel {i + 1} is not steady")
                self.assertAlmostEqual(channel[0], wanted, places=6, msg=f"channel {i + 1}, side {side}")


if __name__ == "__main__":
    live.main()
