// jig/engine/process.hpp: the engine process: answers the server's requests until it is told to
// end.
#pragma once

namespace jig::engine {

/// Runs on three inherited descriptors: the control channel, the server's region, the engine's
/// region. Returns the exit code. Ends by itself when the server does.
int run_engine_process(int control_fd, int server_region_fd, int engine_region_fd);

} // namespace jig::engine
