#include "assign/state/device_record.h"

#include "assign/core/json_fields.h"
#include "platform/file.h"
#include "support/guid.h"
#include "support/strings.h"

#include <algorithm>
#include <filesystem>

namespace exhyperv::assign {

namespace {

constexpr std::uint64_t kMostBytes = 1u << 20;
constexpr std::size_t kMostRecords = 10'000;

std::string directory_of(const std::string& state_directory) {
    return state_directory + "/devices";
}

std::string path_of(const std::string& state_directory, const std::string& pure_id) {
    return directory_of(state_directory) + "/" + Guid::from_name("device:" + ascii_upper(pure_id)).str() + ".json";
}

Result<DeviceRecord> parse(const std::string& path) {
    TRY_ASSIGN(const auto text, platform::read_text_file(path, kMostBytes));
    const auto document = nlohmann::json::parse(text, nullptr, false);
    const auto bad = [&] { return fail("state.corrupt", {{"path", path}}); };
    DeviceRecord record;
    const auto id = text_field(document, "device");
    const auto& bars = field_or_null(document, "bars");
    const auto disks = texts_field(document, "offline_disks");
    if (!id || !bars.is_array() || !disks) return bad();
    record.pure_id = *id;
    record.name = text_or(document, "name");
    record.offline_disks = *disks;
    for (const auto& element : bars) {
        const auto size = number_field(element, "size");
        if (!size) return bad();
        record.bars.push_back({*size, bool_or(element, "prefetchable", false), bool_or(element, "high", false)});
    }
    return record;
}

} // namespace

Result<DeviceRecord> read_device_record(const std::string& state_directory, const std::string& pure_id) {
    auto record = parse(path_of(state_directory, pure_id));
    if (!record && record.error().code == "file.not_found") return DeviceRecord{pure_id, {}, {}, {}};
    return record;
}

Result<> write_device_record(const std::string& state_directory, const DeviceRecord& record) {
    const std::string path = path_of(state_directory, record.pure_id);
    auto bars = nlohmann::json::array();
    for (const model::PciBar& bar : record.bars)
        bars.push_back({{"size", bar.size}, {"prefetchable", bar.prefetchable}, {"high", bar.above_4g}});
    TRY(platform::make_directories(platform::directory_of(path)));
    return platform::write_file_atomically(path, one_line({{"device", record.pure_id},
                                                           {"name", record.name},
                                                           {"bars", std::move(bars)},
                                                           {"offline_disks", record.offline_disks}}) +
                                                     "\n");
}

std::vector<std::string> recorded_devices(const std::string& state_directory) {
    std::vector<std::string> ids;
    std::error_code error;
    for (std::filesystem::directory_iterator at(directory_of(state_directory), error), end; !error && at != end;
         at.increment(error)) {
        if (at->path().extension() != ".json" || ids.size() >= kMostRecords) continue;
        if (const auto record = parse(at->path().string())) ids.push_back(record->pure_id);
    }
    std::sort(ids.begin(), ids.end());
    return ids;
}

Result<> settle_device(const std::string& state_directory, const std::string& pure_id) {
    const auto record = read_device_record(state_directory, pure_id);
    if (record && !record->offline_disks.empty()) return {};
    return forget_device(state_directory, pure_id);
}

Result<> forget_device(const std::string& state_directory, const std::string& pure_id) {
    return platform::remove_file(path_of(state_directory, pure_id));
}

} // namespace exhyperv::assign
