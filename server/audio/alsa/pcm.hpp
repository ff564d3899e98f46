// jig/audio/alsa/pcm.hpp: an open PCM, closed once.
#pragma once

#include "audio/alsa/api.hpp"

#include <string>
#include <utility>

namespace jig::audio::alsa {

class Pcm {
  public:
    Pcm() = default;
    Pcm(Api& api, snd_pcm_t* handle, snd_pcm_stream_t direction, std::string name)
        : api_(&api), handle_(handle), direction_(direction), name_(std::move(name)) {}
    Pcm(Pcm&& other) noexcept { *this = std::move(other); }
    Pcm& operator=(Pcm&& other) noexcept {
        if (this != &other) {
            close();
            api_ = other.api_;
            handle_ = std::exchange(other.handle_, nullptr);
            direction_ = other.direction_;
            name_ = std::move(other.name_);
        }
        return *this;
    }
    Pcm(const Pcm&) = delete;
    Pcm& operator=(const Pcm&) = delete;
    ~Pcm() { close(); }

    [[nodiscard]] explicit operator bool() const { return handle_ != nullptr; }
    [[nodiscard]] Api& api() const { return *api_; }
    [[nodiscard]] snd_pcm_t* get() const { return handle_; }
    [[nodiscard]] snd_pcm_stream_t direction() const { return direction_; }
    [[nodiscard]] bool is_capture() const { return direction_ == SND_PCM_STREAM_CAPTURE; }
    /// As alsa-lib was asked for it: "hw:PCH,0".
    [[nodiscard]] const std::string& name() const { return name_; }

    void close() {
        if (handle_ != nullptr) {
            api_->close(std::exchange(handle_, nullptr));
        }
    }

  private:
    Api* api_ = nullptr;
    snd_pcm_t* handle_ = nullptr;
    snd_pcm_stream_t direction_ = SND_PCM_STREAM_PLAYBACK;
    std::string name_;
};

} // namespace jig::audio::alsa
