// jig/analysis/recorder.hpp: writes what was played to a WAV, and what happened to a journal beside
// it.
#pragma once

#include "base/result.hpp"
#include "link/rings.hpp"
#include "link/streams.hpp"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

struct sf_private_tag; // SNDFILE, so that users need not see libsndfile

namespace jig::analysis {

struct RecorderSetup {
    std::filesystem::path path; ///< the WAV; the journal is `<path>.journal.tsv`
    double rate_hz = 48000;
    std::uint32_t out_channels = 2;
    std::uint32_t in_channels = 0; ///< recorded too, after the outputs; 0: not
    /// Where the recording begins, as far back as the streams reach; none: now.
    std::optional<std::uint64_t> first_frame;
};

struct RecorderCounts {
    std::uint64_t first_frame = 0;
    std::uint64_t frames = 0;       ///< in the WAV
    std::uint64_t lost_frames = 0;  ///< not caught; silence stands in the WAV for them
    std::uint64_t entries = 0;      ///< in the journal
    std::uint64_t lost_entries = 0; ///< overwritten before they were read
};

/// Float32 WAV (RF64 when it passes 4 GiB), positions true to the engine's time line: what was lost
/// is filled with silence and counted. The header is brought up to date each second, so that a
/// killed server leaves a readable file. The journal is tab-separated, enough to repeat the run
/// offline: `frame kind generation slot value aux`, and `#` lines that say rate, first frame and
/// each break of the time line. Not thread-safe.
class Recorder {
  public:
    /// Makes both files, replacing what was there. `streams` as in link::Regions.
    [[nodiscard]] static Result<std::unique_ptr<Recorder>>
    open(RecorderSetup setup, const link::EngineRegion& region, float* streams);
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;
    ~Recorder();

    /// Writes what is new; the error (a full disk) comes once, and nothing is written after it.
    [[nodiscard]] Result<void> update();

    /// Goes on from the present, as after a restart of the engine: the frames between become
    /// silence, and are no loss.
    void resync();

    /// Writes the rest and completes both files. The destructor does the same.
    [[nodiscard]] Result<void> close();

    [[nodiscard]] const RecorderCounts& counts() const { return counts_; }
    [[nodiscard]] const RecorderSetup& setup() const { return setup_; }

  private:
    struct CloseFile {
        void operator()(sf_private_tag* file) const;
    };
    static constexpr std::uint32_t kSpan = 1024;

    Recorder(RecorderSetup setup, const link::EngineRegion& region, float* streams);
    [[nodiscard]] Result<void> open_files();
    [[nodiscard]] bool write_streams();
    [[nodiscard]] bool catch_up(std::uint64_t frame);
    [[nodiscard]] bool write_span(const link::StreamCursor::Span& span);
    void interleave(std::uint32_t channel, bool output, const link::StreamCursor::Span& span);
    [[nodiscard]] bool write_block(std::uint32_t frames);
    void write_journal();
    void update_header();
    [[nodiscard]] std::uint32_t channels() const {
        return setup_.out_channels + setup_.in_channels;
    }

    RecorderSetup setup_;
    const link::EngineRegion& region_;
    link::StreamLayout streams_;
    link::StreamCursor cursor_;
    link::RingReader<link::JournalEntry, link::kJournalSize> entries_;
    std::unique_ptr<sf_private_tag, CloseFile> file_;
    std::ofstream journal_;
    RecorderCounts counts_;
    std::uint64_t next_frame_ = 0;    ///< on the time line: where the next block of the WAV belongs
    std::uint64_t header_frames_ = 0; ///< that the header on disk knows of
    bool resumed_ = false;            ///< the gap before the next block is a restart of the engine
    bool stopped_ = false;
    std::vector<float> channel_;
    std::vector<float> block_; ///< interleaved
};

} // namespace jig::analysis
