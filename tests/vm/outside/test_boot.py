"""What `boot` gives back of what it ran."""

import pathlib
import subprocess
import tempfile
import unittest

BOOT = pathlib.Path(__file__).resolve().parents[1] / "boot"
SKIPPED = 77


def booted(*words):
    """Two at once are started by starting two."""
    return subprocess.Popen([BOOT, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def setUpModule():
    setup = subprocess.run([BOOT, "--setup"], stdout=subprocess.PIPE, text=True)
    if setup.returncode == SKIPPED:
        raise unittest.SkipTest(setup.stdout)


class Boot(unittest.TestCase):
    def test_gives_back_what_two_guests_at_once_say_and_how_they_end(self):
        guests = [booted("--card", "hda", "--card", "aloop", "sh", "-c",
                         f"cat /proc/asound/card1/id; echo err {i} >&2; exit {i}") for i in (3, 4)]
        for i, guest in zip((3, 4), guests):
            out, err = guest.communicate()
            self.assertEqual((out, err, guest.returncode), ("Loopback\n", f"err {i}\n", i))

    def test_keeps_what_is_written_away_from_this_machine_except_where_it_shares(self):
        with tempfile.TemporaryDirectory() as own, tempfile.TemporaryDirectory() as shared:
            guest = booted("--rw", shared, "sh", "-c", f"echo x >{own}/file && echo y >{shared}/file")
            self.assertEqual(guest.communicate(), ("", ""))
            self.assertEqual(guest.returncode, 0)
            self.assertEqual(list(pathlib.Path(own).iterdir()), [])
            self.assertEqual((pathlib.Path(shared) / "file").read_text(), "y\n")

    def test_ends_a_guest_that_does_not_end(self):
        guest = booted("--timeout", "0.5", "true")
        self.assertIn("stopped after 0.5 s", guest.communicate()[1])
        self.assertEqual(guest.returncode, 124)


if __name__ == "__main__":
    unittest.main()
