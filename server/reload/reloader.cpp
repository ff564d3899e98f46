#include "reload/reloader.hpp"

#include <algorithm>
#include <utility>

namespace jig::reload {

namespace fs = std::filesystem;

namespace {

fs::path normal(const fs::path& path) {
    std::error_code error;
    return fs::absolute(path, error).lexically_normal();
}

} // namespace

Reloader::Reloader(ReloaderSetup setup)
    : setup_(std::move(setup)), copier_(std::make_shared<Copier>()),
      alive_(std::make_shared<int>(0)) {
    if (!setup_.now) {
        setup_.now = [] { return std::chrono::steady_clock::now(); };
    }
}

Reloader::~Reloader() = default;

template <typename T>
std::function<void(T)> Reloader::for_this_attempt(void (Reloader::*job)(const T&)) {
    return [this, job, ticket = ticket_, alive = std::weak_ptr(alive_)](const T& answer) {
        if (!alive.expired() && ticket == ticket_) {
            (this->*job)(answer);
        }
    };
}

void Reloader::load(fs::path file, std::string plugin_id) {
    file_ = normal(file);
    plugin_id_ = std::move(plugin_id);
    reload();
}

void Reloader::reload() {
    if (file_.empty()) {
        return;
    }
    Request request;
    request.file = file_;
    request.plugin_id = plugin_id_;
    request.event = setup_.now();
    request.asked_for = true;
    take(std::move(request));
}

void Reloader::files_changed(const Changes& changes) {
    const auto has = [&](const fs::path& file) {
        return std::find(changes.files.begin(), changes.files.end(), file) != changes.files.end();
    };
    Request request;
    request.event = changes.first_event;
    const auto library = std::find_if(libraries_.begin(), libraries_.end(), has);
    if (has(file_) || library != libraries_.end()) {
        request.file = file_;
        request.plugin_id = plugin_id_;
        if (library != libraries_.end()) {
            request.changed_library = library->filename().string();
        }
    } else if (!changes.files.empty()) {
        request.file = changes.files.back();
    } else {
        return;
    }
    take(std::move(request));
}

/// Begins it, or remembers it as the next. What was asked for by name is not lost to a file that
/// happens to be written.
void Reloader::take(Request request) {
    if (next_ && next_->asked_for && !request.asked_for) {
        if (next_->file != request.file) {
            return;
        }
        request.asked_for = true;
        request.plugin_id = next_->plugin_id;
    }
    if (!engine_runs_ || uses_engine()) {
        next_ = std::move(request);
        return;
    }
    if (state_ != State::watching && request_.asked_for && !request.asked_for) {
        if (request_.file != request.file) {
            return;
        }
        request.asked_for = true;
        request.plugin_id = request_.plugin_id;
    }
    begin(std::move(request));
}

void Reloader::begin(Request request) {
    ++ticket_;
    retry_.reset();
    request_ = std::move(request);
    attempt_ = {};
    attempt_.file = request_.file;
    attempt_.plugin_id = request_.plugin_id;
    attempt_.restored = request_.restore;
    report_ = {};
    report_.file = request_.file;
    report_.plugin_id = request_.plugin_id;
    report_.restored = request_.restore;
    report_.times.file_event = request_.event;
    if (request_.restore) {
        attempt_.copy = last_good_->copy;
        attempt_.image = last_good_->image;
        load_copy();
    } else {
        build();
    }
}

void Reloader::build() {
    enter(State::building);
    if (setup_.build) {
        setup_.build(attempt_, for_this_attempt(&Reloader::built));
    } else {
        built({});
    }
}

void Reloader::built(const std::optional<StageFault>& fault) {
    if (fault) {
        finish(fault->failure, fault->message);
    } else {
        examine();
    }
}

void Reloader::examine() {
    enter(State::probing);
    std::optional<FileStamp> seen;
    if (!request_.asked_for && request_.changed_library.empty() && seen_file_ == request_.file) {
        seen = seen_;
    }
    setup_.worker.submit([copier = copier_, file = request_.file, seen, &loop = setup_.loop,
                          done = for_this_attempt(&Reloader::examined)] {
        loop.post([done, found = examine_build(*copier, file, seen)] { done(found); });
    });
}

void Reloader::examined(const Examination& found) {
    if (found.unchanged) {
        pass_over();
        return;
    }
    if (found.may_be_half_written() && !request_.last_chance) {
        wait_for_the_rest();
        return;
    }
    seen_file_ = request_.file;
    seen_ = found.stamp;
    if (found.failure == Failure::no_entry && request_.file != file_) {
        pass_over(); // some other library of the folder
        return;
    }
    file_ = request_.file;
    plugin_id_ = request_.plugin_id;
    if (found.failure != Failure::none) {
        finish(found.failure, found.message);
        return;
    }
    libraries_ = found.libraries;
    attempt_.copy = found.copy;
    attempt_.image = found.image;
    report_.times.copied = setup_.now();
    report_.message = found.message;
    if (!request_.changed_library.empty()) {
        report_.message = request_.changed_library +
                          " was written, but the engine keeps the one that it has loaded as long "
                          "as a build uses it; restart to hear the new one";
    }
    probe();
}

/// The writer may not be done. Its next event is taken as any other; without one, this is the last
/// look.
void Reloader::wait_for_the_rest() {
    Request again = request_;
    again.last_chance = true;
    pass_over();
    if (state_ == State::watching) {
        retry_ = setup_.loop.after(setup_.incomplete_after, [this, again] { take(again); });
    }
}

void Reloader::probe() {
    if (setup_.probe) {
        setup_.probe(attempt_, for_this_attempt(&Reloader::probed));
    } else {
        probed({});
    }
}

void Reloader::probed(const std::optional<StageFault>& fault) {
    if (fault) {
        finish(fault->failure, fault->message);
    } else {
        load_copy();
    }
}

void Reloader::load_copy() {
    attempt_.generation = ++last_generation_;
    report_.generation = attempt_.generation;
    mapped_[attempt_.generation] = attempt_.copy;
    enter(State::loading);
    setup_.engine.load({attempt_.generation, attempt_.copy->path().string(), attempt_.file.string(),
                        attempt_.plugin_id},
                       for_this_attempt(&Reloader::loaded));
}

void Reloader::loaded(const std::optional<link::Failed>& failed) {
    if (failed) {
        mapped_.erase(attempt_.generation);
        finish(failure_of(failed->stage), failed->message);
        return;
    }
    report_.times.loaded = setup_.now();
    enter(State::swapping);
    setup_.engine.install(attempt_.generation, for_this_attempt(&Reloader::installed));
}

void Reloader::installed(const std::optional<link::Failed>& failed) {
    if (failed) {
        setup_.engine.drop(attempt_.generation);
        mapped_.erase(attempt_.generation);
        const auto failure = failure_of(failed->stage); // create and activate are part of it
        finish(failure == Failure::load_failed ? Failure::install_failed : failure,
               failed->message);
        return;
    }
    report_.times.installed = setup_.now();
}

void Reloader::swapped(const link::Swapped& notice) {
    if (state_ != State::swapping || notice.generation != attempt_.generation) {
        return;
    }
    report_.times.swapped = setup_.now();
    report_.swap = notice;
    now_playing();
    finish(Failure::none, std::exchange(report_.message, {}));
}

/// A build is good when it has played for a while; until then, what was good before it stays so.
void Reloader::now_playing() {
    playing_ = attempt_.generation;
    LastGood build{attempt_.file, attempt_.copy, attempt_.plugin_id, attempt_.generation,
                   attempt_.image};
    proving_.reset();
    candidate_.reset();
    if (!last_good_ || attempt_.restored) {
        last_good_ = std::move(build);
        return;
    }
    candidate_ = std::move(build);
    proving_ = setup_.loop.after(setup_.proven_after,
                                 [this] { last_good_ = std::exchange(candidate_, std::nullopt); });
}

void Reloader::retired(const link::Retired& notice) {
    if (notice.unmapped) {
        mapped_.erase(notice.generation);
    }
}

void Reloader::engine_died() {
    engine_runs_ = false;
    playing_ = 0;
    mapped_.clear();
    candidate_.reset();
    proving_.reset();
    if (uses_engine()) {
        finish(Failure::engine_died, "the engine died while it was " + std::string(name(state_)) +
                                         " " + attempt_.file.string() +
                                         "; the last good build is loaded again");
    } else if (state_ != State::watching) {
        next_ = request_;
        pass_over();
    }
}

void Reloader::engine_started(bool restore) {
    engine_runs_ = true;
    if (!restore || !last_good_) {
        next();
        return;
    }
    Request request;
    request.file = last_good_->file;
    request.plugin_id = last_good_->plugin_id;
    request.event = setup_.now();
    request.restore = true;
    begin(std::move(request));
}

void Reloader::finish(Failure failure, std::string message) {
    ++ticket_;
    ReloadReport report = std::exchange(report_, {});
    report.reached = state_;
    report.failure = failure;
    report.message = std::move(message);
    attempt_ = {};
    enter(State::watching);
    if (setup_.on_report) {
        setup_.on_report(report);
    }
    next();
}

/// Ends the attempt without a word.
void Reloader::pass_over() {
    ++ticket_;
    attempt_ = {};
    enter(State::watching);
    next();
}

void Reloader::next() {
    if (next_ && engine_runs_ && state_ == State::watching) {
        begin(*std::exchange(next_, std::nullopt));
    }
}

void Reloader::enter(State state) {
    if (state != std::exchange(state_, state) && setup_.on_state) {
        setup_.on_state(state);
    }
}

bool Reloader::uses_engine() const {
    return state_ == State::loading || state_ == State::swapping;
}

} // namespace jig::reload
