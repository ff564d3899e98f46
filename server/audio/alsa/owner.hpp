// jig/audio/alsa/owner.hpp: which program has a PCM open, as the kernel says it.
#pragma once

#include "audio/alsa/address.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <sys/types.h>

namespace jig::audio::alsa {

struct Owner {
    pid_t pid = 0;
    std::string program; ///< as the kernel names it, up to 15 bytes; empty where it is hidden
};

/// Who holds the subdevice of `pcm` in that direction; without a subdevice, of the first that is
/// held. Nothing when none is. `proc` is where procfs lies. [any]
[[nodiscard]] std::optional<Owner> pcm_owner(const PcmAddress& pcm, Direction direction,
                                             const std::filesystem::path& proc = "/proc");

/// "hw:PCH,0 is in use by ardour (pid 123); close it, or choose another device."
[[nodiscard]] std::string in_use(const PcmAddress& pcm, const std::optional<Owner>& owner);

} // namespace jig::audio::alsa
