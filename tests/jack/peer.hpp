// tests/jack/peer.hpp: another JACK client, which sends impulses and notes and hears when they
// arrive.
#pragma once

#include <array>
#include <atomic>
#include <csignal>
#include <cstdint>
#include <jack/jack.h>
#include <string>
#include <vector>

namespace jig::test {

/// Ports: in, out (audio), midi_in, midi_out. All frames are the server's, so that they can be
/// compared between peers.
class Peer {
  public:
    explicit Peer(const char* name);
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;
    ~Peer();

    /// Puts a full-scale sample on `out` and a note on `midi_out` at frame `offset` of a coming
    /// cycle; returns the server's frame at which they left.
    [[nodiscard]] std::uint32_t send(std::uint32_t offset);

    /// Waits for as many as `count` non-zero samples at `in` and returns their frames.
    [[nodiscard]] std::vector<std::uint32_t> wait_for_samples(std::size_t count);
    /// … for notes at `midi_in`.
    [[nodiscard]] std::vector<std::uint32_t> wait_for_notes(std::size_t count);

    [[nodiscard]] jack_client_t* handle() const { return client_; }
    [[nodiscard]] std::uint32_t cycles() const { return cycles_.load(); }
    [[nodiscard]] std::uint32_t xruns() const { return xruns_.load(); }

  private:
    static constexpr std::uint32_t kNothing = UINT32_MAX;

    /// Frames, appended by the process callback.
    struct Log {
        std::array<std::uint32_t, 4096> frames{};
        std::atomic<std::size_t> count{0};
        void append(std::uint32_t frame);
        [[nodiscard]] std::vector<std::uint32_t> wait_for(std::size_t wanted);
    };

    static int on_process(jack_nframes_t frames, void* self);
    void process(jack_nframes_t frames);

    jack_client_t* client_ = nullptr;
    jack_port_t* in_ = nullptr;
    jack_port_t* out_ = nullptr;
    jack_port_t* midi_in_ = nullptr;
    jack_port_t* midi_out_ = nullptr;
    std::atomic<std::uint32_t> wanted_offset_{kNothing};
    std::atomic<std::uint64_t> sent_frame_{UINT64_MAX};
    std::atomic<std::uint32_t> cycles_{0};
    std::atomic<std::uint32_t> xruns_{0};
    std::atomic<bool> midi_out_removed_{false};
    Log samples_;
    Log notes_;
};

/// libjack's open and close leave the signal mask of another thread behind; this puts it right.
class KeepSignalMask {
  public:
    KeepSignalMask() { pthread_sigmask(SIG_SETMASK, nullptr, &before_); }
    KeepSignalMask(const KeepSignalMask&) = delete;
    KeepSignalMask& operator=(const KeepSignalMask&) = delete;
    ~KeepSignalMask() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

  private:
    sigset_t before_{};
};

/// Connects by full name; what is sent afterwards goes there. Fails the test if it cannot.
void connect(const Peer& by, const std::string& source, const std::string& sink);

/// The full names of what `port` is connected to, sorted.
[[nodiscard]] std::vector<std::string> connected_to(const Peer& by, const std::string& port);

/// Waits until `condition` holds; false after ten seconds.
template <typename Condition>
[[nodiscard]] bool eventually(Condition condition);

[[nodiscard]] bool wait_step(int step);

template <typename Condition>
bool eventually(Condition condition) {
    for (int step = 0; !condition(); ++step) {
        if (!wait_step(step)) {
            return false;
        }
    }
    return true;
}

} // namespace jig::test
