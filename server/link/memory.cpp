#include "link/memory.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <new>
#include <string>
#include <sys/mman.h>
#include <sys/stat.h>
#include <utility>

#ifndef F_SEAL_FUTURE_WRITE
#define F_SEAL_FUTURE_WRITE 0x0010
#endif

namespace jig::link {

Mapping::Mapping(Mapping&& other) noexcept
    : address_(std::exchange(other.address_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}

Mapping& Mapping::operator=(Mapping&& other) noexcept {
    std::swap(address_, other.address_);
    std::swap(bytes_, other.bytes_);
    return *this;
}

Mapping::~Mapping() {
    if (address_ != nullptr) {
        ::munmap(address_, bytes_);
    }
}

namespace {

Error system_error(const std::string& what) {
    return Error{what + ": " + std::strerror(errno)};
}

Result<UniqueFd> make_memfd(const char* name, std::size_t bytes) {
    UniqueFd fd(::memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (!fd) {
        return system_error("cannot make shared memory (memfd_create)");
    }
    if (::ftruncate(fd.get(), static_cast<off_t>(bytes)) != 0) {
        return system_error("cannot size shared memory to " + std::to_string(bytes) + " bytes");
    }
    return fd;
}

Result<Mapping> map_fd(int fd, std::size_t bytes, int protection) {
    struct stat status {};
    if (::fstat(fd, &status) != 0 || static_cast<std::size_t>(status.st_size) < bytes) {
        return Error{"shared memory descriptor " + std::to_string(fd) + " is not a region of " +
                     std::to_string(bytes) + " bytes: engine and server differ in version"};
    }
    void* address = ::mmap(nullptr, bytes, protection, MAP_SHARED, fd, 0);
    if (address == MAP_FAILED) {
        return system_error("cannot map shared memory");
    }
    return Mapping(address, bytes);
}

Result<void> seal(int fd, int seals) {
    if (::fcntl(fd, F_ADD_SEALS, seals) != 0) {
        return system_error("cannot seal shared memory");
    }
    return {};
}

} // namespace

Result<Regions> Regions::create() {
    Regions regions;
    auto server_fd = make_memfd("jig-server", kServerBytes);
    auto engine_fd = make_memfd("jig-engine", kEngineBytes);
    if (!server_fd || !engine_fd) {
        return Error{server_fd ? engine_fd.error() : server_fd.error()};
    }
    regions.server_fd_ = std::move(*server_fd);
    regions.engine_fd_ = std::move(*engine_fd);
    auto server = map_fd(regions.server_fd_.get(), kServerBytes, PROT_READ | PROT_WRITE);
    auto engine = map_fd(regions.engine_fd_.get(), kEngineBytes, PROT_READ | PROT_WRITE);
    if (!server || !engine) {
        return Error{server ? engine.error() : server.error()};
    }
    regions.server_ = std::move(*server);
    regions.engine_ = std::move(*engine);

    const int fixed_size = F_SEAL_SHRINK | F_SEAL_GROW;
    const auto sealed_server =
        seal(regions.server_fd_.get(), fixed_size | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL);
    const auto sealed_engine = seal(regions.engine_fd_.get(), fixed_size | F_SEAL_SEAL);
    if (!sealed_server || !sealed_engine) {
        return Error{sealed_server ? sealed_engine.error() : sealed_server.error()};
    }

    auto& own = *new (regions.server_.address()) ServerRegion{};
    own.magic = kRegionMagic;
    own.size = kServerBytes;
    own.trim_gain.store(1.0F, std::memory_order_relaxed);
    own.input_gain.store(1.0F, std::memory_order_relaxed);
    own.bpm.store(120.0, std::memory_order_relaxed);
    // The kernel's zeros are a valid EngineRegion; constructing it would touch every page.
    auto& other = regions.engine();
    other.magic = kRegionMagic;
    other.size = sizeof(EngineRegion);
    return regions;
}

ServerRegion& Regions::server() const {
    return *static_cast<ServerRegion*>(server_.address());
}
EngineRegion& Regions::engine() const {
    return *static_cast<EngineRegion*>(engine_.address());
}
float* Regions::streams() const {
    return reinterpret_cast<float*>(static_cast<std::byte*>(engine_.address()) + kStreamOffset);
}

Result<EngineView> EngineView::map(int server_fd, int engine_fd) {
    EngineView view;
    auto server = map_fd(server_fd, kServerBytes, PROT_READ);
    auto engine = map_fd(engine_fd, kEngineBytes, PROT_READ | PROT_WRITE);
    if (!server || !engine) {
        return Error{server ? engine.error() : server.error()};
    }
    view.server_ = std::move(*server);
    view.engine_ = std::move(*engine);
    if (view.server().magic != kRegionMagic || view.server().size != kServerBytes) {
        return Error{"the server's region has another layout: engine and server differ in version"};
    }
    return view;
}

const ServerRegion& EngineView::server() const {
    return *static_cast<const ServerRegion*>(server_.address());
}
EngineRegion& EngineView::engine() const {
    return *static_cast<EngineRegion*>(engine_.address());
}
float* EngineView::streams() const {
    return reinterpret_cast<float*>(static_cast<std::byte*>(engine_.address()) + kStreamOffset);
}

} // namespace jig::link
