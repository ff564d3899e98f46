"""What the meters say of what was played."""
import time
import unittest

from jig_server import LOAD, JigTest, db, example, level, plugin, resident_kib


class Meters(JigTest):
    def click(self, period):
        """A one-sample click of full scale is seen, and no frame is missed, at this period."""
        server = self.serve(self.put(example("gain")), "--input", "impulse:2,0", "--period", period)
        client = server.client()
        sub = client.subscribe("meters")
        load = client.subscribe("load")
        clips, peaks = [], 0
        end = time.monotonic() + 1.8
        while time.monotonic() < end:
            frame = client.frame(sub)
            channels = frame.meters()
            clips.append(channels[2]["clipCount"])
            peaks += channels[2]["peak"] == 1.0
        self.assertEqual([c["droppedFrames"] for c in channels], [0, 0, 0, 0])
        # Two a second, and each of them in one reading: those within the start fade are lower.
        self.assertGreaterEqual(clips[-1] - clips[0], 2)
        self.assertEqual(peaks, clips[-1] - clips[0] + (clips[0] == 1))
        self.assertEqual(channels[2]["max"], 1.0)
        self.assertEqual(channels[0]["max"], 1.0)

    def test_a_click_is_seen_at_a_period_of_16(self):
        self.click(16)

    def test_a_click_is_seen_at_a_period_of_100(self):
        self.click(100)

    def test_a_click_is_seen_at_a_period_of_1024(self):
        self.click(1024)

    def test_a_click_is_seen_at_a_period_of_8192(self):
        self.click(8192)

    def test_a_sine_reads_its_level(self):
        server = self.serve(self.put(example("gain")), "--input", "sine:997,-18")
        client = server.client()
        sub = client.subscribe("meters", 30)
        client.drain(2.5)
        client.frames.clear()
        client.tell("stream.ack", acks=[[sub, 1 << 30]])
        for channel in client.frame(sub).meters():
            self.assertAlmostEqual(db(channel["rms"]) + 3.0103, -18.0, delta=0.1)
            self.assertAlmostEqual(db(channel["peak"]), -18.0, delta=0.1)
            self.assertAlmostEqual(db(channel["hold"]), -18.0, delta=0.1)
            self.assertAlmostEqual(channel["dc"], 0, delta=1e-3)
            self.assertEqual((channel["clipCount"], channel["nanCount"]), (0, 0))

    def test_frames_carry_the_position_the_generation_and_a_sequence_without_holes(self):
        server = self.serve(self.put(level("half")))
        client = server.client()
        sub = client.subscribe("meters")
        frames = [client.frame(sub) for _ in range(60)]
        self.assertEqual([f.seq for f in frames], list(range(frames[0].seq, frames[0].seq + 60)))
        self.assertEqual({(f.version, f.kind, f.format, f.generation, f.skipped) for f in frames},
                         {(1, 1, 1, 1, 0)})
        positions = [f.frame for f in frames]
        self.assertEqual(positions, sorted(positions))
        self.assertAlmostEqual((positions[-1] - positions[0]) / 48000, 59 / 60, delta=0.25)

    def test_load_is_told(self):
        server = self.serve(self.put(level("half")), "--period", 256)
        client = server.client()
        sub = client.subscribe("load", 10)
        client.frame(sub)
        load = client.frame(sub).load()
        self.assertAlmostEqual(load["periodUs"], 256e6 / 48000, delta=0.1)
        self.assertGreater(load["cycles"], 10)
        self.assertTrue(0 < load["load"] <= load["loadMax"])

    def test_the_load_has_the_fields_of_its_layout_and_percentiles_in_their_order(self):
        server = self.serve(self.put(level("half")), "--period", 256)
        client = server.client()
        reply = client.call("stream.subscribe", stream="load", rateHz=10)
        self.assertEqual(tuple(reply["layout"]["fields"]), LOAD)
        client.frame(reply["sub"])
        load = client.frame(reply["sub"]).load()
        for one in ("p50Us p99Us p999Us maxUs", "p50 p99 p999 max", "recentP50Us recentP99Us recentP999Us recentMaxUs"):
            values = [load[name] for name in one.split()]
            self.assertEqual(values, sorted(values))
            self.assertGreater(values[0], 0)
        self.assertLessEqual(load["recentMaxUs"], load["maxUs"])
        self.assertAlmostEqual(load["maxUs"], load["max"] * load["periodUs"], delta=0.001 * load["maxUs"])
        self.assertEqual((load["roundTripFrames"], load["ratePpm"]), (512, 0))
        client.call("load.reset")
        client.drain(0.3)

    def test_the_round_trip_is_told_in_frames_and_ms(self):
        audio = self.serve(self.put(level("half")), "--period", 256).client().call("state.get")["audio"]
        self.assertEqual(audio["roundTrip"], {"frames": 512, "ms": 512 / 48, "exact": True, "calibrated": False,
                                              "calibrationFrames": 0, "resamplerFrames": 0})
        self.assertEqual((audio["id"], audio["hasInput"], audio["hasOutput"], audio["latencyFrames"]),
                         ("virtual, 48000 Hz, 256 frames", True, True, 512))

    def test_taps_are_told_while_someone_looks(self):
        server = self.serve(self.put(plugin("recorder")))
        client = server.client()
        client.call("param.set", id="value", value=0.75)
        client.drain(0.1)
        sub = client.subscribe("taps")
        client.hear(lambda outputs: True)
        client.drain(0.3)
        client.frames.clear()
        client.tell("stream.ack", acks=[[sub, 1 << 30]])
        self.assertEqual(client.frame(sub).values, (0.75, 128.0))

    def test_nan_is_counted_replaced_and_told(self):
        server = self.serve(self.put(plugin("nan")), "--input", "sine:997,-18")
        client = server.client()
        client.hear(lambda outputs: outputs[0]["peak"] > 0.12)
        client.call("param.set", id="nan", value=1)
        guard = client.event("audio.guard", what="nan")
        self.assertGreater(guard["data"]["count"], 0)
        self.assertIn("replaced by silence", guard["text"])
        client.hear(lambda outputs: 0.12 < outputs[0]["peak"] < 0.13)

    def test_what_a_plugin_does_not_write_is_told(self):
        server = self.serve(self.put(plugin("unwritten")), "--input", "sine:997,-18")
        client = server.client()
        texts = [e["data"].get("what") for e in client.call("events.since", id=0)["events"]]
        if "unwritten" not in texts:
            client.event("audio.guard", what="unwritten")
        client.hear(lambda outputs: outputs[0]["peak"] > 0.12 and outputs[1]["peak"] == 0)


