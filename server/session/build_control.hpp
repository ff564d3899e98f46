// jig/session/build_control.hpp: the author's build command, run at each save, in the protocol's
// words.
#pragma once

#include "base/loop.hpp"
#include "base/result.hpp"
#include "build/builder.hpp"
#include "build/sources.hpp"
#include "wire/replies.hpp"

#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace jig::session {

struct BuildOptions {
    std::string command; ///< "": there is none
    std::filesystem::path folder;
    std::vector<std::filesystem::path> watch;
    std::string editor; ///< words with {file}, {line} and {column}; "": none
};

/// [net]
class BuildControl {
  public:
    struct Events {
        std::function<void(const wire::Build&)> changed;
        std::function<void(const wire::BuildOutput&)> output;
        /// A build has failed or succeeded; the text is one sentence.
        std::function<void(const wire::BuildEnded&, std::string text)> ended;
    };

    /// Begins to watch. Fails for sources that are not there.
    [[nodiscard]] static Result<std::unique_ptr<BuildControl>>
    create(Loop& loop, BuildOptions options, Events events);

    void run() { builder_.request(); }
    void cancel() { builder_.cancel(); }
    /// Starts the editor at the place of a diagnostic. Nothing that a client says becomes a path.
    [[nodiscard]] Result<void> open(std::uint32_t diagnostic) const;
    [[nodiscard]] wire::Build state() const;

  private:
    BuildControl(Loop& loop, BuildOptions options, Events events);
    void on_progress(const build::Progress& progress);
    void on_output(const std::vector<std::string>& lines);

    BuildOptions options_;
    Events events_;
    build::Builder builder_;
    std::deque<std::string> tail_;
    std::uint32_t tail_of_ = 0; ///< the number of the build that said it
    std::unique_ptr<build::Sources> sources_;
};

/// `words` cut at spaces, each with its placeholders filled in: no shell reads them.
[[nodiscard]] std::vector<std::string> editor_words(const std::string& words,
                                                    const wire::Diagnostic& place);

} // namespace jig::session
