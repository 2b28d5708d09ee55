#include "fake_config_manager.h"
#include "support/utf.h"
#include "transport/wmi_com/ports/device_property.h"
#include "transport/wmi_com/ports/long_path.h"
#include "transport/wmi_com/ports/resource_descriptor.h"
#include "transport/wmi_com/ports/wide_lists.h"

#include <gtest/gtest.h>

namespace exhyperv::wmi_com {
namespace {

using Value = host::PropertyValue;

TEST(PropertyBufferTest, widens_numbers_and_keeps_their_sign) {
    EXPECT_EQ(decode_property(devprop::uint8, bytes_of(200, 1)), Value(std::uint64_t{200}));
    EXPECT_EQ(decode_property(devprop::uint32, bytes_of(0xFFFFFFFF, 4)), Value(std::uint64_t{0xFFFFFFFF}));
    EXPECT_EQ(decode_property(devprop::int32, bytes_of(0xFFFFFFFE, 4)), Value(~std::uint64_t{1}));
    EXPECT_EQ(decode_property(devprop::uint64, bytes_of(1ull << 40, 8)), Value(std::uint64_t{1} << 40));
}

TEST(PropertyBufferTest, reads_booleans_guids_days_and_texts) {
    EXPECT_EQ(decode_property(devprop::boolean, bytes_of(0xFF, 1)), Value(true));
    EXPECT_EQ(decode_property(devprop::boolean, bytes_of(0, 1)), Value(false));
    const std::uint8_t guid[] = {0x68, 0xE9, 0x36, 0x4D, 0x25, 0xE3, 0xCE, 0x11,
                                 0xBF, 0xC1, 0x08, 0x00, 0x2B, 0xE1, 0x03, 0x18};
    EXPECT_EQ(decode_property(devprop::guid, std::as_bytes(std::span(guid))),
              Value(std::string("{4d36e968-e325-11ce-bfc1-08002be10318}")));
    EXPECT_EQ(decode_property(devprop::filetime, bytes_of(133'680'672'000'000'000, 8)),
              Value(std::string("2024-08-14")));
    EXPECT_EQ(decode_property(devprop::text, to_utf16le_bytes(std::string_view("显卡\0x", 8))),
              Value(std::string("显卡")));
    EXPECT_EQ(decode_property(devprop::text_list, to_utf16le_bytes(std::string_view("a\0b\0\0c", 6))),
              Value(std::vector<std::string>{"a", "b"}));
}

TEST(PropertyBufferTest, counts_what_does_not_fit_its_type_as_unknown) {
    EXPECT_EQ(decode_property(devprop::uint32, bytes_of(1, 3)), std::nullopt);
    EXPECT_EQ(decode_property(devprop::boolean, bytes_of(1, 4)), std::nullopt);
    EXPECT_EQ(decode_property(devprop::guid, bytes_of(1, 8)), std::nullopt);
    EXPECT_EQ(decode_property(devprop::filetime, bytes_of(~0ull, 8)), std::nullopt);
    EXPECT_EQ(decode_property(0x1003, bytes_of(1, 8)), std::nullopt);
    EXPECT_EQ(decode_property(0, {}), std::nullopt);
}

TEST(ResourceDescriptorTest, ignores_short_data_and_ranges_that_run_backwards) {
    host::DeviceResources resources;
    EXPECT_FALSE(add_resource(res_type::memory, bytes_of(0, 8), resources));
    EXPECT_FALSE(add_resource(res_type::interrupt, bytes_of(0, 8), resources));
    EXPECT_FALSE(add_resource(res_type::memory, memory_range(2, 1).bytes, resources));
    EXPECT_FALSE(add_resource(2, memory_range(1, 2).bytes, resources));
    EXPECT_TRUE(resources.memory.empty() && resources.interrupts.empty());
    EXPECT_TRUE(add_resource(res_type::large_memory, memory_range(1, 1).bytes, resources));
    EXPECT_TRUE(add_resource(res_type::interrupt, interrupt_line(17).bytes, resources));
    EXPECT_EQ(resources.interrupts, (std::vector<std::int64_t>{17}));
}

TEST(WideListTest, stops_at_the_end_of_the_list_and_survives_a_missing_one) {
    EXPECT_EQ(texts_of_list(std::u16string_view(u"a\0bc\0\0d\0", 8)), (std::vector<std::string>{"a", "bc"}));
    EXPECT_EQ(texts_of_list(std::u16string_view(u"a\0bc", 4)), (std::vector<std::string>{"a", "bc"}));
    EXPECT_TRUE(texts_of_list({}).empty());
    EXPECT_EQ(wide_of_bytes(bytes_of(0x410042, 3)), u"B");
}

TEST(LongPathTest, gives_absolute_paths_their_long_form) {
    EXPECT_EQ(long_path("C:/Windows/System32/"), "\\\\?\\C:\\Windows\\System32");
    EXPECT_EQ(long_path("C:\\"), "\\\\?\\C:\\");
    EXPECT_EQ(long_path("\\\\server\\share\\a"), "\\\\?\\UNC\\server\\share\\a");
    EXPECT_EQ(long_path("\\\\?\\C:\\a"), "\\\\?\\C:\\a");
    EXPECT_EQ(long_path("\\\\.\\PhysicalDrive0"), "\\\\.\\PhysicalDrive0");
    EXPECT_EQ(long_path("a\\b"), "a\\b");
    EXPECT_EQ(parent_of("C:\\x\\y.inf"), "C:\\x");
    EXPECT_EQ(parent_of("y.inf"), "");
}

} // namespace
} // namespace exhyperv::wmi_com
