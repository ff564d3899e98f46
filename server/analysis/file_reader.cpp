#include "analysis/file_reader.hpp"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <samplerate.h>
#include <sndfile.h>
#include <string>
#include <sys/mman.h>
#include <utility>
#include <vector>

namespace jig::analysis {

namespace {

constexpr std::uint64_t kMaxBytes = std::uint64_t{1} << 30;
constexpr int kMaxChannels = 32;
constexpr sf_count_t kReadFrames = 8192;

using Sound = std::unique_ptr<SNDFILE, int (*)(SNDFILE*)>;
using Converter = std::unique_ptr<SRC_STATE, SRC_STATE* (*)(SRC_STATE*)>;

/// Planar samples in a memfd that has room for `capacity` frames a channel.
class PlanarMemory {
  public:
    static Result<PlanarMemory> make(std::uint64_t capacity, std::uint32_t channels) {
        PlanarMemory memory;
        memory.capacity_ = capacity;
        memory.channels_ = channels;
        memory.fd_ = UniqueFd(::memfd_create("jig-input-file", MFD_CLOEXEC | MFD_ALLOW_SEALING));
        const auto bytes = memory.bytes(capacity);
        if (!memory.fd_ || ::ftruncate(memory.fd_.get(), static_cast<off_t>(bytes)) != 0) {
            return Error{std::string("cannot make memory for the input file: ") +
                         std::strerror(errno)};
        }
        void* at = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, memory.fd_.get(), 0);
        if (at == MAP_FAILED) {
            return Error{std::string("cannot map memory for the input file: ") +
                         std::strerror(errno)};
        }
        memory.samples_ = static_cast<float*>(at);
        return memory;
    }
    PlanarMemory(PlanarMemory&& other) noexcept
        : fd_(std::move(other.fd_)), samples_(std::exchange(other.samples_, nullptr)),
          capacity_(other.capacity_), frames_(other.frames_), channels_(other.channels_) {}
    PlanarMemory(const PlanarMemory&) = delete;
    PlanarMemory& operator=(const PlanarMemory&) = delete;
    PlanarMemory& operator=(PlanarMemory&&) = delete;
    ~PlanarMemory() { unmap(); }

    /// Appends interleaved frames; what does not fit is left out.
    void append(const float* interleaved, std::uint64_t count) {
        count = std::min(count, capacity_ - frames_);
        for (std::uint32_t c = 0; c < channels_; ++c) {
            float* target = samples_ + c * capacity_ + frames_;
            for (std::uint64_t i = 0; i < count; ++i) {
                target[i] = interleaved[i * channels_ + c];
            }
        }
        frames_ += count;
    }
    [[nodiscard]] bool full() const { return frames_ == capacity_; }

    /// Moves the channels together, and lets nobody change them any more.
    Result<DecodedFile> seal() && {
        for (std::uint32_t c = 1; c < channels_; ++c) {
            std::memmove(samples_ + c * frames_, samples_ + c * capacity_, frames_ * sizeof(float));
        }
        unmap();
        const int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;
        if (::ftruncate(fd_.get(), static_cast<off_t>(bytes(frames_))) != 0 ||
            ::fcntl(fd_.get(), F_ADD_SEALS, seals) != 0) {
            return Error{std::string("cannot seal the input file's memory: ") +
                         std::strerror(errno)};
        }
        return DecodedFile{std::move(fd_), frames_, channels_};
    }

  private:
    PlanarMemory() = default;
    [[nodiscard]] std::uint64_t bytes(std::uint64_t frames) const {
        return frames * channels_ * sizeof(float);
    }
    void unmap() {
        if (samples_ != nullptr) {
            ::munmap(samples_, bytes(capacity_));
            samples_ = nullptr;
        }
    }

