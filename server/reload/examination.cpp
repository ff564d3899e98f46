#include "reload/examination.hpp"

#include "base/fd.hpp"
#include "reload/library_files.hpp"

#include <fcntl.h>
#include <utility>

namespace jig::reload {

namespace {

Result<plugin::Image> read_copy(const BuildCopy& copy) {
    const UniqueFd fd(::open(copy.path().c_str(), O_RDONLY | O_CLOEXEC));
    return plugin::read_image(fd.get(), copy.source().string());
}

void check_entry(Examination& found, const std::string& file) {
    if (found.image.exports_entry) {
        return;
    }
    if (found.image.other_entries.empty()) {
        found.failure = Failure::no_entry;
        found.message = file + ": it does not export jig_entry_v1; define it as jig/plugin.h "
                               "says, with default visibility";
    } else {
        found.failure = Failure::abi_mismatch;
        found.message = file + ": it exports " + found.image.other_entries.front() +
                        ", and this server loads jig_entry_v1; build it against this server's "
                        "jig/plugin.h";
    }
}

} // namespace

Examination examine_build(Copier& copier, const std::filesystem::path& file,
                          const std::optional<FileStamp>& seen) {
    Examination found;
    found.stamp = stamp_of(file);
    if (seen && *seen == found.stamp) {
        found.unchanged = true;
        return found;
    }
    auto copy = copier.copy(file);
    if (!copy) {
        const auto now = stamp_of(file);
        found.failure = !now.exists()        ? Failure::file_missing
                        : now != found.stamp ? Failure::image_incomplete // still being written
                                             : Failure::copy_failed;
        found.message = copy.error();
        return found;
    }
    found.copy = std::move(*copy);
    found.stamp = found.copy->stamp();
    auto image = read_copy(*found.copy);
    if (!image) {
        found.failure = Failure::image_incomplete;
        found.message = image.error();
        return found;
    }
    found.image = std::move(*image);
    found.libraries = libraries_beside(file, found.image.needed);
    if (found.image.uses_origin && !found.copy->beside_source()) {
        found.message = file.string() +
                        " looks for its libraries beside itself ($ORIGIN), and is "
                        "loaded from " +
                        found.copy->path().parent_path().string() +
                        ", because its own folder is not writable; it may not find them";
    }
    check_entry(found, file.string());
    return found;
}

} // namespace jig::reload
