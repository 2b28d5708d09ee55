#include "transport/wmi_com/ports/remote_devices.h"

#include "support/strings.h"

#include <algorithm>
#include <map>

namespace exhyperv::wmi_com {
namespace {

// DEVPKEYs by the columns that say the same (wmi-facts 1.11).
struct Column {
    host::PropertyKey key;
    const char* name;
};
const Column kColumns[] = {
    {{"A45C254E-DF1C-4EFD-8020-67D146A850E0", 2}, "Name"}, // what Windows calls the device, as DeviceDesc does
    {{"A45C254E-DF1C-4EFD-8020-67D146A850E0", 14}, "Name"},
    {{"A45C254E-DF1C-4EFD-8020-67D146A850E0", 9}, "PNPClass"},
    {{"A45C254E-DF1C-4EFD-8020-67D146A850E0", 6}, "Service"},
    {{"A45C254E-DF1C-4EFD-8020-67D146A850E0", 13}, "Manufacturer"},
};
const host::PropertyKey kDriverDate{"A8B865DD-2E3D-4094-AD97-E593A70C75D6", 2};
const host::PropertyKey kDriverVersion{"A8B865DD-2E3D-4094-AD97-E593A70C75D6", 3};

bool asks(const host::DeviceQuery& query, const host::PropertyKey& key) {
    return std::ranges::find(query.properties, key) != query.properties.end();
}

bool answerable(const host::PropertyKey& key) {
    return key == kDriverDate || key == kDriverVersion ||
           std::ranges::any_of(kColumns, [&](const Column& column) { return column.key == key; });
}

bool wanted(const host::DeviceQuery& query, const std::string& path) {
    return query.instance_prefixes.empty() ||
           std::ranges::any_of(query.instance_prefixes,
                               [&](const std::string& prefix) { return istarts_with(path, prefix); });
}

/// 20240115000000.000000-000 -> 2024-01-15, as the device tree's date is written; "" when it has another shape.
std::string day_of_datetime(std::string_view datetime) {
    constexpr std::size_t kDay = 8;
    if (datetime.size() < kDay) return {};
    const auto day = datetime.substr(0, kDay);
    if (day.find_first_not_of("0123456789") != std::string_view::npos) return {};
    return std::string(day.substr(0, 4)) + '-' + std::string(day.substr(4, 2)) + '-' + std::string(day.substr(6, 2));
}

struct Driver {
    std::string version, date;
};

Result<std::map<std::string, Driver, ILess>> video_drivers(host::CimSession& session, const CallContext& context) {
    TRY_ASSIGN(
        const auto rows,
        session.query(host::kCimv2,
                      cim::wql::Select{{"PNPDeviceID", "DriverVersion", "DriverDate"}, "Win32_VideoController", {}},
                      context));
    std::map<std::string, Driver, ILess> drivers;
    for (const cim::Instance& row : rows)
        drivers.insert_or_assign(
            row.text_or("PNPDeviceID", ""),
            Driver{row.text_or("DriverVersion", ""), day_of_datetime(row.text_or("DriverDate", ""))});
    return drivers;
}

void add(host::DeviceNode& node, const host::DeviceQuery& query, const host::PropertyKey& key, std::string value) {
    if (!value.empty() && asks(query, key)) node.properties.push_back({key, std::move(value)});
}

} // namespace

tl::unexpected<Error> RemoteDevices::refusal() const {
    return fail("host.devices_not_local", {{"host", session_.host_name()}});
}

Result<std::vector<host::DeviceRecord>> RemoteDevices::list(const host::DeviceQuery& query,
                                                            const CallContext& context) {
    if (query.resources || (!query.properties.empty() && std::ranges::none_of(query.properties, answerable)))
        return refusal();
    const cim::wql::Select select{
        {"DeviceID", "Name", "PNPClass", "Service", "Manufacturer", "ConfigManagerErrorCode", "Present"},
        "Win32_PnPEntity",
        {}};
    TRY_ASSIGN(const auto rows, session_.query(host::kCimv2, select, context));
    std::map<std::string, Driver, ILess> drivers;
    if (asks(query, kDriverVersion) || asks(query, kDriverDate)) {
        TRY_ASSIGN(drivers, video_drivers(session_, context));
    }
    std::vector<host::DeviceRecord> records;
    for (const cim::Instance& row : rows) {
        host::DeviceNode node;
        node.instance_path = row.text_or("DeviceID", "");
        node.present = row.boolean("Present").value_or(true); // builds without the column list present nodes only
        if (node.instance_path.empty() || !wanted(query, node.instance_path) || (!node.present && !query.phantoms))
            continue;
        node.problem = static_cast<std::uint32_t>(row.uint("ConfigManagerErrorCode").value_or(0));
        for (const Column& column : kColumns)
            add(node, query, column.key, row.text_or(column.name, ""));
        if (const auto driver = drivers.find(node.instance_path); driver != drivers.end()) {
            add(node, query, kDriverVersion, driver->second.version);
            add(node, query, kDriverDate, driver->second.date);
        }
        records.push_back({std::move(node), {}});
    }
    return records;
}

Result<> RemoteDevices::disable(const std::string&, const CallContext&) {
    return refusal();
}

Result<> RemoteDevices::enable(const std::string&, const CallContext&) {
    return refusal();
}

Result<std::vector<host::HostDevices::Disk>> RemoteDevices::disks(const CallContext&) {
    return refusal();
}

Result<> RemoteDevices::set_disk_online(std::uint32_t, bool, const CallContext&) {
    return refusal();
}

} // namespace exhyperv::wmi_com
