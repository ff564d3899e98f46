// jig/harness.hpp: a plugin on a test bench: Harness<P> for a class, PluginFile for a built
// library.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <jig/entry.hpp>
#include <jig/player.hpp>

#include <dlfcn.h>
#include <stdexcept>
#include <string>
#include <string_view>

namespace jig {

/// Harness<Crush> h;
/// h.set("drive", 6);
/// h.at(100).set("bits", 4);
/// const Audio y = h.render(sine(1000));
///
/// The class runs behind the same C table as in a host.
template <typename P>
class Harness : public Player {
  public:
    Harness() : Player(detail::Description<P>::get()) {}

    /// The object itself, to look inside.
    [[nodiscard]] P& plugin() { return detail::Slots<P>::self(raw()); }
};

/// A built plugin library: PluginFile file("gain.so"); Player player(file.plugin());
class PluginFile {
  public:
    explicit PluginFile(const std::string& path) : handle_(::dlopen(path.c_str(), RTLD_NOW)) {
        if (handle_ == nullptr) {
            throw std::runtime_error(::dlerror());
        }
        const auto entry = reinterpret_cast<jig_entry_fn>(::dlsym(handle_, JIG_ENTRY_SYMBOL));
        entry_ = entry == nullptr ? nullptr : entry();
        if (entry_ == nullptr || entry_->plugin_count == 0) {
            ::dlclose(handle_);
            throw std::runtime_error(path + " holds no Jig plugin");
        }
    }
    PluginFile(const PluginFile&) = delete;
    PluginFile& operator=(const PluginFile&) = delete;
    ~PluginFile() { ::dlclose(handle_); }

    /// The plugin with this id, or the first.
    [[nodiscard]] const jig_plugin& plugin(std::string_view id = {}) const {
        for (std::uint32_t i = 0; i < entry_->plugin_count; ++i) {
            if (id.empty() || entry_->plugins[i]->id == id) {
                return *entry_->plugins[i];
            }
        }
        throw std::runtime_error("no plugin " + std::string(id));
    }

  private:
    void* handle_;
    const jig_entry* entry_ = nullptr;
};

} // namespace jig
