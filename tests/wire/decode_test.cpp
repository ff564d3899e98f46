#include "wire/codec.hpp"
#include "wire/messages.hpp"

#include <fstream>
#include <regex>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace jig::wire;

namespace {

std::string request(const std::string& method, const std::string& params) {
    return R"({"jsonrpc":"2.0","id":1,"method":")" + method + R"(","params":)" + params + "}";
}

/// The request of the type that it should have, or a failed test.
template <typename T>
T decoded(const std::string& method, const std::string& params) {
    const auto parsed = parse_request(request(method, params));
    const auto* envelope = std::get_if<Envelope>(&parsed);
    if (envelope == nullptr) {
        ADD_FAILURE() << std::get<Refusal>(parsed).error.message;
        return T{};
    }
    const auto* typed = std::get_if<T>(&envelope->request);
    if (typed == nullptr) {
        ADD_FAILURE() << method << " became another type";
        return T{};
    }
    return *typed;
}

RpcError refused(const std::string& method, const std::string& params) {
    const auto parsed = parse_request(request(method, params));
    const auto* refusal = std::get_if<Refusal>(&parsed);
    if (refusal == nullptr) {
        ADD_FAILURE() << method << " " << params << " was taken";
        return {};
    }
    EXPECT_TRUE(refusal->respond);
    EXPECT_EQ(refusal->id, RequestId(std::int64_t{1}));
    return refusal->error;
}

} // namespace

TEST(Decode, hello_names_the_client_and_its_protocol) {
    const auto hello = decoded<Hello>("hello", R"({"client":"page","protocol":1})");
    EXPECT_EQ(hello.client, "page");
    EXPECT_EQ(hello.protocol, 1);
}

TEST(Decode, requests_without_fields_need_no_params) {
    for (const std::string method :
         {"ping", "state.get", "plugin.info", "plugin.reload", "param.list", "monitor.panic",
          "monitor.rearm", "audio.devices", "stream.list"}) {
        const auto parsed =
            parse_request(R"({"jsonrpc":"2.0","id":1,"method":")" + method + R"("})");
        EXPECT_TRUE(std::holds_alternative<Envelope>(parsed)) << method;
    }
}

TEST(Decode, a_parameter_is_set_to_a_plain_value) {
    const auto set = decoded<ParamSet>("param.set", R"({"id":"gain","value":-6.5})");
    EXPECT_EQ(set.id, "gain");
    EXPECT_EQ(set.value, -6.5);
}

TEST(Decode, many_parameters_land_at_one_frame) {
    const auto many =
        decoded<ParamSetMany>("param.setMany", R"({"values":{"a":1,"b":2.5},"frame":48000})");
    EXPECT_THAT(many.values,
                testing::ElementsAre(testing::Pair("a", 1.0), testing::Pair("b", 2.5)));
    EXPECT_EQ(many.frame, 48000U);
}

TEST(Decode, a_preset_is_loaded_by_name) {
    EXPECT_EQ(decoded<PresetLoad>("preset.load", R"({"name":"Loud"})").name, "Loud");
    EXPECT_EQ(refused("preset.load", "{}").code, ErrorCode::invalid_params);
}

TEST(Decode, a_text_is_short) {
    EXPECT_EQ(decoded<ParamText>("param.text", R"({"id":"a","value":2})").value, 2);
    EXPECT_EQ(decoded<ParamParse>("param.parse", R"({"id":"a","text":"x"})").text, "x");
    const std::string longest(255, 'x');
    EXPECT_EQ(decoded<ParamParse>("param.parse", R"({"id":"a","text":")" + longest + R"("})").text,
              longest);
    EXPECT_EQ(refused("param.parse", R"({"id":"a","text":")" + longest + R"(x"})").code,
              ErrorCode::invalid_params);
}

TEST(Decode, reset_takes_one_parameter_or_all) {
    EXPECT_EQ(decoded<ParamReset>("param.reset", R"({"id":"gain"})").id, "gain");
    EXPECT_EQ(decoded<ParamReset>("param.reset", "{}").id, std::nullopt);
}

