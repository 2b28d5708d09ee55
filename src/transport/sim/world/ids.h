#pragma once

#include "support/guid.h"

#include <optional>
#include <string>
#include <string_view>

namespace exhyperv::sim::ids {

// InstanceID texts of settings (wmi-facts 1.0): "Microsoft:<owner>" and "Microsoft:<owner>\<suffix>". The owner is a
// VM, a checkpoint, or "Definition" for the templates.

[[nodiscard]] std::string setting(const Guid& owner);
[[nodiscard]] std::string component(const Guid& owner, std::string_view suffix);

struct Parsed {
    Guid owner;
    std::string suffix; ///< "" for the system settings themselves
};
[[nodiscard]] std::optional<Parsed> parse(std::string_view instance_id);

inline constexpr std::string_view kMemory = "4764334D-E001-4176-82EE-5594EC9B530E";
inline constexpr std::string_view kProcessor = "B637F346-6A0E-4DEC-AF52-BD70CB80A21D";
inline constexpr std::string_view kIdeController = "83F8638B-8DCA-4152-9EDA-2CA8B33039B4";
inline constexpr std::string_view kKvp = "2A34B1C2-FD73-4043-8A5B-DD2159BC743F";
inline constexpr std::string_view kShutdown = "9F8233AC-BE49-4C79-8EE3-E7E1985B2077";
inline constexpr std::string_view kHeartbeat = "84EAAE65-2F2E-45F5-9BB5-0E857DC8EB47";

/// "yyyymmddHHMMSS.mmmmmm+000" (UTC) from milliseconds since 1970.
[[nodiscard]] std::string datetime(std::int64_t ms);
/// "ddddddddHHMMSS.mmmmmm:000" from a span in milliseconds.
[[nodiscard]] std::string interval(std::int64_t ms);

} // namespace exhyperv::sim::ids
