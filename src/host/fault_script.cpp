#include "host/fault_script.h"

#include "host/wbem_error.h"
#include "support/strings.h"

#include <nlohmann/json.hpp>

#include <mutex>

namespace exhyperv::host {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxBytes = 1 << 20;
constexpr std::size_t kMaxRules = 1000;

struct Rule {
    std::string call, class_name, method, target_contains;
    std::uint32_t nth = 1, times = 1;
    FaultAction action;

    [[nodiscard]] bool matches(const FaultCall& what) const {
        const auto fits = [](const std::string& pattern, std::string_view text) {
            return pattern.empty() || iequals(pattern, text);
        };
        return fits(call, what.call) && fits(class_name, what.class_name) && fits(method, what.method) &&
               icontains(what.target, target_contains);
    }
};

tl::unexpected<Error> bad(std::string place, std::string reason) {
    return fail("host.bad_fault_script", {{"place", std::move(place)}, {"reason", std::move(reason)}});
}

/// Reads the members of one JSON object and refuses those nobody asked for.
class Fields {
  public:
    Fields(const Json& object, std::string place) : object_(object), place_(std::move(place)) {}

    Result<> text(const char* name, std::string& out) {
        const Json* value = take(name);
        if (!value) return {};
        if (!value->is_string()) return bad(place_ + "." + name, "a text was expected");
        out = value->get<std::string>();
        return {};
    }

    template <class Number>
    Result<> number(const char* name, Number& out, std::uint64_t min, std::uint64_t max) {
        const Json* value = take(name);
        if (!value) return {};
        if (!value->is_number_unsigned() || value->get<std::uint64_t>() < min || value->get<std::uint64_t>() > max)
            return bad(place_ + "." + name,
                       "a number from " + std::to_string(min) + " to " + std::to_string(max) + " was expected");
        out = static_cast<Number>(value->get<std::uint64_t>());
        return {};
    }

    Result<> moment(const char* name, FaultMoment& out) {
        std::string word;
        TRY(text(name, word));
        if (word == "before") out = FaultMoment::before;
        if (word == "after") out = FaultMoment::after;
        if (!word.empty() && out == FaultMoment::never)
            return bad(place_ + "." + name, "\"before\" or \"after\" was expected");
        return {};
    }

    Result<const Json*> object(const char* name) {
        const Json* value = take(name);
        if (value && !value->is_object()) return bad(place_ + "." + name, "an object was expected");
        return value;
    }

    Result<> end() {
        if (known_ == object_.size()) return {};
        for (const auto& [name, value] : object_.items())
            if (std::find(names_.begin(), names_.end(), name) == names_.end())
                return bad(place_ + "." + name, "an unknown member");
        return {};
    }

  private:
    const Json* take(const char* name) {
        names_.emplace_back(name);
        const auto at = object_.find(name);
        if (at == object_.end()) return nullptr;
        ++known_;
        return &*at;
    }