TEST(Decode, gestures_and_triggers_name_their_parameter) {
    EXPECT_EQ(decoded<ParamBegin>("param.begin", R"({"id":"x"})").id, "x");
    EXPECT_EQ(decoded<ParamEnd>("param.end", R"({"id":"x"})").id, "x");
    EXPECT_EQ(decoded<ParamTrigger>("param.trigger", R"({"id":"x"})").id, "x");
    EXPECT_EQ(decoded<ParamGet>("param.get", R"({"id":"x"})").id, "x");
}

TEST(Decode, midi_events_keep_their_order_and_frames) {
    const auto midi = decoded<MidiSend>("midi.send", R"({"events":[
        {"type":"noteOn","key":60,"velocity":0.5,"channel":3,"frame":10},
        {"type":"noteOff","key":60},
        {"type":"cc","controller":7,"value":127,"channel":15},
        {"type":"bend","value":-1},
        {"type":"allOff"}]})");
    ASSERT_EQ(midi.events.size(), 5U);
    const auto& on = std::get<MidiNoteOn>(midi.events[0].what);
    EXPECT_EQ(on.key, 60);
    EXPECT_EQ(on.velocity, 0.5F);
    EXPECT_EQ(midi.events[0].channel, 3);
    EXPECT_EQ(midi.events[0].frame, 10U);
    EXPECT_EQ(std::get<MidiNoteOff>(midi.events[1].what).velocity, 0.0F);
    EXPECT_EQ(midi.events[1].frame, std::nullopt);
    EXPECT_EQ(std::get<MidiController>(midi.events[2].what).value, 127);
    EXPECT_EQ(std::get<MidiBend>(midi.events[3].what).value, -1.0F);
    EXPECT_TRUE(std::holds_alternative<MidiAllOff>(midi.events[4].what));
}

TEST(Decode, what_is_not_named_stays_unset) {
    const auto transport = decoded<TransportSet>("transport.set", R"({"bpm":90.5})");
    EXPECT_EQ(transport.bpm, 90.5);
    EXPECT_EQ(transport.playing, std::nullopt);
    EXPECT_EQ(transport.beat, std::nullopt);
    const auto monitor = decoded<MonitorSet>("monitor.set", R"({"mute":true,"trimDb":null})");
    EXPECT_EQ(monitor.mute, true);
    EXPECT_EQ(monitor.bypass, std::nullopt);
    EXPECT_EQ(monitor.trim_db, std::nullopt);
}

TEST(Decode, an_input_is_chosen_by_kind) {
    const auto input =
        decoded<InputSelect>("input.select", R"({"kind":"sine","hz":440,"levelDb":-20})");
    EXPECT_EQ(input.kind, InputKind::sine);
    EXPECT_EQ(input.hz, 440.0);
    EXPECT_EQ(input.level_db, -20.0);
    EXPECT_EQ(input.loop, std::nullopt);
}

TEST(Decode, streams_are_subscribed_changed_and_acknowledged) {
    const auto subscribe = decoded<StreamSubscribe>(
        "stream.subscribe", R"({"stream":"load","rateHz":10,"format":"json","opts":{}})");
    EXPECT_EQ(subscribe.stream, Stream::load);
    EXPECT_EQ(subscribe.rate_hz, 10.0);
    EXPECT_EQ(subscribe.format, Format::json);
    EXPECT_EQ(
        decoded<StreamSubscribe>("stream.subscribe", R"({"stream":"taps","rateHz":60})").format,
        Format::bin);
    EXPECT_EQ(decoded<StreamUpdate>("stream.update", R"({"sub":3,"rateHz":1})").sub, 3);
    EXPECT_EQ(decoded<StreamUnsubscribe>("stream.unsubscribe", R"({"sub":65535})").sub, 65535);
    const auto ack = decoded<StreamAck>("stream.ack", R"({"acks":[[1,20],[2,4294967295]]})");
    ASSERT_EQ(ack.acks.size(), 2U);
    EXPECT_EQ(ack.acks[0].sub, 1);
    EXPECT_EQ(ack.acks[0].seq, 20U);
    EXPECT_EQ(ack.acks[1].seq, 4294967295U);
}

