"""Instructions per callback: all that a client executes in user space for one of JACK's cycles, libjack included."""

import itertools
import statistics
import tempfile

import callgrind
import jackd

WINDOWS = 3
CYCLES = 120  # at least, over all windows
RATE = 48000
# What looks after the plugin's output, in Jig: written, finite, not too loud.
GUARDS = ("jig::rt::poison", "jig::rt::cleanse", "jig::rt::LoudnessTrip::check")
# Where the rest of Jig's callback goes: functions of which each is called by none of the others.
PARTS = {
    "the device's time, transport and MIDI":
        ["jig::audio::JackProcess::take_time", "jig::audio::JackTransport::query", "jig::audio::JackMidi::begin",
         "jig::audio::JackMidi::end"],
    "copies of inputs, outputs and taps for the meters": ["jig::rt::Engine::publish"],
    "parameters, events, transport, input source":
        ["jig::rt::Params::snapshot", "jig::rt::Params::fill", "jig::rt::Events::gather", "jig::rt::Events::commit",
         "jig::rt::Events::drop_overtaken", "jig::rt::Transport::read", "jig::rt::Source::read"],
}


def workers(threads, peer):
    """The threads that JACK calls, or that run the plugin for it, and no other; none if it did not run."""
    if not any(t.find(peer.plugin)[0] for t in threads):
        return []
    return [t for t in threads if t.find(peer.plugin)[0] or t.find("jack_port_get_buffer")[0]]


class Count:
    """Instructions a cycle of one peer: all, the plugin's, and those of the functions asked for."""

    def __init__(self, works, peer):
        self.cycles, plugin = map(sum, zip(*(t.find(peer.plugin) for t in works)))
        self._works = works
        self.plugin = plugin / self.cycles
        self.host = sum(t.total for t in works) / self.cycles - self.plugin

    def of(self, functions):
        return sum(t.find(name)[1] for t in self._works for name in functions) / self.cycles


def measure(peer, period):
    """The window with the median count."""
    seconds = max(0.4, CYCLES / WINDOWS * period / RATE)
    with jackd.Jackd(rate=RATE, period=period) as server, tempfile.TemporaryDirectory() as folder:
        peer.start(server, "peer", [*callgrind.WORDS, "--separate-threads=yes",
                                    f"--callgrind-out-file={folder}/%p"])
        try:
            windows = itertools.islice(callgrind.windows(peer.pid(), folder, seconds), 3 * WINDOWS)
            # On a very busy machine a client may stand still for a whole window.
            busy = filter(None, (workers(threads, peer) for threads in windows))
            counts = [Count(works, peer) for works in itertools.islice(busy, WINDOWS)]
        finally:
            peer.stop()
    assert counts, f"JACK did not call {peer.label}"
    middle = statistics.median_low(c.host for c in counts)
    return next(c for c in counts if c.host == middle)
