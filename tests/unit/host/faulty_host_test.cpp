#include "host/faulty_host.h"
#include "scripted_session.h"

#include <gtest/gtest.h>

namespace exhyperv::host {
namespace {

class NoFiles final : public HostFiles {
  public:
    Result<std::vector<Entry>> list_tree(const std::string&, std::size_t, const CallContext&) override {
        return std::vector<Entry>{};
    }
    Result<bool> exists(const std::string&, const CallContext&) override { return true; }
    Result<std::string> local_path(const std::string& path) const override { return path; }
    Result<std::string> driver_store_location(const std::string& name, const CallContext&) override { return name; }
    Result<std::uint64_t> free_space(const std::string&, const CallContext&) override { return 0; }
};

/// A host that does nothing and says yes; it counts what reached it.
class YesHost final : public Host, public HostDevices, public HostRegistry {
  public:
    int reached = 0;
    ScriptedSession session;
    NoFiles no_files;

    CimSession& cim() override { return session; }
    HostDevices& devices() override { return *this; }
    HostRegistry& registry() override { return *this; }
    HostFiles& files() override { return no_files; }
    [[nodiscard]] std::string uri() const override { return "yes:"; }
    [[nodiscard]] bool elevated() const override { return true; }

    Result<std::vector<DeviceRecord>> list(const DeviceQuery&, const CallContext&) override {
        return ++reached, std::vector<DeviceRecord>{};
    }
    Result<> disable(const std::string&, const CallContext&) override { return ++reached, Result<>{}; }
    Result<> enable(const std::string&, const CallContext&) override { return ++reached, Result<>{}; }
    Result<std::vector<Disk>> disks(const CallContext&) override { return ++reached, std::vector<Disk>{}; }
    Result<> set_disk_online(std::uint32_t, bool, const CallContext&) override { return ++reached, Result<>{}; }
    Result<std::vector<RegistryKey>> read(const std::vector<std::string>&, const CallContext&) override {
        return ++reached, std::vector<RegistryKey>{};
    }
    Result<> write(const std::string&, const RegistryValue&, const CallContext&) override {
        return ++reached, Result<>{};
    }
    Result<> erase(const std::string&, const std::string&, const CallContext&) override {
        return ++reached, Result<>{};
    }
};

/// The code of the first error of a call, "" when it went through.
template <class T>
std::string code(const Result<T>& result) {
    return result ? "" : result.error().code;
}

TEST(FaultyHost, EachPortCallCanBeMetByItsName) {
    struct Case {
        const char* call;
        const char* target;
        std::string (*make)(Host&);
    };
    const Case cases[] = {
        {"devices.list", "PCIP",
         [](Host& host) {
             return code(host.devices().list({{"PCI\\", "PCIP\\"}, true, {}, false}, soon()));
         }},
        {"devices.disable", "VEN_1", [](Host& host) { return code(host.devices().disable("PCI\\VEN_1", soon())); }},
        {"devices.enable", "VEN_1", [](Host& host) { return code(host.devices().enable("PCI\\VEN_1", soon())); }},
        {"devices.disks", "", [](Host& host) { return code(host.devices().disks(soon())); }},
        {"devices.set_disk_online", "4",
         [](Host& host) { return code(host.devices().set_disk_online(4, true, soon())); }},
        {"registry.read", "SYSTEM", [](Host& host) { return code(host.registry().read({"SYSTEM\\X"}, soon())); }},
        {"registry.write", "SYSTEM", [](Host& host) { return code(host.registry().write("SYSTEM\\X", {}, soon())); }},
        {"registry.erase", "SYSTEM", [](Host& host) { return code(host.registry().erase("SYSTEM\\X", "v", soon())); }},
        {"query", "FROM X", [](Host& host) { return code(host.cim().query(kCimv2, cim::wql::all("X"), soon())); }},
    };
    for (const Case& one : cases) {
        YesHost inner;
        const auto script =
            *FaultScript::parse(std::string(R"({"faults": [{"call": ")") + one.call + R"(", "target_contains": ")" +
                                one.target + R"(", "error": {"code": "test.fault"}}]})");
        FaultyHost host(inner, script);
        EXPECT_EQ(one.make(host), "test.fault") << one.call;
        EXPECT_EQ(inner.reached, 0) << one.call;
        EXPECT_EQ(one.make(host), "") << one.call << " goes through the second time";
        EXPECT_EQ(inner.reached + static_cast<int>(inner.session.calls.size()), 1) << one.call;
    }
}

TEST(FaultyHost, AllPortsCountInOneScript) {
    YesHost inner;
    FaultyHost host(inner, *FaultScript::parse(R"({"faults": [{"nth": 3, "lost": "before"}]})"));
    EXPECT_TRUE(host.devices().disable("PCI\\X", soon()));
    EXPECT_TRUE(host.registry().read({"X"}, soon()));
    EXPECT_FALSE(host.cim().query(kCimv2, cim::wql::all("X"), soon()));
    EXPECT_EQ(host.uri(), "yes:");
    EXPECT_TRUE(host.elevated());
    EXPECT_EQ(&host.files(), &inner.files());
}

} // namespace
} // namespace exhyperv::host
