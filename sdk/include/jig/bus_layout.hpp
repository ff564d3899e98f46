// jig/bus_layout.hpp: how many channels each bus of a plugin gets, and what is fed to them, in a
// test.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <jig/plugin.h>

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

namespace jig::detail {

template <typename T>
const T& element(const jig_array& array, std::uint32_t i) {
    const auto* bytes = static_cast<const char*>(array.items);
    return *reinterpret_cast<const T*>(bytes + std::size_t{i} * array.stride);
}

class BusLayout {
  public:
    BusLayout() = default;

    /// Every bus has its default; the main input (the main output where there is no input) has
    /// `main_channels`, unless that is 0, and what matches the main input follows it. Optional
    /// buses have none if they are not wanted.
    BusLayout(const jig_plugin& plugin, std::uint32_t main_channels, bool optional_buses) {
        std::uint32_t match = 0;
        for (std::uint32_t i = 0; i < plugin.buses.count; ++i) {
            const auto& bus = element<jig_bus>(plugin.buses, i);
            if ((bus.flags & JIG_BUS_IN) != 0 && (bus.flags & JIG_BUS_MAIN) != 0) {
                match = main_channels == 0 ? bus.def_channels : main_channels;
            }
        }
        for (std::uint32_t i = 0; i < plugin.buses.count; ++i) {
            const auto& bus = element<jig_bus>(plugin.buses, i);
            const bool in = (bus.flags & JIG_BUS_IN) != 0;
            const bool main = (bus.flags & JIG_BUS_MAIN) != 0;
            std::uint32_t count = bus.def_channels;
            if ((in && main) || (bus.flags & JIG_BUS_MATCH_MAIN_IN) != 0) {
                count = match;
            } else if (main && match == 0 && main_channels != 0) {
                count = main_channels;
            }
            if ((bus.flags & JIG_BUS_OPTIONAL) != 0 && !optional_buses) {
                count = 0;
            }
            if (in && main) {
                main_first_ = total_in();
                main_count_ = count;
            }
            (in ? in_ : out_).push_back(count);
        }
    }

    [[nodiscard]] const std::vector<std::uint32_t>& in() const { return in_; }
    [[nodiscard]] const std::vector<std::uint32_t>& out() const { return out_; }
    [[nodiscard]] std::size_t total_in() const { return total(in_); }
    [[nodiscard]] std::size_t total_out() const { return total(out_); }

    /// For each input channel of all buses: which of `given` channels it gets, or −1 for silence.
    [[nodiscard]] std::vector<int> feed(std::size_t given) const {
        std::vector<int> feed(total_in(), -1);
        if (given != 1 && given != main_count_ && given != feed.size()) {
            throw std::runtime_error("the input has " + std::to_string(given) +
                                     " channels, the plugin's main input " +
                                     std::to_string(main_count_));
        }
        const bool every_bus = given == feed.size() && given != main_count_;
        const std::size_t first = every_bus ? 0 : main_first_;
        const std::size_t count = every_bus ? feed.size() : main_count_;
        for (std::size_t c = 0; c < count; ++c) {
            feed[first + c] = given == 1 ? 0 : static_cast<int>(c);
        }
        return feed;
    }

  private:
    static std::size_t total(const std::vector<std::uint32_t>& counts) {
        return std::accumulate(counts.begin(), counts.end(), std::size_t{0});
    }

    std::vector<std::uint32_t> in_;
    std::vector<std::uint32_t> out_;
    std::size_t main_first_ = 0;
    std::size_t main_count_ = 0;
};

/// The buses that consecutive channels make up. The pointers stay the caller's.
template <typename Bus, typename Pointer>
std::vector<Bus> buses_of(const std::vector<std::uint32_t>& counts,
                          const std::vector<Pointer>& channels) {
    std::vector<Bus> buses;
    std::size_t first = 0;
    for (const auto count : counts) {
        buses.push_back({channels.data() + first, count, 0, 0});
        first += count;
    }
    return buses;
}

} // namespace jig::detail