TEST(Decode, a_diagnostic_is_opened_by_its_index_and_by_nothing_else) {
    EXPECT_EQ(decoded<BuildOpen>("build.open", R"({"diagnostic":7})").diagnostic, 7U);
    refused("build.open", R"({"diagnostic":-1})");
    refused("build.open", R"({"file":"/etc/passwd"})");
}

TEST(Decode, the_rest_of_the_methods_keep_their_fields) {
    EXPECT_EQ(decoded<PluginLoad>("plugin.load", R"({"name":"echo.so"})").name, "echo.so");
    EXPECT_EQ(decoded<PluginSelect>("plugin.select", R"({"id":"org.x"})").id, "org.x");
    EXPECT_EQ(decoded<MeterReset>("meter.reset", R"({"channel":2})").channel, 2U);
    EXPECT_EQ(decoded<MeterReset>("meter.reset", "{}").channel, std::nullopt);
    (void)decoded<LoadReset>("load.reset", "{}");
    EXPECT_EQ(decoded<EventsSince>("events.since", R"({"id":9007199254740992})").id,
              9007199254740992U);
}

TEST(Decode, every_method_of_the_protocol_page_is_known) {
    std::ifstream page(PROTOCOL_MD);
    ASSERT_TRUE(page.is_open());
    std::string line;
    bool in_methods = false;
    int count = 0;
    while (std::getline(page, line)) {
        if (line.rfind("## ", 0) == 0) {
            in_methods = line == "## Methods";
        }
        if (!in_methods || line.rfind("| `", 0) != 0) {
            continue;
        }
        const std::string names = line.substr(0, line.find('|', 1));
        const std::regex quoted("`([a-zA-Z.]+)`");
        for (auto name = std::sregex_iterator(names.begin(), names.end(), quoted);
             name != std::sregex_iterator(); ++name) {
            ++count;
            const auto parsed = parse_request(request((*name)[1], "{}"));
            if (const auto* refusal = std::get_if<Refusal>(&parsed)) {
                EXPECT_NE(refusal->error.code, ErrorCode::method_not_found) << (*name)[1];
            }
        }
    }
    EXPECT_EQ(count, static_cast<int>(std::variant_size_v<Request>));
}

TEST(Decode, an_id_may_be_a_number_or_a_text_and_its_absence_asks_for_no_answer) {
    const auto with = [](const std::string& id) {
        return std::get<Envelope>(
            parse_request(R"({"jsonrpc":"2.0",)" + id + R"("method":"ping"})"));
    };
    EXPECT_EQ(with(R"("id":-7,)").id, RequestId(std::int64_t{-7}));
    EXPECT_EQ(with(R"("id":"a",)").id, RequestId(std::string("a")));
    EXPECT_FALSE(with("").wants_reply());
    EXPECT_TRUE(with(R"("id":0,)").wants_reply());
}

TEST(Decode, a_faulty_request_without_id_is_not_answered) {
    const auto parsed = parse_request(R"({"jsonrpc":"2.0","method":"param.set","params":{}})");
    EXPECT_FALSE(std::get<Refusal>(parsed).respond);
}

TEST(Decode, unknown_fields_are_ignored) {
    EXPECT_EQ(decoded<ParamGet>("param.get", R"({"id":"x","later":[{}]})").id, "x");
}

TEST(Decode, a_missing_field_is_named) {
    const auto error = refused("param.set", R"({"id":"gain"})");
    EXPECT_EQ(error.code, ErrorCode::invalid_params);
    EXPECT_EQ(error.message, R"(param.set needs "value", a number.)");
}

