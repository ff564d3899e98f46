// jig/session/param_store.hpp: the canonical value of every parameter, for as long as the session
// lasts.
#pragma once

#include "base/result.hpp"
#include "link/memory.hpp"
#include "link/rings.hpp"
#include "plugin/info.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace jig::session {

/// Each (plugin id, parameter id) has a slot and keeps it from build to build; a build's indices
/// are only a way to it. Where a build begins with another value than the one before it has, it
/// gets a slot of its own, so that nothing changes for the build that still plays. Values are
/// plain, in the descriptor's unit. [net]
class ParamStore {
  public:
    explicit ParamStore(const link::Regions& regions);

    /// What became of the parameters when a build came in.
    struct Remap {
        std::vector<std::uint32_t> slots; ///< by the build's index
        std::vector<std::string> added;
        std::vector<std::string> removed;
        std::vector<std::string> renamed; ///< "old → new"
    };

    /// Finds or makes the slots of `info`'s parameters: by id, else by an id that it had formerly.
    /// A value that nobody touched follows the new default; a touched one stays, held within the
    /// new range.
    [[nodiscard]] Result<Remap> assign(const plugin::PluginInfo& info);
    /// The build that assign() was for did not come in: everything is as before, but for what was
    /// set meanwhile.
    void revert();
    /// It did. The build before it may be heard until the next assign().
    void commit();

    struct Value {
        double value = 0;
        std::uint64_t rev = 0;
        bool touched = false;
    };
    /// A parameter that cannot be set as asked: what is wrong, and the range if that was it.
    struct Fault {
        enum class Kind { not_found, out_of_range, unsupported, full } kind;
        std::string message;
        double min = 0;
        double max = 0;
    };
    using Index = std::size_t; ///< in the present build

    [[nodiscard]] std::optional<Index> find(const std::string& id) const;
    [[nodiscard]] const plugin::PluginInfo& info() const { return info_; }
    [[nodiscard]] Value get(Index index) const;

    /// Sets one value at once: the next block carries it.
    [[nodiscard]] std::optional<Fault> set(const std::string& id, double value, Index& index);
    /// Sets all, or none; they land in one block, at `frame` if that is still to come.
    [[nodiscard]] std::optional<Fault>
    set_many(const std::vector<std::pair<std::string, double>>& values,
             std::optional<std::uint64_t> frame, std::vector<Index>& indices);
    /// What a preset of the plugin sets: its values, and the defaults of the rest; none without it.
    [[nodiscard]] std::optional<std::vector<std::pair<std::string, double>>>
    preset(const std::string& name) const;
    /// Back to the default, untouched, all in one block.
    [[nodiscard]] std::optional<Fault> reset(const std::vector<Index>& indices);
    [[nodiscard]] std::optional<Fault> trigger(const std::string& id);

    /// Puts events in for the next block (frame 0) or for their frame; all or none.
    [[nodiscard]] bool send(std::span<const link::RingEvent> events);

    /// OUTPUT parameters whose value the plugin has changed since the last call.
    [[nodiscard]] std::vector<Index> poll_outputs();

    /// Events do not wait for an engine that is not there.
    void set_engine_running(bool running) { engine_running_ = running; }
    /// Forgets what the ended engine did not read.
    void engine_ended();

  private:
    struct Slot {
        double value = 0;
        double def = 0;
        std::uint64_t rev = 0;
        bool touched = false;
    };
    using Key = std::pair<std::string, std::string>; ///< plugin id, parameter id

    [[nodiscard]] std::optional<Fault> check(const std::string& id, double& value,
                                             Index& index) const;
    [[nodiscard]] std::optional<Fault> change(const std::vector<std::pair<Index, double>>& values,
                                              std::uint64_t frame, bool touched);
    void write(std::uint32_t slot, bool timed);
    void publish();
    [[nodiscard]] std::optional<std::uint32_t> take_slot();
    [[nodiscard]] std::optional<std::uint32_t>
    find_slot(const plugin::PluginInfo& info, const plugin::ParamInfo& param, Remap& remap);
    [[nodiscard]] bool place(const plugin::PluginInfo& info, const plugin::ParamInfo& param,
                             Remap& remap);
    void index(const std::vector<std::uint32_t>& slots);

    link::ServerRegion& server_;
    link::EngineRegion& engine_;
    link::EventWriter events_;
    std::map<Key, std::uint32_t> slot_of_;
    std::vector<Slot> slots_;
    std::vector<std::uint32_t> free_;    ///< slots that no build uses
    std::vector<std::uint32_t> leaving_; ///< those of the build before, as long as it may be heard
    std::uint64_t revision_ = 0;
    bool engine_running_ = false;

    plugin::PluginInfo info_;
    std::vector<std::uint32_t> slot_by_index_;
    std::map<std::string, Index> index_of_;

    struct Before {
        std::map<Key, std::uint32_t> slot_of;
        std::vector<Slot> slots;
        std::vector<std::uint32_t> free;
        std::uint64_t revision = 0; ///< when assign() was done
        plugin::PluginInfo info;
        std::vector<std::uint32_t> slot_by_index;
        std::map<std::string, Index> index_of;
    };
    std::optional<Before> before_;
};

} // namespace jig::session
