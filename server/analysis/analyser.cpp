#include "analysis/analyser.hpp"

namespace jig::analysis {

Analyser::Analyser(const link::EngineRegion& region, float* streams, double rate_hz)
    : rate_hz_(rate_hz), bank_(region, streams, rate_hz), load_(region, rate_hz),
      taps_(region, streams, rate_hz) {}

Result<void> Analyser::update() {
    bank_.update();
    load_.update();
    taps_.update();
    if (recorder_ != nullptr) {
        if (const auto written = recorder_->update(); !written) {
            ended_ = written.error();
            recorder_.reset();
        }
    }
    if (!ended_.empty()) {
        return Error{std::exchange(ended_, {})};
    }
    return {};
}

Readings Analyser::take() {
    Readings readings;
    bank_.take(readings);
    load_.take(readings);
    taps_.take(readings);
    if (recorder_ != nullptr) {
        readings.record_lost = recorder_->counts().lost_frames + recorder_->counts().lost_entries;
    }
    return readings;
}

void Analyser::set_rate(double rate_hz) {
    if (rate_hz == rate_hz_) {
        return;
    }
    rate_hz_ = rate_hz;
    if (recorder_ != nullptr) {
        ended_ = "the recording " + recorder_->setup().path.string() +
                 " ends here, because the device's rate changed; record again for the new rate";
        recorder_.reset();
    }
    bank_.set_rate(rate_hz);
    load_.set_rate(rate_hz);
    taps_.set_rate(rate_hz);
}

void Analyser::resync() {
    bank_.resync();
    taps_.resync();
    if (recorder_ != nullptr) {
        recorder_->resync();
    }
}

} // namespace jig::analysis
