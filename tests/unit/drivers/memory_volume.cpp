#include "memory_volume.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace exhyperv::drivers::test {

namespace {

std::string clean(std::string path) {
    std::ranges::replace(path, '/', '\\');
    while (path.starts_with('\\'))
        path.erase(0, 1);
    while (path.ends_with('\\'))
        path.pop_back();
    return path;
}
std::string parent_of(const std::string& path) {
    const auto cut = path.rfind('\\');
    return cut == std::string::npos ? std::string() : path.substr(0, cut);
}
std::string leaf_of(const std::string& path) {
    return path.substr(path.rfind('\\') + 1);
}

} // namespace

MemoryVolume::MemoryVolume() {
    nodes_[""].info.directory = true;
    for (const char* path : {"Windows\\System32\\config", "Windows\\SysWOW64"})
        (void)make_directories(path);
    changes = 0;
}

Result<MemoryVolume::Node*> MemoryVolume::existing(const std::string& raw) {
    const auto path = clean(raw);
    const auto found = nodes_.find(path);
    if (found == nodes_.end()) return fail("guest.not_found", {{"path", path}});
    return &found->second;
}

Result<std::optional<guest::FileInfo>> MemoryVolume::stat(const std::string& raw) {
    const auto found = nodes_.find(clean(raw));
    return found == nodes_.end() ? std::optional<guest::FileInfo>() : std::optional(found->second.info);
}

Result<std::vector<guest::FileInfo>> MemoryVolume::list(const std::string& raw) {
    const auto directory = clean(raw);
    TRY_ASSIGN(const auto* node, existing(directory));
    if (!node->info.directory || node->info.reparse_tag != 0)
        return fail("guest.not_a_directory", {{"path", directory}});
    std::vector<guest::FileInfo> out;
    for (const auto& [path, entry] : nodes_)
        if (!path.empty() && iequals(parent_of(path), directory)) out.push_back(entry.info);
    return out;
}

Result<std::vector<std::byte>> MemoryVolume::read_file(const std::string& path, std::uint64_t limit) {
    TRY_ASSIGN(const auto* node, existing(path));
    if (node->info.directory) return fail("guest.is_a_directory", {{"path", path}});
    if (node->info.reparse_tag != 0) return fail("guest.special_file", {{"path", path}});
    if (node->data.size() > limit) return fail("guest.too_large", {{"path", path}});
    return node->data;
}

Result<> MemoryVolume::read_file(const std::string& path,
                                 const std::function<Result<>(std::span<const std::byte>)>& sink) {
    TRY_ASSIGN(const auto data, read_file(path, ~0ull));
    return sink(data);
}

Result<> MemoryVolume::write_new(const std::string& raw, const guest::NewFile& file, const guest::ByteSource& source) {
    const auto path = clean(raw);
    TRY_ASSIGN(const auto* parent, existing(parent_of(path)));
    if (!parent->info.directory || parent->info.reparse_tag != 0)
        return fail("guest.not_a_directory", {{"path", path}});
    if (nodes_.contains(path)) return fail("guest.exists", {{"path", path}});
    if (refuse_writes.contains(path)) return fail("guest.no_space", {{"path", path}});
    ++changes;
    auto& node = nodes_[path];
    node.info = {leaf_of(path), false, file.size, file.attributes, file.modified, 0, {}};
    std::array<std::byte, 70'000> buffer; // an odd size, so that reads end in the middle of the reader's buffers
    for (;;) {
        TRY_ASSIGN(const auto count, source(buffer));
        if (count == 0) break;
        node.data.insert(node.data.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(count));
    }
    if (node.data.size() != file.size) return fail("guest.io", {{"path", path}});
    return {};
}

/// As the product's volume: a source that fails leaves the old file.
Result<> MemoryVolume::replace(const std::string& path, const guest::NewFile& file, const guest::ByteSource& source) {
    TRY_ASSIGN(const auto* node, existing(path));
    auto kept = file;
    kept.attributes = node->info.attributes;
    const auto temporary = clean(path) + "~";
    if (auto written = write_new(temporary, kept, source); !written) {
        nodes_.erase(temporary);
        return written;
    }
    TRY(remove(path));
    return rename(temporary, path);
}

Result<> MemoryVolume::make_directories(const std::string& raw) {
    const auto path = clean(raw);
    if (const auto found = nodes_.find(path); found != nodes_.end())
        return found->second.info.directory && found->second.info.reparse_tag == 0
                   ? Result<>()
                   : fail("guest.not_a_directory", {{"path", path}});
    TRY(make_directories(parent_of(path)));
    ++changes;
    nodes_[path].info = {leaf_of(path), true, 0, guest::kDirectory, 0, 0, {}};
    return {};
}

Result<> MemoryVolume::set_attributes(const std::string& path, std::uint32_t attributes) {
    TRY_ASSIGN(auto* node, existing(path));
    ++changes;
    node->info.attributes = attributes;
    return {};
}

Result<> MemoryVolume::set_modified(const std::string& path, std::uint64_t filetime) {
    TRY_ASSIGN(auto* node, existing(path));
    ++changes;
    node->info.modified = filetime;
    return {};
}

Result<> MemoryVolume::make_symlink(const std::string& raw, const std::string& target, bool directory) {
    const auto path = clean(raw);
    TRY(existing(parent_of(path)));
    if (nodes_.contains(path)) return fail("guest.exists", {{"path", path}});
    ++changes;
    nodes_[path].info = {leaf_of(path), directory, 0, guest::kReparsePoint, 0, 0xA000000C, target};
    return {};
}

