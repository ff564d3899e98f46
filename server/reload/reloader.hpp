// jig/reload/reloader.hpp: from a saved file to the swap, as an explicit state machine.
//
// Watching → Building → Probing → Loading → Swapping → Watching. In every failure the build that
// plays goes on playing, and the report says why. Building and Probing have places for a builder
// and a probe; without them, Building passes at once and Probing is the copy and its image check.
#pragma once

#include "base/loop.hpp"
#include "base/worker.hpp"
#include "reload/engine_port.hpp"
#include "reload/examination.hpp"
#include "reload/failure.hpp"
#include "reload/watcher.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace jig::reload {

/// What is being tried.
struct Attempt {
    std::filesystem::path file;   ///< as the author knows it
    std::string plugin_id;        ///< "": the first
    std::uint32_t generation = 0; ///< 0 until it is loaded
    std::shared_ptr<BuildCopy> copy;
    plugin::Image image;
    bool restored = false; ///< the last good build again, after the engine died
};

/// A stage's verdict.
struct StageFault {
    Failure failure = Failure::none;
    std::string message;
};

/// A place in the machine for a builder, a probe. Calls `done` once, on the loop's thread, with
/// nothing when the attempt may go on. A call while one is under way means that the earlier one is
/// no longer wanted; its answer is not listened to.
using Stage = std::function<void(const Attempt& attempt,
                                 std::function<void(std::optional<StageFault>)> done)>;

/// How one attempt ended.
struct ReloadReport {
    std::filesystem::path file;
    std::string plugin_id;
    std::uint32_t generation = 0; ///< 0: it did not get as far as loading
    State reached = State::watching;
    Failure failure = Failure::none;
    std::string message; ///< one sentence; of a failure the reason, else a warning or nothing
    bool restored = false;
    link::Swapped swap; ///< of a success

    struct Times {
        Time file_event;
        std::optional<Time> copied, loaded, installed, swapped;
    } times;
};

/// What plays again when the engine has died: the newest build that has played for a while, or the
/// only one there was.
struct LastGood {
    std::filesystem::path file;
    std::shared_ptr<BuildCopy> copy; ///< on disk as long as this is held
    std::string plugin_id;
    std::uint32_t generation = 0;
    plugin::Image image;
};

struct ReloaderSetup {
    Loop& loop;
    Worker& worker; ///< for copies and checks; the loop outlives it
    EnginePort& engine;
    std::function<void(State)> on_state;
    std::function<void(const ReloadReport&)> on_report;
    Stage build{};                                   ///< may be absent
    Stage probe{};                                   ///< may be absent
    std::chrono::milliseconds incomplete_after{500}; ///< a half-written file is an error by then
    std::chrono::milliseconds proven_after{2000};    ///< a build that plays so long is good
    std::function<Time()> now{};                     ///< none: the steady clock
};

/// Lives on the loop's thread. One attempt at a time; a request that comes meanwhile is remembered
/// (the newest only) and taken next, and one that overtakes a build or a probe ends it unreported.
class Reloader {
  public:
    explicit Reloader(ReloaderSetup setup);
    Reloader(const Reloader&) = delete;
    Reloader& operator=(const Reloader&) = delete;
    ~Reloader();

    /// Loads `file`, whether it has changed or not. It is the current one from now on.
    void load(std::filesystem::path file, std::string plugin_id = {});
    /// Loads the current file again. Nothing without one.
    void reload();
    /// The watcher's word. Loads the current file if it is among them or needs one of them; else
    /// the last of them, which then becomes the current one if it is a plugin. A version of a file
    /// that was tried already is passed over.
    void files_changed(const Changes& changes);

    // What the engine says of itself.
    void swapped(const link::Swapped& notice);
    void retired(const link::Retired& notice);
    /// Ends an attempt that the engine had part in; no build is mapped any more. Requests wait
    /// from now on.
    void engine_died();
    /// A new engine runs. With `restore` it gets the last good build first, if there is one; then
    /// comes the request that waited.
    void engine_started(bool restore);

    [[nodiscard]] State state() const { return state_; }
    /// Whether a request waits for the engine or for the attempt that is under way.
    [[nodiscard]] bool is_waiting() const { return next_.has_value(); }
    /// Of the newest build that was swapped in; 0: none since the engine started.
    [[nodiscard]] std::uint32_t playing() const { return playing_; }
    [[nodiscard]] const std::filesystem::path& file() const { return file_; }
    [[nodiscard]] const std::optional<LastGood>& last_good() const { return last_good_; }
    /// Builds that the engine has mapped, the one that plays among them.
    [[nodiscard]] std::size_t resident_builds() const { return mapped_.size(); }
    /// Libraries beside the current file that it needs: the watcher should watch them too.
    [[nodiscard]] const std::vector<std::filesystem::path>& libraries() const { return libraries_; }

  private:
    struct Request {
        std::filesystem::path file;
        std::string plugin_id;
        Time event;
        bool asked_for = false;      ///< by name: loaded even if it has not changed, and never lost
        bool last_chance = false;    ///< an incomplete image is an error now
        bool restore = false;        ///< the last good build
        std::string changed_library; ///< it is a library of the file's that changed
    };

    void take(Request request);
    void begin(Request request);
    void build();
    void examine();
    void examined(const Examination& found);
    void built(const std::optional<StageFault>& fault);
    void probe();
    void probed(const std::optional<StageFault>& fault);
    void load_copy();
    void loaded(const std::optional<link::Failed>& failed);
    void installed(const std::optional<link::Failed>& failed);
    void wait_for_the_rest();
    void now_playing();
    void finish(Failure failure, std::string message);
    void pass_over();
    void enter(State state);
    void next();
    /// A function that calls `job`, unless the attempt has ended by then, or this.
    template <typename T>
    [[nodiscard]] std::function<void(T)> for_this_attempt(void (Reloader::*job)(const T&));
    [[nodiscard]] bool uses_engine() const;

    ReloaderSetup setup_;
    State state_ = State::watching;
    std::filesystem::path file_; ///< the current one
    std::string plugin_id_;
    std::vector<std::filesystem::path> libraries_;
    std::filesystem::path seen_file_; ///< what was last tried, and in which version
    FileStamp seen_;

    Request request_; ///< under way, unless watching
    Attempt attempt_;
    ReloadReport report_;
    std::uint64_t ticket_ = 0; ///< an answer to an attempt that has ended is not for this one
    std::optional<Request> next_;
    Loop::HandlePtr retry_;

    bool engine_runs_ = true;
    std::uint32_t last_generation_ = 0;
    std::uint32_t playing_ = 0;
    std::map<std::uint32_t, std::shared_ptr<BuildCopy>> mapped_;
    std::optional<LastGood> candidate_; ///< plays, and has yet to prove itself
    Loop::HandlePtr proving_;
    std::optional<LastGood> last_good_;
    std::shared_ptr<Copier> copier_;
    std::shared_ptr<int> alive_; ///< watched by jobs that may outlive this
};

} // namespace jig::reload
