// jig/test_host.hpp: the host's side of the ABI in a test: it notes down what the plugin says.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <jig/plugin.h>

#include <cstdint>
#include <mutex>
#include <vector>
#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace jig {

/// The table is valid as long as the object.
class TestHost {
  public:
    struct LogLine {
        const jig_log_site* site;
        std::vector<std::uint64_t> args;
    };

    TestHost() {
        table_.struct_size = sizeof table_;
        table_.name = "jig harness";
        table_.version = "0.1";
        table_.ctx = this;
        table_.log = log;
        table_.emit = emit;
        table_.tap_push = tap_push;
        table_.request = request;
        table_.ext = ext;
    }
    TestHost(const TestHost&) = delete;
    TestHost& operator=(const TestHost&) = delete;

    [[nodiscard]] const jig_host* table() const { return &table_; }
    [[nodiscard]] const std::vector<LogLine>& log_lines() const { return log_lines_; }
    [[nodiscard]] const std::vector<jig_event>& emitted() const { return emitted_; }
    [[nodiscard]] const std::vector<jig_request>& requests() const { return requests_; }

  private:
    static TestHost& self(void* ctx) { return *static_cast<TestHost*>(ctx); }

    static void log(void* ctx, const jig_log_site* site, const std::uint64_t* args,
                    std::uint32_t n) {
        const std::lock_guard lock(self(ctx).mutex_);
        self(ctx).log_lines_.push_back({site, {args, args + n}});
    }
    static jig_status emit(void* ctx, const jig_event* event) {
        self(ctx).emitted_.push_back(*event);
        return JIG_OK;
    }
    static jig_status tap_push(void*, std::uint32_t, const float*, std::uint32_t) {
        return JIG_ERROR_UNSUPPORTED;
    }
    static void request(void* ctx, jig_request what, std::uint64_t) {
        const std::lock_guard lock(self(ctx).mutex_);
        self(ctx).requests_.push_back(what);
    }
    static const void* ext(void*, const char*) { return nullptr; }

    jig_host table_{};
    std::mutex mutex_;
    std::vector<LogLine> log_lines_;
    std::vector<jig_event> emitted_;
    std::vector<jig_request> requests_;
};

/// While it lives, numbers too small for full precision are zero on this thread, as they are on the
/// live host's audio thread: the same samples come out.
class FlushDenormals {
  public:
    FlushDenormals(const FlushDenormals&) = delete;
    FlushDenormals& operator=(const FlushDenormals&) = delete;
#if defined(__x86_64__)
    FlushDenormals() : before_(_mm_getcsr()) {
        _mm_setcsr(before_ | 0x8040u);
    }
    ~FlushDenormals() {
        _mm_setcsr(before_);
    }

  private:
    unsigned int before_;
#elif defined(__aarch64__)
    FlushDenormals() {
        __asm__ volatile("mrs %0, fpcr" : "=r"(before_));
        __asm__ volatile("msr fpcr, %0" : : "r"(before_ | (std::uint64_t{1} << 24u)));
    }
    ~FlushDenormals() {
        __asm__ volatile("msr fpcr, %0" : : "r"(before_));
    }

  private:
    std::uint64_t before_ = 0;
#else
    FlushDenormals() = default;
#endif
};

/// While it lives, this thread notes whether it calculates with numbers too small for full
/// precision: the processor's own flag for it. [x86-64; elsewhere it sees nothing]
class DenormalWatch {
  public:
    DenormalWatch(const DenormalWatch&) = delete;
    DenormalWatch& operator=(const DenormalWatch&) = delete;
#if defined(__x86_64__)
    DenormalWatch() : before_(_mm_getcsr()) {
        _mm_setcsr(before_ & ~(kFlush | kSawOne));
    }
    ~DenormalWatch() {
        _mm_setcsr(before_);
    }
    [[nodiscard]] bool saw_one() const {
        return (_mm_getcsr() & kSawOne) != 0;
    }

  private:
    static constexpr unsigned int kFlush = 0x8040u;
    static constexpr unsigned int kSawOne = 0x0002u; ///< MXCSR.DE (Intel SDM vol. 1, 10.2.3)
    unsigned int before_;
#else
    DenormalWatch() = default;
    [[nodiscard]] bool saw_one() const {
        return false;
    }
#endif
};

} // namespace jig
