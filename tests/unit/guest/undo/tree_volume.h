#pragma once

#include "guest/ntfs/volume_path.h"
#include "guest/undo/undo_recovery.h"
#include "guest/undo/undo_volume.h"
#include "support/strings.h"

#include <map>
#include <memory>

namespace exhyperv::guest::test {

/// What is in a directory tree, by path_key.
struct TreeNode {
    std::string name;
    bool directory = false;
    std::vector<std::byte> data;
    std::uint32_t attributes = 0;
    std::uint64_t modified = 0;
    std::uint32_t tag = 0;
    std::string target, security;
    bool operator==(const TreeNode&) const = default;
};
using Tree = std::map<std::string, TreeNode>;

/// What outlives the program: the tree, what of it is durable, and the marker.
struct TreeDisk {
    Tree now, flushed;
    std::optional<Guid> marker;
};

/// A mounted file system in memory: changes happen at once. The program "is killed" when `steps` changes were made:
/// everything it tries afterwards fails. One that makes several changes can be killed between them.
class TreeVolume final : public PlainVolume {
  public:
    TreeVolume(TreeDisk& disk, std::shared_ptr<std::size_t> steps) : disk_(disk), steps_(std::move(steps)) {}

    Result<std::optional<FileInfo>> stat(const std::string& path) override {
        TRY_ASSIGN(const auto key, key_of(path));
        if (key.empty()) return FileInfo{.name = "", .directory = true, .link_target = {}};
        const auto found = disk_.now.find(key);
        if (found == disk_.now.end()) return std::nullopt;
        return info(found->second);
    }
    Result<std::vector<FileInfo>> list(const std::string& directory) override {
        TRY_ASSIGN(const auto key, key_of(directory));
        std::vector<FileInfo> out;
        for (const auto& [path, node] : disk_.now)
            if (parent_of(path) == key) out.push_back(info(node));
        return out;
    }
    Result<std::vector<std::byte>> read_file(const std::string& path, std::uint64_t) override {
        TRY_ASSIGN(const auto key, key_of(path));
        const auto found = disk_.now.find(key);
        if (found == disk_.now.end()) return fail("guest.not_found", {{"path", path}});
        return found->second.data;
    }
    Result<> read_file(const std::string& path,
                       const std::function<Result<>(std::span<const std::byte>)>& sink) override {
        TRY_ASSIGN(const auto data, read_file(path, 0));
        return sink(data);
    }

