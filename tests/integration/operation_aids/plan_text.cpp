#include "plan_text.h"

#include "support/strings.h"

#include <algorithm>
#include <iterator>
#include <set>

namespace exhyperv::assign {

CallContext in_time() {
    return CallContext::within(std::chrono::minutes(10));
}

std::string all_checks(const Plan& plan) {
    std::string text;
    for (const Check& check : plan.checks) {
        text += check.id + " " + std::string(verdict_name(check.verdict)) + " " + check.evidence.key;
        for (const auto& [name, value] : check.evidence.args)
            text += " " + name + "=" + value;
        text += "\n";
    }
    return text;
}

const Check* find_check(const Plan& plan, const std::string& id) {
    for (const Check& check : plan.checks)
        if (check.id == id) return &check;
    return nullptr;
}

std::vector<std::string> step_ids(const Plan& plan) {
    std::vector<std::string> ids;
    for (const Step& step : plan.steps)
        ids.push_back(step.id);
    return ids;
}

std::string difference(const std::string& before, const std::string& after) {
    const auto lines = [](const std::string& text) {
        const auto list = split(text, '\n');
        return std::multiset<std::string>(list.begin(), list.end());
    };
    const auto left = lines(before), right = lines(after);
    std::vector<std::string> gone, come;
    std::set_difference(left.begin(), left.end(), right.begin(), right.end(), std::back_inserter(gone));
    std::set_difference(right.begin(), right.end(), left.begin(), left.end(), std::back_inserter(come));
    std::string text;
    for (const auto& [sign, list] : {std::pair{"- ", &gone}, std::pair{"+ ", &come}})
        for (int shown = 0; const std::string& line : *list)
            if (shown++ < 10) text += sign + line.substr(0, 200) + "\n";
    if (text.empty() && before != after) text = "the order\n";
    return text;
}

} // namespace exhyperv::assign
