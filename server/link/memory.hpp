// jig/link/memory.hpp: making, passing and mapping the two regions.
#pragma once

#include "base/fd.hpp"
#include "base/result.hpp"
#include "link/regions.hpp"

#include <cstddef>

namespace jig::link {

/// A mapping that is unmapped once.
class Mapping {
  public:
    Mapping() = default;
    Mapping(void* address, std::size_t bytes) : address_(address), bytes_(bytes) {}
    Mapping(Mapping&& other) noexcept;
    Mapping& operator=(Mapping&& other) noexcept;
    Mapping(const Mapping&) = delete;
    Mapping& operator=(const Mapping&) = delete;
    ~Mapping();

    [[nodiscard]] void* address() const { return address_; }
    [[nodiscard]] std::size_t bytes() const { return bytes_; }

  private:
    void* address_ = nullptr;
    std::size_t bytes_ = 0;
};

/// The server's side: makes both regions as memfds, sealed against resizing; its own one is sealed
/// against any further writable mapping too, so that no engine can ever write it.
class Regions {
  public:
    [[nodiscard]] static Result<Regions> create();

    [[nodiscard]] ServerRegion& server() const;
    [[nodiscard]] EngineRegion& engine() const;
    [[nodiscard]] float* streams() const;
    [[nodiscard]] int server_fd() const { return server_fd_.get(); }
    [[nodiscard]] int engine_fd() const { return engine_fd_.get(); }

  private:
    UniqueFd server_fd_;
    UniqueFd engine_fd_;
    Mapping server_;
    Mapping engine_;
};

/// The engine's side: maps what it was given; the server's region read-only.
class EngineView {
  public:
    [[nodiscard]] static Result<EngineView> map(int server_fd, int engine_fd);

    [[nodiscard]] const ServerRegion& server() const;
    [[nodiscard]] EngineRegion& engine() const;
    [[nodiscard]] float* streams() const;

  private:
    Mapping server_;
    Mapping engine_;
};

} // namespace jig::link
