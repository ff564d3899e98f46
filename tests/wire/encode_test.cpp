#include "wire/codec.hpp"
#include "wire/messages.hpp"

#include <cmath>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace jig::wire;
using nlohmann::json;

namespace {

const RequestId kId = std::int64_t{5};

json result_of(const Reply& reply) {
    const json response = json::parse(encode_reply(kId, reply));
    EXPECT_EQ(response["jsonrpc"], "2.0");
    EXPECT_EQ(response["id"], 5);
    return response["result"];
}

json params_of(const Notification& notification, const std::string& method) {
    const json message = json::parse(encode_notification(notification));
    EXPECT_EQ(message["jsonrpc"], "2.0");
    EXPECT_EQ(message["method"], method);
    EXPECT_FALSE(message.contains("id"));
    return message["params"];
}

Param cutoff() {
    Param param;
    param.name = "Cutoff";
    param.group = "Filter";
    param.unit = "Hz";
    param.doc = "Where it begins";
    param.min = 20.0;
    param.max = 20000.0;
    param.def = 1000.0;
    param.curve = Curve::log;
    param.flags.stepped = true;
    param.flags.enumeration = true;
    param.labels = {"low", "high"};
    param.smooth_ms = 20.0;
    param.midi_cc = 74;
    param.value = {"cutoff", 440.0, 12, true};
    return param;
}

const json kCutoff = json::parse(R"({"id":"cutoff","name":"Cutoff","group":"Filter","unit":"Hz",
    "doc":"Where it begins","min":20.0,"max":20000.0,"def":1000.0,"step":0.0,"curve":"log",
    "curveArg":0.0,"flags":["stepped","enum"],"labels":["low","high"],"smoothMs":20.0,"midiCc":74,"ownText":false,
    "value":440.0,"rev":12,"touched":true})");

Plugin echo() {
    Plugin plugin;
    plugin.id = "org.example.echo";
    plugin.name = "Echo";
    plugin.vendor = "Example";
    plugin.version = "1.0";
    plugin.doc = "Repeats";
    plugin.path = "/tmp/echo.so";
    plugin.generation = 3;
    plugin.events_in = true;
    plugin.latency_frames = 64;
    plugin.plugins = {{"org.example.echo", "Echo"}};
    plugin.buses = {{"in", "In", Direction::in, true, false, 2}};
    plugin.presets = {{"Loud", "Too loud."}};
    plugin.taps = {{"gr", "Reduction", "dB", TapKind::audio, View::automatic, -60.0, 0.0}};
    plugin.toolchain = "gcc 12.2";
    plugin.sdk = "jig-sdk 0.1";
    plugin.build_id = "ab12";
    plugin.libraries = {"echo.so", "delay.so"};
    return plugin;
}

const json kEcho = json::parse(R"({"id":"org.example.echo","name":"Echo","vendor":"Example",
    "version":"1.0","doc":"Repeats","path":"/tmp/echo.so","generation":3,"instrument":false,
    "eventsIn":true,"eventsOut":false,"latencyFrames":64,
    "plugins":[{"id":"org.example.echo","name":"Echo"}],
    "buses":[{"id":"in","name":"In","direction":"in","main":true,"sidechain":false,"channels":2}],
    "taps":[{"id":"gr","name":"Reduction","unit":"dB","kind":"audio","view":"auto","min":-60.0,
             "max":0.0}],
    "presets":[{"name":"Loud","doc":"Too loud."}],
    "toolchain":"gcc 12.2","sdk":"jig-sdk 0.1","buildId":"ab12",
    "libraries":["echo.so","delay.so"]})");

Event event_with(EventData data) {
    return {7, 4800, 1700000000000, Level::warn, "It.", std::move(data)};
}

json data_of(EventData data, const std::string& kind) {
    const json params = params_of(event_with(std::move(data)), "event");
    EXPECT_EQ(params["kind"], kind);
    return params["data"];
}

} // namespace

