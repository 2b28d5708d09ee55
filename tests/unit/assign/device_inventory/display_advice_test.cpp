#include "assign/device/display_advice.h"
#include "assign/device/survey.h"
#include "sample.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace exhyperv::assign {
namespace {

DeviceEntry usb_controller(Assignability verdict, bool with_adapter) {
    auto entry = sample_entry("VEN_1912&DEV_0014\\4&5", "Renesas USB 3.0");
    entry.device.device_class = "USB";
    entry.is_display = false;
    entry.verdict = verdict;
    if (with_adapter) {
        entry.children = {sample_child(ChildKind::hub, "hub"), sample_child(ChildKind::display, "DL-6950"),
                          sample_child(ChildKind::display, "DL-6950 interface"),
                          sample_child(ChildKind::keyboard, "keyboard")};
        entry.children[1].usb_display = entry.children[2].usb_display = true;
        entry.children[1].instance_path = "USB\\VID_17E9&PID_6006\\1";
        entry.children[2].instance_path = "USB\\VID_17E9&PID_6006&MI_00\\2";
    }
    return entry;
}

DeviceInventory server_with(DeviceEntry entry) {
    DeviceInventory inventory;
    inventory.facts.product_type = model::ProductType::server;
    inventory.facts.iov_support = true;
    inventory.host_checks = check_device_host(inventory.facts);
    inventory.devices.push_back(std::move(entry));
    return inventory;
}

model::Vm sample_vm() {
    model::Vm vm;
    vm.id = Guid::from_name("vm");
    vm.name = "win11";
    return vm;
}

const DisplayWay& way(const DisplayAdvice& advice, std::string_view id) {
    return *std::find_if(advice.ways.begin(), advice.ways.end(), [&](const DisplayWay& one) { return one.id == id; });
}

bool notes(const DisplayWay& way, std::string_view key) {
    return std::any_of(way.notes.begin(), way.notes.end(), [&](const Message& note) { return note.key == key; });
}

TEST(DisplayAdvice, FindsAnAdapterOnceAndTheControllerItHangsOn) {
    const auto advice = advise_display(server_with(usb_controller(Assignability::yes, true)), sample_vm(), true);
    ASSERT_EQ(advice.adapters.size(), 1u) << "interfaces of a composite device are no adapters of their own";
    EXPECT_EQ(advice.adapters[0].controller, "VEN_1912&DEV_0014\\4&5");
    EXPECT_EQ(advice.adapters[0].goes_along, std::vector<std::string>{"keyboard"});
    EXPECT_EQ(way(advice, "usb").verdict, Verdict::warn) << "something is to be done first";
    EXPECT_TRUE(notes(way(advice, "usb"), "display.usb.found"));
    EXPECT_EQ(way(advice, "remote").verdict, Verdict::pass);
}

TEST(DisplayAdvice, SaysWhyTheUsbWayIsClosed) {
    auto advice = advise_display(server_with(usb_controller(Assignability::yes, false)), sample_vm(), true);
    EXPECT_EQ(way(advice, "usb").verdict, Verdict::fail);
    EXPECT_TRUE(notes(way(advice, "usb"), "display.usb.none"));
    advice = advise_display(server_with(usb_controller(Assignability::no, true)), sample_vm(), true);
    EXPECT_EQ(way(advice, "usb").verdict, Verdict::fail);
    EXPECT_TRUE(notes(way(advice, "usb"), "display.usb.not_assignable"));
    auto client = server_with(usb_controller(Assignability::yes, true));
    client.facts.product_type = model::ProductType::workstation;
    client.host_checks = check_device_host(client.facts);
    advice = advise_display(client, sample_vm(), true);
    EXPECT_EQ(way(advice, "usb").verdict, Verdict::fail) << "the VM would not start";
    EXPECT_TRUE(notes(way(advice, "usb"), "check.device.host.edition.client"));
}

TEST(DisplayAdvice, SeesAControllerThatTheVmHasAlready) {
    auto entry = usb_controller(Assignability::yes, false);
    entry.device.place = {model::PlaceKind::vm, sample_vm().id};
    const auto advice = advise_display(server_with(entry), sample_vm(), true);
    EXPECT_EQ(way(advice, "usb").verdict, Verdict::pass);
    EXPECT_TRUE(notes(way(advice, "usb"), "display.usb.held"));
}

TEST(DisplayAdvice, PutsThePartitionFirst) {
    auto vm = sample_vm();
    vm.guest_build = 16299;
    const auto advice = advise_display(server_with(usb_controller(Assignability::yes, true)), vm, false);
    EXPECT_EQ(way(advice, "remote").verdict, Verdict::warn);
    EXPECT_TRUE(notes(way(advice, "remote"), "display.no_partition"));
    EXPECT_EQ(way(advice, "indirect").verdict, Verdict::fail);
    EXPECT_TRUE(notes(way(advice, "indirect"), "display.guest_too_old"));
}

} // namespace
} // namespace exhyperv::assign
