// jig/analysis/file_reader.hpp: an audio file, decoded to the device's rate, in shared memory.
#pragma once

#include "base/fd.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <filesystem>

namespace jig::analysis {

struct DecodedFile {
    UniqueFd memory; ///< memfd, sealed: planar float32, channel after channel
    std::uint64_t frames = 0;
    std::uint32_t channels = 0;
};

/// Whether decode_audio_file() can begin with the file. [any]
[[nodiscard]] Result<void> check_audio_file(const std::filesystem::path& path);

/// Reads any file that libsndfile knows, converted by libsamplerate's best converter if its rate
/// differs. Takes as long as it takes: call it on a worker. The error is one sentence: no such
/// file, not audio, more than 32 channels, more than 1 GiB when decoded. [any, slow]
[[nodiscard]] Result<DecodedFile> decode_audio_file(const std::filesystem::path& path,
                                                    double rate_hz);

} // namespace jig::analysis