TEST(Decode, a_field_of_the_wrong_type_is_named) {
    EXPECT_EQ(refused("param.set", R"({"id":"gain","value":"loud"})").message,
              R"(param.set: "value" is a number, not string.)");
    EXPECT_EQ(refused("param.set", R"({"id":4,"value":1})").code, ErrorCode::invalid_params);
    EXPECT_EQ(refused("monitor.set", R"({"mute":1})").code, ErrorCode::invalid_params);
    EXPECT_EQ(refused("midi.send", R"({"events":{}})").code, ErrorCode::invalid_params);
    EXPECT_EQ(refused("midi.send", R"({"events":[7]})").code, ErrorCode::invalid_params);
    EXPECT_EQ(refused("param.setMany", R"({"values":[]})").code, ErrorCode::invalid_params);
    EXPECT_EQ(refused("param.setMany", R"({"values":{"a":"1"}})").code, ErrorCode::invalid_params);
    EXPECT_EQ(refused("stream.ack", R"({"acks":[[1]]})").code, ErrorCode::invalid_params);
    EXPECT_EQ(refused("ping", "[]").code, ErrorCode::invalid_params);
    EXPECT_EQ(refused("stream.update", R"({"sub":1.5,"rateHz":9})").code,
              ErrorCode::invalid_params);
}

TEST(Decode, a_number_out_of_range_is_told_with_the_range) {
    const auto error = refused("monitor.set", R"({"trimDb":12.5})");
    EXPECT_EQ(error.code, ErrorCode::out_of_range);
    EXPECT_EQ(error.min, -60.0);
    EXPECT_EQ(error.max, 12.0);
    EXPECT_EQ(error.message, R"(monitor.set: "trimDb" is 12.5, but it lies from -60.0 to 12.0.)");
    for (const std::string event :
         {R"({"type":"noteOn","key":128,"velocity":1})",
          R"({"type":"noteOn","key":-1,"velocity":1})",
          R"({"type":"noteOn","key":1,"velocity":1.1})",
          R"({"type":"cc","controller":128,"value":0})",
          R"({"type":"cc","controller":1,"value":-1})", R"({"type":"bend","value":1.01})",
          R"({"type":"allOff","channel":16})", R"({"type":"allOff","frame":-1})"}) {
        EXPECT_EQ(refused("midi.send", R"({"events":[)" + event + "]}").code,
                  ErrorCode::out_of_range)
            << event;
    }
    EXPECT_EQ(refused("stream.subscribe", R"({"stream":"load","rateHz":61})").code,
              ErrorCode::out_of_range);
    EXPECT_EQ(refused("stream.subscribe", R"({"stream":"load","rateHz":0})").code,
              ErrorCode::out_of_range);
    EXPECT_EQ(refused("stream.ack", R"({"acks":[[65536,1]]})").code, ErrorCode::out_of_range);
    EXPECT_EQ(refused("stream.ack", R"({"acks":[[1,4294967296]]})").code, ErrorCode::out_of_range);
    EXPECT_EQ(refused("transport.set", R"({"bpm":0})").code, ErrorCode::out_of_range);
}

TEST(Decode, a_word_that_is_no_choice_is_answered_with_the_choices) {
    EXPECT_EQ(refused("input.select", R"({"kind":"tape"})").message,
              R"(input.select: "kind" is "tape", but it is one of device, off, file, sine, noise, )"
              "impulse.");
    EXPECT_EQ(refused("midi.send", R"({"events":[{"type":"noteUp"}]})").code,
              ErrorCode::invalid_params);
}

TEST(Decode, a_library_is_named_without_a_folder) {
    for (const std::string name :
         {"", ".", "..", "a/b.so", "/tmp/b.so", "../b.so", R"(b\u0000.so)"}) {
        EXPECT_EQ(refused("plugin.load", R"({"name":")" + name + R"("})").code,
                  ErrorCode::invalid_params)
            << name;
    }
}
