#include "analysis/analysis_thread.hpp"
#include "tests/analysis/fake_engine.hpp"
#include "tests/analysis/temp_folder.hpp"

#include <gtest/gtest.h>

namespace {

using jig::analysis::AnalysisEvents;
using jig::analysis::AnalysisThread;
using jig::analysis::Readings;
using jig::test::FakeEngine;
using jig::test::TempFolder;

/// Waits for readings of which something is true.
class Inbox {
  public:
    [[nodiscard]] AnalysisEvents events() {
        return {[this](const Readings& readings) { put(readings); },
                [this](const std::string& why) { put_failure(why); }};
    }
    Readings wait_for(const std::function<bool(const Readings&)>& wanted) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return newest_ && wanted(*newest_); });
        return *newest_;
    }
    std::string wait_for_failure() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return !failure_.empty(); });
        return failure_;
    }

  private:
    void put(const Readings& readings) {
        const std::lock_guard lock(mutex_);
        newest_ = readings;
        changed_.notify_all();
    }
    void put_failure(const std::string& why) {
        const std::lock_guard lock(mutex_);
        failure_ = why;
        changed_.notify_all();
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::optional<Readings> newest_;
    std::string failure_;
};

float half(int, std::uint64_t) {
    return 0.5F;
}

TEST(AnalysisThread, hands_out_what_the_engine_writes) {
    FakeEngine engine;
    Inbox inbox;
    const AnalysisThread thread(engine.region(), engine.streams(), 48000, inbox.events());
    engine.render(512, half);
    const auto readings = inbox.wait_for([](const Readings& r) { return r.frame == 512; });
    EXPECT_EQ(readings.channels.size(), 3u);
    EXPECT_EQ(readings.channels[1].max, 0.5F);
}

TEST(AnalysisThread, is_told_by_other_threads_what_to_do) {
    FakeEngine engine;
    Inbox inbox;
    AnalysisThread thread(engine.region(), engine.streams(), 48000, inbox.events());
    engine.region().tap_values[0] = 4.0F;
    engine.render(512, [](int, std::uint64_t) { return 1.0F; });
    (void)inbox.wait_for([](const Readings& r) { return r.frame == 512; });
    std::thread other([&] {
        thread.set_taps({1, 0});
        thread.reset_meters();
    });
    const auto readings = inbox.wait_for(
        [](const Readings& r) { return r.channels[1].clip_count == 0 && !r.taps.empty(); });
    other.join();
    EXPECT_EQ(readings.taps[0], 4.0F);
}

TEST(AnalysisThread, records_from_one_call_to_the_other) {
    const TempFolder folder;
    FakeEngine engine;
    Inbox inbox;
    AnalysisThread thread(engine.region(), engine.streams(), 48000, inbox.events());
    ASSERT_TRUE(thread.start_recording({folder / "out.wav", 48000, 2, 0, {}}).ok());
    engine.render(5000, half);
    const auto counts = thread.stop_recording();
    ASSERT_TRUE(counts.ok()) << counts.error();
    EXPECT_EQ(counts->frames, 5000u);
    EXPECT_EQ(thread.stop_recording()->frames, 0u) << "there is none any more";
}

TEST(AnalysisThread, completes_a_recording_when_it_ends) {
    const TempFolder folder;
    FakeEngine engine;
    {
        Inbox inbox;
        AnalysisThread thread(engine.region(), engine.streams(), 48000, inbox.events());
        ASSERT_TRUE(thread.start_recording({folder / "out.wav", 48000, 2, 0, {}}).ok());
        engine.render(5000, half);
    }
    const auto text = jig::test::read_text(folder / "out.wav.journal.tsv");
    EXPECT_NE(text.find("# end: frames 5000, lost 0"), std::string::npos) << text;
}

TEST(AnalysisThread, a_recording_ends_when_the_rate_changes_and_it_says_so) {
    const TempFolder folder;
    FakeEngine engine;
    Inbox inbox;
    AnalysisThread thread(engine.region(), engine.streams(), 48000, inbox.events());
    ASSERT_TRUE(thread.start_recording({folder / "out.wav", 48000, 2, 0, {}}).ok());
    thread.set_rate(48000); // it is that already
    engine.set_rate(96000);
    thread.set_rate(96000);
    EXPECT_NE(inbox.wait_for_failure().find("rate"), std::string::npos);
}

} // namespace
