// One fault at a time, chosen by FAULT_…: what a compiler says of each is the test.
#include <jig/jig.hpp>

#include <vector>

struct Faulty
#if defined(FAULT_NOTES)
    : jig::Instrument
#elif !defined(FAULT_BASE)
    : jig::Effect
#endif
{
#ifndef FAULT_NAME
    static constexpr auto id = "test.faulty", name = "Faulty";
#endif
    std::vector<float> memory;
#if defined(FAULT_SAME_ID)
    Param a{this, "level", "A", dB(0, 1, 0)};
    Param b{this, "level", "B", dB(0, 1, 0), 20_ms, OnChange([](float){})};
#elif defined(FAULT_DEFAULT)
    Param a{this, "level", "A", Linear(0, 1, 1.5)};
#elif defined(FAULT_RANGE)
    Param a{this, "level", "A", Linear(1, 1, 1)};
#elif defined(FAULT_LOG)
    Param a{this, "level", "A", Log(0, 1, 0.5)};
#elif defined(FAULT_SKEW)
    Param a{this, "level", "A", Skew(0, 1, 0.5, 0)};
#elif defined(FAULT_BUS)
    Input a{this, "side", "A"}, b{this, "side", "B"};
#elif defined(FAULT_ID)
    Param a{this, "the level", "A", Linear(0, 1, 0.5)};
#elif defined(FAULT_TAP)
    Tap a{this, "tap", "A"}, b{this, "tap", "B"};
#elif defined(FAULT_PRESET)
    Preset a{this, "A", {{"lewel", 1}}};
#elif defined(FAULT_PRESET_VALUE)
    Param level{this, "level", "A", Linear(0, 1, 0.5)};
    Preset a{this, "A", {{"level", 2}}};
#endif
#ifndef FAULT_PROCESS
    void process(jig::Block) {}
#endif
};

JIG_PLUGIN(Faulty)