class Xruns(JigTest):
    """Frames that were lost are told with their size and whose fault it was."""

    def xrun(self, parameter, cause):
        server = self.serve(self.put(plugin("busy")), "--period", 256)
        client = server.client()
        sub = client.subscribe("load", 10)
        client.call("param.set", id=parameter, value=100)
        # On a busy machine there may be others.
        told = client.take(lambda method, params: method == "event" and params["kind"] == "audio.xrun"
                           and params["data"]["busyMs"] >= 100, 10, "an xrun")
        data = told["data"]
        self.assertEqual(data["cause"], cause)
        self.assertGreater(data["frames"], 4000)
        self.assertAlmostEqual(data["ms"], data["frames"] / 48, delta=0.001)
        self.assertIn(f"{data['frames']} frames", told["text"])
        client.frames.clear()
        client.tell("stream.ack", acks=[[sub, 1 << 30]])
        client.frame(sub)
        load = client.frame(sub).load()
        self.assertGreaterEqual(load["xruns" + cause.capitalize()], 1)
        self.assertEqual(load["xruns"], load["xrunsPlugin"] + load["xrunsScheduler"] + load["xrunsDriver"])
        self.assertGreaterEqual(client.call("state.get")["audio"]["xruns"], 1)
        return data

    def test_a_plugin_that_computes_too_long_is_named(self):
        self.assertGreater(self.xrun("compute", "plugin")["cpuMs"], 95)

    def test_a_plugin_that_waits_is_told_from_one_that_computes(self):
        self.assertLess(self.xrun("wait", "scheduler")["cpuMs"], 50)


class Stalls(JigTest):
    def test_a_client_that_does_not_read_delays_nobody_and_costs_bounded_memory(self):
        server = self.serve(self.put(plugin("chatty")), "--input", "sine:997,-18")
        client = server.client()
        client.call("param.set", id="lines", value=0)
        stalled = [server.client() for _ in range(8)]
        for one in stalled:
            for rate in (60, 59, 58):
                one.subscribe("meters", rate)
                one.subscribe("load", rate)
        sub = client.subscribe("meters")
        for _ in range(30):
            client.frame(sub)
        before = resident_kib(server.pid)
        frames, gaps, last = 0, 0.0, time.monotonic()
        begin = last
        while last - begin < 6:
            self.assertEqual(client.frame(sub).skipped, 0)
            now = time.monotonic()
            gaps = max(gaps, now - last)
            last = now
            frames += 1
        grown = resident_kib(server.pid) - before
        print(f"{frames / 6:.1f} frames a second beside 8 stalled clients, {grown} KiB more")
        self.assertGreater(frames / 6, 45)
        self.assertLess(grown, 4096)
        # Who reads again gets what was merged, with no peak lost, and goes on.
        one = stalled[0]
        one.drain(0.3)
        frames = [f for f in one.frames if f.kind == 1]
        ack = {}
        for f in one.frames:
            ack[f.sub] = max(ack.get(f.sub, 0), f.seq)
        self.assertTrue(all(sum(f.sub == s for f in one.frames) <= 16 for s in ack), ack)
        one.frames.clear()
        one.tell("stream.ack", acks=[[s, seq] for s, seq in ack.items()])
        one.drain(0.3)
        merged = [f for f in one.frames if f.kind == 1 and f.skipped > 100]
        self.assertEqual(len(merged), 3)
        self.assertGreater(merged[0].meters()[2]["peak"], 0.12)

    def test_a_client_has_a_bounded_number_of_subscriptions(self):
        from jig_server import RpcError
        server = self.serve(self.put(level("half")))
        client = server.client()
        subs = [client.subscribe("meters", 1 + n) for n in range(32)]
        self.assertEqual(len(set(subs)), 32)
        with self.assertRaises(RpcError):
            client.subscribe("meters", 40.5)
        client.call("stream.unsubscribe", sub=subs[0])
        client.subscribe("meters", 40.5)
