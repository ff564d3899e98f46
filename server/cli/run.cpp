#include "audio/probe.hpp"
#include "cli/build_option.hpp"
#include "cli/command.hpp"
#include "cli/device_list.hpp"
#include "cli/device_options.hpp"
#include "cli/embedded.hpp"
#include "cli/input_option.hpp"
#include "net/token.hpp"
#include "session/calibrations.hpp"
#include "session/session.hpp"

#include <CLI/CLI.hpp>

#include <cmath>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <memory>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace jig::cli {

namespace {

struct RunOptions {
    session::Options session;
    std::string plugin;
    std::string input = "off";
    std::string connect = "physical";
    std::string token_file;
    bool no_token = false;
    std::string record;
    BuildWords build;
};

int complain(int code, const std::string& what) {
    std::cerr << "dev-server: " << what << '\n';
    return code;
}

/// SIGINT and SIGTERM as something to read; blocked before any thread is made.
UniqueFd ending_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGHUP);
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    ::signal(SIGPIPE, SIG_IGN);
    return UniqueFd(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
}

void print(const session::Started& started) {
    std::cout << "Plugin  " << started.plugin << '\n'
              << "Device  " << started.device << ". " << started.device_why << '\n'
              << "Page    " << started.url << '\n';
    for (const auto& warning : started.warnings) {
        std::cout << "Note    " << warning << '\n';
    }
    std::cout << std::flush;
}

/// What became of a build, the engine or the device, in a line; what the plugin itself says is for
/// the page. A terminal that takes nothing now gets nothing: the server does not wait for it.
void print_event(const wire::Event& event) {
    pollfd terminal{STDOUT_FILENO, POLLOUT, 0};
    if (std::holds_alternative<wire::Log>(event.data) ||
        std::holds_alternative<wire::Lost>(event.data) || ::poll(&terminal, 1, 0) != 1) {
        return;
    }
    const char* const names[] = {"        ", "Warning ", "Error   "};
    std::cout << names[static_cast<std::size_t>(event.level)] << event.text << '\n' << std::flush;
}

int serve(session::Options options, session::EngineControl::Device device, std::string why) {
    const auto signals = ending_signals();
    net::EventLoop loop;
    kNetThread.assume();
    auto session =
        session::Session::create(loop, std::move(options), std::move(device), std::move(why));
    if (!session) {
        return complain(kFailed, session.error());
    }
    if (const auto listens = (*session)->listen(); !listens) {
        return complain(kNoPort, listens.error());
    }
    int code = kOk;
    const auto stop = [&] { (*session)->stop([&] { loop.stop(); }); };
    const auto watch = loop.watch(signals.get(), [&] {
        signalfd_siginfo info{};
        if (::read(signals.get(), &info, sizeof info) == sizeof info) {
            stop();
        }
    });
    (*session)->start([&](Result<session::Started> started) {
        if (started) {
            print(*started);
            return (*session)->observe(print_event);
        }
        code = complain((*session)->device_refused() ? kNoDevice : kNoPlugin, started.error());
        loop.post(stop);
    });
    loop.run();
    return code;
}

Result<std::string> token_for(const RunOptions& options) {
    if (options.no_token) {
        return std::string();
    }
    if (!options.token_file.empty()) {
        return net::load_or_create_token(options.token_file);
    }
    const auto path = net::default_token_path();
    return path ? net::load_or_create_token(*path) : path;
}

/// Whether a recording can be begun there, found out without touching what is there.
bool is_writable(const std::filesystem::path& file) {
    std::error_code none;
    if (std::filesystem::exists(file, none)) {
        return !std::filesystem::is_directory(file, none) && ::access(file.c_str(), W_OK) == 0;
    }
    const auto folder = file.parent_path();
    return std::filesystem::is_directory(folder, none) && ::access(folder.c_str(), W_OK) == 0;
}

/// The build command, and what it will make of a source.
Result<void> take_build(RunOptions& options) {
    auto& s = options.session;
    std::error_code none;
    if (options.build.build.empty() && is_plugin_source(s.plugin) &&
        std::filesystem::exists(s.plugin, none)) {
        auto single = single_file_build(s.plugin, options.build);
        if (!single) {
            return Error{single.error()};
        }
        s.plugin = single->library;
        s.build = std::move(single->build);
        return {};
    }
    auto build = parse_build(options.build);
    if (!build) {
        return Error{build.error()};
    }
    s.build = std::move(*build);
    return {};
}

