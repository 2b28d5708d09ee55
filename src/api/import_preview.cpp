#include "api/import_preview.h"

#include "api/dto.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace exhyperv::api {
namespace {

constexpr std::size_t kMostListed = 2000;

const char* action_name(drivers::FileAction action) {
    switch (action) {
    case drivers::FileAction::add:
        return "add";
    case drivers::FileAction::replace:
        return "replace";
    case drivers::FileAction::keep:
        return "keep";
    case drivers::FileAction::remove:
        return "remove";
    }
    return "keep";
}

nlohmann::json packages_of(const drivers::ResolvedDrivers& drivers) {
    auto list = nlohmann::json::array();
    for (const auto& package : drivers.packages)
        list.push_back({{"folder", package.folder},
                        {"inf", package.inf_name},
                        {"provider", package.provider},
                        {"version", package.version.version},
                        {"files", package.files.size()},
                        {"bytes", package.total_bytes()}});
    return list;
}

/// What changes comes first; a list that is cut off keeps that.
nlohmann::json files_of(const drivers::ImportPlan& plan) {
    std::vector<const drivers::PlannedFile*> sorted;
    for (const auto& file : plan.files)
        sorted.push_back(&file);
    std::ranges::stable_partition(sorted, [](const auto* file) { return file->action != drivers::FileAction::keep; });
    auto list = nlohmann::json::array();
    for (const auto* file : sorted) {
        if (list.size() == kMostListed) break;
        list.push_back({{"action", action_name(file->action)}, {"path", file->guest_path}, {"size", file->size}});
    }
    return list;
}

nlohmann::json links_of(const drivers::ImportPlan& plan) {
    auto list = nlohmann::json::array();
    for (const auto& link : plan.links) {
        if (list.size() == kMostListed) break;
        list.push_back({{"action", action_name(link.action)},
                        {"path", link.link.path},
                        {"target", link.link.target},
                        {"copy", link.link.copy}});
    }
    return list;
}

nlohmann::json values_of(const drivers::ImportPlan& plan) {
    auto list = nlohmann::json::array();
    for (const auto& edit : plan.registry.edits) {
        if (list.size() == kMostListed) break;
        if (edit.kind == guest::HiveEdit::Kind::set_value)
            list.push_back({{"key", edit.key}, {"name", edit.value.name}});
    }
    return list;
}

} // namespace

nlohmann::json import_preview(const model::Vm& vm, const model::Gpu& gpu, const assign::GuestSurvey& survey) {
    auto checks = nlohmann::json::array();
    for (const auto& check : survey.checks)
        checks.push_back(dto(check));
    nlohmann::json document{
        {"vm", vm.id.str()},         {"gpu", gpu.instance_path},    {"card", gpu.name},
        {"in_step", survey.in_step}, {"checks", std::move(checks)}, {"packages", nlohmann::json::array()}};
    if (survey.choice) {
        document["disk"] = survey.choice->disk;
        document["partition"] = survey.choice->windows.partition;
    }
    if (survey.drivers) document["packages"] = packages_of(*survey.drivers);
    if (!survey.import) return document;
    const drivers::ImportPlan& plan = *survey.import;
    using Action = drivers::FileAction;
    document["changes"] = {{"files", files_of(plan)},
                           {"links", links_of(plan)},
                           {"values", values_of(plan)},
                           {"files_added", plan.count(Action::add)},
                           {"files_replaced", plan.count(Action::replace)},
                           {"files_kept", plan.count(Action::keep)},
                           {"files_removed", plan.count(Action::remove)},
                           {"bytes_to_write", plan.bytes_to_write},
                           {"bytes_kept", plan.bytes_kept},
                           {"bytes_removed", plan.bytes_removed},
                           {"space_needed", plan.space_needed},
                           {"space_free", plan.space_free}};
    auto warnings = nlohmann::json::array();
    for (const auto& warning : plan.warnings)
        warnings.push_back(dto(warning));
    document["changes"]["warnings"] = std::move(warnings);
    return document;
}

} // namespace exhyperv::api
