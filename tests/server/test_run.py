"""Start and end of a server."""
import os
import pathlib
import signal
import time

from jig_server import JigTest, alive, children, example, level, wait_until


def shared_memory():
    """Whose names do not begin as a JACK server's do: one may run beside this."""
    return sorted(path.name for path in pathlib.Path("/dev/shm").iterdir()
                  if not path.name.startswith(("jack", "sem.jack")))


class Start(JigTest):
    def test_says_device_and_why_and_the_pages_url(self):
        server = self.serve(self.put(example("gain")), "--period", 256)
        self.assertRegex(server.output, r"Plugin +Gain \(dev\.jig\.gain\)")
        self.assertRegex(server.output, r"(?m)^Device +Virtual device, 48000 Hz, 256 frames a period\. As asked for\.$")
        self.assertRegex(server.url, r"^http://127\.0\.0\.1:\d+/#token=[0-9a-f]{32}$")

    def test_says_in_the_terminal_what_became_of_each_later_build(self):
        server = self.serve(self.put(level("half")))
        self.put(level("create_fails"))
        server.wait_for_line(r"Error +\S.*plugin\.so.*")
        self.put(level("quarter"))
        server.wait_for_line(r"        Build \d of plugin\.so is heard, \S+ ms after the file was written\.")

    def test_keeps_the_token_for_the_next_start_and_to_itself(self):
        first = self.serve(self.put(example("gain")))
        token = first.token
        kept = self.home / "state" / "jig" / "token"
        self.assertEqual(kept.read_text().strip(), token)
        self.assertEqual(kept.stat().st_mode & 0o777, 0o600)
        self.assertEqual(first.end(), 0)
        self.assertEqual(self.serve(self.live / "plugin.so").token, token)


class Unprivileged(JigTest):
    """As a user whom nobody gave limits: no real-time scheduling, no locked memory."""

    def unprivileged(self):
        capabilities = "-sys_nice,-sys_resource,-ipc_lock"
        setpriv = ["setpriv", f"--bounding-set={capabilities}", f"--inh-caps={capabilities}"]
        limits = ["prlimit", "--rtprio=0:0", "--memlock=0:0"]
        return [*limits, *(setpriv if os.geteuid() == 0 else [])]

    def test_without_real_time_permission_and_locked_memory_it_plays_and_says_the_remedy(self):
        server = self.serve(self.put(level("half")), "--input", "off", wrapper=self.unprivileged())
        client = server.client()
        audio = client.call("state.get")["audio"]
        self.assertFalse(audio["realtime"])
        self.assertRegex(audio["realtimeNote"], "limits.d.*rtprio")
        client.hear_level(0.5)


class End(JigTest):
    def leaves_nothing(self, signal_number):
        before = shared_memory()
        server = self.serve(self.put(example("gain")), "--input", "sine:440")
        client = server.client()
        engine = server.engine()
        self.assertNotEqual(self.copies(), [])
        self.assertEqual(server.end(signal_number), 0)
        self.assertFalse(alive(engine))
        self.assertEqual(shared_memory(), before)
        self.assertEqual(self.copies(), [])
        self.assertEqual(list((self.home / "tmp").iterdir()), [])
        self.assertEqual(server.process.stderr.read(), "")
        client.close()

    def test_leaves_nothing_after_sigint(self):
        self.leaves_nothing(signal.SIGINT)

    def test_leaves_nothing_after_sigterm(self):
        self.leaves_nothing(signal.SIGTERM)

    def test_comes_although_the_plugin_does_not_return(self):
        server = self.serve(self.put(level("hang_in_destroy")))
        engine = server.engine()
        self.assertEqual(server.end(), 0)
        self.assertFalse(alive(engine))

    def test_comes_although_the_engine_is_stopped(self):
        server = self.serve(self.put(example("gain")))
        engine = server.engine()
        os.kill(engine, signal.SIGSTOP)
        self.assertEqual(server.end(), 0)
        self.assertFalse(alive(engine))

    def test_of_a_killed_server_takes_the_engine_with_it_and_the_next_start_cleans_up(self):
        server = self.serve(self.put(example("gain")))
        engine = server.engine()
        server.process.kill()
        server.process.wait()
        began = time.monotonic()
        wait_until(lambda: not alive(engine), 1, "the engine's end")
        print(f"engine gone {1000 * (time.monotonic() - began):.0f} ms after its server was killed")
        left = self.copies()
        self.assertNotEqual(left, [])
        again = self.serve(self.live / "plugin.so")
        self.assertEqual([name for name in left if name in self.copies()], [])
        self.assertEqual(len(children(again.pid)), 1)
