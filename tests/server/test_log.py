"""What the plugin prints."""
import time

from jig_server import JigTest, level, plugin, resident_kib


class Chatty(JigTest):
    def lines(self, client, source, count=5):
        return [client.take(lambda m, p: m == "event" and p["kind"] == "log" and p["data"]["source"] == source)
                for _ in range(count)]

    def test_stdout_stderr_and_log_arrive_as_events(self):
        server = self.serve(self.put(plugin("chatty")), "--period", 8192)
        client = server.client()
        for line in self.lines(client, "stdout"):
            self.assertRegex(line["text"], r"^chatty says block \d+, line 0$")
        client.notes.clear()
        for line in self.lines(client, "stderr"):
            self.assertRegex(line["text"], r"^chatty complains about block \d+, line 0$")
        client.notes.clear()
        for line in self.lines(client, "plugin"):
            self.assertRegex(line["text"], r"^block \d+, line 0, input -?\d")
        numbers = []
        client.notes.clear()
        for line in self.lines(client, "stdout", 10):
            numbers.append(int(line["text"].split()[3].rstrip(",")))
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + 10)))

    def test_a_flood_is_bounded_and_counted_and_audio_goes_on(self):
        server = self.serve(self.put(plugin("chatty")), "--input", "sine:997,-18", "--period", 512)
        client = server.client()
        client.call("param.set", id="lines", value=0)
        load = client.subscribe("load", 10)
        quiet = client.frame(load).load()
        before = resident_kib(server.pid), client.call("ping")["frame"], time.monotonic()
        client.call("param.set", id="lines", value=200)
        lost, seen, end = 0, 0, time.monotonic() + 4
        slowest = 0.0
        while time.monotonic() < end:
            began = time.monotonic()
            frame = client.call("ping")["frame"]
            slowest = max(slowest, time.monotonic() - began)
            client.drain(0.05)
            lost += sum(p["data"]["count"] for m, p in client.notes if m == "event" and p["kind"] == "lost")
            seen += sum(m == "event" and p["kind"] == "log" for m, p in client.notes)
            client.notes.clear()
            if client.frames:
                told = client.frames[-1].load()
                client.tell("stream.ack", acks=[[load, client.frames[-1].seq]])
                client.frames.clear()
        passed = time.monotonic() - before[2]
        print(f"{seen} lines seen, {lost} bytes and lines counted as lost, slowest answer "
              f"{1000 * slowest:.0f} ms, {told['overruns'] - quiet['overruns']:.0f} overruns of "
              f"{told['cycles'] - quiet['cycles']:.0f} cycles")
        self.assertGreater(lost, 0)
        self.assertGreater(seen, 500)
        self.assertLess(slowest, 1)
        self.assertGreater((frame - before[1]) / 48000, 0.9 * passed)
        self.assertLess(resident_kib(server.pid) - before[0], 48 * 1024)
        client.call("param.set", id="lines", value=0)
        client.drain(4)
        client.notes.clear()
        client.drain(0.3)
        self.assertEqual([p["text"] for m, p in client.notes if m == "event" and p["kind"] == "log"], [])

    def test_the_last_words_of_a_plugin_that_dies_are_heard(self):
        server = self.serve(self.put(level("half")))
        client = server.client()
        self.put(level("crash"))
        (line,) = self.lines(client, "stderr", 1)
        self.assertEqual(line["text"], "about to fall over")
        client.event("engine.crashed")
