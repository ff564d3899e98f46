// jig/jig.hpp: everything that a plugin's source needs.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <jig/attributes.hpp>
#include <jig/block.hpp>
#include <jig/bus.hpp>
#include <jig/event_out.hpp>
#include <jig/export.hpp>
#include <jig/note.hpp>
#include <jig/param.hpp>
#include <jig/plugin.hpp>
#include <jig/preset.hpp>
#include <jig/smoother.hpp>
#include <jig/tap.hpp>
#include <jig/voices.hpp>

// A literal is found by its name alone, so that 20_ms needs this where plugin classes are written.
using namespace jig::literals; // NOLINT(google-global-names-in-headers)
