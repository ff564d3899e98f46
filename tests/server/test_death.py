"""The engine dies, or lies: the server does not."""
import os
import signal
import time

from jig_server import (JigTest, RpcError, alive, children, example, level, plugin, resident_kib,
                        wait_until)


class Death(JigTest):
    def survives(self, client, server, engine, **data):
        event = client.event("engine.crashed", **data)
        self.assertEqual(event["level"], "error")
        back = client.event("engine.restarted")
        print(f"sound was back after {back['data']['silentMs']:.0f} ms")
        self.assertFalse(alive(engine))
        self.assertNotEqual(server.engine(), engine)
        return event

    def test_a_plugin_that_crashes_once_is_restarted_with_its_parameters(self):
        server = self.serve(self.put(plugin("crash")), "--input", "sine:1000,-6")
        client = server.client()
        client.hear(lambda outputs: outputs[0]["peak"] > 0.49)
        engine = server.engine()
        frame = client.call("ping")["frame"]
        client.call("param.set", id="after", value=100000)
        os.kill(engine, signal.SIGSEGV)
        event = self.survives(client, server, engine, signal=signal.SIGSEGV)
        self.assertEqual(event["data"]["signalName"], "SIGSEGV")
        self.assertEqual(client.call("param.get", id="after")["value"], 100000)
        client.hear(lambda outputs: outputs[0]["peak"] > 0.49)
        self.assertGreaterEqual(client.call("ping")["frame"], frame)
        self.assertEqual(client.call("state.get")["engine"]["status"], "running")

    def test_a_build_that_crashes_twice_ends_in_silence_until_a_good_one_comes(self):
        server = self.serve(self.put(plugin("crash")), "--input", "sine:1000,-6")
        client = server.client()
        client.hear(lambda outputs: outputs[0]["peak"] > 0.49)
        client.call("param.set", id="after", value=10)
        first = client.event("engine.crashed")
        self.assertEqual(first["data"]["signalName"], "SIGSEGV")
        self.assertTrue(first["data"]["inProcess"])
        self.assertEqual(first["data"]["generation"], 1)
        self.assertEqual(client.event("engine.crashed")["data"]["generation"], 2)
        engine = client.wait_state("engine", lambda e: e["status"] == "silent")
        self.assertIn("second time", engine["reason"])
        restarts = engine["restarts"]
        client.drain(0.8)  # an old heartbeat is no hang of the engine that waits
        self.assertEqual(client.call("state.get")["engine"]["restarts"], restarts)
        client.call("param.set", id="after", value=0)
        self.put(level("quarter"))
        client.hear_level(0.25)
        self.assertEqual(client.call("state.get")["engine"]["status"], "running")

    def test_a_new_build_that_crashes_gives_way_to_the_last_good_one(self):
        server = self.serve(self.put(level("half")))
        client = server.client()
        client.call("param.set", id="drive", value=0.5)
        client.hear_level(0.25)
        engine = server.engine()
        self.put(level("crash"))
        event = self.survives(client, server, engine, generation=2)
        self.assertTrue(event["data"]["inProcess"])
        client.hear_level(0.25)
        client.drain(0.5)
        self.assertEqual(client.call("state.get")["engine"]["status"], "running")

    def test_a_new_build_that_crashes_as_it_is_made_gives_way_to_the_last_good_one(self):
        server = self.serve(self.put(level("half")))
        client = server.client()
        client.hear_level(0.5)
        engine = server.engine()
        self.put(level("crash_in_create"))
        self.survives(client, server, engine, generation=2, inProcess=False)
        client.hear_level(0.5)
        texts = [p["text"] for p in client.call("events.since", id=0)["events"]]
        self.assertEqual([t for t in texts if "plays on" in t], [])

    def test_a_plugin_that_hangs_is_ended_and_restarted(self):
        server = self.serve(self.put(plugin("hang")), "--input", "sine:1000,-6")
        client = server.client()
        client.hear(lambda outputs: outputs[0]["peak"] > 0.49)
        engine = server.engine()
        began = time.monotonic()
        client.call("param.set", id="after", value=1)
        event = client.event("engine.crashed")
        print(f"hang found after {time.monotonic() - began:.2f} s")
        self.assertTrue(event["data"]["hang"])
        self.assertIn("did not return", event["text"])
        self.assertLess(time.monotonic() - began, 2)
        client.call("param.set", id="after", value=0)
        self.assertFalse(alive(engine))
        client.hear(lambda outputs: outputs[0]["peak"] > 0.49)

    def test_an_engine_killed_from_outside_is_restarted(self):
        server = self.serve(self.put(level("half")))
        client = server.client()
        client.call("param.set", id="drive", value=0.5)
        client.hear_level(0.25)
        engine = server.engine()
        os.kill(engine, signal.SIGKILL)
        self.survives(client, server, engine, signal=signal.SIGKILL, inProcess=False)
        client.hear_level(0.25)

    def test_a_stopped_engine_is_no_hang(self):
        server = self.serve(self.put(level("half")))
        client = server.client()
        client.hear_level(0.5)
        engine = server.engine()
        os.kill(engine, signal.SIGSTOP)
        client.drain(1)
        os.kill(engine, signal.SIGCONT)
        client.hear_level(0.5)
        self.assertEqual(server.engine(), engine)

    def test_what_the_plugin_started_ends_with_the_engine(self):
        server = self.serve(self.put(level("half")))
        engine = server.engine()
        self.assertEqual(os.getpgid(engine), engine)  # a group of its own, which is ended as a whole
        self.assertEqual(server.end(), 0)
        self.assertFalse(alive(engine))

    def test_the_socket_answers_while_the_engine_is_down(self):
        server = self.serve(self.put(level("half")))
        client = server.client()
        client.hear_level(0.5)
        os.kill(server.engine(), signal.SIGKILL)
        for value in (0.1, 0.2, 0.3, 0.8):
            client.call("param.set", id="drive", value=value)
            client.call("param.setMany", values={"drive": value, "spare": 0.5})
        client.hear_level(0.4)


