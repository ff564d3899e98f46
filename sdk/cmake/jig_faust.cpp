// The plugin of a .dsp file, whose class jig_faust.cmake has written to JIG_FAUST_CLASS.
#include <jig/faust/plugin.hpp>

// The names that the class knows.
using dsp = jig::faust::Base;
using Meta = jig::faust::Declarations;
using UI = jig::faust::Widgets;

#include JIG_FAUST_CLASS

using Plugin = jig::faust::Plugin<mydsp, JIG_FAUST_VOICES>;
JIG_PLUGIN(Plugin)
