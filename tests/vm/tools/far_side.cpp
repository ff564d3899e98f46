// The other end of an aloop cable: plays a programme into the program under test, and says what
// comes back, frame by frame, as a line of JSON.
//
// The round trip of a frame is its number among the captured ones less its number among the played
// ones. Both streams are linked and start in the same instant, and the card counts both by the same
// ticks; so those numbers are instants of one clock, and nothing of our own buffers is in them,
// however far ahead we write and however late we read. (`copy` shows it: exactly 2 periods.)
//
//     far_side DEVICE PERIOD SECONDS [code|sine] [RECORDING.wav]
#include "card.hpp"
#include "findings.hpp"

#include <cstring>
#include <fstream>
#include <string>

namespace {

using namespace jig::vm;

/// Samples as the card has them.
class Codec {
  public:
    explicit Codec(snd_pcm_format_t format) : format_(format) {}

    void put(char* at, float sample) const {
        if (format_ == SND_PCM_FORMAT_FLOAT_LE) {
            std::memcpy(at, &sample, sizeof sample);
        } else if (format_ == SND_PCM_FORMAT_S32_LE) {
            put_as<std::int32_t>(at, sample, 2147483648.0);
        } else {
            put_as<std::int16_t>(at, sample, 32768.0);
        }
    }

    [[nodiscard]] float get(const char* at) const {
        if (format_ == SND_PCM_FORMAT_FLOAT_LE) {
            float sample = 0;
            std::memcpy(&sample, at, sizeof sample);
            return sample;
        }
        return format_ == SND_PCM_FORMAT_S32_LE ? get_as<std::int32_t>(at, 2147483648.0)
                                                : get_as<std::int16_t>(at, 32768.0);
    }

    [[nodiscard]] std::size_t bytes() const {
        return static_cast<std::size_t>(snd_pcm_format_physical_width(format_)) / 8;
    }

  private:
    template <typename Whole>
    static void put_as(char* at, float sample, double scale) {
        const auto whole = static_cast<Whole>(std::lrint(static_cast<double>(sample) * scale));
        std::memcpy(at, &whole, sizeof whole);
    }
    template <typename Whole>
    static float get_as(const char* at, double scale) {
        Whole whole = 0;
        std::memcpy(&whole, at, sizeof whole);
        return static_cast<float>(whole / scale);
    }

    snd_pcm_format_t format_;
};

/// A stereo WAV of 32-bit floats.
void save(const std::string& path, const std::vector<Frame>& frames) {
    std::ofstream file(path, std::ios::binary);
    const auto word = [&](std::uint32_t value, int bytes) {
        file.write(reinterpret_cast<const char*>(&value), bytes);
    };
    const auto size = static_cast<std::uint32_t>(frames.size() * sizeof(Frame));
    file << "RIFF";
    word(36 + size, 4);
    file << "WAVEfmt ";
    word(16, 4);
    word(3, 2); // IEEE float
    word(kChannels, 2);
    word(kRateHz, 4);
    word(kRateHz * sizeof(Frame), 4);
    word(sizeof(Frame), 2);
    word(32, 2);
    file << "data";
    word(size, 4);
    file.write(reinterpret_cast<const char*>(frames.data()), size);
}

class FarSide {
  public:
    FarSide(const char* device, snd_pcm_uframes_t period, bool sine)
        : card_(device, Shape{period, kPeriods}), codec_(card_.shape.format), sine_(sine),
          buffer_(card_.period_buffer()) {}

    /// Returns why it ended.
    const char* run(double seconds, bool record) {
        const auto frames = static_cast<std::uint64_t>(seconds * kRateHz);
        recording_.reserve(record ? frames + card_.shape.period : 0);
        for (unsigned i = 0; i < kPeriods / 2; ++i) {
            play();
        }
        run_realtime(80);
        must(snd_pcm_start(card_.capture), "start");
        while (captured_ < frames) {
            if (snd_pcm_wait(card_.capture, 1000) == 0) {
                return "stalled";
            }
            if (!capture(record) || !play()) {
                return lost_ == -ENODEV || lost_ == -EBADFD ? "gone" : snd_strerror(lost_);
            }
        }
        return "complete";
    }

    [[nodiscard]] std::string json(const char* end) const { return findings_.json(end, played_); }
    [[nodiscard]] const std::vector<Frame>& recording() const { return recording_; }

  private:
    static constexpr unsigned kPeriods = 8;

    bool play() {
        for (snd_pcm_uframes_t i = 0; i < card_.shape.period; ++i) {
            const Frame frame = sine_ ? sine::frame(played_ + i) : code::frame(played_ + i);
            for (unsigned c = 0; c < kChannels; ++c) {
                codec_.put(&buffer_[(i * kChannels + c) * codec_.bytes()], frame[c]);
            }
        }
        const auto written = snd_pcm_writei(card_.playback, buffer_.data(), card_.shape.period);
        played_ += written > 0 ? static_cast<std::uint64_t>(written) : 0;
        lost_ = static_cast<int>(written);
        return written == static_cast<snd_pcm_sframes_t>(card_.shape.period);
    }

    bool capture(bool record) {
        const auto read = snd_pcm_readi(card_.capture, buffer_.data(), card_.shape.period);
        for (snd_pcm_sframes_t i = 0; i < read; ++i) {
            Frame frame{};
            for (unsigned c = 0; c < kChannels; ++c) {
                const auto at = (static_cast<std::size_t>(i) * kChannels + c) * codec_.bytes();
                frame[c] = codec_.get(&buffer_[at]);
            }
            findings_.hear(captured_++, frame);
            if (record) {
                recording_.push_back(frame);
            }
        }
        lost_ = static_cast<int>(read);
        return read == static_cast<snd_pcm_sframes_t>(card_.shape.period);
    }

    Pair card_;
    Codec codec_;
    bool sine_;
    std::vector<char> buffer_;
    std::vector<Frame> recording_;
    Findings findings_;
    std::uint64_t played_ = 0;
    std::uint64_t captured_ = 0;
    int lost_ = 0; // the last result of reading or writing
};

} // namespace

int main(int count, char** words) {
    if (count < 4) {
        return 2;
    }
    const bool sine = count > 4 && std::strcmp(words[4], "sine") == 0;
    const bool record = count > 5;
    FarSide side(words[1], std::strtoul(words[2], nullptr, 10), sine);
    const char* end = side.run(std::atof(words[3]), record);
    std::puts(side.json(end).c_str());
    if (record) {
        save(words[5], side.recording());
    }
    return 0;
}
