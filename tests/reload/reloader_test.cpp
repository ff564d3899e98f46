// Long, because the reloader is one state machine: every way through it is here.
#include "reload/reloader.hpp"
#include "tests/reload/files.hpp"
#include "tests/reload/manual_loop.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

namespace fs = std::filesystem;
namespace link = jig::link;
using namespace std::chrono_literals;
using jig::reload::Attempt;
using jig::reload::Changes;
using jig::reload::Failure;
using jig::reload::Reloader;
using jig::reload::ReloaderSetup;
using jig::reload::ReloadReport;
using jig::reload::StageFault;
using jig::reload::State;
using jig::test::copy_over;
using jig::test::fixture;
using jig::test::names_in;
using jig::test::plain_plugin;
using jig::test::read_text;
using jig::test::write_file;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Does what the test says, when it says it.
class ScriptedEngine final : public jig::reload::EnginePort {
  public:
    void load(const link::Load& request, Done done) override {
        loads.push_back(request);
        load_done = std::move(done);
    }
    void install(std::uint32_t generation, Done done) override {
        installs.push_back(generation);
        install_done = std::move(done);
    }
    void drop(std::uint32_t generation) override { drops.push_back(generation); }

    std::vector<link::Load> loads;
    std::vector<std::uint32_t> installs;
    std::vector<std::uint32_t> drops;
    Done load_done;
    Done install_done;
};

class ReloaderTest : public testing::Test {
  protected:
    ReloaderTest() { copy_over(plain_plugin(), file_); }

    ReloaderSetup setup() {
        return {loop_,
                worker_,
                engine_,
                [this](State state) { states_.push_back(state); },
                [this](const ReloadReport& report) { reports_.push_back(report); },
                {},
                {},
                500ms,
                2000ms,
                [this] { return loop_.now(); }};
    }
    void start() { start(setup()); }
    void start(ReloaderSetup setup) { reloader_ = std::make_unique<Reloader>(std::move(setup)); }

    void save() { copy_over(plain_plugin(), file_); }
    void changed(std::vector<fs::path> files) {
        reloader_->files_changed({std::move(files), loop_.now()});
    }
    void changed() { changed({file_}); }

    /// Until the worker's answer has been taken in.
    void examine() {
        loop_.run_until([this] { return reloader_->state() != State::probing; });
    }
    void finish_swap() {
        engine_.load_done({});
        engine_.install_done({});
        link::Swapped notice;
        notice.generation = engine_.installs.back();
        notice.begin_frame = 4711;
        reloader_->swapped(notice);
    }
    /// Loads the file and swaps it in.
    void play() {
        reloader_->load(file_);
        examine();
        finish_swap();
        ASSERT_EQ(reports_.back().failure, Failure::none) << reports_.back().message;
    }
    std::size_t copies() {
        const auto names = names_in(folder_.path());
        return static_cast<std::size_t>(
            std::count_if(names.begin(), names.end(), [](const std::string& name) {
                return jig::reload::Copier::is_copy_name(name);
            }));
    }

    jig::test::TempFolder folder_;
    fs::path file_ = folder_ / "p.so";
    jig::test::ManualLoop loop_;
    ScriptedEngine engine_;
    std::vector<State> states_;
    std::vector<ReloadReport> reports_;
    std::unique_ptr<Reloader> reloader_;
    jig::Worker worker_; // ends first: its jobs use the rest
};

TEST_F(ReloaderTest, goes_from_a_saved_file_to_the_swap_state_by_state) {
    start();
    play();
    EXPECT_THAT(states_, ElementsAre(State::building, State::probing, State::loading,
                                     State::swapping, State::watching));
    ASSERT_EQ(reports_.size(), 1u);
    EXPECT_EQ(reports_[0].generation, 1u);
    EXPECT_EQ(reports_[0].reached, State::swapping);
    EXPECT_EQ(reports_[0].swap.begin_frame, 4711u);
    EXPECT_TRUE(reports_[0].times.copied && reports_[0].times.loaded &&
                reports_[0].times.installed && reports_[0].times.swapped);
    EXPECT_EQ(reloader_->playing(), 1u);
}

TEST_F(ReloaderTest, the_engine_gets_a_private_copy_and_the_name_that_the_author_knows) {
    start();
    reloader_->load(file_, "the.plugin");
    examine();
    ASSERT_EQ(engine_.loads.size(), 1u);
    const auto& load = engine_.loads[0];
    EXPECT_NE(load.path, file_.string());
    EXPECT_EQ(read_text(load.path), read_text(file_));
    EXPECT_EQ(load.shown_path, file_.string());
    EXPECT_EQ(load.plugin_id, "the.plugin");
    EXPECT_EQ(load.generation, 1u);
}

