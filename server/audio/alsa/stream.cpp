#include "audio/alsa/stream.hpp"

#include <algorithm>
#include <cerrno>

namespace jig::audio::alsa {

namespace {

/// How often a card may give nothing, take nothing or ask to try again, in one transfer.
constexpr int kMostRefusals = 16;

bool try_again(snd_pcm_sframes_t result) {
    return result == 0 || result == -EAGAIN || result == -EINTR;
}

std::byte* sample_at(const snd_pcm_channel_area_t& area, snd_pcm_uframes_t frame) {
    return static_cast<std::byte*>(area.addr) + (area.first + frame * area.step) / 8;
}

} // namespace

Stream::Stream(Pcm pcm, const Setup& setup) : pcm_(std::move(pcm)), setup_(setup) {
    silence_.resize(setup_.period_frames);
    silent_channels_.resize(setup_.channels);
    if (!setup_.mapped()) {
        staging_.resize(std::size_t{setup_.period_frames} * setup_.channels * setup_.format->bytes);
    }
}

/// `move(areas, offset, done, frames)`: the ring's frames from `offset` are the transfer's from
/// `done`.
template <typename Move>
int Stream::transfer_mapped(std::uint32_t frames, Move move) noexcept {
    std::uint32_t done = 0;
    for (int refusals = 0; done < frames;) {
        const snd_pcm_channel_area_t* areas = nullptr;
        snd_pcm_uframes_t offset = 0;
        snd_pcm_uframes_t given = frames - done;
        const int begun = pcm_.api().mmap_begin(pcm_.get(), &areas, &offset, &given);
        if (begun < 0) {
            return begun;
        }
        given = std::min<snd_pcm_uframes_t>(given, frames - done);
        snd_pcm_sframes_t taken = 0;
        if (given > 0) {
            move(areas, offset, done, static_cast<std::uint32_t>(given));
            taken = pcm_.api().mmap_commit(pcm_.get(), offset, given);
        }
        if (taken > 0) {
            done += static_cast<std::uint32_t>(
                std::min<snd_pcm_sframes_t>(taken, static_cast<snd_pcm_sframes_t>(given)));
        } else if (!try_again(taken)) {
            return static_cast<int>(taken);
        } else if (++refusals > kMostRefusals) {
            return -EPIPE;
        }
    }
    position_ += frames;
    return 0;
}

/// `transfer(staged, done, frames)` reads or writes what it can of the interleaved frames.
template <typename Transfer>
int Stream::transfer_staged(std::uint32_t frames, Transfer transfer) noexcept {
    const std::size_t frame_bytes = setup_.channels * setup_.format->bytes;
    std::uint32_t done = 0;
    for (int refusals = 0; done < frames;) {
        const snd_pcm_sframes_t moved =
            transfer(staging_.data() + done * frame_bytes, frames - done);
        if (moved > 0) {
            done += static_cast<std::uint32_t>(moved);
        } else if (!try_again(moved)) {
            return static_cast<int>(moved);
        } else if (++refusals > kMostRefusals) {
            return -EPIPE;
        }
    }
    position_ += frames;
    return 0;
}

int Stream::read(float* const* channels, std::uint32_t frames) noexcept {
    const SampleFormat& format = *setup_.format;
    if (setup_.mapped()) {
        return transfer_mapped(frames, [&](const snd_pcm_channel_area_t* areas,
                                           snd_pcm_uframes_t offset, std::uint32_t done,
                                           std::uint32_t count) {
            for (unsigned c = 0; c < setup_.channels; ++c) {
                if (channels[c] != nullptr) {
                    format.to_float(sample_at(areas[c], offset), areas[c].step / 8,
                                    channels[c] + done, count);
                }
            }
        });
    }
    const int fault = transfer_staged(frames, [&](std::byte* staged, std::uint32_t count) {
        return pcm_.api().read(pcm_.get(), staged, count);
    });
    for (unsigned c = 0; fault == 0 && c < setup_.channels; ++c) {
        if (channels[c] != nullptr) {
            format.to_float(staging_.data() + c * format.bytes, setup_.channels * format.bytes,
                            channels[c], frames);
        }
    }
    return fault;
}

int Stream::write(const float* const* channels, std::uint32_t frames) noexcept {
    const SampleFormat& format = *setup_.format;
    const auto plane = [&](unsigned c, std::uint32_t done) {
        return channels[c] != nullptr ? channels[c] + done : silence_.data();
    };
    if (setup_.mapped()) {
        return transfer_mapped(frames, [&](const snd_pcm_channel_area_t* areas,
                                           snd_pcm_uframes_t offset, std::uint32_t done,
                                           std::uint32_t count) {
            for (unsigned c = 0; c < setup_.channels; ++c) {
                format.from_float(plane(c, done), sample_at(areas[c], offset), areas[c].step / 8,
                                  count);
            }
        });
    }
    for (unsigned c = 0; c < setup_.channels; ++c) {
        format.from_float(plane(c, 0), staging_.data() + c * format.bytes,
                          setup_.channels * format.bytes, frames);
    }
    return transfer_staged(frames, [&](const std::byte* staged, std::uint32_t count) {
        return pcm_.api().write(pcm_.get(), staged, count);
    });
}

int Stream::write_silence(std::uint32_t frames) noexcept {
    return write(silent_channels_.data(), frames);
}

} // namespace jig::audio::alsa
