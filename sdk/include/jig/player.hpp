// jig/player.hpp: plays a plugin through its C table, without a device, and says what came out.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <jig/audio.hpp>
#include <jig/bus_layout.hpp>
#include <jig/musical_time.hpp>
#include <jig/plugin.h>
#include <jig/test_host.hpp>
#include <jig/timeline.hpp>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

/// What this thread has asked of the heap so far; from jig_allocation_watch.cpp, else nullptr.
extern "C" __attribute__((weak)) std::uint64_t jig_heap_calls();

namespace jig {

/// A host for tests. Everything is decided by frames on its time line and nothing by real time, so
/// that a run can be had again, sample for sample: the same settings, the same changes at the same
/// frames, whatever the blocks. Outputs are filled with NaN beforehand; buffers have exactly the
/// block's size, so that AddressSanitizer sees a step outside. What cannot be done throws
/// std::runtime_error.
class Player {
  public:
    /// The plugin's library outlives the player.
    explicit Player(const jig_plugin& plugin)
        : plugin_(plugin), timeline_(plugin), out_params_(timeline_.values()) {
        char err[512] = {};
        instance_ = plugin.create(&plugin, host_.table(), err, sizeof err);
        if (instance_ == nullptr) {
            throw std::runtime_error(std::string("create failed: ") + err);
        }
    }
    Player(const Player&) = delete;
    Player& operator=(const Player&) = delete;
    ~Player() {
        stop();
        plugin_.destroy(instance_);
    }

    // ---- Settings; a change of the first five activates the plugin anew ----

    Player& rate(double hz) {
        return stop(), time_.hold(position_, rate_hz_), rate_hz_ = hz, *this;
    }
    /// Channels of the main input (of the main output where there is no input); 0: the default.
    Player& channels(std::uint32_t count) { return stop(), main_channels_ = count, *this; }
    /// Whether optional buses have their channels, as they do unless told otherwise.
    Player& optional_buses(bool yes) { return stop(), optional_buses_ = yes, *this; }
    /// Frames a call, repeated in this order for ever.
    Player& blocks(std::vector<std::uint32_t> sizes) {
        return stop(), blocks_ = std::move(sizes), block_index_ = 0, block_left_ = 0, *this;
    }
    Player& offline(bool yes) { return stop(), offline_ = yes, *this; }
    /// The position of the next frame on the time line.
    Player& start(std::uint64_t frame) { return time_.start(frame), position_ = frame, *this; }
    /// Timed values arrive as events inside a block, as from a host that does not cut its blocks.
    Player& params_as_events(bool yes) { return params_as_events_ = yes, *this; }
    /// Musical time runs at this tempo, from the start on; 0: there is none.
    Player& tempo(double bpm) { return time_.set_tempo(bpm, position_, rate_hz_), *this; }
    /// It stands still, or runs on.
    Player& playing(bool yes) { return time_.set_playing(yes, position_, rate_hz_), *this; }
    /// It goes to this beat.
    Player& locate(double beat) { return time_.locate(beat, position_), *this; }

    // ---- What happens, and when ----

    /// At a position on the time line that is still to come; an earlier one means now.
    Moment at(std::uint64_t frame) { return {timeline_, std::max(frame, position_)}; }
    Moment now() { return at(position_); }
    Player& set(std::string_view id, double value) { return now().set(id, value), *this; }

    /// One of the plugin's presets, now: its values, and the defaults of all others.
    Player& preset(std::string_view name) {
        if (!JIG_HAS(&plugin_, presets)) {
            throw std::runtime_error("the plugin has no presets");
        }
        for (std::uint32_t i = 0; i < plugin_.presets.count; ++i) {
            const auto& preset = detail::element<jig_preset>(plugin_.presets, i);
            if (preset.name == name) {
                forget();
                for (std::uint32_t v = 0; v < preset.value_count; ++v) {
                    set(preset.values[v].param, preset.values[v].value);
                }
                return *this;
            }
        }
        throw std::runtime_error("no preset " + std::string(name));
    }

