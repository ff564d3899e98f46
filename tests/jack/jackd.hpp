// tests/jack/jackd.hpp: a jackd of the test's own on the dummy driver (jackd.py says what to mind).
#pragma once

#include <string>
#include <sys/types.h>

namespace jig::test {

struct JackdOptions {
    unsigned rate_hz = 48000;
    unsigned period_frames = 256;
    unsigned capture = 2;
    unsigned playback = 2;
};

/// Synchronous (a late client cannot shift a period) and real-time where permitted. This process's
/// libjack finds it by JACK_DEFAULT_SERVER. Fails the test when it does not start.
class Jackd {
  public:
    explicit Jackd(const JackdOptions& options = {});
    Jackd(const Jackd&) = delete;
    Jackd& operator=(const Jackd&) = delete;
    ~Jackd();

    void start();
    void kill();             ///< SIGKILL, and waits for its end
    void stop();             ///< SIGTERM, and waits for its end
    void signal(int number); ///< SIGSTOP, SIGCONT

    [[nodiscard]] static bool installed();
    /// with_jackd1.py says so.
    [[nodiscard]] static bool is_jackd1();

  private:
    void end(int number);

    JackdOptions options_;
    std::string name_;
    pid_t pid_ = 0;
};

/// The first of the PATH's folders that has `program`, as a full path; empty if none.
[[nodiscard]] std::string find_program(const std::string& program);

} // namespace jig::test