TEST(Encode, a_response_carries_the_requests_id) {
    EXPECT_EQ(json::parse(encode_reply(std::string("q"), Empty{})),
              json::parse(R"({"jsonrpc":"2.0","id":"q","result":{}})"));
    EXPECT_EQ(json::parse(encode_error({}, {ErrorCode::parse_error, "No.", {}, {}}))["id"],
              nullptr);
}

TEST(Encode, an_error_has_a_code_a_sentence_and_a_kind) {
    EXPECT_EQ(json::parse(encode_error(kId, {ErrorCode::out_of_range, "Too much.", -60.0, 12.0})),
              json::parse(R"({"jsonrpc":"2.0","id":5,"error":{"code":-32002,"message":"Too much.",
                  "data":{"kind":"outOfRange","min":-60.0,"max":12.0}}})"));
    EXPECT_EQ(json::parse(encode_error(kId, {ErrorCode::not_loaded, "No plugin.", {}, {}})),
              json::parse(R"({"jsonrpc":"2.0","id":5,"error":{"code":-32004,
                  "message":"No plugin.","data":{"kind":"notLoaded"}}})"));
}

TEST(Encode, hello_tells_what_the_client_needs_first) {
    EXPECT_EQ(result_of(HelloReply{"s1", "0.1.0", {"midi"}, 4, 48000.0, 256, 2, 99}),
              json::parse(R"({"serverId":"s1","version":"0.1.0","protocol":1,
                  "capabilities":["midi"],"clientId":4,"sampleRate":48000.0,"blockSize":256,
                  "generation":2,"lastEventId":99})"));
}

TEST(Encode, a_parameter_has_its_descriptor_and_its_value) {
    EXPECT_EQ(result_of(ParamListReply{{cutoff()}}), json({{"params", {kCutoff}}}));
    EXPECT_EQ(result_of(cutoff().value),
              json::parse(R"({"id":"cutoff","value":440.0,"rev":12,"touched":true})"));
    EXPECT_EQ(result_of(ParamValuesReply{{cutoff().value}})["values"].size(), 1U);
}

TEST(Encode, every_parameter_flag_has_its_name) {
    Param param;
    param.flags = {true, true, true, true, true, true, true, true, true};
    EXPECT_EQ(result_of(ParamListReply{{param}})["params"][0]["flags"],
              json::parse(R"(["stepped","enum","toggle","trigger","output","hidden","bypass",
                  "periodic","restart"])"));
}

TEST(Encode, a_plugin_is_told_in_full) {
    EXPECT_EQ(result_of(echo()), kEcho);
}

