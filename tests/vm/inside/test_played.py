"""What plays on the emulated HDA card, for outside/test_played.py, which looks into the WAV that QEMU writes of it."""

import os
import pathlib
import time

import cards
from test_server import OnCard

# QEMU's WAV has no microphone, and the card's capture stands still.
PLAYBACK = "none+hw:Intel,0"
PROGRAMME = pathlib.Path(os.environ.get("JIG_VM_PROGRAMME", ""))


class File(OnCard):
    def test_plays_a_file(self):
        self.on_card(PLAYBACK, "--input", f"file:{PROGRAMME}", period=256)
        time.sleep(2.5)


class Pulled(OnCard):
    def test_plays_a_sine_while_the_card_is_pulled_and_put_back(self):
        server = self.on_card(PLAYBACK, "--input", "sine:100,-12", period=256)
        client = server.client()
        card = cards.Hda("Intel")
        for _ in range(2):
            time.sleep(0.7)
            card.unplug()
            client.wait_state("audio", lambda audio: audio["state"] == "lost")
            card.plug()
            client.wait_state("audio", lambda audio: audio["state"] == "running")
        time.sleep(0.7)
        self.assertEqual(server.end(), 0)
