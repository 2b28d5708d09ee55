#include "assign/plan.h"

#include "assign/core/json_fields.h"
#include "assign/core/value_json.h"

#include <algorithm>
#include <array>

namespace exhyperv::assign {

namespace {

constexpr std::array<std::string_view, 4> kVerdicts = {"pass", "warn", "fail", "unknown"};
constexpr std::size_t kMostSteps = 256, kMostChecks = 1024;

Result<Check> check_from_json(const nlohmann::json& document) {
    Check check;
    TRY_ASSIGN(check.id, text_field(document, "id"));
    TRY_ASSIGN(const auto verdict, text_field(document, "verdict"));
    const auto at = std::find(kVerdicts.begin(), kVerdicts.end(), verdict);
    if (at == kVerdicts.end()) return corrupt("verdict");
    check.verdict = static_cast<Verdict>(at - kVerdicts.begin());
    TRY_ASSIGN(check.evidence, message_from_json(field_or_null(document, "evidence")));
    TRY_ASSIGN(check.remedy, message_from_json(field_or_null(document, "remedy")));
    return check;
}

Result<Step> step_from_json(const nlohmann::json& document) {
    Step step;
    TRY_ASSIGN(step.id, text_field(document, "id"));
    TRY_ASSIGN(step.kind, text_field(document, "kind"));
    TRY_ASSIGN(step.what, message_from_json(field_or_null(document, "what")));
    TRY_ASSIGN(step.why, message_from_json(field_or_null(document, "why")));
    TRY_ASSIGN(step.undo, message_from_json(field_or_null(document, "undo")));
    TRY_ASSIGN(step.needs_vm_off, bool_field(document, "needs_vm_off"));
    TRY_ASSIGN(step.needs_elevation, bool_field(document, "needs_elevation"));
    const auto& parameters = field_or_null(document, "parameters");
    if (!parameters.is_object()) return corrupt("parameters");
    step.parameters = std::make_shared<const nlohmann::json>(parameters);
    return step;
}

} // namespace

std::string_view verdict_name(Verdict verdict) {
    return kVerdicts[static_cast<std::size_t>(verdict)];
}

bool Plan::blocked() const {
    return std::any_of(checks.begin(), checks.end(), [](const Check& check) { return check.verdict == Verdict::fail; });
}

nlohmann::json to_json(const Plan& plan) {
    auto checks = nlohmann::json::array(), steps = nlohmann::json::array();
    for (const Check& check : plan.checks)
        checks.push_back({{"id", check.id},
                          {"verdict", verdict_name(check.verdict)},
                          {"evidence", to_json(check.evidence)},
                          {"remedy", to_json(check.remedy)}});
    for (const Step& step : plan.steps)
        steps.push_back({{"id", step.id},
                         {"kind", step.kind},
                         {"what", to_json(step.what)},
                         {"why", to_json(step.why)},
                         {"undo", to_json(step.undo)},
                         {"needs_vm_off", step.needs_vm_off},
                         {"needs_elevation", step.needs_elevation},
                         {"parameters", step.parameters ? *step.parameters : nlohmann::json::object()}});
    return {{"id", plan.id},
            {"operation", plan.operation},
            {"title", to_json(plan.title)},
            {"host", plan.host_uri},
            {"checks", checks},
            {"steps", steps},
            {"blocked", plan.blocked()}};
}

Result<Plan> plan_from_json(const nlohmann::json& document) {
    Plan plan;
    TRY_ASSIGN(plan.id, text_field(document, "id"));
    if (!Guid::parse(plan.id)) return corrupt("id");
    TRY_ASSIGN(plan.operation, text_field(document, "operation"));
    TRY_ASSIGN(plan.title, message_from_json(field_or_null(document, "title")));
    TRY_ASSIGN(plan.host_uri, text_field(document, "host"));
    const auto& checks = field_or_null(document, "checks");
    const auto& steps = field_or_null(document, "steps");
    if (!checks.is_array() || checks.size() > kMostChecks) return corrupt("checks");
    if (!steps.is_array() || steps.size() > kMostSteps) return corrupt("steps");
    for (const auto& element : checks) {
        TRY_ASSIGN(auto check, check_from_json(element));
        plan.checks.push_back(std::move(check));
    }
    for (const auto& element : steps) {
        TRY_ASSIGN(auto step, step_from_json(element));
        plan.steps.push_back(std::move(step));
    }
    return plan;
}

} // namespace exhyperv::assign