Result<> MemoryVolume::make_junction(const std::string& raw, const std::string& target) {
    TRY(make_symlink(raw, target, true));
    nodes_[clean(raw)].info.reparse_tag = 0xA0000003;
    return {};
}

Result<> MemoryVolume::rename(const std::string& from_raw, const std::string& to_raw) {
    const auto from = clean(from_raw), to = clean(to_raw);
    TRY(existing(from));
    if (nodes_.contains(to)) return fail("guest.exists", {{"path", to}});
    ++changes;
    auto node = nodes_.extract(from);
    node.key() = to;
    node.mapped().info.name = leaf_of(to);
    nodes_.insert(std::move(node));
    return {};
}

Result<> MemoryVolume::rename_tree(const std::string& from_raw, const std::string& to_raw) {
    const auto from = clean(from_raw), to = clean(to_raw);
    TRY(rename(from, to));
    std::vector<std::string> below;
    for (const auto& [path, node] : nodes_)
        if (istarts_with(path, from + "\\")) below.push_back(path);
    for (const auto& path : below)
        TRY(rename(path, to + path.substr(from.size())));
    return {};
}

Result<> MemoryVolume::remove(const std::string& raw) {
    const auto path = clean(raw);
    TRY_ASSIGN(const auto* node, existing(path));
    if (node->info.directory && node->info.reparse_tag == 0) {
        TRY_ASSIGN(const auto children, list(path));
        if (!children.empty()) return fail("guest.directory_not_empty", {{"path", path}});
    }
    ++changes;
    nodes_.erase(path);
    return {};
}

Result<> MemoryVolume::remove_tree(const std::string& raw) {
    const auto path = clean(raw);
    TRY(existing(path));
    ++changes;
    std::erase_if(nodes_, [&](const auto& entry) {
        return iequals(entry.first, path) || istarts_with(entry.first, path + "\\");
    });
    return {};
}

void MemoryVolume::add(const std::string& path, std::string_view content, std::uint32_t attributes,
                       std::uint64_t modified) {
    (void)make_directories(parent_of(path));
    auto& node = nodes_[path];
    node.info = {leaf_of(path), false, content.size(), attributes, modified, 0, {}};
    const auto bytes = std::as_bytes(std::span(content.data(), content.size()));
    node.data.assign(bytes.begin(), bytes.end());
}

std::string MemoryVolume::text(const std::string& path) const {
    const auto found = nodes_.find(path);
    if (found == nodes_.end()) return "(missing)";
    return {reinterpret_cast<const char*>(found->second.data.data()), found->second.data.size()};
}

std::vector<std::string> MemoryVolume::listing() const {
    std::vector<std::string> out;
    for (const auto& [path, node] : nodes_)
        out.push_back(fmt::format(
            "{} {:x} {} {} {:x} {} {}", path, node.info.attributes, node.info.size, node.info.modified,
            node.info.reparse_tag, node.info.link_target,
            std::hash<std::string_view>{}({reinterpret_cast<const char*>(node.data.data()), node.data.size()})));
    return out;
}

MemoryDisk::MemoryDisk() {
    install.build = 22631;
    install.architecture = guest::Architecture::x64;
    install.current_control_set = 1;
    install.control_sets = {1, 2};
    auto hive = guest::Hive::open(guest::make_empty_hive("SYSTEM"));
    using Kind = guest::HiveEdit::Kind;
    for (const char* set : {"ControlSet001", "ControlSet002"}) {
        (void)hive->apply(
            {{Kind::create_key, std::string(set) + "\\Services", {}},
             {Kind::create_key, std::string(set) + "\\Control\\Class\\{4d36e968-e325-11ce-bfc1-08002be10318}", {}}});
    }
    const auto content = hive->content();
    memory.add("Windows\\System32\\config\\SYSTEM", {reinterpret_cast<const char*>(content->data()), content->size()});
}

Result<guest::Hive> MemoryDisk::read_hive(const std::string& name) {
    TRY_ASSIGN(auto bytes, memory.read_file("Windows\\System32\\config\\" + name, ~0ull));
    return guest::Hive::open(std::move(bytes));
}

Result<> MemoryDisk::write_hive(const std::string& name, const guest::Hive& hive) {
    TRY_ASSIGN(const auto bytes, hive.content());
    ++memory.changes;
    memory.add("Windows\\System32\\config\\" + name, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    return {};
}

std::vector<std::string> MemoryDisk::system_values(const std::string& key) {
    auto hive = read_hive("SYSTEM");
    std::vector<std::string> out = {key};
    for (const auto& value : hive->values(key).value_or(std::vector<guest::HiveValue>())) {
        std::string hex;
        for (auto byte : value.data)
            hex += fmt::format("{:02x}", std::to_integer<unsigned>(byte));
        out.push_back(fmt::format("{}\\{}={}:{}", key, value.name, value.type, hex));
    }
    for (const auto& name : hive->subkeys(key).value_or(std::vector<std::string>()))
        for (auto& line : system_values(key.empty() ? name : key + "\\" + name))
            out.push_back(std::move(line));
    std::ranges::sort(out);
    return out;
}

} // namespace exhyperv::drivers::test
