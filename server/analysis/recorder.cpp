#include "analysis/recorder.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <sndfile.h>
#include <string_view>

namespace jig::analysis {

namespace {

/// A longer gap is not filled: an engine that lies about its frame must not fill the disk.
constexpr double kLongestFill = 60.0; ///< seconds

std::string kind_name(std::uint32_t kind) {
    static constexpr std::array<std::string_view, 11> kNames{
        "",         "start",   "param", "swap_begin", "swap_end",  "note_on",
        "note_off", "trigger", "midi",  "reset",      "device_gap"};
    return kind > 0 && kind < kNames.size() ? std::string(kNames[kind]) : std::to_string(kind);
}

/// The shortest text that reads back as the same float, whatever the locale.
std::string number(float value) {
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    return {text.data(), end};
}

std::filesystem::path journal_path(const std::filesystem::path& wav) {
    auto path = wav;
    path += ".journal.tsv";
    return path;
}

} // namespace

void Recorder::CloseFile::operator()(SNDFILE* file) const {
    sf_close(file);
}

Recorder::Recorder(RecorderSetup setup, const link::EngineRegion& region, float* streams)
    : setup_(std::move(setup)),
      region_(region), streams_{streams, link::stream_frames(setup_.rate_hz)},
      cursor_(setup_.first_frame ? link::StreamCursor(region, streams_.frames, *setup_.first_frame)
                                 : link::StreamCursor(region, streams_.frames)),
      entries_(region.journal, decltype(entries_)::From::oldest) {
    counts_.first_frame = cursor_.position();
    next_frame_ = cursor_.position();
}

Result<std::unique_ptr<Recorder>> Recorder::open(RecorderSetup setup,
                                                 const link::EngineRegion& region, float* streams) {
    setup.out_channels = std::min(setup.out_channels, link::kMaxChannels);
    setup.in_channels = std::min(setup.in_channels, link::kMaxChannels);
    std::unique_ptr<Recorder> recorder(new Recorder(std::move(setup), region, streams));
    if (const auto opened = recorder->open_files(); !opened) {
        return Error{opened.error()};
    }
    return recorder;
}

Result<void> Recorder::open_files() {
    if (channels() == 0) {
        return Error{"cannot record to " + setup_.path.string() +
                     ": the plugin has no output; record its inputs"};
    }
    SF_INFO info{};
    info.samplerate = static_cast<int>(std::lround(setup_.rate_hz));
    info.channels = static_cast<int>(channels());
    info.format = SF_FORMAT_RF64 | SF_FORMAT_FLOAT;
    file_.reset(sf_open(setup_.path.c_str(), SFM_WRITE, &info));
    if (file_ == nullptr) {
        return Error{"cannot record to " + setup_.path.string() + ": " + sf_strerror(nullptr)};
    }
    sf_command(file_.get(), SFC_RF64_AUTO_DOWNGRADE, nullptr, SF_TRUE);
    const auto path = journal_path(setup_.path);
    journal_.open(path, std::ios::trunc);
    journal_ << "# rate_hz " << info.samplerate << "\n# first_frame " << counts_.first_frame
             << "\n# channels out " << setup_.out_channels << " in " << setup_.in_channels
             << "\nframe\tkind\tgeneration\tslot\tvalue\taux\n"
             << std::flush;
    if (!journal_) {
        return Error{"cannot write the journal " + path.string() +
                     "; is the folder writable, the disk full?"};
    }
    channel_.resize(kSpan);
    block_.resize(std::size_t{kSpan} * channels());
    return {};
}

Recorder::~Recorder() {
    if (const auto closed = close(); !closed) {
        // What could be saved is saved; there is nobody left to tell.
    }
}

Result<void> Recorder::update() {
    if (stopped_) {
        return {};
    }
    write_journal();
    if (!write_streams()) {
        stopped_ = true;
        const std::string reason = sf_strerror(file_.get());
        return Error{"the recording " + setup_.path.string() + " ended after " +
                     std::to_string(counts_.frames) + " frames: " + reason};
    }
    update_header();
    return {};
}

bool Recorder::write_streams() {
    for (std::uint32_t i = 0; i < 2 * streams_.frames / kSpan; ++i) {
        const auto span = cursor_.next(kSpan);
        if (span.count == 0) {
            break;
        }
        if (!catch_up(span.frame) || !write_span(span)) {
            return false;
        }
    }
    return true;
}

/// Makes the end of the file the place of `frame`.
bool Recorder::catch_up(std::uint64_t frame) {
    const auto longest = static_cast<std::uint64_t>(kLongestFill * setup_.rate_hz);
    if (frame < next_frame_ || frame - next_frame_ > longest) {
        journal_ << "# time line breaks: frame " << next_frame_ << " is followed by frame " << frame
                 << " at WAV frame " << counts_.frames << '\n';
        next_frame_ = frame;
    } else if (frame > next_frame_) {
        journal_ << "# silence instead of frames " << next_frame_ << " to " << frame
                 << (resumed_ ? ": the engine was started again\n" : ": lost\n");
        counts_.lost_frames += resumed_ ? 0 : frame - next_frame_;
    }
    resumed_ = false;
    std::fill(block_.begin(), block_.end(), 0.0F);
    while (next_frame_ < frame) {
        const auto count = std::min<std::uint64_t>(frame - next_frame_, kSpan);
        if (!write_block(static_cast<std::uint32_t>(count))) {
            return false;
        }
    }
    return true;
}

/// A span that was overwritten while it was read is left to the next catch_up.
bool Recorder::write_span(const link::StreamCursor::Span& span) {
    for (std::uint32_t c = 0; c < setup_.out_channels; ++c) {
        interleave(c, true, span);
    }
    for (std::uint32_t c = 0; c < setup_.in_channels; ++c) {
        interleave(c, false, span);
    }
    return !cursor_.finish(span) || write_block(span.count);
}

/// Channels that the build does not have at present are silent.
void Recorder::interleave(std::uint32_t channel, bool output,
                          const link::StreamCursor::Span& span) {
    const auto& count = output ? region_.out_channels : region_.in_channels;
    if (channel < count.load(std::memory_order_relaxed)) {
        const float* stream = output ? streams_.output(channel) : streams_.input(channel);
        link::read_stream(stream, streams_.frames, span.frame, channel_.data(), span.count);
    } else {
        std::fill(channel_.begin(), channel_.end(), 0.0F);
    }
    const auto place = output ? channel : setup_.out_channels + channel;
    for (std::size_t i = 0; i < span.count; ++i) {
        block_[i * channels() + place] = channel_[i];
    }
}

bool Recorder::write_block(std::uint32_t frames) {
    if (sf_writef_float(file_.get(), block_.data(), frames) != frames) {
        return false;
    }
    counts_.frames += frames;
    next_frame_ += frames;
    return true;
}

void Recorder::write_journal() {
    std::array<link::JournalEntry, 64> entries;
    const auto lost_before = counts_.lost_entries;
    const auto written_before = counts_.entries;
    for (std::uint32_t i = 0; i < link::kJournalSize / entries.size(); ++i) {
        const auto count = entries_.read(entries, counts_.lost_entries);
        for (std::size_t e = 0; e < count; ++e) {
            const auto& entry = entries[e];
            journal_ << entry.frame << '\t' << kind_name(entry.kind) << '\t' << entry.generation
                     << '\t' << entry.slot << '\t' << number(entry.value) << '\t' << entry.aux
                     << '\n';
        }
        counts_.entries += count;
        if (count == 0) {
            break;
        }
    }
    if (counts_.lost_entries != lost_before) {
        journal_ << "# lost entries " << counts_.lost_entries - lost_before << '\n';
    }
    if (counts_.entries != written_before || counts_.lost_entries != lost_before) {
        journal_.flush();
    }
}

/// Once a second, so that the file is readable up to there whatever happens to this process.
void Recorder::update_header() {
    if (static_cast<double>(counts_.frames - header_frames_) >= setup_.rate_hz) {
        sf_command(file_.get(), SFC_UPDATE_HEADER_NOW, nullptr, 0);
        header_frames_ = counts_.frames;
    }
}

void Recorder::resync() {
    if (!stopped_) {
        cursor_.skip_to_end();
        resumed_ = true;
    }
}

Result<void> Recorder::close() {
    if (file_ == nullptr) {
        return {};
    }
    auto written = update();
    journal_ << "# end: frames " << counts_.frames << ", lost " << counts_.lost_frames
             << "; entries " << counts_.entries << ", lost " << counts_.lost_entries << '\n';
    journal_.close();
    const bool closed = sf_close(file_.release()) == 0;
    if (written && (!closed || !journal_)) {
        return Error{"the recording " + setup_.path.string() +
                     " could not be completed; is the disk full?"};
    }
    return written;
}

} // namespace jig::analysis