    UniqueFd fd_;
    float* samples_ = nullptr;
    std::uint64_t capacity_ = 0;
    std::uint64_t frames_ = 0;
    std::uint32_t channels_ = 0;
};

/// Fills `memory` from `sound` as it is.
void read_plain(SNDFILE* sound, int channels, PlanarMemory& memory) {
    std::vector<float> block(static_cast<std::size_t>(kReadFrames * channels));
    while (!memory.full()) {
        const auto count = sf_readf_float(sound, block.data(), kReadFrames);
        if (count <= 0) {
            return;
        }
        memory.append(block.data(), static_cast<std::uint64_t>(count));
    }
}

/// Fills `memory` from `sound` at `ratio` times its rate; returns libsamplerate's complaint or "".
std::string read_converted(SNDFILE* sound, int channels, double ratio, PlanarMemory& memory) {
    int error = 0;
    const Converter converter(src_new(SRC_SINC_BEST_QUALITY, channels, &error), src_delete);
    if (converter == nullptr) {
        return src_strerror(error);
    }
    std::vector<float> in(static_cast<std::size_t>(kReadFrames * channels));
    std::vector<float> out(in.size());
    SRC_DATA data{};
    data.src_ratio = ratio;
    data.data_out = out.data();
    data.output_frames = kReadFrames;
    while (!memory.full()) {
        if (data.input_frames == 0 && data.end_of_input == 0) {
            data.data_in = in.data();
            data.input_frames = static_cast<long>(
                std::max<sf_count_t>(0, sf_readf_float(sound, in.data(), kReadFrames)));
            data.end_of_input = data.input_frames == 0 ? 1 : 0;
        }
        error = src_process(converter.get(), &data);
        if (error != 0) {
            return src_strerror(error);
        }
        memory.append(out.data(), static_cast<std::uint64_t>(data.output_frames_gen));
        data.data_in += data.input_frames_used * channels;
        data.input_frames -= data.input_frames_used;
        if (data.end_of_input != 0 && data.output_frames_gen == 0) {
            break;
        }
    }
    return {};
}

/// Opens what can be an input; says what keeps it from that.
Result<Sound> open_sound(const std::string& name, SF_INFO& info) {
    Sound sound(sf_open(name.c_str(), SFM_READ, &info), sf_close);
    if (sound == nullptr) {
        return Error{"cannot read " + name + " as audio: " + sf_strerror(nullptr) +
                     "; give a file that libsndfile knows, as WAV, FLAC or Ogg"};
    }
    if (info.channels > kMaxChannels) {
        return Error{name + " has " + std::to_string(info.channels) +
                     " channels; the input takes at most " + std::to_string(kMaxChannels)};
    }
    if (info.frames <= 0) {
        return Error{name + " has no audio in it; give a file with at least one frame"};
    }
    return sound;
}

} // namespace

Result<void> check_audio_file(const std::filesystem::path& path) {
    SF_INFO info{};
    const auto sound = open_sound(path.string(), info);
    return sound ? Result<void>() : Error{sound.error()};
}

Result<DecodedFile> decode_audio_file(const std::filesystem::path& path, double rate_hz) {
    const std::string name = path.string();
    SF_INFO info{};
    const auto opened = open_sound(name, info);
    if (!opened) {
        return Error{opened.error()};
    }
    SNDFILE* sound = opened->get();
    const double ratio = rate_hz / info.samplerate;
    const double frames = std::ceil(static_cast<double>(info.frames) * ratio);
    if (frames * info.channels * static_cast<double>(sizeof(float)) >
        static_cast<double>(kMaxBytes)) {
        return Error{name + " is too long: its " + std::to_string(info.frames) + " frames take " +
                     "more than 1 GiB at " + std::to_string(std::lround(rate_hz)) + " Hz; cut it"};
    }
    if (src_is_valid_ratio(ratio) == 0) {
        return Error{name + " is at " + std::to_string(info.samplerate) +
                     " Hz, too far from the device's " + std::to_string(std::lround(rate_hz)) +
                     " Hz to be converted; convert it first"};
    }
    auto memory = PlanarMemory::make(static_cast<std::uint64_t>(frames),
                                     static_cast<std::uint32_t>(info.channels));
    if (!memory) {
        return Error{memory.error()};
    }
    if (ratio == 1.0) {
        read_plain(sound, info.channels, *memory);
    } else if (const auto fault = read_converted(sound, info.channels, ratio, *memory);
               !fault.empty()) {
        return Error{"cannot convert " + name + " to the device's rate: " + fault};
    }
    return std::move(*memory).seal();
}

} // namespace jig::analysis
