// tests/plugins/test_plugins.hpp: where the plugins with one fault each have been built.
#pragma once

#include <filesystem>
#include <string>

namespace jig::tests {

/// test_plugin("crash"): the library of crash.c. tests/plugins/README.md lists them.
inline std::filesystem::path test_plugin(const std::string& name) {
    return std::filesystem::path(JIG_TEST_PLUGIN_DIR) / (name + ".so");
}

/// The examples' libraries.
inline const std::filesystem::path kGain = JIG_EXAMPLE_GAIN;
inline const std::filesystem::path kCrush = JIG_EXAMPLE_CRUSH;
inline const std::filesystem::path kSynth = JIG_EXAMPLE_SYNTH;

} // namespace jig::tests
