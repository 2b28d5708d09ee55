#include "api/when_off_watcher.h"

#include "assign/state/waiting_guest.h"
#include "support/log.h"
#include "support/scope_guard.h"

#include <nlohmann/json.hpp>

namespace exhyperv::api {
namespace {

constexpr auto kPlanTime = std::chrono::minutes(2);
constexpr auto kAfterError = std::chrono::minutes(1);

/// Who the audit and the operation name: the user who asked is in the journal of that asking.
Principal watcher_principal() {
    return {"when-off", Role::operator_, {}};
}

} // namespace

WhenOffWatcher::WhenOffWatcher(const std::vector<std::unique_ptr<HostSlot>>& hosts, OperationRunner& runner,
                               std::chrono::milliseconds poll)
    : hosts_(hosts), runner_(runner), poll_(poll), thread_([this] { run(); }) {}

void WhenOffWatcher::stop() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    ends_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void WhenOffWatcher::run() {
    std::unique_lock lock(mutex_);
    while (!ends_.wait_for(lock, poll_, [this] { return ending_; })) {
        lock.unlock();
        for (const auto& host : hosts_)
            look(*host);
        lock.lock();
    }
}

void WhenOffWatcher::look(HostSlot& host) {
    if (const auto wait = not_before_.find(&host); wait != not_before_.end()) {
        if (std::chrono::steady_clock::now() < wait->second) return;
        not_before_.erase(wait);
    }
    auto looked = settle(host);
    if (looked && !running_.contains(&host) && assign::any_waiting(host.state_directory())) looked = begin_next(host);
    if (looked) return;
    log(LogLevel::warn, "waiting VMs of " + host.uri().text + ": " + describe(looked.error()));
    not_before_[&host] = std::chrono::steady_clock::now() + kAfterError;
}

/// An operation that was begun here: when it did not succeed, the next try is put off.
Result<> WhenOffWatcher::settle(HostSlot& host) {
    const auto found = running_.find(&host);
    if (found == running_.end()) return {};
    const auto operation = runner_.find(found->second.operation);
    if (operation && operation->at_work()) return {};
    const auto begun = found->second;
    running_.erase(found);
    if (!operation) return {}; // forgotten among many later ones: its VM is on the list still, or not
    const auto document = operation->document();
    if (document.value("state", "") == "done") return {};
    const auto error = document.find("error");
    const std::string problem = error == document.end() ? "operation.undone" : error->value("code", "operation.undone");
    TRY_ASSIGN(const auto session, host.open_session());
    return session->note_failed_sync(begun.vm, problem);
}

Result<> WhenOffWatcher::begin_next(HostSlot& host) {
    if (!host.begin_operation()) return {}; // somebody is at work: at the next look
    ScopeGuard release([&] { host.end_operation(); });
    TRY_ASSIGN(const auto session, host.open_session());
    TRY_ASSIGN(auto due, session->due_sync(CallContext::within(kPlanTime)));
    if (!due) return {};
    Running running{due->plan.id, due->vm};
    release.dismiss(); // the runner has it from here
    (void)runner_.execute(host, std::move(due->plan), watcher_principal());
    running_[&host] = std::move(running);
    return {};
}

} // namespace exhyperv::api
