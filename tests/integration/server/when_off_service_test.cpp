#include "api/service.h"
#include "app/session.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>

namespace exhyperv::api {
namespace {

namespace fs = std::filesystem;

CallContext in_time() {
    return CallContext::within(std::chrono::minutes(3));
}

/// A simulated host with a VM whose driver lags behind and that runs, and servers in front of it.
class WhenOffService : public testing::Test {
  protected:
    WhenOffService() {
        std::random_device random;
        directory_ = (fs::temp_directory_path() / ("exhyperv-when-off-" + std::to_string(random()))).string();
        uri_ = app::parse_host_uri("sim:workstation?answers=sync&job=0ms&lag=0ms").value();
        const auto session = open();
        const auto inventory = session->inventory(in_time()).value();
        vm_ = session->find_vm(inventory, "win11")->id;
        const auto plan = session->plan(assign::GpuAddRequest{.gpu = "RTX 4070", .vm = vm_.str()}, in_time());
        EXPECT_TRUE(plan) << describe(plan.error());
        EXPECT_EQ(session->execute(*plan, {}, in_time())->outcome, assign::Outcome::done);
        EXPECT_TRUE(app::update_simulated_driver(uri_, directory_, "RTX 4070", "32.0.15.9999", in_time()));
        EXPECT_TRUE(open()->change_power(vm_, app::PowerAction::start, in_time()));
    }
    ~WhenOffService() override {
        std::error_code ignored;
        fs::remove_all(directory_, ignored);
    }
    std::unique_ptr<app::Session> open() { return app::Session::open(uri_, directory_, {}).value(); }
    std::unique_ptr<Service> serve() {
        return std::make_unique<Service>(
            ServiceOptions{
                {{uri_, ""}}, directory_, std::chrono::milliseconds(3000), {}, std::chrono::milliseconds(50)},
            events_);
    }
    static nlohmann::json call(Service& service, const std::string& method, const std::string& path,
                               std::optional<nlohmann::json> body = {}) {
        const auto answer = service.handle({method, path, {}, std::move(body), {"test", Role::operator_, {}}});
        EXPECT_LT(answer.status, 300) << method << ' ' << path << ' ' << (answer.body ? *answer.body : "");
        return answer.body ? nlohmann::json::parse(*answer.body) : nlohmann::json();
    }
    /// Plans, executes, and waits for the end.
    static void carry_out(Service& service, const nlohmann::json& wish) {
        const auto plan = call(service, "POST", "/plans", wish);
        const auto operation = call(service, "POST", "/operations", nlohmann::json{{"plan", plan.at("id")}});
        const std::string path = "/operations/" + operation.at("id").get<std::string>();
        EXPECT_TRUE(comes([&] { return call(service, "GET", path).at("state") != "running"; }));
        EXPECT_EQ(call(service, "GET", path).at("state"), "done");
    }
    static bool comes(const std::function<bool()>& what) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(2);
        while (!what()) {
            if (std::chrono::steady_clock::now() > deadline) return false;
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
        return true;
    }
    drivers::DriftState drift() { return open()->drift(vm_.str(), in_time()).value().at(0).drift.state; }

    std::string directory_;
    app::HostUri uri_;
    EventHub events_;
    Guid vm_;
};

TEST_F(WhenOffService, AnotherServerBringsTheVmUpToDateWhenItSeesItOff) {
    {
        const auto service = serve();
        carry_out(*service, {{"operation", "gpu.sync"}, {"vm", vm_.str()}, {"when_off", true}});
        const auto waiting = call(*service, "GET", "/waiting");
        ASSERT_EQ(waiting.size(), 1u);
        EXPECT_EQ(waiting[0].at("vm_name"), "win11");
        EXPECT_EQ(drift(), drivers::DriftState::older);
    }
    ASSERT_TRUE(open()->change_power(vm_, app::PowerAction::turn_off, in_time()));
    EXPECT_EQ(drift(), drivers::DriftState::older) << "nobody looks";
    const auto service = serve();
    EXPECT_TRUE(comes([&] { return call(*service, "GET", "/waiting").empty(); }));
    EXPECT_EQ(drift(), drivers::DriftState::same);
    const auto operations = call(*service, "GET", "/operations");
    EXPECT_EQ(operations.at(0).at("plan").at("operation"), "gpu.sync") << "journalled as any other";
    EXPECT_TRUE(comes([&] { return call(*service, "GET", "/operations").at(0).at("state") == "done"; }));
}

TEST_F(WhenOffService, WhatIsTakenBackIsNotDone) {
    const auto service = serve();
    carry_out(*service, {{"operation", "gpu.sync"}, {"vm", vm_.str()}, {"when_off", true}});
    carry_out(*service, {{"operation", "gpu.sync"}, {"vm", vm_.str()}, {"forget_waiting", true}});
    EXPECT_TRUE(call(*service, "GET", "/waiting").empty());
    EXPECT_TRUE(service->idle());
    service->stop();
    EXPECT_EQ(drift(), drivers::DriftState::older);
}

} // namespace
} // namespace exhyperv::api