    /// As the host's reset: silence all state, keep the parameters.
    void reset() {
        if (active_) {
            plugin_.reset(instance_);
        }
    }

    /// All parameters at their defaults, nothing on the time line.
    void forget() { timeline_.forget(); }

    /// Goes on where another player of the same plugin stands: its settings, its parameters, and
    /// the memory that the plugin carries over.
    void take_over(Player& other) {
        stop();
        rate_hz_ = other.rate_hz_;
        main_channels_ = other.main_channels_;
        optional_buses_ = other.optional_buses_;
        blocks_ = other.blocks_;
        block_index_ = other.block_index_;
        block_left_ = other.block_left_;
        position_ = other.position_;
        time_ = other.time_;
        timeline_ = other.timeline_;
        play();
        if (plugin_.state_save == nullptr || plugin_.state_load == nullptr) {
            throw std::runtime_error("the plugin has no state to carry over");
        }
        std::uint64_t tag = 0;
        std::vector<std::byte> bytes;
        const jig_sink sink{&bytes,
                            [](void* ctx, const void* data, std::size_t size) -> jig_status {
                                auto& all = *static_cast<std::vector<std::byte>*>(ctx);
                                const auto* first = static_cast<const std::byte*>(data);
                                all.insert(all.end(), first, first + size);
                                return JIG_OK;
                            }};
        const auto saved = plugin_.state_save(other.instance_, JIG_STATE_CARRY, &tag, &sink);
        const auto loaded = saved < 0 ? saved
                                      : plugin_.state_load(instance_, JIG_STATE_CARRY, tag,
                                                           bytes.data(), bytes.size());
        if (loaded < 0) {
            throw std::runtime_error("the state was not carried over: " + std::to_string(loaded));
        }
    }

    // ---- Playing ----

    /// Plays the signal (a second of it unless told otherwise) into every channel of the main
    /// input.
    Audio render(const Signal& signal) {
        return render(signal, static_cast<std::uint64_t>(rate_hz_));
    }
    Audio render(const Signal& signal, std::uint64_t frames) {
        Audio input(1, frames);
        for (std::uint64_t i = 0; i < frames; ++i) {
            input[0][i] = signal(position_ - time_.start() + i, rate_hz_);
        }
        return render(input);
    }
    /// Plays without input.
    Audio render(std::uint64_t frames) { return render(Audio(1, frames)); }
    /// Plays `input`: one channel for all of the main input, or the main input's, or all buses'.
    /// Returns all channels of all output buses.
    Audio render(const Audio& input) {
        play();
        const auto feed = layout_.feed(input.channels());
        Audio output(layout_.total_out(), input.frames());
        taps_.assign(plugin_.taps.count, {});
        for (std::uint64_t done = 0; done < input.frames();) {
            const auto frames = next_block(input.frames() - done);
            render_block(input, feed, output, done, frames);
            done += frames;
        }
        return output;
    }

    // ---- What came out ----

    /// A tap during the last render: one value a frame, or one a call of process for a PerBlock
    /// tap.
    [[nodiscard]] const std::vector<float>& tap(std::string_view id) const {
        for (std::uint32_t i = 0; i < plugin_.taps.count; ++i) {
            if (detail::element<jig_tap>(plugin_.taps, i).id == id) {
                return taps_.at(i);
            }
        }
        throw std::runtime_error("no tap " + std::string(id));
    }
    /// An event that the plugin sent out, and where on the time line.
    struct Sent {
        std::uint64_t frame;
        jig_event event;
    };
    /// All since the player was made.
    [[nodiscard]] const std::vector<Sent>& sent() const { return sent_; }
    /// What process returned last. After an error the plugin is not called again and gives silence.
    [[nodiscard]] jig_status status() const { return status_; }
    /// Output samples that the plugin left as they were.
    [[nodiscard]] std::uint64_t unwritten() const { return unwritten_; }
    [[nodiscard]] std::uint64_t position() const { return position_; }
    [[nodiscard]] double rate_hz() const { return rate_hz_; }
    [[nodiscard]] const jig_plugin& table() const { return plugin_; }