int run(RunOptions options) {
    auto& s = options.session;
    std::error_code none;
    s.plugin = std::filesystem::absolute(options.plugin, none).lexically_normal();
    if (const auto taken = take_build(options); !taken) {
        return complain(kUsage, taken.error());
    }
    if (s.build.command.empty() && !std::filesystem::exists(s.plugin, none)) {
        return complain(kNoPlugin,
                        "there is no " + s.plugin.string() +
                            "; name a plugin's library, or the folder where it is built");
    }
    if (!options.record.empty()) {
        s.record = std::filesystem::absolute(options.record, none).lexically_normal();
        if (!is_writable(s.record)) {
            return complain(kUsage, "cannot record to " + s.record.string() +
                                        "; name a file in a folder that can be written");
        }
    }
    if (const auto fault = check_device_options(s)) {
        return complain(kUsage, fault->message);
    }
    s.connect_physical = options.connect == "physical";
    s.executable = own_executable();
    s.assets = embedded_page();
    auto input = parse_input(options.input);
    if (!input) {
        return complain(kUsage, input.error());
    }
    s.input = std::move(*input);
    if (const auto usable = session::check_input(s.input); !usable) {
        return complain(kUsage, usable.error());
    }
    auto token = token_for(options);
    if (!token) {
        return complain(kUsage, token.error());
    }
    s.token = std::move(*token);
    const auto calibrations = session::load_calibrations();
    if (!calibrations) {
        return complain(kUsage, calibrations.error());
    }
    s.calibrations = *calibrations;
    const auto found = audio::find_devices({s.executable, {"probe-jack"}});
    s.devices = listed(found);
    auto choice = choose_device(s, found);
    if (!choice) {
        return complain(kNoDevice, choice.error());
    }
    const auto library_path =
        choice->library_path.empty() ? "" : audio::with_library_path(choice->library_path);
    return serve(std::move(s), {choice->kind, choice->address, library_path}, choice->why);
}

void add_options(CLI::App& run, RunOptions& o) {
    auto& s = o.session;
    run.add_option(
           "PLUGIN", o.plugin,
           "The library, a folder (the newest complete library in it or beneath), or a single "
           "C++ or C source, which is built by itself")
        ->required();
    run.add_option("--plugin", s.plugin_id, "Which plugin of the library; without it the first");
    add_device_options(run, s);
    run.add_option(
           "--input", o.input,
           "device, off, file:X.wav[,loop], sine:HZ[,DBFS], noise[:DBFS], impulse[:HZ[,DBFS]]")
        ->capture_default_str();
    run.add_option("--record", o.record, "Write the output to a WAV, and its journal beside it");
    run.add_option("--build", o.build.build,
                   "A command that builds the library; run at the start and at each save");
    run.add_option("--watch", o.build.watch,
                   "Folders or files of sources, whose saving starts --build; without it the "
                   "present folder");
    run.add_option("--editor", o.build.editor,
                   "How the page opens a line: \"code -g {file}:{line}\"; without it VISUAL");
    run.add_option("--connect", o.connect,
                   "physical: connect to the sound card's ports; none: leave that")
        ->check(CLI::IsMember({"physical", "none"}))
        ->capture_default_str();
    run.add_option("--bpm", s.bpm, "Tempo, unless JACK's transport has one")
        ->check(CLI::Range(1.0, 999.0))
        ->capture_default_str();
    run.add_option("--fade", s.fade_ms, "Crossfade between builds in ms")
        ->check(CLI::Range(0.0, 1000.0))
        ->capture_default_str();
    run.add_option("--port", s.port, "Port of the page; 0: any free one")->capture_default_str();
    run.add_option("--listen", s.listen, "Further addresses to serve the page on; needs the token");
    run.add_option("--allow-host", s.allow_hosts, "A name by which the page may be asked for");
    auto* file = run.add_option("--token-file", o.token_file, "Where the page's token is kept");
    run.add_flag("--no-token", o.no_token, "Ask for no token; only on this machine")
        ->excludes(file);
    run.add_option("--ui-dir", s.ui_dir, "Serve the page from this folder instead");
}

} // namespace

void add_run(CLI::App& app, Chosen& chosen) {
    auto options = std::make_shared<RunOptions>();
    auto* command = app.add_subcommand("run", "Play a plugin live, and again after each rebuild");
    add_options(*command, *options);
    command->callback([&chosen, options] { chosen = [options] { return run(*options); }; });
}

} // namespace jig::cli