    Result<> write_new(const std::string& path, const NewFile& file, const ByteSource& source) override {
        TRY_ASSIGN(const auto key, new_key(path));
        TRY(step());
        auto& node = disk_.now[key];
        node = {.name = last_of(path),
                .data = {},
                .attributes = file.attributes,
                .modified = file.modified,
                .target = {},
                .security = "inherited"};
        std::vector<std::byte> data(file.size);
        std::size_t at = 0;
        while (at < data.size()) {
            TRY_ASSIGN(const auto got, source(std::span(data).subspan(at)));
            if (got == 0) return fail("guest.source_changed", {{"path", path}});
            at += got;
            TRY(step()); // half of it is on the disk
            disk_.now[key].data.assign(data.begin(), data.begin() + static_cast<std::ptrdiff_t>(at / 2));
        }
        TRY(step());
        disk_.now[key].data = std::move(data);
        return {};
    }
    Result<> replace(const std::string& path, const NewFile& file, const ByteSource& source) override {
        TRY_ASSIGN(const auto key, key_of(path));
        const auto old = disk_.now.at(key);
        TRY(remove(path));
        TRY(write_new(path, file, source));
        disk_.now.at(key).attributes = old.attributes;
        disk_.now.at(key).security = old.security;
        return {};
    }
    Result<> make_directories(const std::string& path) override {
        TRY_ASSIGN(const auto components, split_volume_path(path));
        std::vector<std::string> at;
        for (const auto& component : components) {
            at.push_back(component);
            const auto key = path_key(at);
            if (disk_.now.contains(key)) continue;
            TRY(step());
            disk_.now[key] = {.name = component, .directory = true, .data = {}, .target = {}, .security = "inherited"};
        }
        return {};
    }
    Result<> set_attributes(const std::string& path, std::uint32_t attributes) override {
        TRY_ASSIGN(auto* node, existing(path));
        TRY(step());
        node->attributes = attributes;
        return {};
    }
    Result<> set_modified(const std::string& path, std::uint64_t filetime) override {
        TRY_ASSIGN(auto* node, existing(path));
        TRY(step());
        node->modified = filetime;
        return {};
    }
    Result<> make_symlink(const std::string& path, const std::string& target, bool directory) override {
        return make_link(path, target, directory, 0xA000000C);
    }
    Result<> make_junction(const std::string& path, const std::string& target) override {
        return make_link(path, target, true, 0xA0000003);
    }
    Result<> rename(const std::string& from, const std::string& to) override {
        TRY_ASSIGN(const auto source, key_of(from));
        TRY_ASSIGN(const auto target, key_of(to));
        if (!disk_.now.contains(source)) return fail("guest.not_found", {{"path", from}});
        if (target != source && disk_.now.contains(target)) return fail("guest.exists", {{"path", to}});
        if (!parent_of(target).empty() && !disk_.now.contains(parent_of(target)))
            return fail("guest.not_found", {{"path", to}});
        TRY(step());
        Tree after;
        for (auto& [key, node] : disk_.now) {
            if (key == source) node.name = last_of(to);
            const bool inside = key == source || key.starts_with(source + "\\");
            after[inside ? target + key.substr(source.size()) : key] = node;
        }
        disk_.now = std::move(after);
        return {};
    }
    Result<> remove(const std::string& path) override {
        TRY_ASSIGN(const auto key, key_of(path));
        if (!disk_.now.contains(key)) return fail("guest.not_found", {{"path", path}});
        for (const auto& [other, node] : disk_.now)
            if (parent_of(other) == key) return fail("guest.directory_not_empty", {{"path", path}});
        TRY(step());
        disk_.now.erase(key);
        return {};
    }
    Result<> remove_tree(const std::string& path) override {
        TRY_ASSIGN(const auto key, key_of(path));
        if (key.empty()) return fail("guest.bad_name", {{"path", path}, {"reason", "the root"}});
        for (;;) { // the deepest last in order: one step each
            auto last = disk_.now.end();
            for (auto at = disk_.now.begin(); at != disk_.now.end(); ++at)
                if (at->first == key || at->first.starts_with(key + "\\")) last = at;
            if (last == disk_.now.end()) return {};
            TRY(step());
            disk_.now.erase(last);
        }
    }
    Result<std::uint64_t> free_bytes() override { return 1ull << 40; }
    Result<std::uint64_t> total_bytes() override { return 1ull << 41; }
    Result<> copy_security(const std::string& from, const std::string& to) override {
        TRY_ASSIGN(const auto* model, existing(from));
        const auto security = model->security;
        TRY_ASSIGN(auto* node, existing(to));
        TRY(step());
        node->security = security;
        return {};
    }
    Result<> commit() override {
        TRY(step());
        disk_.flushed = disk_.now;
        return {};
    }
    Result<> abort() override { return {}; }

