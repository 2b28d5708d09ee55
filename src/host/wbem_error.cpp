#include "host/wbem_error.h"

#include <algorithm>

namespace exhyperv::host {
namespace {

constexpr WbemCode kCodes[] = {
    {"cim.provider_failure", 0x80041001, "Generic failure"},
    {"cim.not_found", 0x80041002, "Not found"},
    {"cim.access_denied", 0x80041003, "Access denied"},
    {"cim.provider_failure", 0x80041004, "Provider failure"},
    {"cim.type_mismatch", 0x80041005, "Type mismatch"},
    {"cim.invalid_parameter", 0x80041008, "Invalid parameter"},
    {"cim.invalid_namespace", 0x8004100E, "Invalid namespace"},
    {"cim.not_found", 0x8004100F, "Invalid object"},
    {"cim.invalid_class", 0x80041010, "Invalid class"},
    {"cim.bad_query", 0x80041017, "Invalid query"},
    {"cim.read_only", 0x80041024, "Provider not capable"},
    {"cim.read_only", 0x80041028, "Read-only property"},
    {"cim.invalid_parameter", 0x8004102F, "Invalid method parameters"},
    {"cim.bad_path", 0x8004103A, "Invalid object path"},
    {"cim.invalid_method", 0x80041055, "Invalid method"},
    {"cim.invalid_method", 0x8004102E, "Invalid method"},
    {"cim.access_denied", 0x80070005, "Access is denied."},
    {"session.lost", 0x800706BA, "The RPC server is unavailable."},
    {"session.lost", 0x800706BE, "The remote procedure call failed."},
    {"session.lost", 0x800706BF, "The remote procedure call failed and did not execute."},
    {"session.lost", 0x80010108, "The object invoked has disconnected from its clients."},
    {"session.lost", 0x80010012, "The callee (server [not server application]) is not available and disappeared."},
    {"session.lost", 0x80041015, "Transport failure"},
    {"session.lost", 0x80041033, "Shutting down"},
    {"session.lost", 0x80041045, "Server too busy"},
};

} // namespace

std::span<const WbemCode> wbem_codes() {
    return kCodes;
}

const WbemCode* find_wbem_code(std::string_view code) {
    // Where several numbers share a code, cim_session.h names the one that stands for it.
    if (code == "cim.provider_failure") return &kCodes[3];
    const auto* at = std::ranges::find(kCodes, code, &WbemCode::code);
    return at == std::end(kCodes) ? nullptr : at;
}

Error wbem_error(std::uint32_t hresult, std::string what, std::string provider_text) {
    const auto* known = std::ranges::find(kCodes, hresult, &WbemCode::hresult);
    const bool found = known != std::end(kCodes);
    Error error{found ? std::string(known->code) : "cim.provider_failure",
                {{"what", std::move(what)}},
                {},
                std::move(provider_text),
                {}};
    if (error.provider_text.empty() && found) error.provider_text = known->text;
    // The texts of these two speak of the query or path itself and the reason, as the program's own parsers know them.
    if (error.code == "cim.bad_query" || error.code == "cim.bad_path")
        error.with("text", *error.arg("what")).with("reason", error.provider_text);
    return error.with_native(NativeKind::hresult, hresult);
}

Error wbem_error(std::string_view code, std::string what) {
    const WbemCode* known = find_wbem_code(code);
    return wbem_error(known ? known->hresult : 0x80041004, std::move(what));
}

bool connection_lost(const Error& error) {
    if (error.code == "session.lost") return true;
    if (error.native.kind != NativeKind::hresult) return false;
    const auto hresult = static_cast<std::uint32_t>(error.native.value);
    return std::ranges::any_of(
        kCodes, [&](const WbemCode& known) { return known.hresult == hresult && known.code == "session.lost"; });
}

} // namespace exhyperv::host