    /// Whether heap_calls() can tell: in an executable that jig_add_plugin makes of TESTS, without
    /// a sanitizer.
    [[nodiscard]] static bool watches_heap() { return jig_heap_calls != nullptr; }
    /// How often process called malloc, free and their kin.
    [[nodiscard]] std::uint64_t heap_calls() const { return heap_calls_; }

    /// On a live host's audio thread, and here unless told otherwise, denormals are zero.
    Player& flush_denormals(bool yes) { return flush_denormals_ = yes, *this; }
    /// Whether process calculated with denormals while they were not flushed. [x86-64]
    [[nodiscard]] bool denormals() const { return denormals_; }
    [[nodiscard]] std::uint32_t latency() {
        play();
        return plugin_.latency == nullptr ? 0 : plugin_.latency(instance_);
    }
    [[nodiscard]] std::uint32_t tail() {
        play();
        return plugin_.tail == nullptr ? 0 : plugin_.tail(instance_);
    }
    /// Of an OUTPUT parameter: what the plugin wrote last.
    [[nodiscard]] float output_value(std::string_view id) const {
        return out_params_[timeline_.index_of(id)];
    }
    [[nodiscard]] const TestHost& host() const { return host_; }
    [[nodiscard]] jig_instance* raw() { return instance_; }

  private:
    /// A NaN that arithmetic does not make.
    static constexpr std::uint32_t kUnwritten = 0x7FC0D1E5u;

    void play() {
        if (active_) {
            return;
        }
        layout_ = detail::BusLayout(plugin_, main_channels_, optional_buses_);
        jig_config config{};
        config.struct_size = sizeof config;
        config.max_frames = *std::max_element(blocks_.begin(), blocks_.end());
        config.rate_hz = rate_hz_;
        config.mode = offline_ ? JIG_MODE_OFFLINE : JIG_MODE_REALTIME;
        config.in_bus_count = static_cast<std::uint32_t>(layout_.in().size());
        config.out_bus_count = static_cast<std::uint32_t>(layout_.out().size());
        config.in_channels = layout_.in().data();
        config.out_channels = layout_.out().data();
        status_ = plugin_.activate(instance_, &config);
        if (status_ < 0) {
            throw std::runtime_error("activate failed: " + std::to_string(status_));
        }
        active_ = true;
    }

    void stop() {
        if (active_) {
            plugin_.deactivate(instance_);
            active_ = false;
        }
    }

    /// How many frames the next call has: to the end of the block, or to what cuts it before.
    std::uint32_t next_block(std::uint64_t most) {
        if (block_left_ == 0) {
            block_left_ = blocks_[block_index_++ % blocks_.size()];
        }
        const auto frames = timeline_.until_cut(
            position_, std::min<std::uint64_t>(block_left_, most), params_as_events_);
        block_left_ -= static_cast<std::uint32_t>(frames);
        return static_cast<std::uint32_t>(frames);
    }

    using Buffers = std::vector<std::vector<float>>;

    void render_block(const Audio& input, const std::vector<int>& feed, Audio& output,
                      std::uint64_t done, std::uint32_t frames) {
        const auto offset = static_cast<std::ptrdiff_t>(done);
        Buffers ins(feed.size(), std::vector<float>(frames));
        Buffers outs(output.channels(),
                     std::vector<float>(frames, std::bit_cast<float>(kUnwritten)));
        std::vector<const float*> in_pointers;
        std::vector<float*> out_pointers;
        for (std::size_t c = 0; c < feed.size(); ++c) {
            if (feed[c] >= 0) {
                std::copy_n(input[static_cast<std::size_t>(feed[c])].begin() + offset, frames,
                            ins[c].begin());
            }
            in_pointers.push_back(ins[c].data());
        }
        for (auto& channel : outs) {
            out_pointers.push_back(channel.data());
        }
        const auto in_buses = detail::buses_of<jig_audio_in>(layout_.in(), in_pointers);
        auto out_buses = detail::buses_of<jig_audio_out>(layout_.out(), out_pointers);
        call(frames, in_buses, out_buses);
        for (std::size_t c = 0; c < outs.size(); ++c) {
            for (std::uint32_t i = 0; i < frames; ++i) {
                const bool written = std::bit_cast<std::uint32_t>(outs[c][i]) != kUnwritten;
                unwritten_ += written || status_ < 0 ? 0 : 1;
                output[c][done + i] = status_ < 0 ? 0.0f : outs[c][i];
            }
        }
    }

