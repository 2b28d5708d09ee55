#include "fake_host.h"

#include "cim/class_table.h"
#include "cim/xml.h"
#include "host/wbem_error.h"
#include "support/guid.h"
#include "support/strings.h"

#include <algorithm>

namespace exhyperv::contract {
namespace {

using cim::Value;
using host::wbem_error;

constexpr std::uint32_t kBuild = 26100;
constexpr std::string_view kV2 = host::kVirtualization;

std::string_view space_of(const cim::ObjectPath& path) {
    return path.name_space.empty() ? kV2 : std::string_view(path.name_space);
}

Result<const cim::ClassInfo*> class_of(std::string_view name_space, std::string_view name) {
    if (!cim::class_table::knows_namespace(name_space))
        return fail(wbem_error("cim.invalid_namespace", std::string(name_space)));
    const auto* info = cim::class_table::find(name_space, name, kBuild);
    if (!info) return fail(wbem_error("cim.invalid_class", std::string(name)));
    return info;
}

Result<> check_names(const cim::ClassInfo& info, const cim::wql::Condition& condition) {
    for (const auto& child : condition.children)
        TRY(check_names(info, child));
    const bool leaf = condition.kind == cim::wql::Condition::Kind::leaf;
    if (leaf && !condition.property.starts_with("__") && !cim::class_table::property(info, condition.property, kBuild))
        return fail(wbem_error("cim.bad_query", condition.property));
    return {};
}

const Value* parameter(const std::vector<cim::Property>& parameters, std::string_view name) {
    for (const auto& one : parameters)
        if (iequals(one.name, name)) return &one.value;
    return nullptr;
}

} // namespace

FakeHost::FakeHost(Answers answers) : by_job_(answers == Answers::job) {
    add(host::kCimv2, "Win32_OperatingSystem",
        {{"Name", Value::string("Windows")},
         {"BuildNumber", Value::string("26100")},
         {"ProductType", Value::uint32(1)}});
    add(kV2, "Msvm_ComputerSystem",
        {{"CreationClassName", Value::string("Msvm_ComputerSystem")},
         {"Name", Value::string("FAKE")},
         {"EnabledState", Value::uint16(2)}});
    add(kV2, "Msvm_VirtualSystemManagementService",
        {{"CreationClassName", Value::string("Msvm_VirtualSystemManagementService")},
         {"Name", Value::string("vmms")},
         {"SystemCreationClassName", Value::string("Msvm_ComputerSystem")},
         {"SystemName", Value::string("FAKE")}});
    add(kV2, "Msvm_PartitionableGpu",
        {{"CreationClassName", Value::string("Msvm_PartitionableGpu")},
         {"Name", Value::string(R"(\\?\PCI#VEN_10DE#{064092b3}\GPUPARAV)")},
         {"ValidPartitionCounts", Value::uint16s({16, 32})},
         {"PartitionCount", Value::uint16(32)},
         {"TotalVRAM", Value::uint64(1000000000)}});
    add(kV2, "Msvm_GpuPartitionSettingData",
        {{"InstanceID", Value::string(R"(Microsoft:Definition\1F\Default)")}, {"ResourceType", Value::uint16(32770)}});
    add_vm("11111111-2222-4333-8444-555555555555", "running", 2);
    add_vm("AAAAAAAA-BBBB-4CCC-8DDD-EEEEEEEEEEEE", "off", 3);
}

cim::Instance& FakeHost::add(std::string_view name_space, std::string_view class_name,
                             std::vector<cim::Property> given) {
    const auto* info = cim::class_table::find(name_space, class_name, kBuild);
    cim::Instance row{std::string(class_name)};
    cim::ObjectPath path{"FAKE", std::string(name_space), std::string(class_name), {}, false};
    for (const auto* property : cim::class_table::properties(*info, kBuild)) {
        const Value* value = parameter(given, property->name);
        row.set(std::string(property->name), value ? *value : Value::null(property->type, property->array));
        if (property->key && property->type == cim::CimType::string)
            path.keys.emplace_back(property->name, row.text_or(property->name, ""));
    }
    row.set_path(std::move(path));
    rows_.push_back(std::move(row));
    return rows_.back();
}

void FakeHost::link(std::string_view class_name, std::string_view first_role, const cim::ObjectPath& first,
                    std::string_view second_role, const cim::ObjectPath& second) {
    add(kV2, class_name,
        {{std::string(first_role), Value::reference(first.full())},
         {std::string(second_role), Value::reference(second.full())}});
}

void FakeHost::add_vm(const std::string& guid, const std::string& name, std::uint16_t state) {
    const auto machine = *add(kV2, "Msvm_ComputerSystem",
                              {{"CreationClassName", Value::string("Msvm_ComputerSystem")},
                               {"Name", Value::string(guid)},
                               {"ElementName", Value::string(name)},
                               {"EnabledState", Value::uint16(state)}})
                              .path();
    const auto settings = *add(kV2, "Msvm_VirtualSystemSettingData",
                               {{"InstanceID", Value::string("Microsoft:" + guid)},
                                {"VirtualSystemIdentifier", Value::string(guid)},
                                {"VirtualSystemType", Value::string("Microsoft:Hyper-V:System:Realized")},
                                {"Notes", Value::strings({"as made"})}})
                               .path();
    link("Msvm_SettingsDefineState", "ManagedElement", machine, "SettingData", settings);
    for (const char* kind : {"Msvm_MemorySettingData", "Msvm_ProcessorSettingData"}) {
        const auto part = *add(kV2, kind, {{"InstanceID", Value::string("Microsoft:" + guid + "\\" + kind)}}).path();
        link("Msvm_VirtualSystemSettingDataComponent", "GroupComponent", settings, "PartComponent", part);
    }
}

cim::Instance* FakeHost::find(const cim::ObjectPath& path) {
    for (auto& row : rows_)
        if (!row.path()->keys.empty() && row.path()->same_object(path)) return &row;
    return nullptr;
}

Result<std::vector<cim::Instance>> FakeHost::query(std::string_view name_space, const cim::wql::Query& query,
                                                   const CallContext& context) {
    TRY(context.check("query"));
    const std::lock_guard lock(guard_);
    return query.select() ? select(name_space, *query.select()) : related(*query.related());
}

Result<FakeHost::Rows> FakeHost::select(std::string_view name_space, const cim::wql::Select& wanted) {
    TRY_ASSIGN(const auto* info, class_of(name_space, wanted.from));
    for (const auto& name : wanted.properties)
        if (!cim::class_table::property(*info, name, kBuild)) return fail(wbem_error("cim.bad_query", name));
    if (wanted.condition) TRY(check_names(*info, *wanted.condition));
    Rows out;
    for (const auto& row : rows_) {
        if (!cim::class_table::derives_from(*cim::class_table::find(row.path()->name_space, row.class_name()),
                                            info->name))
            continue;
        if (wanted.condition) {
            TRY_ASSIGN(const bool fits, cim::wql::matches(*wanted.condition, row));
            if (!fits) continue;
        }
        cim::Instance cut(row.class_name());
        cut.set_path(*row.path());
        for (const auto& name : wanted.properties)
            cut.set(name, *row.find(name));
        out.push_back(wanted.properties.empty() ? row : cut);
    }
    return out;
}

Result<FakeHost::Rows> FakeHost::related(const cim::wql::Related& wanted) {
    for (const auto& name : {wanted.assoc_class, wanted.result_class})
        if (!name.empty()) TRY(class_of(kV2, name));
    if (!find(wanted.object)) return fail(wbem_error("cim.not_found", wanted.object.relative()));
    const auto is = [](const cim::Instance& row, const std::string& base) {
        return base.empty() ||
               cim::class_table::derives_from(*cim::class_table::find(row.path()->name_space, row.class_name()), base);
    };
    Rows out;
    for (const auto& row : rows_) {
        if (!row.path()->keys.empty() || !is(row, wanted.references ? wanted.result_class : wanted.assoc_class))
            continue;
        std::vector<std::pair<std::string, cim::ObjectPath>> ends;
        for (const auto& property : row.properties())
            if (property.value.type() == cim::CimType::reference && !property.value.is_null())
                ends.emplace_back(property.name, *cim::ObjectPath::parse(*property.value.as_string()));
        for (std::size_t near = 0; near < ends.size(); ++near) {
            const auto& [far_role, far] = ends[1 - near];
            if (!ends[near].second.same_object(wanted.object)) continue;
            if (!wanted.role.empty() && !iequals(wanted.role, ends[near].first)) continue;
            if (!wanted.result_role.empty() && !iequals(wanted.result_role, far_role)) continue;
            const cim::Instance* target = wanted.references ? &row : find(far);
            if (target && (wanted.references || is(*target, wanted.result_class))) out.push_back(*target);
        }
    }
    return out;
}

Result<cim::Instance> FakeHost::get(const cim::ObjectPath& path, const CallContext& context) {
    TRY(context.check("get"));
    const std::lock_guard lock(guard_);
    TRY(class_of(space_of(path), path.class_name));
    const auto* row = find(path);
    if (!row) return fail(wbem_error("cim.not_found", path.relative()));
    return *row;
}

Result<> FakeHost::put(const cim::Instance& instance, const CallContext& context) {
    TRY(context.check("put"));
    const std::lock_guard lock(guard_);
    auto* row = find(*instance.path());
    if (!row) return fail(wbem_error("cim.not_found", instance.path()->relative()));
    const auto* info = cim::class_table::find(kV2, row->class_name(), kBuild);
    for (const auto& property : instance.properties()) {
        const auto* now = row->find(property.name);
        if (!now) return fail(wbem_error("cim.invalid_parameter", property.name));
        if (*now == property.value) continue;
        if (!cim::class_table::property(*info, property.name, kBuild)->writable)
            return fail(wbem_error("cim.read_only", property.name));
        if (property.value.as_uint() > 100u) return fail(wbem_error("cim.invalid_parameter", property.name));
    }
    for (const auto& property : instance.properties())
        row->set(property.name, property.value);
    return {};
}

Result<host::MethodResult> FakeHost::invoke(const cim::ObjectPath& object, std::string_view method,
                                            const std::vector<cim::Property>& parameters, const CallContext& context) {
    TRY(context.check("invoke"));
    const std::lock_guard lock(guard_);
    TRY_ASSIGN(const auto* info, class_of(space_of(object), object.class_name));
    const auto* declared = cim::class_table::method(*info, method, kBuild);
    if (!declared) return fail(wbem_error("cim.invalid_method", std::string(method)));
    for (const auto& given : parameters) {
        const auto at =
            std::ranges::find_if(declared->parameters, [&](const auto& one) { return iequals(one.name, given.name); });
        if (at == declared->parameters.end() || at->direction == cim::Direction::out)
            return fail(wbem_error("cim.invalid_parameter", given.name));
        if (at->type != given.value.type() || at->array != given.value.is_array())
            return fail(wbem_error("cim.type_mismatch", given.name));
    }
    if (!find(object)) return fail(wbem_error("cim.not_found", object.relative()));

    const auto [code, made] = run(method, parameters);
    host::MethodResult result{.return_value = code};
    if (!by_job_) {
        if (code == 0 && method == "AddResourceSettings")
            result.out.set("ResultingResourceSettings", Value::references(made));
        return result;
    }
    const auto job = *add(kV2, "Msvm_ConcreteJob",
                          {{"InstanceID", Value::string(Guid::random().str())},
                           {"JobState", Value::uint16(code ? 10 : 7)},
                           {"PercentComplete", Value::uint16(100)},
                           {"ErrorCode", Value::uint16(static_cast<std::uint16_t>(code))},
                           {"ErrorDescription", code ? Value::string("refused") : Value::null(cim::CimType::string)}})
                          .path();
    for (const auto& path : made)
        link("Msvm_AffectedJobElement", "AffectingElement", job, "AffectedElement", *cim::ObjectPath::parse(path));
    result.return_value = 4096;
    result.out.set("Job", Value::reference(job.full()));
    return result;
}

std::pair<std::uint32_t, std::vector<std::string>> FakeHost::run(std::string_view method,
                                                                 const std::vector<cim::Property>& parameters) {
    constexpr std::uint32_t kInvalidParameter = 32773;
    if (method == "ModifySystemSettings") {
        const auto changed = cim::parse_cim_xml(parameter(parameters, "SystemSettings")->as_string().value_or(""));
        if (!changed) return {kInvalidParameter, {}};
        for (auto& row : rows_)
            if (row.class_name() == changed->class_name() && row.text("InstanceID") == changed->text("InstanceID"))
                row.set("Notes", *changed->find("Notes"));
        return {0, {}};
    }
    if (method == "AddResourceSettings") {
        const auto settings = *cim::ObjectPath::parse(*parameter(parameters, "AffectedConfiguration")->as_string());
        std::vector<std::string> made;
        for (const auto& text : parameter(parameters, "ResourceSettings")->as_strings()) {
            auto given = cim::parse_cim_xml(text);
            if (!given) return {kInvalidParameter, {}};
            given->set("InstanceID", Value::string(settings.text_key("InstanceID") + "\\" + Guid::random().str()));
            const auto path = *add(kV2, given->class_name(), given->properties()).path();
            link("Msvm_VirtualSystemSettingDataComponent", "GroupComponent", settings, "PartComponent", path);
            made.push_back(path.full());
        }
        return {0, made};
    }
    for (const auto& text : parameter(parameters, "ResourceSettings")->as_strings()) {
        const auto path = *cim::ObjectPath::parse(text);
        std::erase_if(rows_, [&](const cim::Instance& row) {
            return !row.path()->keys.empty() && row.path()->same_object(path);
        });
    }
    return {0, {}};
}

} // namespace exhyperv::contract
