#include "build/builder.hpp"

#include <utility>

namespace jig::build {

namespace {

/// Lines go out together, so that a chatty build is not a message a line.
constexpr std::chrono::milliseconds kTogether{30};
/// In a row; the next build is let come to its end, whatever is saved meanwhile.
constexpr int kMostOvertaken = 5;

} // namespace

Builder::Builder(BuilderSetup setup) : setup_(std::move(setup)) {
    if (!setup_.now) {
        setup_.now = [] { return std::chrono::steady_clock::now(); };
    }
}

void Builder::request() {
    if (!command_) {
        begin();
        return;
    }
    again_ = true;
    // A build that writes what is watched would overtake itself for ever.
    if (overtaken_ < kMostOvertaken) {
        command_->terminate();
    }
}

void Builder::cancel() {
    again_ = false;
    if (command_) {
        unwanted_ = true;
        command_->terminate();
    }
}

void Builder::begin() {
    again_ = unwanted_ = false;
    begun_ = setup_.now();
    reader_.emplace(setup_.folder);
    progress_.status = Status::running;
    ++progress_.number;
    progress_.diagnostics.clear();
    progress_.diagnostics_dropped = 0;
    auto started = Command::start(
        setup_.loop, setup_.command, setup_.folder,
        [this](std::string_view line) { collect(line); },
        [this](const CommandEnd& end) { ended(end); });
    if (!started) {
        collect(started.error());
        progress_.diagnostics.push_back({Severity::error, "", 0, 0, started.error()});
        progress_.status = Status::failed;
        progress_.exit_status = 126;
        flush();
        return tell();
    }
    command_ = std::move(*started);
    tell();
}

void Builder::collect(std::string_view line) {
    reader_->read(line);
    lines_.push_back(plain(line));
    if (!flush_) {
        flush_ = setup_.loop.after(kTogether, [this] { flush(); });
    }
}

void Builder::flush() {
    flush_.reset();
    if (!lines_.empty()) {
        setup_.on_output(std::exchange(lines_, {}));
    }
}

void Builder::ended(const CommandEnd& end) {
    command_.reset();
    flush();
    progress_.seconds = std::chrono::duration<double>(setup_.now() - begun_).count();
    if (again_ && overtaken_ < kMostOvertaken) {
        ++overtaken_;
        ++progress_.cancelled;
        return begin();
    }
    overtaken_ = 0;
    progress_.exit_status = end.status;
    progress_.diagnostics = reader_->found();
    progress_.diagnostics_dropped = reader_->dropped();
    progress_.status = unwanted_         ? Status::idle
                       : end.status == 0 ? Status::succeeded
                                         : Status::failed;
    tell();
    if (again_) {
        begin();
    }
}

void Builder::tell() {
    setup_.on_progress(progress_);
}

} // namespace jig::build
