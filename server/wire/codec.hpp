// jig/wire/codec.hpp: between the protocol's structs and JSON text; trusts no byte that it reads.
#pragma once

#include "wire/replies.hpp"
#include "wire/requests.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace jig::wire {

inline constexpr std::size_t kMaxMessageBytes = 256 * 1024;
inline constexpr int kMaxDepth = 32;

/// A text that is no request. `respond` is false when it was one without id: nobody waits.
struct Refusal {
    RequestId id; ///< none when it could not be read; the response then carries null
    RpcError error;
    bool respond = true;
};

/// Reads one request. Types, ranges and names are checked; unknown fields are ignored; batches,
/// depth beyond kMaxDepth and texts beyond kMaxMessageBytes are refused. Never throws but
/// std::bad_alloc. [any]
[[nodiscard]] std::variant<Envelope, Refusal> parse_request(std::string_view text);

/// Responses and notifications as one line of JSON. Text that is not UTF-8 has its bad bytes
/// replaced; a number that is not finite becomes null. [any]
[[nodiscard]] std::string encode_reply(const RequestId& id, const Reply& reply);
[[nodiscard]] std::string encode_error(const RequestId& id, const RpcError& error);
[[nodiscard]] std::string encode_notification(const Notification& notification);

/// `{plugin, params}`, indented: what `dev-server info --json` prints. [any]
[[nodiscard]] std::string encode_plugin_info(const Plugin& plugin,
                                             const std::vector<Param>& params);

/// `{devices, taken}`, indented: what `dev-server devices --json` prints. [any]
[[nodiscard]] std::string encode_devices(const std::vector<DeviceInfo>& devices,
                                         const DeviceTaken& taken);

/// Whether `name` may be joined to a folder: not empty, no '/', no NUL, not "." or "..". [any]
[[nodiscard]] bool is_file_name(std::string_view name);

} // namespace jig::wire
