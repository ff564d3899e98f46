// jig/wire/messages.hpp: the whole protocol as plain structs; see PROTOCOL.md for what they mean.
#pragma once

#include "wire/frame.hpp"    // IWYU pragma: export
#include "wire/model.hpp"    // IWYU pragma: export
#include "wire/replies.hpp"  // IWYU pragma: export
#include "wire/requests.hpp" // IWYU pragma: export
