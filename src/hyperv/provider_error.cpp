#include "hyperv/provider_error.h"

#include "support/strings.h"

#include <array>

namespace exhyperv::hyperv {

namespace {

struct Row {
    std::uint32_t code;
    std::string_view error;
};

/// System codes that name the real cause, as they stand inside the provider's text.
constexpr std::array<Row, 8> kCausesInText = {{
    {0x800705AA, "hyperv.insufficient_resources"},
    {0xC035001E, "hyperv.feature_unavailable"},
    {0x80070490, "hyperv.device_gone"},
    {0x80070020, "hyperv.disk_in_use"},
    {0x80070005, "hyperv.access_denied"},
    {0x80070002, "hyperv.file_not_found"},
    {0x80070032, "hyperv.not_supported"},
    {0x8007000E, "hyperv.out_of_memory"},
}};

/// Return values of the methods and ErrorCodes of the jobs share these numbers; 1…6 are the DMTF's own.
constexpr std::array<Row, 17> kReturnValues = {{
    {1, "hyperv.not_supported"},
    {2, "hyperv.failed"},
    {3, "hyperv.timeout"},
    {4, "hyperv.invalid_parameter"},
    {5, "hyperv.invalid_state"},
    {6, "hyperv.invalid_parameter"},
    {32768, "hyperv.failed"},
    {32769, "hyperv.access_denied"},
    {32770, "hyperv.not_supported"},
    {32771, "hyperv.failed"},
    {32772, "hyperv.timeout"},
    {32773, "hyperv.invalid_parameter"},
    {32774, "hyperv.in_use"},
    {32775, "hyperv.invalid_state"},
    {32776, "hyperv.invalid_parameter"},
    {32778, "hyperv.out_of_memory"},
    {32779, "hyperv.file_not_found"},
}};

std::string_view cause_in_text(std::string_view text) {
    // Registry names are not translated either: the group policy refuses a card that is not SR-IOV (wmi-facts 5.4, 3).
    if (icontains(text, "RequireSecureDeviceAssignment")) return "hyperv.policy_blocks";
    // The last number is the root cause: the text is layered, the cause comes last.
    std::string_view found;
    for (std::size_t at = text.find("0x"); at != std::string_view::npos; at = text.find("0x", at + 2)) {
        const auto number = parse_u64(text.substr(at, std::min<std::size_t>(10, text.size() - at)));
        if (!number) continue;
        for (const Row& row : kCausesInText)
            if (row.code == *number) found = row.error;
    }
    return found;
}

} // namespace

Error provider_refusal(NativeKind kind, std::uint32_t code, std::string_view operation, std::string text) {
    std::string_view name = cause_in_text(text);
    if (name.empty())
        for (const Row& row : kReturnValues)
            if (row.code == code) name = row.error;
    if (name.empty()) name = "hyperv.failed";
    Error error{std::string(name), {{"operation", std::string(operation)}, {"code", std::to_string(code)}}, {}, {}, {}};
    error.provider_text = std::move(text);
    error.with_native(kind, code);
    return error;
}

Error session_error(Error error, std::string_view class_name) {
    if (error.code == "cim.invalid_namespace")
        error.code = "hyperv.not_installed";
    else if (error.code == "cim.invalid_class")
        error.code = "hyperv.class_missing";
    else
        return error;
    if (!error.arg("class")) error.with("class", std::string(class_name));
    return error;
}

} // namespace exhyperv::hyperv