  private:
    static Result<std::string> key_of(const std::string& path) {
        TRY_ASSIGN(const auto components, split_volume_path(path));
        return path_key(components);
    }
    static std::string parent_of(const std::string& key) {
        const auto cut = key.rfind('\\');
        return cut == std::string::npos ? "" : key.substr(0, cut);
    }
    static std::string last_of(const std::string& path) { return split_volume_path(path)->back(); }
    static FileInfo info(const TreeNode& node) {
        return {node.name, node.directory, node.data.size(), node.attributes, node.modified, node.tag, node.target};
    }
    Result<TreeNode*> existing(const std::string& path) {
        TRY_ASSIGN(const auto key, key_of(path));
        const auto found = disk_.now.find(key);
        if (found == disk_.now.end()) return fail("guest.not_found", {{"path", path}});
        return &found->second;
    }
    Result<std::string> new_key(const std::string& path) {
        TRY_ASSIGN(auto key, key_of(path));
        if (disk_.now.contains(key)) return fail("guest.exists", {{"path", path}});
        if (!parent_of(key).empty() && !disk_.now.contains(parent_of(key)))
            return fail("guest.not_found", {{"path", path}});
        return key;
    }
    Result<> make_link(const std::string& path, const std::string& target, bool directory, std::uint32_t tag) {
        TRY_ASSIGN(const auto key, new_key(path));
        TRY(step());
        disk_.now[key] = {.name = last_of(path),
                          .directory = directory,
                          .data = {},
                          .tag = tag,
                          .target = target,
                          .security = "inherited"};
        return {};
    }
    Result<> step() {
        if (*steps_ == 0) return fail("test.killed");
        --*steps_;
        return {};
    }

    TreeDisk& disk_;
    std::shared_ptr<std::size_t> steps_;
};

inline constexpr std::size_t kForever = ~std::size_t{0};

/// The program, on this disk, until it is killed after `steps` changes (writing the marker is one, too).
inline std::unique_ptr<UndoVolume> start_program(TreeDisk& disk, std::shared_ptr<std::size_t> steps) {
    const auto step = [steps]() -> Result<> {
        if (*steps == 0) return fail("test.killed");
        --*steps;
        return {};
    };
    return std::make_unique<UndoVolume>(std::make_unique<TreeVolume>(disk, steps),
                                        UndoVolume::Marks{[&disk, step](const Guid& id) -> Result<> {
                                                              TRY(step());
                                                              disk.marker = id;
                                                              return {};
                                                          },
                                                          [&disk, step]() -> Result<> {
                                                              TRY(step());
                                                              disk.marker.reset();
                                                              return {};
                                                          }});
}

/// What the next opening does.
inline Result<LeftoverUndo> settle(TreeDisk& disk, std::size_t steps = kForever) {
    TreeVolume volume(disk, std::make_shared<std::size_t>(steps));
    TRY_ASSIGN(const auto settled, recover_undo(volume, disk.marker));
    disk.marker.reset();
    return settled;
}

inline std::vector<std::byte> bytes_of(std::string_view text) {
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
}

inline ByteSource text_source(std::string_view text) {
    return [data = bytes_of(text), at = std::size_t{0}](std::span<std::byte> out) mutable -> Result<std::size_t> {
        const auto length = std::min(out.size(), data.size() - at);
        std::copy_n(data.begin() + static_cast<std::ptrdiff_t>(at), length, out.begin());
        at += length;
        return length;
    };
}

inline Result<> put_text(GuestVolume& volume, const std::string& path, std::string_view text) {
    return volume.write_new(path, {.size = text.size()}, text_source(text));
}

/// A small guest.
inline TreeDisk small_guest() {
    TreeDisk disk;
    const auto add = [&](const std::string& path, bool directory, std::string_view text) {
        const auto components = *split_volume_path(path);
        disk.now[path_key(components)] = {.name = components.back(),
                                          .directory = directory,
                                          .data = bytes_of(text),
                                          .attributes = directory ? 0u : kArchive,
                                          .modified = 7,
                                          .target = {},
                                          .security = "of " + path};
    };
    add("Windows", true, "");
    add("Windows\\System32", true, "");
    add("Windows\\System32\\config", true, "");
    add("Windows\\System32\\config\\SYSTEM", false, "the old hive");
    add("Windows\\System32\\driver.dll", false, "the guest's own");
    add("Windows\\System32\\Store", true, "");
    add("Windows\\System32\\Store\\old", true, "");
    add("Windows\\System32\\Store\\old\\a.sys", false, "old a");
    add("Windows\\System32\\Store\\old\\b.sys", false, "old b");
    disk.flushed = disk.now;
    return disk;
}

} // namespace exhyperv::guest::test
