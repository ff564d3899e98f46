"""The round trip through a cable: measured, kept, and used from then on."""
import json

from jig_server import JigTest, level

FAILED, USAGE, NO_DEVICE = 1, 2, 4
VIRTUAL = ("--device", "virtual")
ID = "virtual, 48000 Hz, 128 frames"


class Latency(JigTest):
    def measure(self, *options, code=0):
        result = self.run_to_end("latency", *VIRTUAL, *options)
        self.assertEqual(result.returncode, code, result.stderr)
        return result

    def kept(self):
        file = self.home / "state" / "jig" / "calibrations.json"
        return json.loads(file.read_text()) if file.exists() else {}

    def test_it_is_measured_to_the_frame_and_kept_for_the_device(self):
        self.assertRegex(self.measure("--cable", 300).stdout,
                         r"Round trip   300 frames, 6.250 ms, on input 1\n(?s:.)*Calibration  \+44 frames")
        self.assertEqual(self.kept(), {ID: 44})
        told = json.loads(self.measure("--cable", 1000, "--period", 512, "--json").stdout)
        self.assertEqual((told["frames"], told["countedFrames"], told["calibrationFrames"], told["verdict"]),
                         (1000, 1024, -24, "found"))
        self.assertAlmostEqual(told["gainDb"], 0, delta=0.01)
        self.assertEqual(self.kept(), {ID: 44, told["id"]: -24})

    def test_run_adds_it_to_what_that_device_counts_and_to_no_other(self):
        self.measure("--cable", 300)
        for period, wanted in ((128, (300, True, 44)), (256, (512, False, 0))):
            with self.subTest(period):
                server = self.serve(self.put(level("half")), "--period", period)
                client = server.client()
                trip = client.call("state.get")["audio"]["roundTrip"]
                self.assertEqual((trip["frames"], trip["calibrated"], trip["calibrationFrames"]), wanted)
                sub = client.subscribe("load", 10)
                client.frame(sub)
                self.assertEqual(client.frame(sub).load()["roundTripFrames"], wanted[0])

    def test_without_a_cable_it_says_so_and_keeps_nothing(self):
        self.assertRegex(self.measure(code=FAILED).stderr, "nothing comes back.*connect output 1 to input 1")
        told = json.loads(self.measure("--json", code=FAILED).stdout)
        self.assertEqual((told["verdict"], told["frames"], told["calibrationFrames"]), ("silent", None, None))
        self.assertEqual(self.kept(), {})

    def test_it_is_forgotten_by_device_or_altogether(self):
        self.measure("--cable", 300)
        self.measure("--cable", 600, "--period", 256)
        self.assertIn("tape", self.measure("--forget", "tape", code=USAGE).stderr)
        self.assertEqual(self.measure("--forget", ID).stdout, "1 calibration forgotten\n")
        self.assertEqual(len(self.kept()), 1)
        self.assertEqual(self.measure("--forget").stdout, "1 calibration forgotten\n")
        self.assertEqual(self.kept(), {})

    def test_what_cannot_be_is_refused(self):
        for code, options in ((NO_DEVICE, ("--cable", 64)), (USAGE, ("--cable", 1)), (USAGE, ("--level", 3)),
                              (USAGE, ("--prefill", 4)), (USAGE, ("--nonsense",))):
            with self.subTest(options):
                self.assertEqual(len(self.measure(*options, code=code).stderr.splitlines()), 1)

    def test_a_file_that_holds_no_calibrations_is_named(self):
        folder = self.home / "state" / "jig"
        folder.mkdir(parents=True)
        (folder / "calibrations.json").write_text("[1, 2]")
        self.assertIn("calibrations.json", self.measure("--cable", 300, code=FAILED).stderr)
        result = self.run_to_end("run", self.put(level("half")), *VIRTUAL, "--port", 0)
        self.assertEqual(result.returncode, USAGE)
        self.assertIn("calibrations.json", result.stderr)

