// jig/slots.hpp: the functions of the C table, for a plugin class.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <jig/carry.hpp>
#include <jig/deliver.hpp>
#include <jig/describe.hpp>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <span>
#include <string>

namespace jig::detail {

/// The ABI's slots for the class T. Nothing leaves them by an exception.
template <typename T>
struct Slots {
    static T& self(jig_instance* inst) { return static_cast<T&>(*reinterpret_cast<Plugin*>(inst)); }

    static jig_instance* create(const jig_plugin*, const jig_host* host, char* err,
                                std::size_t cap) noexcept {
        const char* why = "the constructor threw something that is no std::exception";
        try {
            auto* plugin = new T;
            Access::number_buses(*plugin, std::derived_from<T, Effect>);
            Access::attach(*plugin, host);
            return reinterpret_cast<jig_instance*>(static_cast<Plugin*>(plugin));
        } catch (const std::exception& error) {
            std::snprintf(err, cap, "%s", error.what());
        } catch (...) {
            std::snprintf(err, cap, "%s", why);
        }
        return nullptr;
    }

    static void destroy(jig_instance* inst) noexcept { delete &self(inst); }

    static jig_status activate(jig_instance* inst, const jig_config* config) noexcept {
        return guarded([&] {
            T& plugin = self(inst);
            Access::prepare(plugin, *config);
            if constexpr (declares_activate<T>) {
                plugin.activate();
            }
            return JIG_OK;
        });
    }

    static void deactivate(jig_instance* inst) noexcept {
        guarded([&] {
            if constexpr (declares_deactivate<T>) {
                self(inst).deactivate();
            }
            return JIG_OK;
        });
    }

    static void reset(jig_instance* inst) noexcept {
        guarded([&] {
            Access::make_fresh(self(inst));
            Access::clear_voices(self(inst));
            if constexpr (declares_reset<T>) {
                self(inst).reset();
            }
            return JIG_OK;
        });
    }

    /// Cuts the block wherever something happens, so that the class sees only the simple case.
    static jig_status process(jig_instance* inst, const jig_block* block) noexcept {
        return guarded([&]() -> jig_status {
            T& plugin = self(inst);
            Access::take_params(plugin, block->params);
            const auto frame_of = [block](std::uint32_t event) {
                return std::min(block->events[event].frame, block->frames - 1);
            };
            jig_status status = JIG_OK;
            std::uint32_t event = 0;
            for (std::uint32_t begin = 0; begin < block->frames;) {
                const std::uint32_t first = event;
                for (; event < block->event_count && frame_of(event) <= begin; ++event) {
                    deliver(plugin, block->events[event]);
                }
                const auto end = event < block->event_count ? frame_of(event) : block->frames;
                Access::open_taps(plugin, *block, begin);
                const auto part = run(plugin, Block(*block, begin, end - begin,
                                                    {block->events + first, event - first}));
                if (part < 0) {
                    return part;
                }
                status = begin == 0 || part == status ? part : JIG_OK;
                begin = end;
            }
            return status;
        });
    }

    static std::uint32_t latency(jig_instance* inst) noexcept {
        std::uint32_t frames = 0;
        guarded([&] {
            if constexpr (declares_latency<T>) {
                frames = self(inst).latency();
            }
            return JIG_OK;
        });
        return frames;
    }

    static std::uint32_t tail(jig_instance* inst) noexcept {
        std::uint32_t frames = 0;
        guarded([&] {
            if constexpr (declares_tail<T>) {
                frames = self(inst).tail();
            }
            return JIG_OK;
        });
        return frames;
    }

    static std::size_t carry_bytes(jig_instance* inst) noexcept {
        CarrySize size;
        guarded([&] {
            Access::carry(self(inst), size);
            return JIG_OK;
        });
        return size.bytes();
    }

    static jig_status state_save(jig_instance* inst, jig_state_kind kind, std::uint64_t* tag,
                                 const jig_sink* sink) noexcept {
        return guarded([&]() -> jig_status {
            if (kind != JIG_STATE_CARRY) {
                return JIG_ERROR_UNSUPPORTED;
            }
            *tag = kCarryTag;
            CarryWriter writer(*sink);
            Access::carry(self(inst), writer);
            return writer.status();
        });
    }

    static jig_status state_load(jig_instance* inst, jig_state_kind kind, std::uint64_t tag,
                                 const void* bytes, std::size_t size) noexcept {
        return guarded([&]() -> jig_status {
            if (kind != JIG_STATE_CARRY || tag != kCarryTag) {
                return JIG_ERROR_UNSUPPORTED;
            }
            CarryReader reader({static_cast<const std::byte*>(bytes), size});
            if (!reader.well_formed()) {
                return JIG_ERROR_ARG;
            }
            Access::carry(self(inst), reader);
            return JIG_OK;
        });
    }

    static jig_status param_to_text(jig_instance* inst, std::uint32_t index, double value,
                                    char* text, std::size_t cap) noexcept {
        return guarded([&]() -> jig_status {
            const Text* own = Access::text(self(inst), index);
            if (own == nullptr || !own->to) {
                return JIG_ERROR_UNSUPPORTED;
            }
            std::snprintf(text, cap, "%s", own->to(value).c_str());
            return JIG_OK;
        });
    }

    static jig_status param_from_text(jig_instance* inst, std::uint32_t index, const char* text,
                                      double* value) noexcept {
        return guarded([&]() -> jig_status {
            const Text* own = Access::text(self(inst), index);
            if (own == nullptr || !own->from) {
                return JIG_ERROR_UNSUPPORTED;
            }
            const auto read = own->from(text);
            if (!read) {
                return JIG_ERROR_ARG;
            }
            *value = *read;
            return JIG_OK;
        });
    }

  private:
    static jig_status run(T& plugin, Block block) {
        if constexpr (std::is_void_v<decltype(plugin.process(block))>) {
            plugin.process(block);
            return JIG_OK;
        } else {
            return plugin.process(block);
        }
    }

    template <typename F>
    static jig_status guarded(F&& work) noexcept {
        try {
            return work();
        } catch (...) {
            return JIG_ERROR_EXCEPTION;
        }
    }
};

} // namespace jig::detail
