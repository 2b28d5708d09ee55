#include "assign/state/original_settings.h"

#include "assign/core/json_fields.h"
#include "assign/core/setting_json.h"
#include "platform/file.h"

#include <algorithm>
#include <filesystem>

namespace exhyperv::assign {

namespace {

std::string path_of(const std::string& state_directory, const Guid& vm) {
    return state_directory + "/vm-settings/" + vm.str() + ".json";
}

} // namespace

Result<std::vector<ChangedSetting>> original_settings(const std::string& state_directory, const Guid& vm) {
    const std::string path = path_of(state_directory, vm);
    std::vector<ChangedSetting> settings;
    const auto text = platform::read_text_file(path, 1u << 20);
    if (!text && text.error().code == "file.not_found") return settings;
    if (!text) return fail(text.error());
    const auto document = nlohmann::json::parse(*text, nullptr, false);
    const auto& list = field_or_null(document, "settings");
    if (!list.is_array()) return fail("state.corrupt", {{"path", path}});
    for (const auto& element : list) {
        const auto name = text_field(element, "name");
        const auto original = setting_from_json(field_or_null(element, "original"));
        const auto set = setting_from_json(field_or_null(element, "set"));
        if (!name || !original || !set) return fail("state.corrupt", {{"path", path}});
        settings.push_back({*name, *original, *set});
    }
    return settings;
}

std::vector<Guid> remembered_vms(const std::string& state_directory) {
    std::vector<Guid> vms;
    std::error_code error;
    for (std::filesystem::directory_iterator at(state_directory + "/vm-settings", error), end; !error && at != end;
         at.increment(error))
        if (const auto id = Guid::parse(at->path().stem().string()); id && at->path().extension() == ".json")
            vms.push_back(*id);
    std::sort(vms.begin(), vms.end());
    return vms;
}

Result<> remember_settings(const std::string& state_directory, const Guid& vm,
                           const std::vector<ChangedSetting>& settings) {
    const std::string path = path_of(state_directory, vm);
    if (settings.empty()) return platform::remove_file(path);
    auto list = nlohmann::json::array();
    for (const ChangedSetting& one : settings)
        list.push_back(
            {{"name", one.name}, {"original", setting_to_json(one.original)}, {"set", setting_to_json(one.set)}});
    TRY(platform::make_directories(platform::directory_of(path)));
    return platform::write_file_atomically(path, one_line({{"vm", vm.str()}, {"settings", list}}) + "\n");
}

} // namespace exhyperv::assign
