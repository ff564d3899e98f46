#include "tests/jack/peer.hpp"

#include <algorithm>
#include <chrono>
#include <gtest/gtest.h>
#include <jack/midiport.h>
#include <thread>

namespace jig::test {

bool wait_step(int step) {
    constexpr int kSteps = 5000;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    return step < kSteps;
}

void Peer::Log::append(std::uint32_t frame) {
    const std::size_t at = count.load();
    if (at < frames.size()) {
        frames[at] = frame;
        count.store(at + 1);
    }
}

std::vector<std::uint32_t> Peer::Log::wait_for(std::size_t wanted) {
    EXPECT_TRUE(eventually([&] { return count.load() >= wanted; }))
        << "only " << count.load() << " of " << wanted << " arrived";
    return {frames.begin(), frames.begin() + static_cast<std::ptrdiff_t>(count.load())};
}

Peer::Peer(const char* name) {
    const KeepSignalMask keep;
    client_ = jack_client_open(name, JackNoStartServer, nullptr);
    if (client_ == nullptr) {
        ADD_FAILURE() << "the peer \"" << name << "\" found no server";
        std::abort();
    }
    const auto add = [this](const char* port, const char* type, unsigned long flags) {
        return jack_port_register(client_, port, type, flags, 0);
    };
    in_ = add("in", JACK_DEFAULT_AUDIO_TYPE, JackPortIsInput);
    out_ = add("out", JACK_DEFAULT_AUDIO_TYPE, JackPortIsOutput);
    midi_in_ = add("midi_in", JACK_DEFAULT_MIDI_TYPE, JackPortIsInput);
    midi_out_ = add("midi_out", JACK_DEFAULT_MIDI_TYPE, JackPortIsOutput);
    jack_set_process_callback(client_, on_process, this);
    jack_set_xrun_callback(
        client_,
        [](void* self) {
            ++static_cast<Peer*>(self)->xruns_;
            return 0;
        },
        this);
    jack_set_port_registration_callback(
        client_,
        [](jack_port_id_t id, int registered, void* self) {
            auto& peer = *static_cast<Peer*>(self);
            if (registered == 0 && jack_port_by_id(peer.client_, id) == peer.midi_out_) {
                peer.midi_out_removed_ = true;
            }
        },
        this);
    EXPECT_EQ(jack_activate(client_), 0);
}

Peer::~Peer() {
    // Not before all notifications were heard: see JackClient::drain_notifications().
    const KeepSignalMask keep;
    jack_port_unregister(client_, midi_out_);
    for (int step = 0; step < 50 && !midi_out_removed_; ++step) {
        (void)wait_step(step);
    }
    jack_client_close(client_);
}

int Peer::on_process(jack_nframes_t frames, void* self) {
    static_cast<Peer*>(self)->process(frames);
    return 0;
}

void Peer::process(jack_nframes_t frames) {
    const std::uint32_t begin = jack_last_frame_time(client_);
    auto* out = static_cast<float*>(jack_port_get_buffer(out_, frames));
    void* midi_out = jack_port_get_buffer(midi_out_, frames);
    std::fill_n(out, frames, 0.0F);
    jack_midi_clear_buffer(midi_out);
    if (const std::uint32_t offset = wanted_offset_.load(); offset < frames) {
        const std::array<jack_midi_data_t, 3> note{0x90, 60, 100};
        out[offset] = 1;
        jack_midi_event_write(midi_out, offset, note.data(), note.size());
        wanted_offset_.store(kNothing);
        sent_frame_.store(begin + offset);
    }
    const auto* in = static_cast<const float*>(jack_port_get_buffer(in_, frames));
    for (std::uint32_t i = 0; i < frames; ++i) {
        if (in[i] != 0) {
            samples_.append(begin + i);
        }
    }
    void* midi_in = jack_port_get_buffer(midi_in_, frames);
    for (std::uint32_t i = 0; i < jack_midi_get_event_count(midi_in); ++i) {
        jack_midi_event_t event{};
        jack_midi_event_get(&event, midi_in, i);
        notes_.append(begin + event.time);
    }
    ++cycles_;
}

std::uint32_t Peer::send(std::uint32_t offset) {
    sent_frame_.store(UINT64_MAX);
    wanted_offset_.store(offset);
    EXPECT_TRUE(eventually([this] { return sent_frame_.load() != UINT64_MAX; }));
    return static_cast<std::uint32_t>(sent_frame_.load());
}

std::vector<std::uint32_t> Peer::wait_for_samples(std::size_t count) {
    return samples_.wait_for(count);
}

std::vector<std::uint32_t> Peer::wait_for_notes(std::size_t count) {
    return notes_.wait_for(count);
}

void connect(const Peer& by, const std::string& source, const std::string& sink) {
    EXPECT_EQ(jack_connect(by.handle(), source.c_str(), sink.c_str()), 0)
        << source << " → " << sink;
}

std::vector<std::string> connected_to(const Peer& by, const std::string& port) {
    std::vector<std::string> names;
    jack_port_t* found = jack_port_by_name(by.handle(), port.c_str());
    if (found == nullptr) {
        return names;
    }
    const char** list = jack_port_get_all_connections(by.handle(), found);
    for (const char** name = list; name != nullptr && *name != nullptr; ++name) {
        names.emplace_back(*name);
    }
    jack_free(static_cast<void*>(list));
    std::sort(names.begin(), names.end()); // each server has an order of its own
    return names;
}

} // namespace jig::test
