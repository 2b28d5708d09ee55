#pragma once

#include "../../drivers/memory_volume.h"

#include "guest/undo/plain_volume.h"

#include <limits>

namespace exhyperv::guest::test {

using drivers::test::MemoryVolume;

/// A plain volume over one in memory, whose process dies at a given change: that change is done, half done or not
/// begun, and nothing works afterwards. Renaming and removing move whole directories, as Windows does.
class DyingVolume final : public PlainVolume {
  public:
    enum class Last { not_begun, half, done };
    explicit DyingVolume(MemoryVolume& memory, std::size_t dies_at = std::numeric_limits<std::size_t>::max(),
                         Last last = Last::done)
        : memory_(memory), dies_at_(dies_at), last_(last) {}

    Result<std::optional<FileInfo>> stat(const std::string& path) override;
    Result<std::vector<FileInfo>> list(const std::string& directory) override;
    Result<std::vector<std::byte>> read_file(const std::string& path, std::uint64_t limit) override;
    Result<> read_file(const std::string& path,
                       const std::function<Result<>(std::span<const std::byte>)>& sink) override;
    Result<> write_new(const std::string& path, const NewFile& file, const ByteSource& source) override;
    Result<> replace(const std::string& path, const NewFile& file, const ByteSource& source) override;
    Result<> make_directories(const std::string& path) override;
    Result<> set_attributes(const std::string& path, std::uint32_t attributes) override;
    Result<> set_modified(const std::string& path, std::uint64_t filetime) override;
    Result<> make_symlink(const std::string& path, const std::string& target, bool directory) override;
    Result<> make_junction(const std::string& path, const std::string& target) override;
    Result<> rename(const std::string& from, const std::string& to) override;
    Result<> remove(const std::string& path) override;
    Result<> remove_tree(const std::string& path) override;
    Result<> copy_security(const std::string& from, const std::string& to) override;
    Result<std::uint64_t> free_bytes() override { return memory_.free_bytes(); }
    Result<std::uint64_t> total_bytes() override { return memory_.total_bytes(); }
    Result<> commit() override;
    Result<> abort() override { return {}; }

    [[nodiscard]] std::size_t changes() const { return changes_; }
    [[nodiscard]] bool dead() const { return dead_; }

  private:
    Result<> change(const std::function<Result<>()>& whole, const std::function<Result<>()>& half = {});
    [[nodiscard]] Result<> alive() const;

    MemoryVolume& memory_;
    std::size_t dies_at_, changes_ = 0;
    Last last_;
    bool dead_ = false;
};

} // namespace exhyperv::guest::test
