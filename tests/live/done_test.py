"""The whole of it: speech through a plugin that is turned and rebuilt while a page is open, and the
recording is, sample for sample, what the same builds make of the speech offline."""
import itertools
import os
import pathlib
import shutil
import subprocess
import threading
import time

import live
from live import JackTest

PARAMS = ["drive", "bits"]


class Page(threading.Thread):
    """A client as the page is one: it reads meters, taps and load sixty times a second."""

    def __init__(self, client):
        super().__init__()
        self.client = client
        self.frames = 0
        self.lost = 0
        self.ended = threading.Event()
        self.subs = [client.subscribe(stream) for stream in ("meters", "taps", "load")]

    def run(self):
        while not self.ended.is_set():
            self.client.pump(0.1)
            latest = {frame.sub: frame for frame in self.client.frames}
            self.frames += len(self.client.frames)
            for frame in self.client.frames:
                if frame.kind == 1:
                    self.lost = max([self.lost] + [meter["droppedFrames"] for meter in frame.meters()])
            self.client.frames.clear()
            if latest:
                self.client.tell("stream.ack", acks=[[sub, frame.seq] for sub, frame in latest.items()])

    def end(self):
        self.ended.set()
        self.join()


class Project:
    """The crush example as an author has it: a project of one's own, built by CMake into live/."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        source = pathlib.Path(os.environ["JIG_SOURCE"])
        self.source = shutil.copy(source / "examples/crush/crush.cpp", folder)
        (folder / "CMakeLists.txt").write_text(
            "cmake_minimum_required(VERSION 3.22)\n"
            "project(crush LANGUAGES C CXX)\n"
            "set(JIG_TESTS OFF)\n"
            f"add_subdirectory({source}/plugin-abi plugin-abi)\n"
            f"add_subdirectory({source}/sdk sdk)\n"
            "jig_add_plugin(crush SOURCES crush.cpp)\n")
        self.run("-S", folder, "-B", folder / "build", "-DCMAKE_BUILD_TYPE=Release",
                 f"-DCMAKE_CXX_COMPILER={os.environ['JIG_CXX']}")
        self.builds = []

    def run(self, *words):
        done = subprocess.run([os.environ["JIG_CMAKE"], *map(str, words)], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr

    def change(self, old, new):
        text = pathlib.Path(self.source).read_text()
        assert old in text, f"crush.cpp no longer has {old}"
        pathlib.Path(self.source).write_text(text.replace(old, new))

    def build(self):
        """Compiles what has changed; keeps a copy of what came out for later."""
        self.run("--build", self.folder / "build")
        library = self.folder / "build/live/crush.so"
        self.builds.append(shutil.copy(library, self.folder / f"crush-{len(self.builds) + 1}.so"))
        return library


class Done(JackTest):
    period = 256

    def test_speech_through_two_rebuilds_is_what_the_plugin_makes_of_it_offline(self):
        project = Project(self.home / "crush")
        library = project.build()
        record = self.home / "record.wav"
        server = self.serve(library, "--input", "device", "--record", record)
        player = self.deck("player", outs=2)
        taker = self.deck("taker", ins=2, seconds=60)
        self.connect(*[(f"player:out_{c}", f"jig:in_{c}") for c in (1, 2)],
                     *[(f"jig:out_{c}", f"taker:in_{c}") for c in (1, 2)])
        self.disconnect(*[(f"system:capture_{c}", f"jig:in_{c}") for c in (1, 2)])
        page = Page(self.client(server))
        page.start()
        self.addCleanup(page.end)
        client = self.client(server)
        taker.record()
        began = player.play(live.SPEECH, loop=False)
        end = time.monotonic() + 14.5

        self.move(client)
        project.change("// crush:", "// crush, touched:")
        first = self.rebuild(project, client)
        self.move(client)
        project.change("x * levels", "(x * x * x * 0.4f + x * 0.6f) * levels")
        second = self.rebuild(project, client)
        self.move(client)
        client.call("param.reset")
        time.sleep(max(0.0, end - time.monotonic()))

        take = taker.take(self.home)
        xruns = client.call("state.get")["audio"]["xruns"]
        for client_of_two in (player, taker, page):
            getattr(client_of_two, "close", getattr(client_of_two, "end", None))()
        client.close()
        page.client.close()
        self.assertEqual(server.end(), 0)
        self.assertEqual((take.jumps(), page.lost), (0, 0))
        self.assertGreater(page.frames, 14 * 60)

        print(f"{take.frames} frames taken, {xruns} xruns, {page.frames} frames of streams for the page")
        for name, reload in (("rebuilt", first), ("changed", second)):
            print(f"{name}: generation {reload['generation']}, {reload['fileToSoundMs']:.1f} ms from file to "
                  f"sound, fade of {reload['fadeFrames']} frames at {reload['swapFrame']}, "
                  f"{reload['gapFrames']} frames of gap")
        replayed = subprocess.run(
            [os.environ["JIG_REPLAY"], f"{record}.journal.tsv", record, take.path, live.SPEECH,
             str(take.place(began)), *[f"{i + 1}={path}" for i, path in enumerate(project.builds)]],
            capture_output=True, text=True)
        print(replayed.stdout + replayed.stderr, flush=True)
        self.assertEqual(replayed.returncode, 0)

    def rebuild(self, project, client):
        """What the server says of the new build. A knob is turned all the while: the two builds differ
        in how far they have followed it when one takes over from the other."""
        compiler = threading.Thread(target=project.build)
        compiler.start()
        turns = itertools.cycle([-7.5, 2.25, 11, -1, 6.125])
        while compiler.is_alive() or not any(
                method == "event" and params["kind"] == "plugin.reloaded" for method, params in client.notes):
            client.call("param.set", id="drive", value=next(turns))
            time.sleep(0.015)
        compiler.join()
        return client.event("plugin.reloaded")["data"]

    def move(self, client):
        """Both parameters, one by one, together, at a frame in the middle of a block, and back."""
        # Sixteen bits round so finely that a change one frame too late shows.
        client.call("param.set", id="bits", value=16)
        for step in range(10):
            client.call("param.set", id="drive", value=step)
            time.sleep(0.05)
        frame = client.call("ping")["frame"]
        client.call("param.setMany", values={"drive": -6.5}, frame=frame + 9001)
        client.call("param.setMany", values={"drive": 3.25, "bits": 6}, frame=frame + 9500)
        time.sleep(0.4)
        client.call("param.setMany", values={"drive": 12, "bits": 4})
        time.sleep(0.1)
        client.call("param.reset")
        self.assertEqual([client.call("param.get", id=name)["touched"] for name in PARAMS], [False, False])
        client.call("param.set", id="bits", value=15)


if __name__ == "__main__":
    live.main()
