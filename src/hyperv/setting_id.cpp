#include "hyperv/setting_id.h"

#include "support/strings.h"

namespace exhyperv::hyperv {

namespace {
constexpr std::string_view kPrefix = "Microsoft:";
constexpr std::string_view kTemplate = "Microsoft:Definition\\";
} // namespace

std::optional<Guid> owner_of_setting(std::string_view instance_id) {
    if (!istarts_with(instance_id, kPrefix)) return std::nullopt;
    const auto rest = instance_id.substr(kPrefix.size());
    return Guid::parse(rest.substr(0, rest.find('\\')));
}

bool is_template(std::string_view instance_id) {
    return istarts_with(instance_id, kTemplate);
}

bool is_default_template(std::string_view instance_id) {
    constexpr std::string_view tail = "\\Default";
    return is_template(instance_id) && instance_id.size() > tail.size() &&
           iequals(instance_id.substr(instance_id.size() - tail.size()), tail);
}

std::string settings_id(const Guid& vm) {
    return std::string(kPrefix) + vm.str();
}

} // namespace exhyperv::hyperv
