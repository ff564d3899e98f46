#include "audio/probe.hpp"
#include "audio/probe_line.hpp"

#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/fd.hpp"

namespace jig::audio {
namespace {

/// An environment variable, until the end of the test.
class Setting {
  public:
    Setting(const char* name, const char* value) : name_(name) {
        if (const char* before = std::getenv(name)) {
            before_ = before;
            had_ = true;
        }
        value != nullptr ? setenv(name, value, 1) : unsetenv(name);
    }
    Setting(const Setting&) = delete;
    Setting& operator=(const Setting&) = delete;
    ~Setting() { had_ ? setenv(name_, before_.c_str(), 1) : unsetenv(name_); }

  private:
    const char* name_;
    std::string before_;
    bool had_ = false;
};

TEST(ProbeLine, survives_what_the_library_prints_around_it) {
    JackServer server;
    server.rate_hz = 44100;
    server.period_frames = 64;
    server.realtime = true;
    server.name = "PipeWire 0.3.65 (JACK)";
    const auto parsed =
        parse_probe_output("noise\n" + format_probe_line(server) + "\nmore noise\n");
    ASSERT_TRUE(parsed.ok());
    EXPECT_EQ(parsed->rate_hz, 44100U);
    EXPECT_EQ(parsed->period_frames, 64U);
    EXPECT_TRUE(parsed->realtime);
    EXPECT_EQ(parsed->name, server.name);
    EXPECT_TRUE(parsed->is_pipewire());
}

TEST(ProbeLine, carries_the_reason_when_there_is_no_server) {
    EXPECT_EQ(parse_probe_output(format_probe_error("No server.") + "\n").error(), "No server.");
    EXPECT_FALSE(parse_probe_output("").ok());
    EXPECT_FALSE(parse_probe_output("jig-probe found 48000\n").ok());
}

TEST(Probe, asks_in_a_child_with_the_library_path_it_was_given) {
    const Setting path("LD_LIBRARY_PATH", "/already/there");
    const auto server = run_jack_probe(
        {"/bin/sh", {"-c", "echo \"jig-probe found 48000 256 1 $LD_LIBRARY_PATH\""}}, "/lib/pw");
    ASSERT_TRUE(server.ok()) << server.error();
    EXPECT_EQ(server->name, "/lib/pw:/already/there");
}

TEST(Probe, does_not_wait_for_a_server_that_hangs) {
    const auto server = run_jack_probe({"/bin/sleep", {"1000"}, std::chrono::milliseconds(20)}, "");
    ASSERT_FALSE(server.ok());
    EXPECT_NE(server.error().find("gave no answer within 20 ms"), std::string::npos);
}

TEST(Probe, says_which_program_it_could_not_run) {
    EXPECT_EQ(
        run_jack_probe({"/nowhere/jig", {}}, "").error(),
        "The probe for a JACK server cannot run \"/nowhere/jig\": No such file or directory.");
}

TEST(PipewireSocket, is_found_where_pipewire_puts_it) {
    std::string folder = testing::TempDir() + "jig-socket-XXXXXX";
    ASSERT_NE(mkdtemp(folder.data()), nullptr);
    const Setting runtime("XDG_RUNTIME_DIR", folder.c_str());
    const Setting own("PIPEWIRE_RUNTIME_DIR", nullptr);
    const Setting remote("PIPEWIRE_REMOTE", nullptr);
    EXPECT_EQ(pipewire_socket(), "");

    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = folder + "/pipewire-0";
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    const UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM, 0));
    ASSERT_EQ(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(pipewire_socket(), path);
    {
        const Setting other("PIPEWIRE_REMOTE", "pipewire-1");
        EXPECT_EQ(pipewire_socket(), "");
    }
    {
        const Setting elsewhere("XDG_RUNTIME_DIR", "/nowhere");
        const Setting absolute("PIPEWIRE_REMOTE", path.c_str());
        EXPECT_EQ(pipewire_socket(), path);
    }
    std::filesystem::remove_all(folder);
}

} // namespace
} // namespace jig::audio