TEST(Encode, the_state_holds_every_member) {
    State state;
    state.engine = {EngineStatus::silent, "crashed twice", 2};
    state.params = {cutoff()};
    state.audio = {Device::virtual_device,
                   "Virtual",
                   "no JACK",
                   48000.0,
                   256,
                   2,
                   2,
                   512,
                   true,
                   "ok",
                   AudioState::lost,
                   3,
                   1000,
                   "virtual, 48000 Hz",
                   "cable",
                   true,
                   false,
                   {300, 6.25, true, true, 44, 0},
                   -12.5};
    state.monitor = {true, false, -6.0, true};
    state.input = {InputKind::sine,
                   {InputKind::off, InputKind::sine},
                   440.0,
                   -12.0,
                   "a.wav",
                   true,
                   false,
                   5,
                   10};
    state.transport = {98.5, true, 4.25, TransportSource::jack};
    state.reload.state = ReloadState::probing;
    state.reload.watching = "/tmp/echo.so";
    state.reload.resident_builds = 1;
    state.build.status = BuildStatus::failed;
    state.build.command = "make";
    state.build.number = 3;
    state.build.seconds = 1.5;
    state.build.exit_status = 2;
    state.build.cancelled = 1;
    state.build.editor = true;
    state.build.diagnostics = {{Severity::error, "/a/b.cpp", 12, 5, "no"}};
    state.build.diagnostics_dropped = 4;
    state.build.tail = {"last words"};
    state.last_event_id = 41;
    EXPECT_EQ(result_of(state), json({{"engine", json::parse(R"({"status":"silent",
                                           "reason":"crashed twice","restarts":2})")},
                                      {"plugin", nullptr},
                                      {"params", {kCutoff}},
                                      {"audio", json::parse(R"({"device":"virtual",
                                           "name":"Virtual","why":"no JACK","rateHz":48000.0,
                                           "periodFrames":256,"inChannels":2,"outChannels":2,
                                           "latencyFrames":512,"realtime":true,
                                           "realtimeNote":"ok","state":"lost","xruns":3,
                                           "frame":1000,"id":"virtual, 48000 Hz",
                                           "detail":"cable","hasInput":true,"hasOutput":false,
                                           "roundTrip":{"frames":300,"ms":6.25,"exact":true,
                                               "calibrated":true,"calibrationFrames":44,
                                               "resamplerFrames":0},
                                           "ratePpm":-12.5})")},
                                      {"monitor", json::parse(R"({"mute":true,"bypass":false,
                                           "trimDb":-6.0,"tripped":true})")},
                                      {"input", json::parse(R"({"kind":"sine",
                                           "kinds":["off","sine"],"hz":440.0,"levelDb":-12.0,
                                           "file":"a.wav","loop":true,"playing":false,
                                           "positionFrames":5,"lengthFrames":10})")},
                                      {"build", json::parse(R"({"status":"failed","command":"make",
                                           "number":3,"seconds":1.5,"exitStatus":2,"cancelled":1,
                                           "editor":true,"diagnostics":[{"severity":"error",
                                           "file":"/a/b.cpp","line":12,"column":5,
                                           "message":"no"}],"diagnosticsDropped":4,
                                           "tail":["last words"]})")},
                                      {"transport", json::parse(R"({"bpm":98.5,"playing":true,
                                           "beat":4.25,"source":"jack"})")},
                                      {"reload", json::parse(R"({"state":"probing",
                                           "watching":"/tmp/echo.so","residentBuilds":1,
                                           "last":null})")},
                                      {"lastEventId", 41}}));
}

TEST(Encode, of_the_state_only_what_changed_is_told) {
    StateChanged change;
    change.monitor = Monitor{};
    const json params = params_of(change, "state.changed");
    EXPECT_EQ(params.size(), 1U);
    EXPECT_TRUE(params.contains("monitor"));
}

TEST(Encode, a_plugin_that_is_gone_is_null_in_a_change) {
    StateChanged change;
    change.plugin.emplace(std::nullopt);
    EXPECT_EQ(params_of(change, "state.changed"), json({{"plugin", nullptr}}));
    change.plugin.emplace(echo());
    EXPECT_EQ(params_of(change, "state.changed"), json({{"plugin", kEcho}}));
}

TEST(Encode, a_change_says_who_made_it) {
    EXPECT_EQ(params_of(ParamChanged{{"g", 1.5, 3, true}, ClientNumber{2}}, "param.changed"),
              json::parse(R"({"id":"g","value":1.5,"rev":3,"touched":true,"by":2})"));
    EXPECT_EQ(params_of(ParamGesture{"g", "plugin", true}, "param.gesture"),
              json::parse(R"({"id":"g","by":"plugin","active":true})"));
}

