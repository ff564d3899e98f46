#include "audio/alsa/device.hpp"

#include "audio/ports.hpp"
#include "audio/scheduling.hpp"

#include <algorithm>
#include <cstdio>
#include <future>
#include <sys/eventfd.h>
#include <sys/prctl.h>

namespace jig::audio::alsa {

namespace {

constexpr std::uint32_t kLeastPrefill = 2;
/// For two cards' clocks to be compared before they play as one.
constexpr std::int64_t kComparisonNs = 6'000'000'000;
/// Closer than this in that time, they may play; the loop looks on more closely.
constexpr double kCloseEnoughPpm = 5;

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

/// "hw:A,0 and hw:B,0 run on two clocks, the input +37.2 ppm against the output; …"
std::string two_clocks(const Pair& pair, const ClockComparison& clocks) {
    const std::string cards = pair.capture->pcm().name() + " and " + pair.playback->pcm().name();
    const std::string remedy = "; use one card, or --resample-capture to bring the input onto the "
                               "output's clock.";
    if (!clocks.known()) {
        return cards + " did not run for long enough to compare their clocks" + remedy;
    }
    char ppm[64];
    if (clocks.verdict() == ClockComparison::Verdict::apart) {
        std::snprintf(ppm, sizeof ppm, "%+.1f ppm", clocks.ppm());
        return cards + " run on two clocks, the input " + ppm + " against the output" + remedy;
    }
    std::snprintf(ppm, sizeof ppm, "%+.1f ± %.1f ppm", clocks.ppm(), clocks.uncertainty_ppm());
    return cards + " could not be shown to run on one clock, the input " + ppm +
           " against the output" + remedy;
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
    Pair& pair = opened->pair;
    if (pair.capture && pair.playback) {
        pair.resampled = config.resample_capture;
        if (!pair.resampled && !pair.clock_shared) {
            Result<Pair> compared = on_one_clock(std::move(pair));
            if (!compared) {
                return Error{compared.error()};
            }
            pair = std::move(*compared);
        }
    }
    config_ = config;
    describe(*opened, config);
    planes_.configure(config.period_frames);
    planes_.grow(config.in.size(), config.out.size());
    planes_.open_inputs(config.connect_inputs);
    duplex_.emplace(api_, stop_.get(), std::move(opened->pair), planes_, events_);
    return info();
}

/// Runs both, silently and apart, until their clocks are known to be one; else refuses.
Result<Pair> AlsaDevice::on_one_clock(Pair pair) {
    using Verdict = ClockComparison::Verdict;
    pair.resampled = true;
    Planes silence;
    silence.configure(pair.setup().period_frames);
    EventQueue unheard;
    Duplex trial(api_, stop_.get(), std::move(pair), silence, unheard);
    forget_stop();
    trial.set_callback([](void*, const rt::Cycle&) noexcept {}, nullptr);
    if (const auto started = trial.start(); !started) {
        return Error{started.error()};
    }
    const std::int64_t end_ns = api_.monotonic_ns() + kComparisonNs;
    auto turn = Duplex::Turn::ran;
    while ((turn == Duplex::Turn::ran || turn == Duplex::Turn::waited) &&
           trial.clocks().verdict() == Verdict::unknown && api_.monotonic_ns() < end_ns) {
        turn = trial.turn();
    }
    const ClockComparison clocks = trial.clocks();
    pair = std::move(trial).release();
    pair.resampled = false;
    pair.clock_shared = clocks.within(kCloseEnoughPpm);
    if (pair.clock_shared) {
        return pair;
    }
    return Error{two_clocks(pair, clocks)};
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
        info_.detail += pair.resampled      ? ", input resampled"
                        : pair.clock_shared ? ", one clock"
                                            : ", two clocks";
    }
    info_.rate_hz = pair.setup().rate_hz;
    info_.period_frames = config.period_frames;
    info_.max_frames = config.period_frames;
    info_.round_trip_frames = pair.round_trip_frames();
    info_.round_trip_exact = pair.linked && pair.clock_shared && !pair.resampled;
    info_.resampler_frames = pair.resampler_frames();
    info_.has_input = pair.capture.has_value();
    info_.has_output = pair.playback.has_value();
}

Result<void> AlsaDevice::start(rt::Callback callback, void* context) {
    if (!duplex_) {
        return Error{"The ALSA device cannot start: it is not open; open it first."};
    }
    stop();
    forget_stop();
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

void AlsaDevice::forget_stop() {
    eventfd_t earlier = 0;
    ::eventfd_read(stop_.get(), &earlier);
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
    Result<DeviceConfig> grown = with_ports(config_, config);
    if (!grown) {
        return Error{grown.error()};
    }
    config_ = std::move(*grown);
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