TEST_F(ReloaderTest, the_report_keeps_the_time_of_the_first_event) {
    start();
    play();
    loop_.advance(10s);
    save();
    const auto event = loop_.now();
    loop_.advance(20ms);
    reloader_->files_changed({{file_}, event});
    examine();
    finish_swap();
    EXPECT_EQ(reports_.back().times.file_event, event);
    EXPECT_EQ(*reports_.back().times.swapped - event, 20ms);
}

TEST_F(ReloaderTest, the_same_write_is_loaded_once_however_often_it_is_told) {
    start();
    play();
    changed();
    examine();
    EXPECT_EQ(engine_.loads.size(), 1u);
    EXPECT_EQ(reports_.size(), 1u);
}

TEST_F(ReloaderTest, a_file_saved_again_with_the_same_bytes_is_loaded_again) {
    start();
    play();
    save();
    changed();
    examine();
    EXPECT_EQ(engine_.loads.size(), 2u);
}

TEST_F(ReloaderTest, what_is_asked_for_is_loaded_even_if_it_has_not_changed) {
    start();
    play();
    reloader_->reload();
    examine();
    EXPECT_EQ(engine_.loads.size(), 2u);
}

TEST_F(ReloaderTest, a_half_written_file_is_no_error_when_the_rest_follows) {
    start();
    play();
    write_file(file_, read_text(plain_plugin()).substr(0, 1000));
    changed();
    examine();
    EXPECT_EQ(reloader_->state(), State::watching);
    loop_.advance(400ms);
    save();
    changed();
    examine();
    finish_swap();
    loop_.advance(2000ms);
    ASSERT_EQ(reports_.size(), 2u);
    EXPECT_EQ(reports_[1].failure, Failure::none);
    EXPECT_EQ(engine_.loads.size(), 2u);
}

TEST_F(ReloaderTest, a_half_written_file_is_an_error_when_nothing_follows) {
    start();
    play();
    write_file(file_, read_text(plain_plugin()).substr(0, 1000));
    changed();
    examine();
    loop_.advance(499ms);
    EXPECT_EQ(reports_.size(), 1u);
    loop_.advance(1ms);
    examine();
    ASSERT_EQ(reports_.size(), 2u);
    EXPECT_EQ(reports_[1].failure, Failure::image_incomplete);
    EXPECT_EQ(reports_[1].reached, State::probing);
    EXPECT_THAT(reports_[1].message, HasSubstr("p.so"));
    EXPECT_EQ(reloader_->playing(), 1u) << "the old build plays on";
}

TEST_F(ReloaderTest, a_file_that_became_whole_without_an_event_is_loaded_at_the_last_look) {
    start();
    write_file(file_, "half");
    reloader_->load(file_);
    examine();
    save();
    loop_.advance(500ms);
    examine();
    EXPECT_EQ(engine_.loads.size(), 1u);
}

TEST_F(ReloaderTest, a_plugin_for_another_abi_never_reaches_the_engine) {
    start();
    play();
    copy_over(fixture("reload_entry_v2"), file_);
    changed();
    examine();
    EXPECT_EQ(reports_.back().failure, Failure::abi_mismatch);
    EXPECT_EQ(engine_.loads.size(), 1u);
    EXPECT_EQ(copies(), 1u) << "of the build that plays";
}

TEST_F(ReloaderTest, every_refusal_of_the_engine_has_a_name_and_leaves_no_copy) {
    start();
    play();
    const std::vector<std::pair<link::Stage, Failure>> refusals{
        {link::Stage::open, Failure::open_failed},
        {link::Stage::abi, Failure::abi_mismatch},
        {link::Stage::create, Failure::create_failed},
        {link::Stage::activate, Failure::activate_failed},
        {link::Stage::load, Failure::load_failed},
        {static_cast<link::Stage>(99), Failure::load_failed}};
    for (const auto& [stage, failure] : refusals) {
        reloader_->reload();
        examine();
        engine_.load_done(link::Failed{stage, "it does not like it"});
        EXPECT_EQ(reports_.back().failure, failure);
        EXPECT_EQ(reports_.back().reached, State::loading);
        EXPECT_EQ(reports_.back().message, "it does not like it");
        EXPECT_EQ(reloader_->state(), State::watching);
        EXPECT_EQ(reloader_->playing(), 1u);
        EXPECT_EQ(copies(), 1u);
    }
}

TEST_F(ReloaderTest, a_build_that_cannot_be_installed_is_dropped) {
    start();
    play();
    reloader_->reload();
    examine();
    engine_.load_done({});
    engine_.install_done(link::Failed{link::Stage::activate, "no"});
    EXPECT_THAT(engine_.drops, ElementsAre(2u));
    EXPECT_EQ(reports_.back().failure, Failure::activate_failed);
    EXPECT_EQ(copies(), 1u);
}