TEST(Encode, an_event_has_a_kind_that_fits_its_data) {
    EXPECT_EQ(
        params_of(event_with(AudioXrun{2, 1, 480, 64, 1.5, XrunCause::scheduler, 0.5, 12, {}}),
                  "event"),
        json::parse(R"({"id":7,"frame":4800,"timeMs":1700000000000,"kind":"audio.xrun",
                  "level":"warn","text":"It.","data":{"count":2,"number":1,"frame":480,
                  "frames":64,"ms":1.5,"cause":"scheduler","lateMs":0.5,"busyMs":12.0,"cpuMs":null}})"));
    EXPECT_EQ(data_of(AudioXrun{}, "audio.xrun")["frames"], nullptr) << "not known";
    EXPECT_EQ(data_of(PluginReloaded{4, 9600, 480, 81.5, 0, -0.5, {"a"}, {"b"}, {"c"}},
                      "plugin.reloaded"),
              json::parse(R"({"generation":4,"swapFrame":9600,"fadeFrames":480,
                  "fileToSoundMs":81.5,"gapFrames":0,"stepDb":-0.5,"added":["a"],
                  "removed":["b"],"renamed":["c"]})"));
    EXPECT_EQ(data_of(PluginRejected{RejectStage::abi, "x.so"}, "plugin.rejected"),
              json::parse(R"({"stage":"abi","file":"x.so"})"));
    EXPECT_EQ(data_of(PluginRetired{3, true, 1}, "plugin.retired"),
              json::parse(R"({"generation":3,"unmapped":true,"residentBuilds":1})"));
    EXPECT_EQ(data_of(EngineCrashed{11, "SIGSEGV", 0, 3, true, false}, "engine.crashed"),
              json::parse(R"({"signal":11,"signalName":"SIGSEGV","exitStatus":0,"generation":3,
                  "inProcess":true,"hang":false})"));
    EXPECT_EQ(data_of(EngineRestarted{3, 120.5}, "engine.restarted"),
              json::parse(R"({"generation":3,"silentMs":120.5})"));
    EXPECT_EQ(data_of(AudioStatus{}, "audio.status")["device"], "virtual");
    EXPECT_EQ(data_of(AudioGuard{GuardKind::unwritten, 1, 5}, "audio.guard"),
              json::parse(R"({"what":"unwritten","count":1,"frame":5})"));
    EXPECT_EQ(data_of(Log{LogSource::err, 2}, "log"),
              json::parse(R"({"source":"stderr","dropped":2})"));
    EXPECT_EQ(data_of(Lost{LostKind::meter_frames, 9}, "lost"),
              json::parse(R"({"what":"meterFrames","count":9})"));
    EXPECT_EQ(data_of(BuildEnded{false, 1.5, 2, 3, 4}, "build.ended"),
              json::parse(R"({"succeeded":false,"seconds":1.5,"exitStatus":2,"errors":3,
                  "warnings":4})"));
}

TEST(Encode, what_a_build_says_comes_in_lines) {
    EXPECT_EQ(params_of(BuildOutput{3, {"[1/2] one", "[2/2] two"}, 5}, "build.output"),
              json::parse(R"({"number":3,"lines":["[1/2] one","[2/2] two"],"dropped":5})"));
}

TEST(Encode, a_sound_card_says_what_each_direction_can_do) {
    DeviceInfo card{"PCH", "input and output", true, "", "alsa", "hw:PCH,0"};
    card.clock = DeviceClock::card;
    card.out = DeviceSide{
        "",         {2, 8}, {44100, 192000}, {44100, 48000}, {"S16_LE"}, {"RW_INTERLEAVED"},
        {32, 4096}, {2, 32}};
    const json listed = json::parse(encode_devices({card}, {"alsa:hw:PCH,0", "free"}));
    EXPECT_EQ(listed["taken"], json::parse(R"({"device":"alsa:hw:PCH,0","why":"free"})"));
    EXPECT_EQ(listed["devices"][0]["kind"], "alsa");
    EXPECT_EQ(listed["devices"][0]["clock"], "card");
    EXPECT_EQ(listed["devices"][0]["in"], nullptr);
    EXPECT_EQ(listed["devices"][0]["out"], json::parse(R"({"reason":"","channels":{"min":2,"max":8},
                  "rateHz":{"min":44100,"max":192000},"ratesHz":[44100,48000],
                  "formats":["S16_LE"],"accesses":["RW_INTERLEAVED"],
                  "periodFrames":{"min":32,"max":4096},"periods":{"min":2,"max":32}})"));
}

