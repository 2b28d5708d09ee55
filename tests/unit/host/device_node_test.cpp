#include "host/devices.h"

#include <gtest/gtest.h>

namespace exhyperv::host {
namespace {

TEST(DeviceNode, FindsAPropertyByItsWholeKey) {
    const PropertyKey location{"A45C254E-DF1C-4EFD-8020-67D146A850E0", 37},
        other{"A45C254E-DF1C-4EFD-8020-67D146A850E0", 2};
    DeviceNode node;
    node.properties.push_back({location, std::vector<std::string>{"PCIROOT(0)#PCI(0100)#PCI(0000)"}});
    ASSERT_NE(node.property(location), nullptr);
    EXPECT_EQ(std::get<std::vector<std::string>>(*node.property(location)).size(), 1u);
    EXPECT_EQ(node.property(other), nullptr) << "missing means unknown";
}

} // namespace
} // namespace exhyperv::host
