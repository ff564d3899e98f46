#include "audio/alsa/device.hpp"

#include "audio/ports.hpp"
#include "audio/scheduling.hpp"

#include <algorithm>
#include <future>
#include <sys/eventfd.h>
#include <sys/prctl.h>

namespace jig::audio::alsa {

namespace {

constexpr std::uint32_t kLeastPrefill = 2;

Wanted wanted(const DeviceConfig& config, std::size_t ports) {
    Wanted wanted;
    wanted.channels = static_cast<unsigned>(std::max<std::size_t>(ports, 2));
    wanted.rate_hz = static_cast<unsigned>(config.rate_hz);
    wanted.period_frames = config.period_frames;
    wanted.periods = std::max(config.periods, config.prefill_periods);
    return wanted;
}

std::string named(const Identity& identity, const PcmAddress& address) {
    return identity.card_name + " (" + address.text() + ")";
}

} // namespace

AlsaDevice::AlsaDevice(Api& api) : api_(api), stop_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

Result<DeviceInfo> AlsaDevice::open(const DeviceConfig& config) {
    close();
    if (const std::optional<Error> fault = check_timing(config)) {
        return *fault;
    }
    if (config.prefill_periods < kLeastPrefill) {
        return Error{"A prefill of " + std::to_string(config.prefill_periods) +
                     " periods leaves no time to compute; use --prefill 2 or more."};
    }
    const Result<DuplexAddress> address = parse_address(config.address);
    if (!address) {
        return Error{address.error()};
    }
    Result<OpenedPair> opened =
        open_pair(api_, *address, wanted(config, config.in.size()),
                  wanted(config, config.out.size()), config.prefill_periods);
    if (!opened) {
        return Error{opened.error()};
    }
    config_ = config;
    describe(*opened, config);
    planes_.configure(config.period_frames);
    planes_.grow(config.in.size(), config.out.size());
    planes_.open_inputs(config.connect_inputs);
    duplex_.emplace(api_, stop_.get(), std::move(opened->pair), planes_, events_);
    return info();
}

void AlsaDevice::describe(const OpenedPair& opened, const DeviceConfig& config) {
    const Pair& pair = opened.pair;
    info_ = {};
    info_.kind = "alsa";
    info_.address = opened.address.text();
    info_.name = opened.playback ? named(*opened.playback, *opened.address.playback)
                                 : named(*opened.capture, *opened.address.capture);
    if (opened.capture && opened.playback && opened.capture->card != opened.playback->card) {
        info_.name = named(*opened.capture, *opened.address.capture) + " to " + info_.name;
    }
    info_.id = "alsa:" + info_.address + " " + std::to_string(pair.setup().rate_hz) + " Hz";
    info_.detail = pair.setup().describe();
    if (pair.capture && pair.playback) {
        info_.detail += pair.linked ? ", linked" : ", not linked";
        info_.detail += pair.clock_shared ? ", one clock" : ", two clocks";
    }
    info_.rate_hz = pair.setup().rate_hz;
    info_.period_frames = config.period_frames;
    info_.max_frames = config.period_frames;
    info_.round_trip_frames = pair.round_trip_frames();
    info_.round_trip_exact = pair.linked && pair.clock_shared;
    info_.has_input = pair.capture.has_value();
    info_.has_output = pair.playback.has_value();
}

Result<void> AlsaDevice::start(rt::Callback callback, void* context) {
    if (!duplex_) {
        return Error{"The ALSA device cannot start: it is not open; open it first."};
    }
    stop();
    eventfd_t earlier = 0;
    ::eventfd_read(stop_.get(), &earlier);
    duplex_->set_callback(callback, context);
    std::promise<Result<void>> started;
    std::future<Result<void>> begun = started.get_future();
    thread_ = std::thread([this, started = std::move(started)]() mutable {
        realtime_.store(make_realtime(), std::memory_order_relaxed); // set_value() publishes it
        prctl(PR_SET_TIMERSLACK, 1UL);
        prefault_stack();
        Result<void> result = duplex_->start();
        const bool runs = result.ok();
        started.set_value(std::move(result));
        if (runs) {
            run();
        }
    });
    Result<void> result = begun.get();
    if (!result) {
        stop();
    }
    return result;
}

void AlsaDevice::run() {
    for (;;) {
        switch (duplex_->turn()) {
        case Duplex::Turn::ran:
        case Duplex::Turn::waited:
            break;
        case Duplex::Turn::stopped:
            return duplex_->stop();
        case Duplex::Turn::lost:
            // At once: as long as it is open, its driver cannot let go of it.
            duplex_->stop();
            duplex_->close();
            return events_.push(DeviceEvent::Kind::lost, 0);
        }
    }
}

void AlsaDevice::stop() {
    if (thread_.joinable()) {
        ::eventfd_write(stop_.get(), 1);
        thread_.join();
    }
}

void AlsaDevice::close() {
    stop();
    if (duplex_) {
        duplex_->close();
        duplex_.reset();
    }
    planes_.clear();
    info_ = {};
}

Result<void> AlsaDevice::add_ports(const DeviceConfig& config) {
    if (const std::optional<Error> fault = check_config(config)) {
        return *fault;
    }
    DeviceConfig wanted = config_;
    add_missing_ports(wanted, config);
    if (const std::optional<Error> fault = check_config(wanted)) {
        return *fault;
    }
    config_ = std::move(wanted);
    planes_.grow(config_.in.size(), config_.out.size());
    const auto could_have = [](const std::optional<Stream>& stream, std::size_t ports) {
        return stream && stream->setup().channels < ports &&
               stream->setup().channels < stream->setup().most_channels;
    };
    if (duplex_ && (could_have(duplex_->pair().capture, config_.in.size()) ||
                    could_have(duplex_->pair().playback, config_.out.size()))) {
        events_.push(DeviceEvent::Kind::reopen, 0);
    }
    return {};
}

std::vector<DeviceEvent> AlsaDevice::poll_events() {
    std::vector<DeviceEvent> events;
    events_.drain(events);
    return events;
}

DeviceInfo AlsaDevice::info() const {
    DeviceInfo info = info_;
    info.realtime = realtime_.load(std::memory_order_relaxed); // start() waited for it
    if (!info.realtime) {
        info.realtime_note =
            "The sound card's thread runs without real-time scheduling: " + realtime_remedy() + ".";
    }
    return info;
}

} // namespace jig::audio::alsa

namespace jig::audio {

std::unique_ptr<Device> make_alsa_device() {
    return std::make_unique<alsa::AlsaDevice>();
}

} // namespace jig::audio