TEST(Encode, lists_of_devices_events_and_streams_are_objects_that_can_grow) {
    EXPECT_EQ(result_of(DevicesReply{{{"jack", "JACK", false, "no server"}}}),
              json::parse(R"({"devices":[{"kind":"","name":"jack","description":"JACK",
                  "available":false,"reason":"no server","address":"","duplex":true,
                  "clock":"one","in":null,"out":null}]})"));
    const json events = result_of(EventsReply{{event_with(Lost{})}, 7, 2});
    EXPECT_EQ(events["events"].size(), 1U);
    EXPECT_EQ(events["lastEventId"], 7);
    EXPECT_EQ(events["gap"], 2);
    EXPECT_EQ(result_of(StreamListReply{{{Stream::load, {"load"}, 60.0}}}),
              json::parse(R"({"streams":[{"stream":"load","channels":["load"],
                  "maxRateHz":60.0}]})"));
    EXPECT_EQ(params_of(EventsGap{3, 9}, "events.gap"), json::parse(R"({"from":3,"to":9})"));
}

TEST(Encode, a_subscription_is_answered_with_its_layout) {
    const Layout layout{Stream::meters, {{"In L", "in", Direction::in}}, {"peak", "rms"}};
    const json expected = json::parse(R"({"sub":3,"layout":{"stream":"meters",
        "channels":[{"name":"In L","bus":"in","direction":"in"}],"fields":["peak","rms"]}})");
    EXPECT_EQ(result_of(SubscribeReply{3, layout}), expected);
    EXPECT_EQ(params_of(StreamLayout{3, layout}, "stream.layout"), expected);
}

TEST(Encode, the_small_replies_have_their_fields) {
    EXPECT_EQ(result_of(PingReply{12}), json({{"frame", 12}}));
    EXPECT_EQ(result_of(Monitor{})["trimDb"], 0.0);
    EXPECT_EQ(result_of(Transport{})["source"], "internal");
    EXPECT_EQ(result_of(Input{})["kind"], "device");
}

TEST(Encode, text_from_a_plugin_that_is_not_utf8_is_repaired) {
    Plugin plugin = echo();
    plugin.name = "Bad\xff\xfeName";
    plugin.doc = std::string("with\0zero", 9);
    const json result = result_of(plugin);
    EXPECT_EQ(result["name"], "Bad\xEF\xBF\xBD\xEF\xBF\xBDName");
    EXPECT_EQ(result["doc"], std::string("with\0zero", 9));
}

TEST(Encode, a_parameter_may_be_named_like_markup_and_stays_text) {
    Param param = cutoff();
    param.name = "<img src=x onerror=\"alert(1)\">\n";
    EXPECT_EQ(result_of(ParamListReply{{param}})["params"][0]["name"], param.name);
}

TEST(Encode, a_number_that_is_not_finite_is_null) {
    EXPECT_EQ(result_of(ParamValue{"g", std::nan(""), 1, false})["value"], nullptr);
    EXPECT_EQ(result_of(ParamValue{"g", HUGE_VAL, 1, false})["value"], nullptr);
}

TEST(Encode, a_message_is_one_line) {
    EXPECT_EQ(encode_reply(kId, echo()).find('\n'), std::string::npos);
}

TEST(Encode, plugin_info_is_the_plugin_and_its_parameters) {
    const std::string text = encode_plugin_info(echo(), {cutoff()});
    EXPECT_EQ(json::parse(text), json({{"plugin", kEcho}, {"params", {kCutoff}}}));
    EXPECT_NE(text.find("\n  "), std::string::npos);
}
