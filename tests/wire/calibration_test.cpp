#include "wire/calibration.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace jig::wire {
namespace {

TEST(Calibration, comes_back_as_it_was_kept) {
    const Calibrations kept{{"alsa:hw:PCH \"x\"\xC3\xA4", -12}, {"virtual, 48000 Hz", 44}};
    EXPECT_EQ(decode_calibrations(encode_calibrations(kept)), kept);
    EXPECT_EQ(decode_calibrations(""), Calibrations{});
}

TEST(Calibration, of_another_form_is_none) {
    for (const char* text : {"{", "[]", "12", R"({"a":1.5})", R"({"a":"1"})", R"({"a":null})",
                             R"({"a":1e300})", R"({"a":99999999999})"}) {
        EXPECT_EQ(decode_calibrations(text), std::nullopt) << text;
    }
}

TEST(Calibration, a_report_without_a_figure_has_none) {
    LatencyReport report;
    report.verdict = "silent";
    report.rate_hz = 48000;
    auto json = nlohmann::json::parse(encode_latency(report));
    EXPECT_EQ(json["frames"], nullptr);
    EXPECT_EQ(json["calibrationFrames"], nullptr);
    report.frames = 300.5;
    report.calibration_frames = 44;
    json = nlohmann::json::parse(encode_latency(report));
    EXPECT_EQ(json["frames"], 300.5);
    EXPECT_EQ(json["ms"], 300.5 / 48);
    EXPECT_EQ(json["calibrationFrames"], 44);
}

} // namespace
} // namespace jig::wire
