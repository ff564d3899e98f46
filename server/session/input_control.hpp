// jig/session/input_control.hpp: what the plugin hears, as it was asked for by options or clients.
#pragma once

#include "base/loop.hpp"
#include "base/result.hpp"
#include "base/worker.hpp"
#include "link/memory.hpp"
#include "session/engine_control.hpp"
#include "session/options.hpp"
#include "wire/messages.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace jig::session {

/// Whether the file, if it is one, is there and is audio. [any]
[[nodiscard]] Result<void> check_input(const InputOptions& options);

/// [net]; files are decoded on the worker.
class InputControl {
  public:
    InputControl(Loop& loop, Worker& worker, const link::Regions& regions, EngineControl& engine,
                 const InputOptions& options);

    [[nodiscard]] std::optional<wire::RpcError> select(const wire::InputSelect& request);
    [[nodiscard]] wire::Input state() const;

    /// Decodes the file for this rate, unless it has been; `done` with a sentence if that failed.
    void prepare_file(double rate_hz, std::function<void(std::optional<std::string>)> done);

  private:
    void publish();

    Loop& loop_;
    Worker& worker_;
    link::ServerRegion& server_;
    const link::EngineRegion& region_;
    EngineControl& engine_;
    std::filesystem::path file_;
    double decoded_rate_hz_ = 0;
    std::uint64_t length_frames_ = 0;
    wire::Input input_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

} // namespace jig::session