TEST_F(ReloaderTest, a_save_during_the_swap_is_taken_next) {
    start();
    play();
    reloader_->reload();
    examine();
    save();
    changed();
    save();
    changed();
    EXPECT_EQ(engine_.loads.size(), 2u) << "one at a time";
    EXPECT_TRUE(reloader_->is_waiting());
    finish_swap();
    examine();
    finish_swap();
    EXPECT_EQ(engine_.loads.size(), 3u) << "the newest only";
    EXPECT_FALSE(reloader_->is_waiting());
    EXPECT_EQ(reloader_->playing(), 3u);
}

TEST_F(ReloaderTest, an_older_build_s_notice_does_not_end_the_swap) {
    start();
    play();
    reloader_->reload();
    examine();
    engine_.load_done({});
    link::Swapped old;
    old.generation = 1;
    reloader_->swapped(old);
    EXPECT_EQ(reloader_->state(), State::swapping);
}

TEST_F(ReloaderTest, a_copy_stays_until_its_build_is_unmapped) {
    start();
    play();
    reloader_->reload();
    examine();
    finish_swap();
    loop_.advance(2s); // proven: the first one is no longer needed to go back to
    EXPECT_EQ(copies(), 2u);
    EXPECT_EQ(reloader_->resident_builds(), 2u);
    reloader_->retired({1, false});
    EXPECT_EQ(copies(), 2u) << "something in the engine still holds it";
    reloader_->retired({1, true});
    EXPECT_EQ(copies(), 1u);
    EXPECT_EQ(reloader_->resident_builds(), 1u);
}

TEST_F(ReloaderTest, a_build_is_good_when_it_has_played_for_a_while) {
    start();
    play();
    EXPECT_EQ(reloader_->last_good()->generation, 1u) << "there is no other";
    reloader_->reload();
    examine();
    finish_swap();
    reloader_->retired({1, true});
    loop_.advance(1999ms);
    EXPECT_EQ(reloader_->last_good()->generation, 1u);
    EXPECT_EQ(copies(), 2u) << "the last good one can be loaded again";
    loop_.advance(1ms);
    EXPECT_EQ(reloader_->last_good()->generation, 2u);
    EXPECT_EQ(copies(), 1u);
}

TEST_F(ReloaderTest, after_a_crash_the_last_good_build_is_loaded_from_its_copy) {
    start();
    play();
    const auto good = engine_.loads[0].path;
    save();
    changed();
    examine();
    finish_swap();
    reloader_->engine_died(); // within its first second
    EXPECT_EQ(reloader_->playing(), 0u);
    reloader_->engine_started(true);
    ASSERT_EQ(engine_.loads.size(), 3u);
    EXPECT_EQ(engine_.loads[2].path, good);
    EXPECT_EQ(engine_.loads[2].generation, 3u) << "never used before";
    finish_swap();
    EXPECT_TRUE(reports_.back().restored);
    EXPECT_EQ(reports_.back().failure, Failure::none);
    EXPECT_EQ(reloader_->last_good()->generation, 3u);
    EXPECT_EQ(copies(), 1u);
}

TEST_F(ReloaderTest, an_engine_that_dies_while_it_loads_is_a_failure_with_a_name) {
    start();
    play();
    loop_.advance(10s);
    reloader_->reload();
    examine();
    auto late = engine_.load_done;
    reloader_->engine_died();
    EXPECT_EQ(reports_.back().failure, Failure::engine_died);
    EXPECT_EQ(reports_.back().reached, State::loading);
    EXPECT_THAT(reports_.back().message, HasSubstr("loading"));
    late(link::Failed{link::Stage::load, "too late"});
    EXPECT_EQ(reports_.size(), 2u) << "an answer that comes after the end is nobody's";
    reloader_->engine_started(true);
    EXPECT_EQ(reloader_->state(), State::loading);
}

TEST_F(ReloaderTest, a_save_while_there_is_no_engine_waits_for_the_next_one) {
    start();
    play();
    reloader_->engine_died();
    save();
    changed();
    EXPECT_EQ(reloader_->state(), State::watching);
    EXPECT_TRUE(reloader_->is_waiting());
    reloader_->engine_started(false);
    examine();
    ASSERT_EQ(engine_.loads.size(), 2u);
    EXPECT_FALSE(engine_.loads[1].path.empty());
    EXPECT_FALSE(reports_.back().restored);
}

TEST_F(ReloaderTest, a_build_under_examination_when_the_engine_dies_comes_after_the_restored_one) {
    start();
    play();
    loop_.advance(10s);
    reloader_->reload();
    reloader_->engine_died();
    reloader_->engine_started(true);
    finish_swap();
    examine();
    finish_swap();
    ASSERT_EQ(reports_.size(), 3u);
    EXPECT_TRUE(reports_[1].restored);
    EXPECT_FALSE(reports_[2].restored);
}

