// jig/tests/audio/alsa/duplex_rig.hpp: the duplex loop on fake cards, a turn at a time.
#pragma once

#include "audio/alsa/duplex.hpp"
#include "audio/alsa/open_pair.hpp"
#include "base/fd.hpp"
#include "fake_alsa.hpp"

#include <functional>
#include <gtest/gtest.h>
#include <vector>

namespace jig::test {

/// A card "hw:Fake,0" in both directions, whose microphone hears a staircase that no two frames of
/// ten seconds share; the callback passes the input through.
class DuplexRig {
  public:
    using Turn = audio::alsa::Duplex::Turn;

    DuplexRig();

    /// Opens and starts; false with `refused` set.
    bool play(const std::string& address = "hw:Fake,0");
    /// Turns until `count` more callbacks have been run, or something else than running is said.
    Turn run(std::size_t count);
    void stop_soon() const;
    [[nodiscard]] std::vector<audio::DeviceEvent> events();
    [[nodiscard]] std::size_t xruns();

    /// The distance at which the speaker repeats the microphone, if it does so for every frame
    /// from `from` on that was played; −1 otherwise.
    [[nodiscard]] int round_trip(std::size_t from = 0) const;

    static float heard(std::uint64_t frame, unsigned channel);

    FakeAlsa alsa;
    FakePcm& in;
    FakePcm& out;
    audio::alsa::Wanted wanted;
    std::uint32_t prefill = 2;
    bool resample = false; ///< --resample-capture
    audio::alsa::Planes planes;
    audio::EventQueue queue;
    std::vector<rt::Cycle> cycles;
    std::function<void(const rt::Cycle&)> on_cycle; ///< after the pass-through
    std::string refused;
    std::optional<audio::alsa::Duplex> duplex;
    UniqueFd stop;

  private:
    static void callback(void* self, const rt::Cycle& cycle) noexcept;
};

} // namespace jig::test
