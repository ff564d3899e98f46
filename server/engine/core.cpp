#include "engine/core.hpp"

#include "engine/clip.hpp"
#include "engine/memory.hpp"

#include <algorithm>
#include <thread>
#include <utility>

namespace jig::engine {

namespace {

/// Two builds at once may take this much of a period; beyond it a swap goes through silence.
constexpr double kSwapLoadLimit = 0.8;
/// The monitor's fade and a few periods.
constexpr std::chrono::milliseconds kFadeOut{40};

} // namespace

std::unique_ptr<audio::Device> make_device(const std::string& kind) {
    if (kind == "jack") {
        return audio::make_jack_device();
    }
    return kind == "alsa" ? audio::make_alsa_device() : audio::make_virtual_device();
}

Core::Core(const link::ServerRegion& server, link::EngineRegion& region, float* streams,
           Notices& notices, DeviceMaker make, Now now)
    : server_(server), region_(region), streams_(streams), notices_(notices),
      make_device_(std::move(make)), now_(std::move(now)),
      engine_(std::make_unique<rt::Engine>(server, region)) {
    make_readable(&server_, sizeof(link::ServerRegion));
    make_resident(engine_.get(), sizeof(rt::Engine));
    make_resident(&region_, sizeof(link::EngineRegion));
}

Core::~Core() {
    stop_device();
}

Result<plugin::PluginInfo> Core::load(const link::Load& request, Refusal& refusal) {
    waiting_.reset();
    auto build = LoadedBuild::load(request, refusal.stage);
    if (!build) {
        refusal.message = build.error();
        return Error{build.error()};
    }
    waiting_ = std::move(*build);
    return waiting_->info();
}

void Core::drop(std::uint32_t generation) {
    if (waiting_ && waiting_->generation() == generation) {
        waiting_.reset();
    }
}

Result<link::Installed> Core::install(const link::Install& request, Refusal& refusal) {
    refusal.stage = link::Stage::load;
    const auto refuse = [&](std::string why) {
        refusal.message = std::move(why);
        return Error{refusal.message};
    };
    if (!waiting_ || waiting_->generation() != request.generation) {
        return refuse("build " + std::to_string(request.generation) + " is not loaded");
    }
    if (swapping_) {
        return refuse("build " + std::to_string(request.generation) +
                      " has to wait for the swap that is under way");
    }
    const auto known = [](std::uint32_t slot) { return slot < link::kMaxSlots; };
    if (request.slots.size() != waiting_->info().params.size() ||
        !std::all_of(request.slots.begin(), request.slots.end(), known)) {
        return refuse("the slots given for build " + std::to_string(request.generation) +
                      " do not fit its parameters");
    }
    const auto prepared = waiting_->prepare(region_, request.slots, rate_hz_, refusal.stage);
    if (!prepared) {
        auto error = refuse(prepared.error());
        waiting_.reset();
        return error;
    }
    add_ports(*waiting_);
    waiting_->assign_ports(in_ports_, out_ports_);

    rt::SwapPlan plan;
    plan.fade_frames = request.fade_frames;
    plan.through_silence = current_ != nullptr && 2.0 * typical_load() > kSwapLoadLimit;
    link::Installed installed{waiting_->rt().latency_frames, plan.through_silence,
                              waiting_->in_device(), waiting_->out_device(), waiting_->own_text()};
    if (!engine_->swap().offer(&waiting_->rt(), plan)) {
        waiting_.reset();
        return refuse("the audio thread has not taken the last build yet");
    }
    leaving_ = std::move(current_);
    current_ = std::move(waiting_);
    swapping_ = true;
    if (device_) {
        device_->set_plugin_latency(installed.latency_frames);
    }
    return installed;
}

void Core::watch_taps(std::uint64_t mask) {
    const auto frames = link::stream_frames(rate_hz_);
    const link::StreamLayout layout{streams_, frames};
    for (std::uint32_t t = 0; t < link::kMaxTaps; ++t) {
        if ((mask >> t & 1) != 0) {
            make_resident(layout.tap(t), frames * sizeof(float));
        }
    }
    engine_->watch_taps(mask);
}

void Core::connect_inputs(bool connect) {
    wanted_.connect_inputs = connect;
    if (device_) {
        device_->set_inputs_connected(connect);
    }
}

link::Converted Core::convert(const link::Convert& request) const {
    const bool meant = current_ != nullptr && current_->generation() == request.generation;
    return meant ? current_->convert(request) : link::Converted{};
}

void Core::tick() {
    finish_swap();
    answer_requests();
    look_after_device();
    std::erase_if(old_clips_,
                  [this](const auto& clip) { return engine_->source().taken() != &clip->clip; });
}

void Core::finish_swap() {
    if (!swapping_ || !engine_->swap().idle()) {
        return;
    }
    swapping_ = false;
    const auto& report = engine_->swap().report();
    notices_.swapped(
        {report.generation, report.begin_frame, report.fade_frames, report.largest_step});
    static_cast<void>(engine_->swap().retired());
    if (leaving_) {
        const auto generation = leaving_->generation();
        const bool unmapped = leaving_->unload();
        leaving_.reset();
        notices_.retired({generation, unmapped});
    }
}

void Core::answer_requests() {
    if (!current_) {
        return;
    }
    const auto requests = current_->take_requests();
    if ((requests >> JIG_REQUEST_LATENCY_CHANGED & 1) != 0) {
        const auto before = current_->rt().latency_frames;
        const auto now = current_->refresh_latency();
        if (now != before) {
            device_->set_plugin_latency(now);
            notices_.latency_changed(now);
        }
    }
}

double Core::typical_load() const {
    const auto written = region_.cycles.written.load(std::memory_order_acquire);
    std::vector<double> loads;
    for (std::uint64_t i = 1; i <= std::min<std::uint64_t>(written, 64); ++i) {
        const auto& record = region_.cycles.entries[(written - i) & (link::kCycleRingSize - 1)];
        if (record.frames > 0 && (record.flags & rt::kCycleUnpaced) == 0) {
            loads.push_back(static_cast<double>(record.end_ns - record.begin_ns) * 1e-9 * rate_hz_ /
                            record.frames);
        }
    }
    if (loads.empty()) {
        return 0;
    }
    // The median: a callback that the scheduler interrupted says nothing about the plugin.
    const auto middle = loads.begin() + static_cast<std::ptrdiff_t>(loads.size() / 2);
    std::nth_element(loads.begin(), middle, loads.end());
    return *middle;
}

void Core::fade_out() {
    engine_->close_output();
    std::this_thread::sleep_for(kFadeOut);
}

void Core::quit() {
    fade_out();
    stop_device();
}

} // namespace jig::engine
