#include "analysis/recorder.hpp"
#include "tests/analysis/fake_engine.hpp"
#include "tests/analysis/temp_folder.hpp"

#include <gtest/gtest.h>
#include <sndfile.h>

namespace {

using jig::analysis::Recorder;
using jig::analysis::RecorderSetup;
using jig::test::FakeEngine;
using jig::test::read_text;
using jig::test::TempFolder;

struct Wav {
    int channels = 0;
    int rate = 0;
    int format = 0;
    std::vector<float> samples; ///< interleaved
};

Wav read_wav(const std::filesystem::path& path) {
    SF_INFO info{};
    SNDFILE* file = sf_open(path.c_str(), SFM_READ, &info);
    if (file == nullptr) {
        return {};
    }
    Wav wav{info.channels, info.samplerate, info.format, {}};
    wav.samples.resize(static_cast<std::size_t>(info.frames * info.channels));
    sf_readf_float(file, wav.samples.data(), info.frames);
    sf_close(file);
    return wav;
}

/// Tells the frame and the channel of every sample.
float tagged(int channel, std::uint64_t frame) {
    return static_cast<float>(frame % 100000) + static_cast<float>(channel) / 16;
}

std::unique_ptr<Recorder> open(FakeEngine& engine, RecorderSetup setup) {
    auto recorder = Recorder::open(std::move(setup), engine.region(), engine.streams());
    return recorder ? std::move(*recorder) : nullptr;
}

TEST(Recorder, writes_every_frame_of_the_outputs_sample_for_sample) {
    const TempFolder folder;
    FakeEngine engine;
    auto recorder = open(engine, {folder / "out.wav", 48000, 2, 0, {}});
    ASSERT_NE(recorder, nullptr);
    for (int block = 0; block < 1000; ++block) {
        engine.render(128, tagged);
        if (block % 7 == 0) {
            ASSERT_TRUE(recorder->update().ok());
        }
    }
    ASSERT_TRUE(recorder->close().ok());
    const auto wav = read_wav(folder / "out.wav");
    EXPECT_EQ(wav.format, SF_FORMAT_WAVEX | SF_FORMAT_FLOAT) << "a WAV of 32-bit floats";
    EXPECT_EQ(wav.rate, 48000);
    ASSERT_EQ(wav.channels, 2);
    ASSERT_EQ(wav.samples.size(), 256000u);
    for (std::uint64_t i = 0; i < 128000; ++i) {
        ASSERT_EQ(wav.samples[2 * i], tagged(0, i));
        ASSERT_EQ(wav.samples[2 * i + 1], tagged(1, i));
    }
    EXPECT_EQ(recorder->counts().frames, 128000u);
    EXPECT_EQ(recorder->counts().lost_frames, 0u);
}

TEST(Recorder, puts_the_inputs_after_the_outputs_when_asked) {
    const TempFolder folder;
    FakeEngine engine(48000, 1, 2);
    auto recorder = open(engine, {folder / "out.wav", 48000, 2, 1, {}});
    engine.render(10, tagged);
    ASSERT_TRUE(recorder->close().ok());
    const auto wav = read_wav(folder / "out.wav");
    ASSERT_EQ(wav.channels, 3);
    EXPECT_EQ(wav.samples[3 * 9], tagged(0, 9));
    EXPECT_EQ(wav.samples[3 * 9 + 2], tagged(-1, 9));
}

TEST(Recorder, begins_in_the_past_when_asked) {
    const TempFolder folder;
    FakeEngine engine;
    engine.render(5000, tagged);
    auto recorder = open(engine, {folder / "out.wav", 48000, 2, 0, 1000});
    engine.render(100, tagged);
    ASSERT_TRUE(recorder->close().ok());
    EXPECT_EQ(recorder->counts().first_frame, 1000u);
    const auto wav = read_wav(folder / "out.wav");
    ASSERT_EQ(wav.samples.size(), 2 * 4100u);
    EXPECT_EQ(wav.samples.front(), tagged(0, 1000));
}

TEST(Recorder, fills_what_was_lost_with_silence_so_that_positions_stay_true) {
    const TempFolder folder;
    FakeEngine engine(48000, 0, 1);
    auto recorder = open(engine, {folder / "out.wav", 48000, 1, 0, {}});
    const std::uint64_t total = 40 * 8192; // more than the streams hold
    for (std::uint64_t done = 0; done < total; done += 8192) {
        engine.render(8192, tagged);
    }
    ASSERT_TRUE(recorder->close().ok());
    const auto wav = read_wav(folder / "out.wav");
    ASSERT_EQ(wav.samples.size(), total);
    const auto lost = recorder->counts().lost_frames;
    ASSERT_GT(lost, 0u);
    EXPECT_EQ(wav.samples[lost - 1], 0.0F);
    for (std::uint64_t i = lost; i < total; ++i) {
        ASSERT_EQ(wav.samples[i], tagged(0, i));
    }
    EXPECT_NE(read_text(folder / "out.wav.journal.tsv").find("silence instead of frames 0 to"),
              std::string::npos);
}

TEST(Recorder, the_time_without_an_engine_is_silence_and_no_loss) {
    const TempFolder folder;
    FakeEngine engine(48000, 0, 1);
    auto recorder = open(engine, {folder / "out.wav", 48000, 1, 0, {}});
    engine.render(100, tagged);
    ASSERT_TRUE(recorder->update().ok());
    engine.region().frame += 2000;
    recorder->resync();
    engine.render(100, tagged);
    ASSERT_TRUE(recorder->close().ok());
    const auto wav = read_wav(folder / "out.wav");
    ASSERT_EQ(wav.samples.size(), 2200u);
    EXPECT_EQ(wav.samples[99], tagged(0, 99));
    EXPECT_EQ(wav.samples[2099], 0.0F);
    EXPECT_EQ(wav.samples[2100], tagged(0, 2100));
    EXPECT_EQ(recorder->counts().lost_frames, 0u);
}

TEST(Recorder, an_engine_that_lies_about_its_frame_does_not_fill_the_disk) {
    const TempFolder folder;
    FakeEngine engine(48000, 0, 1);
    auto recorder = open(engine, {folder / "out.wav", 48000, 1, 0, {}});
    for (const std::uint64_t frame :
         {~std::uint64_t{0}, std::uint64_t{1} << 62, std::uint64_t{3}, ~std::uint64_t{0} - 5}) {
        engine.region().frame = frame;
        ASSERT_TRUE(recorder->update().ok());
    }
    ASSERT_TRUE(recorder->close().ok());
    EXPECT_LT(recorder->counts().frames, 10u * engine.layout().frames);
}

TEST(Recorder, what_is_written_can_be_read_before_it_is_closed) {
    const TempFolder folder;
    FakeEngine engine;
    auto recorder = open(engine, {folder / "out.wav", 48000, 2, 0, {}});
    for (int block = 0; block < 100; ++block) { // more than a second
        engine.render(512, tagged);
        ASSERT_TRUE(recorder->update().ok());
    }
    // As if the server had been killed now.
    std::filesystem::copy_file(folder / "out.wav", folder / "left.wav");
    const auto wav = read_wav(folder / "left.wav");
    ASSERT_GE(wav.samples.size(), 2 * 48000u);
    EXPECT_EQ(wav.samples[2 * 47999], tagged(0, 47999));
}

TEST(Recorder, the_journal_says_what_happened_at_which_frame) {
    using Entry = jig::link::JournalEntry;
    const TempFolder folder;
    FakeEngine engine;
    auto& journal = engine.region().journal;
    jig::link::append(journal, {0, Entry::start, 1, 0, 0, 0, 0});
    auto recorder = open(engine, {folder / "out.wav", 48000, 2, 0, {}});
    jig::link::append(journal, {77, Entry::param, 1, 3, 0.1F, 0, 0});
    jig::link::append(journal, {99, Entry::swap_begin, 2, 0, 0, 1440, 0});
    jig::link::append(journal, {120, 4242, 2, 0, 0, 0, 0});
    ASSERT_TRUE(recorder->close().ok());
    const auto text = read_text(folder / "out.wav.journal.tsv");
    EXPECT_EQ(text, "# rate_hz 48000\n# first_frame 0\n# channels out 2 in 0\n"
                    "frame\tkind\tgeneration\tslot\tvalue\taux\n"
                    "0\tstart\t1\t0\t0\t0\n"
                    "77\tparam\t1\t3\t0.1\t0\n"
                    "99\tswap_begin\t2\t0\t0\t1440\n"
                    "120\t4242\t2\t0\t0\t0\n"
                    "# end: frames 0, lost 0; entries 4, lost 0\n");
}

TEST(Recorder, says_how_many_entries_of_the_journal_were_lost) {
    const TempFolder folder;
    FakeEngine engine;
    auto recorder = open(engine, {folder / "out.wav", 48000, 2, 0, {}});
    for (std::uint64_t i = 0; i < jig::link::kJournalSize + 1000; ++i) {
        jig::link::append(engine.region().journal, {i, 2, 1, 0, 0, 0, 0});
    }
    ASSERT_TRUE(recorder->close().ok());
    EXPECT_GE(recorder->counts().lost_entries, 1000u);
    EXPECT_EQ(recorder->counts().entries + recorder->counts().lost_entries,
              jig::link::kJournalSize + 1000);
}

TEST(Recorder, a_channel_that_the_build_does_not_have_is_silent) {
    const TempFolder folder;
    FakeEngine engine(48000, 0, 2);
    auto recorder = open(engine, {folder / "out.wav", 48000, 2, 0, {}});
    engine.render(10, tagged);
    ASSERT_TRUE(recorder->update().ok());
    engine.set_channels(0, 1);
    engine.render(10, tagged);
    ASSERT_TRUE(recorder->close().ok());
    const auto wav = read_wav(folder / "out.wav");
    EXPECT_EQ(wav.samples[2 * 9 + 1], tagged(1, 9));
    EXPECT_EQ(wav.samples[2 * 15], tagged(0, 15));
    EXPECT_EQ(wav.samples[2 * 15 + 1], 0.0F);
}

TEST(Recorder, a_place_that_cannot_be_written_is_one_sentence) {
    FakeEngine engine;
    const auto recorder = Recorder::open({"/proc/no/such/out.wav", 48000, 2, 0, {}},
                                         engine.region(), engine.streams());
    ASSERT_FALSE(recorder.ok());
    EXPECT_NE(recorder.error().find("/proc/no/such/out.wav"), std::string::npos);
}

TEST(Recorder, a_full_disk_ends_the_recording_with_a_reason) {
    FakeEngine engine;
    const TempFolder folder;
    std::filesystem::create_symlink("/dev/full", folder / "out.wav");
    auto opened =
        Recorder::open({folder / "out.wav", 48000, 2, 0, {}}, engine.region(), engine.streams());
    if (opened.ok()) { // libsndfile may notice at once, or with the first block
        engine.render(4096, tagged);
        const auto written = (*opened)->update();
        ASSERT_FALSE(written.ok());
        EXPECT_NE(written.error().find("out.wav"), std::string::npos);
        EXPECT_TRUE((*opened)->update().ok()) << "it is said once";
    } else {
        EXPECT_NE(opened.error().find("out.wav"), std::string::npos);
    }
}

} // namespace