TEST_F(ReloaderTest, a_plugin_asked_for_by_name_is_not_lost_to_a_file_that_is_written) {
    copy_over(plain_plugin(), folder_ / "other.so");
    start();
    play();
    reloader_->load(folder_ / "other.so");
    save();
    changed(); // the build of the one that plays ends at this moment
    examine();
    ASSERT_EQ(engine_.loads.size(), 2u);
    EXPECT_EQ(engine_.loads[1].shown_path, (folder_ / "other.so").string());
}

TEST_F(ReloaderTest, another_plugin_of_the_folder_becomes_the_current_one) {
    start();
    play();
    copy_over(plain_plugin(), folder_ / "other.so");
    changed({folder_ / "other.so"});
    examine();
    finish_swap();
    EXPECT_EQ(reloader_->file(), folder_ / "other.so");
}

TEST_F(ReloaderTest, a_library_of_the_folder_that_is_no_plugin_is_passed_over) {
    start();
    play();
    copy_over(fixture("reload_helper"), folder_ / "other.so");
    changed({folder_ / "other.so"});
    examine();
    EXPECT_EQ(reports_.size(), 1u);
    EXPECT_EQ(reloader_->file(), file_);
}

TEST_F(ReloaderTest, a_library_that_the_plugin_needs_loads_it_again_and_says_what_that_is_worth) {
    copy_over(fixture("reload_needs_helper"), file_);
    copy_over(fixture("reload_helper"), folder_ / "reload_helper.so");
    start();
    play();
    EXPECT_THAT(reloader_->libraries(), ElementsAre(folder_ / "reload_helper.so"));
    changed({folder_ / "reload_helper.so"});
    examine();
    finish_swap();
    EXPECT_EQ(engine_.loads.size(), 2u);
    EXPECT_EQ(engine_.loads[1].shown_path, file_.string());
    EXPECT_THAT(reports_.back().message, HasSubstr("reload_helper.so"));
}

TEST_F(ReloaderTest, a_failed_build_stage_ends_the_attempt_with_its_reason) {
    auto with_builder = setup();
    with_builder.build = [](const Attempt&, auto done) {
        done(StageFault{Failure::build_failed, "p.c:3: no"});
    };
    start(std::move(with_builder));
    reloader_->load(file_);
    ASSERT_EQ(reports_.size(), 1u);
    EXPECT_EQ(reports_[0].failure, Failure::build_failed);
    EXPECT_EQ(reports_[0].reached, State::building);
    EXPECT_EQ(reports_[0].message, "p.c:3: no");
}

TEST_F(ReloaderTest, a_probe_sees_the_copy_before_the_engine_does_and_may_refuse_it) {
    auto with_probe = setup();
    fs::path probed;
    with_probe.probe = [&](const Attempt& attempt, auto done) {
        probed = attempt.copy->path();
        EXPECT_TRUE(engine_.loads.empty());
        done(StageFault{Failure::probe_crashed, "SIGSEGV in process"});
    };
    start(std::move(with_probe));
    reloader_->load(file_);
    examine();
    EXPECT_FALSE(probed.empty());
    EXPECT_EQ(reports_.back().failure, Failure::probe_crashed);
    EXPECT_EQ(reports_.back().reached, State::probing);
    EXPECT_THAT(engine_.loads, IsEmpty());
}

TEST_F(ReloaderTest, a_newer_save_ends_the_build_that_is_under_way) {
    auto with_builder = setup();
    std::vector<std::function<void(std::optional<StageFault>)>> builds;
    with_builder.build = [&](const Attempt&, auto done) { builds.push_back(done); };
    start(std::move(with_builder));
    reloader_->load(file_);
    changed();
    ASSERT_EQ(builds.size(), 2u);
    builds[0](StageFault{Failure::build_failed, "of the older one"});
    EXPECT_THAT(reports_, IsEmpty());
    builds[1]({});
    examine();
    EXPECT_EQ(engine_.loads.size(), 1u);
}

TEST_F(ReloaderTest, leaves_no_copy_behind) {
    start();
    play();
    reloader_->reload();
    examine();
    reloader_.reset();
    EXPECT_EQ(copies(), 0u);
}

TEST_F(ReloaderTest, may_end_while_the_worker_is_busy_for_it) {
    start();
    reloader_->load(file_);
    reloader_.reset();
    bool ran = false;
    worker_.submit([&] { loop_.post([&] { ran = true; }); });
    loop_.run_until([&] { return ran; });
    EXPECT_EQ(copies(), 0u);
    EXPECT_THAT(engine_.loads, IsEmpty());
}

} // namespace
