// jig/audio/alsa/waiter.hpp: waits until every direction has a period, or something happened.
#pragma once

#include "audio/alsa/api.hpp"
#include "audio/alsa/pcm.hpp"

#include <array>
#include <cstdint>

namespace jig::audio::alsa {

/// One poll(2) at a time over the descriptors of up to two PCMs and one more that ends the wait. A
/// PCM that is ready leaves the set, so that it cannot keep the thread awake while the other is
/// not.
class Waiter {
  public:
    enum class Outcome {
        ready,    ///< every PCM said so, or one if that is enough
        stopped,  ///< the stop descriptor became readable
        timeout,  ///< nobody said anything for that long
        troubled, ///< a PCM reports an error: ask its state
    };

    Waiter(Api& api, int stop_fd) : api_(api), stop_fd_(stop_fd) {}

    /// False when a PCM has more descriptors than there is room for. [main]
    [[nodiscard]] bool watch(const Pcm& pcm);
    void forget_all() { pcms_ = 0; }

    enum class Until { all_ready, any_ready };
    /// [audio]
    [[nodiscard]] Outcome wait(std::int64_t timeout_ns, Until until = Until::all_ready) noexcept;
    /// Waits for the stop descriptor alone; true when it is readable. [audio]
    [[nodiscard]] bool wait_for_stop(std::int64_t timeout_ns) noexcept;

  private:
    static constexpr unsigned kMostDescriptors = 16; ///< of one PCM; hw: devices have one

    struct Watched {
        snd_pcm_t* pcm = nullptr;
        unsigned count = 0;
        bool ready = false;
    };

    /// Asks a PCM what its descriptors' events mean; false: trouble.
    [[nodiscard]] bool understand(Watched& watched, pollfd* descriptors) noexcept;
    [[nodiscard]] bool done(Until until) const noexcept;

    Api& api_;
    int stop_fd_;
    std::array<Watched, 2> watched_;
    unsigned pcms_ = 0;
    std::array<pollfd, 2 * kMostDescriptors + 1> descriptors_{};
};

} // namespace jig::audio::alsa
