#include "assign/state/guest_record.h"

#include "assign/core/json_fields.h"
#include "platform/file.h"
#include "support/strings.h"

#include <algorithm>

namespace exhyperv::assign {

namespace {

std::string path_of(const std::string& state_directory, const Guid& vm) {
    return state_directory + "/guests/" + vm.str() + ".json";
}

Result<> write(const std::string& state_directory, const Guid& vm, const std::vector<GuestRecord>& records) {
    const std::string path = path_of(state_directory, vm);
    if (records.empty()) return platform::remove_file(path);
    auto list = nlohmann::json::array();
    for (const GuestRecord& one : records)
        list.push_back({{"card", one.card},
                        {"disk", one.place.disk},
                        {"partition", one.place.partition},
                        {"driver_version", one.driver_version}});
    TRY(platform::make_directories(platform::directory_of(path)));
    return platform::write_file_atomically(path, one_line({{"vm", vm.str()}, {"cards", list}}) + "\n");
}

auto same(const std::string& card, const GuestPlace& place) {
    return [&](const GuestRecord& one) { return iequals(one.card, card) && one.place.is(place); };
}

} // namespace

bool GuestPlace::is(const GuestPlace& other) const {
    return iequals(disk, other.disk) && partition == other.partition;
}

Result<std::vector<GuestRecord>> guest_records(const std::string& state_directory, const Guid& vm) {
    const std::string path = path_of(state_directory, vm);
    std::vector<GuestRecord> records;
    const auto text = platform::read_text_file(path, 1u << 20);
    if (!text && text.error().code == "file.not_found") return records;
    if (!text) return fail(text.error());
    const auto document = nlohmann::json::parse(*text, nullptr, false);
    const auto& list = field_or_null(document, "cards");
    if (!list.is_array()) return fail("state.corrupt", {{"path", path}});
    for (const auto& element : list) {
        const auto card = text_field(element, "card");
        const auto disk = text_field(element, "disk");
        const auto partition = number_field(element, "partition");
        if (!card || !disk || !partition || *partition > 0xFFFF'FFFF) return fail("state.corrupt", {{"path", path}});
        records.push_back({*card, {*disk, static_cast<std::uint32_t>(*partition)}, text_or(element, "driver_version")});
    }
    return records;
}

Result<> remember_guest(const std::string& state_directory, const Guid& vm, const GuestRecord& record) {
    TRY_ASSIGN(auto records, guest_records(state_directory, vm));
    std::erase_if(records, same(record.card, record.place));
    records.push_back(record);
    return write(state_directory, vm, records);
}

Result<> forget_guest(const std::string& state_directory, const Guid& vm, const std::string& card,
                      const GuestPlace& place) {
    TRY_ASSIGN(auto records, guest_records(state_directory, vm));
    std::erase_if(records, same(card, place));
    return write(state_directory, vm, records);
}

std::string manifest_copy_path(const std::string& state_directory, const Guid& vm, const GuestPlace& place) {
    const auto system = Guid::from_name(ascii_lower(place.disk) + "#" + std::to_string(place.partition));
    return state_directory + "/guests/" + vm.str() + "-" + system.str() + ".manifest.json";
}

} // namespace exhyperv::assign