class Lies(JigTest):
    """An engine that writes over all that it may write."""

    def scribbled(self, what):
        server = self.serve(self.put(plugin("scribble")), "--input", "sine:1000,-6")
        client = server.client()
        client.hear(lambda outputs: outputs[0]["peak"] > 0.49)
        load = client.subscribe("load")
        meters = client.subscribe("meters")
        taps = client.subscribe("taps")
        client.call("param.set", id="what", value=what)
        client.drain(0.2)
        memory = resident_kib(server.pid)
        client.call("param.trigger", id="go")
        slowest = 0.0
        end = time.monotonic() + 3
        asked = 0
        scribbled = died = False
        while time.monotonic() < end:
            for method, params in (("ping", {}), ("state.get", {}), ("param.get", {"id": "what"}),
                                   ("events.since", {"id": 0}), ("meter.reset", {}),
                                   ("transport.set", {"bpm": 100 + asked % 20})):
                began = time.monotonic()
                result = client.call(method, **params)
                slowest = max(slowest, time.monotonic() - began)
                if method == "param.get":
                    self.assertEqual(result["value"], what)
            asked += 1
            client.tell("stream.ack", acks=[[sub, 1 << 30] for sub in (load, meters, taps)])
            client.frames.clear()
            died = died or any(method == "event" and params["kind"] == "engine.crashed"
                               for method, params in client.notes)
            scribbled = scribbled or died or any("scribbled" in params.get("text", "")
                                                 for _, params in client.notes)
            client.notes.clear()
            client.drain(0.02)
        print(f"{asked} rounds of requests, the slowest took {1000 * slowest:.0f} ms")
        self.assertGreater(asked, 10)
        self.assertTrue(scribbled, "the plugin says that it has scribbled, or its engine was ended")
        self.assertLess(slowest, 1.5)
        self.assertLess(resident_kib(server.pid) - memory, 64 * 1024)
        # The engine goes, if it has not by itself (a second death of one build would be the end of it);
        # all is as before.
        if not died:
            os.kill(server.engine(), signal.SIGKILL)
        client.wait_state("engine", lambda e: e["status"] == "running")
        client.hear(lambda outputs: outputs[0]["peak"] > 0.49 and abs(outputs[0]["rms"] - 0.3544) < 0.01)
        self.assertEqual(client.call("param.get", id="what")["value"], what)
        self.assertEqual(client.call("param.set", id="what", value=2)["value"], 2)
        self.assertIsNone(server.process.poll())
        self.put(level("quarter"))
        client.hear_level(0.25)
        self.assertEqual(server.end(), 0)
        self.assertEqual(server.process.stderr.read(), "")

    def test_ones(self):
        self.scribbled(0)

    def test_random_bits(self):
        self.scribbled(1)

    def test_zeros(self):
        self.scribbled(2)

    def test_nonsense_on_the_control_channel_ends_that_engine_only(self):
        server = self.serve(self.put(plugin("scribble")), "--input", "sine:1000,-6")
        client = server.client()
        engine = server.engine()
        client.call("param.set", id="what", value=5)
        client.drain(0.1)
        client.call("param.trigger", id="go")
        client.event("engine.crashed")
        client.event("engine.restarted")
        self.assertNotEqual(server.engine(), engine)

    def test_the_servers_region_cannot_be_mapped_to_be_written(self):
        server = self.serve(self.put(plugin("scribble")))
        client = server.client()
        client.call("param.set", id="what", value=3)
        client.drain(0.1)
        client.call("param.trigger", id="go")
        text = client.take(lambda method, params: method == "event" and params["kind"] == "log"
                           and "region" in params["text"])["text"]
        self.assertRegex(text, r"errno (1|13)$")  # EPERM by the seal, EACCES by the descriptor

    def test_writing_the_servers_region_is_a_fault(self):
        server = self.serve(self.put(plugin("scribble")))
        client = server.client()
        client.call("param.set", id="what", value=4)
        client.drain(0.1)
        client.call("param.trigger", id="go")
        self.assertEqual(client.event("engine.crashed")["data"]["signalName"], "SIGSEGV")
        client.event("engine.restarted")
        self.assertEqual(client.call("param.get", id="what")["value"], 4)
