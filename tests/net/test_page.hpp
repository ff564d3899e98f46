// tests/net/test_page.hpp: the files of tests/net/page, in the binary.
#pragma once

#include "base/assets.hpp"

namespace jig::net {

[[nodiscard]] Assets test_page();

} // namespace jig::net
