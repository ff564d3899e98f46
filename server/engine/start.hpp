// jig/engine/start.hpp: the server's hold on an engine process: start it, talk to it, see it end.
#pragma once

#include "base/fd.hpp"
#include "base/loop.hpp"
#include "base/result.hpp"
#include "link/channel.hpp"
#include "link/memory.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace jig::engine {

struct EngineCommand {
    std::string executable;        ///< what runs run_engine_process()
    std::vector<std::string> args; ///< the descriptors 3, 4 and 5 are passed as they are
    std::string library_path;      ///< LD_LIBRARY_PATH as a whole; "": as it is
    int stdout_fd = -1;            ///< what its standard output and error become
    int stderr_fd = -1;
};

/// How an engine ended.
struct EngineEnd {
    int signal = 0; ///< 0: it exited
    int status = 0;
    bool unanswered = false; ///< it was killed because it did not answer in time
};

/// One engine process, in a process group of its own. Everything runs on the loop's thread. When
/// the handle is destroyed the whole group is killed and reaped.
class EngineHandle {
  public:
    using Answer = std::function<void(Result<link::Channel::Message>)>;
    using Notice = std::function<void(const link::Channel::Message&)>;
    using Ended = std::function<void(const EngineEnd&)>;

    [[nodiscard]] static Result<std::unique_ptr<EngineHandle>>
    start(Loop& loop, const EngineCommand& command, const link::Regions& regions, Notice on_notice,
          Ended on_end);
    ~EngineHandle();
    EngineHandle(const EngineHandle&) = delete;
    EngineHandle& operator=(const EngineHandle&) = delete;

    /// `answer` is called once: with what the engine said (a Failed answer becomes an Error with
    /// its message, see stage_of_failure), or with an Error when it ended or took longer than
    /// `patience`, in which case it is killed.
    template <typename T>
    void request(link::Kind kind, const T& value, Answer answer,
                 std::chrono::milliseconds patience = std::chrono::seconds(10), int fd = -1) {
        send(kind, link::to_bytes(value), std::move(answer), patience, fd);
    }

    /// Where the last refused request failed.
    [[nodiscard]] link::Stage stage_of_failure() const { return stage_; }

    void kill();
    /// It has ended, or is being made to: what was asked of it will not be done.
    [[nodiscard]] bool doomed() const { return killed_ || reaped_; }
    [[nodiscard]] int pid() const { return pid_; }

  private:
    EngineHandle(Loop& loop, Notice on_notice, Ended on_end);
    void send(link::Kind kind, const std::vector<std::byte>& payload, Answer answer,
              std::chrono::milliseconds patience, int fd);
    void on_readable();
    void on_exit();
    void answer(link::Channel::Message message);
    void give_up(std::uint32_t id);
    void fail_all(const std::string& why);

    struct Pending {
        Answer answer;
        Loop::HandlePtr timeout;
    };

    Loop& loop_;
    Notice on_notice_;
    Ended on_end_;
    link::Channel channel_;
    UniqueFd pidfd_;
    int pid_ = -1;
    bool killed_ = false;
    bool reaped_ = false;
    bool unanswered_ = false;
    link::Stage stage_ = link::Stage::load;
    std::uint32_t next_id_ = 1;
    std::map<std::uint32_t, Pending> pending_;
    Loop::HandlePtr channel_watch_;
    Loop::HandlePtr exit_watch_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

} // namespace jig::engine
