#include "api/plan_store.h"

#include <algorithm>

namespace exhyperv::api {

void PlanStore::keep(const assign::Plan& plan) {
    const auto now = now_();
    const std::lock_guard lock(mutex_);
    std::erase_if(plans_, [&](const auto& entry) { return now - entry.second.made > kept_; });
    if (plans_.size() >= at_most_)
        plans_.erase(std::min_element(plans_.begin(), plans_.end(),
                                      [](const auto& a, const auto& b) { return a.second.made < b.second.made; }));
    plans_.insert_or_assign(plan.id, Entry{plan, now});
}

Result<assign::Plan> PlanStore::take(const std::string& id, const std::string& host_uri) {
    const std::lock_guard lock(mutex_);
    const auto entry = plans_.find(id);
    const bool usable =
        entry != plans_.end() && now_() - entry->second.made <= kept_ && entry->second.plan.host_uri == host_uri;
    if (!usable) return fail("api.plan_expired", {{"plan", id}});
    assign::Plan plan = std::move(entry->second.plan);
    plans_.erase(entry);
    return plan;
}

} // namespace exhyperv::api
