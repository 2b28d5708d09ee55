#include "guest/block/vhdx_parent_locator.h"

#include "guest/block/image_file.h"
#include "guest/block/parent_paths.h"
#include "guest/block/vhdx_layout.h"
#include "support/strings.h"
#include "support/utf.h"

#include <optional>

namespace exhyperv::guest::vhdx {

namespace {

constexpr const char* kVhdxLocator = "B04AEFB7-D19E-4A81-B789-25B8E9445913";
constexpr std::size_t kHeader = 20, kEntry = 12;

std::optional<std::string> text_at(std::span<const std::byte> item, std::uint32_t offset, std::uint16_t length) {
    if (offset == 0 || length == 0 || length % 2 != 0 || !within(offset, length, item.size())) return std::nullopt;
    auto text = from_utf16le_bytes(item.subspan(offset, length));
    if (!text) return std::nullopt;
    return std::move(*text);
}

} // namespace

Result<ParentLocator> parse_parent_locator(std::span<const std::byte> item, const std::string& image_path) {
    if (item.size() < kHeader) return fail_corrupt(image_path, "parent locator: length");
    if (Guid::from_windows(as_u8(item.data())) != guid(kVhdxLocator))
        return fail_unsupported(image_path, "parent locator type " + Guid::from_windows(as_u8(item.data())).str());
    const auto count = load_le<std::uint16_t>(item.data() + 18);
    if (!within(kHeader, std::uint64_t{count} * kEntry, item.size()))
        return fail_corrupt(image_path, "parent locator: number of entries");

    ParentLocator locator;
    for (std::size_t i = 0; i < count; ++i) {
        const auto* entry = item.data() + kHeader + i * kEntry;
        const auto key = text_at(item, load_le<std::uint32_t>(entry), load_le<std::uint16_t>(entry + 8));
        const auto value = text_at(item, load_le<std::uint32_t>(entry + 4), load_le<std::uint16_t>(entry + 10));
        if (!key || !value) return fail_corrupt(image_path, "parent locator: entry " + std::to_string(i));
        if (iequals(*key, "parent_linkage") || iequals(*key, "parent_linkage2")) {
            const auto linkage = Guid::parse(*value);
            if (!linkage) return fail_corrupt(image_path, "parent locator: " + *key);
            locator.linkage.push_back(*linkage);
        }
        if (iequals(*key, "relative_path")) locator.relative_path = *value;
        if (iequals(*key, "absolute_win32_path")) locator.absolute_win32_path = *value;
        if (iequals(*key, "volume_path")) locator.volume_path = *value;
    }
    if (locator.linkage.empty()) return fail_corrupt(image_path, "parent locator: no parent_linkage");
    return locator;
}

Bytes serialize_parent_locator(const ParentLocator& locator) {
    std::vector<std::pair<std::string, std::string>> entries;
    if (!locator.linkage.empty())
        entries.emplace_back("parent_linkage", "{" + ascii_lower(locator.linkage.front().str()) + "}");
    const auto add = [&](const char* key, const std::string& value) {
        if (!value.empty()) entries.emplace_back(key, value);
    };
    add("relative_path", locator.relative_path);
    add("absolute_win32_path", locator.absolute_win32_path);
    add("volume_path", locator.volume_path);

    Bytes item(kHeader + entries.size() * kEntry);
    guid(kVhdxLocator).to_windows(as_u8(item.data()));
    store_le<std::uint16_t>(item.data() + 18, static_cast<std::uint16_t>(entries.size()));
    for (std::size_t i = 0; i < entries.size(); ++i) {
        std::size_t field = kHeader + i * kEntry, length_field = field + 8;
        for (const auto& text : {entries[i].first, entries[i].second}) {
            const auto units = to_utf16le_bytes(text);
            store_le<std::uint32_t>(item.data() + field, static_cast<std::uint32_t>(item.size()));
            store_le<std::uint16_t>(item.data() + length_field, static_cast<std::uint16_t>(units.size()));
            item.insert(item.end(), units.begin(), units.end());
            field += 4;
            length_field += 2;
        }
    }
    return item;
}

ParentLocator locate_parent(const std::string& child_path, const std::string& parent_path,
                            const Guid& parent_data_write) {
    return {.linkage = {parent_data_write},
            .relative_path = relative_windows_path(child_path, parent_path),
            .absolute_win32_path = absolute_windows_path(parent_path),
            .volume_path = {}};
}

std::vector<std::string> parent_candidates(const ParentLocator& locator, const std::string& child_path) {
    std::vector<std::string> candidates;
    if (!locator.relative_path.empty())
        candidates.push_back(from_relative_windows_path(locator.relative_path, child_path));
    for (const auto& path : {locator.absolute_win32_path, locator.volume_path})
        if (auto here = from_absolute_windows_path(path)) candidates.push_back(std::move(*here));
    return candidates;
}

} // namespace exhyperv::guest::vhdx
