// jig/reload/examination.hpp: the private copy of a build, and what its image says.
#pragma once

#include "plugin/image.hpp"
#include "reload/copier.hpp"
#include "reload/failure.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace jig::reload {

struct Examination {
    bool unchanged = false; ///< it is the version that was seen already; nothing else is set
    FileStamp stamp;        ///< of the file
    Failure failure = Failure::none;
    std::string message; ///< of a failure the reason, else a warning or nothing
    std::shared_ptr<BuildCopy> copy;
    plugin::Image image;
    std::vector<std::filesystem::path> libraries; ///< beside the file, and needed by it

    /// Whether the rest may still be on its way.
    [[nodiscard]] bool may_be_half_written() const {
        return failure == Failure::image_incomplete || failure == Failure::file_missing;
    }
};

/// Copies `file` and checks the copy, which nobody writes over. [any, slow]
[[nodiscard]] Examination examine_build(Copier& copier, const std::filesystem::path& file,
                                        const std::optional<FileStamp>& seen);

} // namespace jig::reload