    void call(std::uint32_t frames, const std::vector<jig_audio_in>& ins,
              std::vector<jig_audio_out>& outs) {
        const auto events = timeline_.take(position_, frames);
        Buffers tap_buffers;
        std::vector<float*> tap_pointers;
        for (std::uint32_t i = 0; i < plugin_.taps.count; ++i) {
            const bool by_frame = detail::element<jig_tap>(plugin_.taps, i).kind == JIG_TAP_AUDIO;
            tap_buffers.emplace_back(by_frame ? frames : 1);
        }
        for (auto& buffer : tap_buffers) {
            tap_pointers.push_back(buffer.data());
        }
        const auto transport = time_.at(position_, rate_hz_);
        jig_block block{};
        block.struct_size = sizeof block;
        block.frames = frames;
        block.frame = position_;
        block.in = ins.data();
        block.out = outs.data();
        block.in_count = static_cast<std::uint32_t>(ins.size());
        block.out_count = static_cast<std::uint32_t>(outs.size());
        block.params = timeline_.values().data();
        block.out_params = out_params_.data();
        block.events = events.data();
        block.event_count = static_cast<std::uint32_t>(events.size());
        block.transport = time_.is_there() ? &transport : nullptr;
        block.taps = tap_pointers.data();
        block.tap_count = plugin_.taps.count;
        if (status_ >= 0) {
            call_process(block);
        }
        const auto& emitted = host_.emitted();
        for (std::size_t i = sent_.size(); i < emitted.size(); ++i) {
            sent_.push_back({position_ + emitted[i].frame, emitted[i]});
        }
        for (std::size_t i = 0; i < taps_.size(); ++i) {
            taps_[i].insert(taps_[i].end(), tap_buffers[i].begin(), tap_buffers[i].end());
        }
        timeline_.finish();
        position_ += frames;
    }

    void call_process(const jig_block& block) {
        const std::uint64_t before = watches_heap() ? jig_heap_calls() : 0;
        if (flush_denormals_) {
            const FlushDenormals as_the_live_host;
            status_ = plugin_.process(instance_, &block);
        } else {
            const DenormalWatch watch;
            status_ = plugin_.process(instance_, &block);
            denormals_ = denormals_ || watch.saw_one();
        }
        heap_calls_ += watches_heap() ? jig_heap_calls() - before : 0;
    }

    const jig_plugin& plugin_;
    TestHost host_;
    jig_instance* instance_ = nullptr;
    bool active_ = false;

    double rate_hz_ = 48000;
    bool offline_ = false;
    bool params_as_events_ = false;
    std::uint32_t main_channels_ = 0;
    bool optional_buses_ = true;
    std::vector<std::uint32_t> blocks_{64};
    detail::BusLayout layout_;

    std::size_t block_index_ = 0;
    std::uint32_t block_left_ = 0;
    std::uint64_t position_ = 0;
    detail::MusicalTime time_;
    detail::Timeline timeline_;
    std::vector<float> out_params_;
    std::vector<std::vector<float>> taps_;
    std::vector<Sent> sent_;
    jig_status status_ = JIG_OK;
    std::uint64_t unwritten_ = 0;
    std::uint64_t heap_calls_ = 0;
    bool flush_denormals_ = true;
    bool denormals_ = false;
};

} // namespace jig