    const Json& object_;
    std::string place_;
    std::vector<std::string> names_;
    std::size_t known_ = 0;
};

Result<Error> read_error(const Json& json, const std::string& place) {
    Fields fields(json, place);
    std::string code, hresult, text;
    TRY(fields.text("code", code));
    TRY(fields.text("hresult", hresult));
    TRY(fields.text("text", text));
    TRY(fields.end());
    Error error{std::move(code), {}, {}, {}, "scripted fault"};
    if (!hresult.empty()) {
        const auto number = parse_u64(hresult);
        if (!number || *number > UINT32_MAX)
            return bad(place + ".hresult", "a number such as \"0x80041003\" was expected");
        if (error.code.empty()) error = wbem_error(static_cast<std::uint32_t>(*number), "scripted fault");
        error.with_native(NativeKind::hresult, static_cast<std::int64_t>(*number));
    } else if (const WbemCode* known = find_wbem_code(error.code)) {
        error = wbem_error(known->hresult, "scripted fault");
    }
    if (error.code.empty()) return bad(place, "code or hresult is missing");
    if (!text.empty()) error.provider_text = std::move(text);
    return error;
}

Result<Rule> read_rule(const Json& json, const std::string& place) {
    if (!json.is_object()) return bad(place, "an object was expected");
    Fields fields(json, place);
    Rule rule;
    FaultAction& action = rule.action;
    std::uint32_t delay = 0;
    TRY(fields.text("call", rule.call));
    TRY(fields.text("class", rule.class_name));
    TRY(fields.text("method", rule.method));
    TRY(fields.text("target_contains", rule.target_contains));
    TRY(fields.number("nth", rule.nth, 1, 1'000'000));
    TRY(fields.number("times", rule.times, 1, 1'000'000));
    TRY(fields.number("delay_ms", delay, 0, 3'600'000));
    TRY(fields.moment("lost", action.lost));
    TRY(fields.moment("kill", action.kill));
    action.delay = std::chrono::milliseconds(delay);
    TRY_ASSIGN(const Json* error, fields.object("error"));
    if (error) {
        TRY_ASSIGN(action.error, read_error(*error, place + ".error"));
    }
    std::int64_t value = -1;
    TRY(fields.number("return_value", value, 0, UINT32_MAX));
    if (value >= 0) action.return_value = static_cast<std::uint32_t>(value);
    TRY_ASSIGN(const Json* job, fields.object("job"));
    if (job) {
        JobFault fault;
        Fields inner(*job, place + ".job");
        TRY(inner.number("error_code", fault.error_code, 0, UINT16_MAX));
        TRY(inner.number("state", fault.state, 8, 10));
        TRY(inner.number("percent", fault.percent, 0, 100));
        TRY(inner.text("text", fault.text));
        TRY(inner.end());
        action.job = std::move(fault);
    }
    TRY(fields.end());
    if (!delay && action.lost == FaultMoment::never && action.kill == FaultMoment::never && !action.error &&
        !action.return_value && !action.job)
        return bad(place, "the rule says nothing that should happen");
    return rule;
}

} // namespace

struct FaultScript::State {
    std::vector<Rule> rules;
    std::mutex guard;
    std::vector<std::uint32_t> seen; ///< by rule
};

FaultScript::FaultScript() : state_(std::make_shared<State>()) {}

Result<FaultScript> FaultScript::parse(std::string_view json) {
    if (json.size() > kMaxBytes) return bad("/", "longer than 1 MiB");
    // Through a callback, because the library builds its tree by recursion: depth is refused before it is reached.
    bool too_deep = false;
    const Json root = Json::parse(
        json,
        [&](int depth, Json::parse_event_t, Json&) {
            too_deep = too_deep || depth > 8;
            return !too_deep;
        },
        /*allow_exceptions=*/false);
    if (root.is_discarded() || too_deep) return bad("/", "not a JSON text");
    if (!root.is_object()) return bad("/", "an object was expected");
    const auto faults = root.find("faults");
    if (faults == root.end() || !faults->is_array()) return bad("faults", "a list was expected");
    for (const auto& [name, value] : root.items())
        if (name != "faults" && name != "$schema") return bad(name, "an unknown member");
    if (faults->size() > kMaxRules) return bad("faults", "more than 1,000 rules");
    FaultScript script;
    for (std::size_t i = 0; i < faults->size(); ++i) {
        TRY_ASSIGN(Rule rule, read_rule((*faults)[i], "faults[" + std::to_string(i) + "]"));
        script.state_->rules.push_back(std::move(rule));
    }
    script.state_->seen.resize(script.state_->rules.size());
    return script;
}

std::optional<FaultAction> FaultScript::next(const FaultCall& call) const {
    const std::lock_guard lock(state_->guard);
    std::optional<FaultAction> action;
    for (std::size_t i = 0; i < state_->rules.size(); ++i) {
        const Rule& rule = state_->rules[i];
        if (!rule.matches(call)) continue;
        const std::uint32_t count = ++state_->seen[i];
        if (!action && count >= rule.nth && count - rule.nth < rule.times) action = rule.action;
    }
    return action;
}

std::vector<std::uint32_t> FaultScript::seen() const {
    const std::lock_guard lock(state_->guard);
    return state_->seen;
}

void FaultScript::set_seen(const std::vector<std::uint32_t>& counts) const {
    const std::lock_guard lock(state_->guard);
    std::copy_n(counts.begin(), std::min(counts.size(), state_->seen.size()), state_->seen.begin());
}

} // namespace exhyperv::host
