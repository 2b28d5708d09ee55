#include "transport/sim/material/spec_json.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace exhyperv::sim {
namespace {

using nlohmann::json;

TEST(SpecJson, PackageSpecsComeBackAsTheyWere) {
    PackageSpec spec;
    spec.vendor = DriverVendor::amd;
    spec.version = "32.0.1.2";
    spec.date = "2025-01-02";
    spec.device_name = "Card";
    spec.vram_bytes = 1ull << 34;
    spec.size = PackageSize::full;
    spec.seed = 77;
    auto back = package_spec_from_json(to_json(spec), "");
    ASSERT_TRUE(back) << describe(back.error());
    EXPECT_EQ(*back, spec);
    EXPECT_EQ(to_json(PackageSpec{}), json::parse(R"({"vendor": "nvidia"})"));
}

TEST(SpecJson, GuestSpecsComeBackAsTheyWere) {
    GuestSpec spec;
    spec.format = guest::ImageFormat::vhdx_fixed;
    spec.size_gib = 64;
    spec.content = GuestContent::two_windows;
    spec.mbr = true;
    spec.recovery = true;
    spec.build = 16299;
    spec.server = true;
    spec.architecture = guest::Architecture::arm64;
    spec.files = 0;
    spec.free_mib = 12;
    spec.conditions = {GuestCondition::bitlocker, GuestCondition::truncated};
    auto back = guest_spec_from_json(to_json(spec), "");
    ASSERT_TRUE(back) << describe(back.error());
    EXPECT_EQ(*back, spec);
    EXPECT_EQ(to_json(GuestSpec{}), json::object());
}

struct Bad {
    const char* text;
    const char* code;
    const char* field;
};

TEST(SpecJson, EveryGuestErrorNamesItsField) {
    for (const Bad& bad :
         {Bad{R"({"colour": 1})", "material.unknown_field", "/vms/2/disk/colour"},
          Bad{R"({"size_gib": "20"})", "material.wrong_type", "/vms/2/disk/size_gib"},
          Bad{R"({"size_gib": 20.5})", "material.wrong_type", "/vms/2/disk/size_gib"},
          Bad{R"({"size_gib": 0})", "material.bad_value", "/vms/2/disk/size_gib"},
          Bad{R"({"size_gib": -1})", "material.bad_value", "/vms/2/disk/size_gib"},
          Bad{R"({"files": 20001})", "material.bad_value", "/vms/2/disk/files"},
          Bad{R"({"format": "vhd"})", "material.bad_value", "/vms/2/disk/format"},
          Bad{R"({"format": 3})", "material.wrong_type", "/vms/2/disk/format"},
          Bad{R"({"format": "vhdx_differencing"})", "material.missing_field", "/vms/2/disk/parent"},
          Bad{R"({"parent": "x.vhdx"})", "material.bad_value", "/vms/2/disk/parent"},
          Bad{R"({"server": 1})", "material.wrong_type", "/vms/2/disk/server"},
          Bad{R"({"conditions": "bitlocker"})", "material.wrong_type", "/vms/2/disk/conditions"},
          Bad{R"({"conditions": ["bitlocker", "wet"]})", "material.bad_value", "/vms/2/disk/conditions/1"},
          Bad{R"({"a/b~c": 1})", "material.unknown_field", "/vms/2/disk/a~1b~0c"},
          Bad{R"([])", "material.wrong_type", "/vms/2/disk"}}) {
        auto spec = guest_spec_from_json(json::parse(bad.text), "/vms/2/disk");
        ASSERT_FALSE(spec) << bad.text;
        EXPECT_EQ(spec.error().code, bad.code) << bad.text;
        ASSERT_NE(spec.error().arg("field"), nullptr);
        EXPECT_EQ(*spec.error().arg("field"), bad.field) << bad.text;
    }
}

TEST(SpecJson, EveryPackageErrorNamesItsField) {
    for (const Bad& bad : {Bad{R"({})", "material.missing_field", "/gpus/0/driver/vendor"},
                           Bad{R"({"vendor": "voodoo"})", "material.bad_value", "/gpus/0/driver/vendor"},
                           Bad{R"({"vendor": "amd", "size": "huge"})", "material.bad_value", "/gpus/0/driver/size"},
                           Bad{R"({"vendor": "amd", "seed": "x"})", "material.wrong_type", "/gpus/0/driver/seed"},
                           Bad{R"({"vendor": "amd", "seeds": 1})", "material.unknown_field", "/gpus/0/driver/seeds"}}) {
        auto spec = package_spec_from_json(json::parse(bad.text), "/gpus/0/driver");
        ASSERT_FALSE(spec) << bad.text;
        EXPECT_EQ(spec.error().code, bad.code) << bad.text;
        EXPECT_EQ(*spec.error().arg("field"), bad.field) << bad.text;
    }
}

} // namespace
} // namespace exhyperv::sim
