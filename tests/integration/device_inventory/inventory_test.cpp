#include "simulated.h"
#include "text/catalogue.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace exhyperv::assign {
namespace {

using model::PlaceKind;

class Workstation : public ::testing::Test {
  protected:
    void SetUp() override {
        host_ = simulated("workstation");
        inventory_ = must(list_device_inventory(*host_, in_time()));
    }
    const DeviceEntry& at(const std::string& address) const { return entry(inventory_, address); }
    std::unique_ptr<host::Host> host_;
    DeviceInventory inventory_;
};

class Server : public Workstation {
  protected:
    void SetUp() override {
        host_ = simulated("server2025");
        inventory_ = must(list_device_inventory(*host_, in_time()));
    }
};

TEST_F(Workstation, CardHasItsDriverMemoryCompanionAndCompatibility) {
    const auto& card = at("01:00.0");
    EXPECT_EQ(card.device.name, "NVIDIA GeForce RTX 4070");
    EXPECT_EQ(card.verdict, Assignability::yes);
    EXPECT_EQ(card.driver_version, "32.0.15.6094");
    EXPECT_TRUE(card.driver_inf.ends_with(".inf"));
    EXPECT_EQ(card.mmio_bytes(), (16ull + 16384 + 32) << 20);
    EXPECT_EQ(std::count_if(card.device.bars.begin(), card.device.bars.end(), [](auto& bar) { return bar.above_4g; }),
              2);
    ASSERT_EQ(card.companions.size(), 1u);
    EXPECT_EQ(inventory_.find(card.companions[0])->device.name, "High Definition Audio Controller");
    ASSERT_TRUE(card.compatibility);
    EXPECT_EQ(card.capabilities.function_level_reset, true);
    EXPECT_FALSE(card.is_last_display) << "the processor has one too";
}

TEST_F(Workstation, EveryReasonIsGiven) {
    EXPECT_EQ(finding(at("00:02.0"), "device.reserved_memory"), "fail reserved");
    EXPECT_EQ(finding(at("00:02.0"), "device.gpu_partitions"), "fail in_use");
    EXPECT_EQ(finding(at("02:00.0"), "device.disks"), "fail system");
    EXPECT_EQ(finding(at("03:00.0"), "device.disks"), "warn data");
    EXPECT_EQ(finding(at("00:14.0"), "device.input"), "warn input");
    EXPECT_EQ(finding(at("04:00.0"), "device.connection"), "warn gateway");
    EXPECT_EQ(finding(at("06:00.0"), "device.connection"), "pass unused");
    EXPECT_EQ(finding(at("08:00.0"), "device.acs"), "fail missing");
    EXPECT_EQ(finding(at("07:00.0"), "device.interrupts"), "fail line");
    EXPECT_EQ(finding(at("09:01.0"), "device.type"), "fail conventional");
    EXPECT_EQ(finding(at("0a:00.0"), "device.enabled"), "unknown disabled");
    EXPECT_EQ(at("0a:00.0").device.place.kind, PlaceKind::host_disabled);
    EXPECT_EQ(at("03:00.0").verdict, Assignability::warning);
    EXPECT_EQ(at("06:00.0").verdict, Assignability::yes);
    EXPECT_EQ(at("0a:00.0").verdict, Assignability::unknown);
    EXPECT_EQ(at("00:01.0").verdict, Assignability::no);
    EXPECT_TRUE(at("00:01.0").is_bridge);
}

TEST_F(Workstation, ControllerCarriesWhatHangsOnIt) {
    const auto& keyboard_side = at("00:14.0");
    const auto has = [](const DeviceEntry& entry, ChildKind kind) {
        return std::any_of(entry.children.begin(), entry.children.end(),
                           [&](auto& child) { return child.kind == kind; });
    };
    EXPECT_TRUE(has(keyboard_side, ChildKind::keyboard));
    EXPECT_TRUE(has(keyboard_side, ChildKind::mouse));
    EXPECT_TRUE(has(at("05:00.0"), ChildKind::display));
    EXPECT_TRUE(has(at("03:00.0"), ChildKind::disk));
    EXPECT_EQ(find_device(inventory_, "HID Keyboard Device").error().code, "device.is_child");
    EXPECT_EQ(*find_device(inventory_, "WD_BLACK").error().arg("id"), at("03:00.0").device.pure_id);
}

TEST_F(Workstation, ClientEditionIsSaidOnceForTheHost) {
    ASSERT_EQ(inventory_.host_checks.size(), 2u);
    EXPECT_EQ(inventory_.host_checks[0].id, "device.host.edition");
    EXPECT_EQ(inventory_.host_checks[0].verdict, Verdict::fail);
    EXPECT_EQ(inventory_.host_checks[1].verdict, Verdict::pass);
}

TEST_F(Server, FunctionsAreInEveryPlace) {
    const auto place = [&](const char* address) { return at(address).device.place.kind; };
    EXPECT_EQ(place("91:00.0"), PlaceKind::host);
    EXPECT_EQ(place("82:00.0"), PlaceKind::host_disabled);
    EXPECT_EQ(place("81:00.0"), PlaceKind::dismounted);
    const auto& assigned = entry(inventory_, "VEN_8086&DEV_1572&SUBSYS_00088086&REV_02\\4&98A2C1&0&0108");
    EXPECT_EQ(assigned.device.place.kind, PlaceKind::vm);
    EXPECT_EQ(inventory_.vm_name(assigned.device.place.vm_id), "router");
    EXPECT_EQ(finding(assigned, "device.place"), "pass vm");
    const auto& gone = entry(inventory_, "GTX 1070");
    EXPECT_EQ(gone.device.place.kind, PlaceKind::stale_reference);
    EXPECT_EQ(finding(gone, "device.present"), "fail gone");
    EXPECT_EQ(gone.verdict, Assignability::no);
}

TEST_F(Server, RememberedTwinIsNoDismountedDevice) {
    const auto& nic = entry(inventory_, "ConnectX-4");
    EXPECT_EQ(nic.device.place.kind, PlaceKind::host) << "its PCIP\\ node is a phantom of an earlier assignment";
    EXPECT_EQ(nic.verdict, Assignability::yes);
}

TEST_F(Server, WhatTheHostDoesNotTellIsUnknown) {
    const auto& fpga = entry(inventory_, "VEN_10EE");
    EXPECT_EQ(fpga.verdict, Assignability::unknown);
    EXPECT_EQ(finding(fpga, "device.acs"), "unknown unknown");
    EXPECT_EQ(finding(fpga, "device.type"), "unknown unknown");
    EXPECT_EQ(finding(fpga, "device.reserved_memory"), "unknown unknown");
    EXPECT_EQ(finding(fpga, "device.problem"), "warn problem");
    EXPECT_EQ(finding(entry(inventory_, "Realtek"), "device.type"), "fail firmware");
}

TEST_F(Server, VirtualSwitchIsAConnectionToo) {
    EXPECT_EQ(
        finding(entry(inventory_, "VEN_8086&DEV_1572&SUBSYS_00088086&REV_02\\4&98A2C1&0&0008"), "device.connection"),
        "warn switch");
    EXPECT_EQ(finding(entry(inventory_, "I210"), "device.connection"), "warn gateway");
}

TEST(DeviceInventory, IsReadOnEveryBuild) {
    for (const char* build : {"14393", "17763", "19041", "20348", "22000", "22621", "26100", "28000"}) {
        const auto host = simulated(std::string("server2025?build=") + build);
        const auto inventory = list_device_inventory(*host, in_time());
        ASSERT_TRUE(inventory) << build << ": " << describe(inventory.error());
        EXPECT_GT(inventory->devices.size(), 15u) << build;
    }
}

TEST(DeviceInventory, IsReadInEveryScenario) {
    for (const char* name : {"workstation", "server2025", "laptop", "chinese", "large?vms=5&devices=200"}) {
        const auto host = simulated(name);
        const auto inventory = must(list_device_inventory(*host, in_time()));
        for (const auto& one : inventory.devices) {
            EXPECT_FALSE(one.evidence.empty()) << name << " " << one.device.name;
            EXPECT_EQ(&entry(inventory, one.device.pure_id), &one) << "a pure id names one function";
            for (const auto& check : one.evidence)
                for (const auto language : {text::Language::en, text::Language::zh_hans}) {
                    EXPECT_TRUE(text::find_text("check." + check.id, language)) << check.id;
                    EXPECT_TRUE(text::find_text(check.evidence.key, language)) << check.evidence.key;
                    EXPECT_TRUE(check.remedy.key.empty() || text::find_text(check.remedy.key, language))
                        << check.remedy.key;
                }
            for (const auto& companion : one.companions)
                EXPECT_NE(inventory.find(companion), nullptr);
        }
    }
}

} // namespace
} // namespace exhyperv::assign
