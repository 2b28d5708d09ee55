#pragma once

#include "guest/guest_disk.h"
#include "support/strings.h"

#include <map>
#include <set>

namespace exhyperv::drivers::test {

/// A GuestVolume in memory, keeping the rules of guest/volume.h; the product's own volume is used in tests/integration.
class MemoryVolume : public guest::GuestVolume {
  public:
    struct Node {
        guest::FileInfo info;
        std::vector<std::byte> data;
    };

    MemoryVolume();
    Result<std::optional<guest::FileInfo>> stat(const std::string& path) override;
    Result<std::vector<guest::FileInfo>> list(const std::string& directory) override;
    Result<std::vector<std::byte>> read_file(const std::string& path, std::uint64_t limit) override;
    Result<> read_file(const std::string& path,
                       const std::function<Result<>(std::span<const std::byte>)>& sink) override;
    Result<> write_new(const std::string& path, const guest::NewFile& file, const guest::ByteSource& source) override;
    Result<> replace(const std::string& path, const guest::NewFile& file, const guest::ByteSource& source) override;
    Result<> make_directories(const std::string& path) override;
    Result<> set_attributes(const std::string& path, std::uint32_t attributes) override;
    Result<> set_modified(const std::string& path, std::uint64_t filetime) override;
    Result<> make_symlink(const std::string& path, const std::string& target, bool directory) override;
    Result<> make_junction(const std::string& path, const std::string& target) override;
    Result<> rename(const std::string& from, const std::string& to) override;
    /// As rename, with everything below a directory.
    Result<> rename_tree(const std::string& from, const std::string& to);
    Result<> remove(const std::string& path) override;
    Result<> remove_tree(const std::string& path) override;
    Result<std::uint64_t> free_bytes() override { return free; }
    Result<std::uint64_t> total_bytes() override { return 1ull << 40; }
    Result<> commit() override { return {}; }
    Result<> abort() override { return {}; }

    /// Test set-up: a file with its parents.
    void add(const std::string& path, std::string_view content, std::uint32_t attributes = guest::kArchive,
             std::uint64_t modified = 130000000000000000);
    [[nodiscard]] std::string text(const std::string& path) const;
    /// Every name with attributes, size, time, link target and content: equal listings mean equal volumes.
    [[nodiscard]] std::vector<std::string> listing() const;

    std::uint64_t free = 1ull << 34;
    std::set<std::string, ILess> refuse_writes; ///< write_new of these fails with guest.no_space
    std::size_t changes = 0;                    ///< calls that changed something

  private:
    Result<Node*> existing(const std::string& path);
    std::map<std::string, Node, ILess> nodes_; ///< by whole path; "" is the root
};

/// A disk around a MemoryVolume, with hives as files in it.
class MemoryDisk : public guest::GuestDisk {
  public:
    MemoryDisk();
    const guest::WindowsInstall& windows() const override { return install; }
    MemoryVolume& volume() override { return memory; }
    const guest::ImageFacts& image() const override { return facts; }
    Result<guest::Hive> read_hive(const std::string& name) override;
    Result<> write_hive(const std::string& name, const guest::Hive& hive) override;
    Result<> commit() override { return {}; }
    Result<> close() override { return {}; }
    /// Every value below a key of SYSTEM, "key\name=type:hex": what must be the same before import and after purge.
    [[nodiscard]] std::vector<std::string> system_values(const std::string& key);

    MemoryVolume memory;
    guest::WindowsInstall install;

    guest::ImageFacts facts{"/vm/win11.vhdx", guest::ImageFormat::raw, {"/vm/win11.vhdx"}};
};

} // namespace exhyperv::drivers::test
