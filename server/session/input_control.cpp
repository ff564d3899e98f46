#include "session/input_control.hpp"

#include "analysis/file_reader.hpp"

#include <cmath>

namespace jig::session {

namespace {

constexpr double kLowestHz = 1;
constexpr double kHighestHz = 192000;
constexpr double kLowestLevelDb = -120;
constexpr double kHighestLevelDb = 0;

link::InputKind kind_of(wire::InputKind kind) {
    switch (kind) {
    case wire::InputKind::device:
        return link::InputKind::device;
    case wire::InputKind::file:
        return link::InputKind::file;
    case wire::InputKind::sine:
        return link::InputKind::sine;
    case wire::InputKind::noise:
        return link::InputKind::noise;
    case wire::InputKind::impulse:
        return link::InputKind::impulse;
    default:
        return link::InputKind::off;
    }
}

} // namespace

Result<void> check_input(const InputOptions& options) {
    return options.kind == wire::InputKind::file ? analysis::check_audio_file(options.file)
                                                 : Result<void>();
}

InputControl::InputControl(Loop& loop, Worker& worker, const link::Regions& regions,
                           EngineControl& engine, const InputOptions& options)
    : loop_(loop), worker_(worker), server_(regions.server()), region_(regions.engine()),
      engine_(engine), file_(options.file) {
    input_.kind = options.kind;
    input_.kinds = {wire::InputKind::device, wire::InputKind::off};
    if (!file_.empty()) {
        input_.kinds.push_back(wire::InputKind::file);
    }
    input_.kinds.insert(input_.kinds.end(),
                        {wire::InputKind::sine, wire::InputKind::noise, wire::InputKind::impulse});
    input_.hz = options.hz;
    input_.level_db = options.kind == wire::InputKind::file ? 0 : options.level_db;
    input_.file = file_.filename().string();
    input_.loop = options.loop;
    input_.playing = true;
    publish();
}

std::optional<wire::RpcError> InputControl::select(const wire::InputSelect& request) {
    if (request.kind == wire::InputKind::file && file_.empty()) {
        return wire::RpcError{wire::ErrorCode::unsupported,
                              "there is no input file; start the server with --input file:X.wav",
                              {},
                              {}};
    }
    if (request.hz && !(*request.hz >= kLowestHz && *request.hz <= kHighestHz)) {
        return wire::RpcError{wire::ErrorCode::out_of_range, "hz takes 1 to 192000", kLowestHz,
                              kHighestHz};
    }
    if (request.level_db &&
        !(*request.level_db >= kLowestLevelDb && *request.level_db <= kHighestLevelDb)) {
        return wire::RpcError{wire::ErrorCode::out_of_range, "levelDb takes -120 to 0 dBFS",
                              kLowestLevelDb, kHighestLevelDb};
    }
    const bool to_file = request.kind == wire::InputKind::file && input_.kind != request.kind;
    input_.kind = request.kind;
    input_.hz = request.hz.value_or(input_.hz);
    input_.level_db = request.level_db.value_or(to_file ? 0 : input_.level_db);
    input_.loop = request.loop.value_or(input_.loop);
    input_.playing = request.playing.value_or(input_.playing);
    publish();
    return std::nullopt;
}

void InputControl::publish() {
    const auto relaxed = std::memory_order_relaxed;
    server_.input_hz.store(static_cast<float>(input_.hz), relaxed);
    server_.input_gain.store(static_cast<float>(std::pow(10.0, input_.level_db / 20.0)), relaxed);
    server_.file_loop.store(input_.loop ? 1 : 0, relaxed);
    server_.file_playing.store(input_.playing ? 1 : 0, relaxed);
    server_.input_kind.store(kind_of(input_.kind), relaxed);
    engine_.connect_inputs(input_.kind == wire::InputKind::device);
}

wire::Input InputControl::state() const {
    wire::Input state = input_;
    state.length_frames = length_frames_;
    state.position_frames =
        std::min(length_frames_, region_.file_position.load(std::memory_order_relaxed));
    return state;
}

void InputControl::prepare_file(double rate_hz,
                                std::function<void(std::optional<std::string>)> done) {
    if (file_.empty() || rate_hz == decoded_rate_hz_) {
        loop_.post([done = std::move(done)] { done(std::nullopt); });
        return;
    }
    decoded_rate_hz_ = rate_hz;
    worker_.submit([this, rate_hz, done = std::move(done), alive = alive_, file = file_] {
        auto decoded = std::make_shared<Result<analysis::DecodedFile>>(
            analysis::decode_audio_file(file, rate_hz));
        loop_.post([this, done, alive = std::weak_ptr<bool>(alive), decoded] {
            if (alive.expired()) {
                return;
            }
            if (!*decoded) {
                return done(decoded->error());
            }
            auto& clip = decoded->value();
            length_frames_ = clip.frames;
            engine_.give_input_file(clip.memory.release(), {clip.frames, clip.channels});
            done(std::nullopt);
        });
    });
}

} // namespace jig::session
