#pragma once

#include "guest/disk/win/handle.h"
#include "guest/undo/plain_volume.h"

#include <functional>
#include <string>
#include <unordered_set>
#include <vector>

namespace exhyperv::guest {

/// A guest's files through Windows' own NTFS, with the rights of a backup program: whoever owns them in the guest.
/// Changes happen at once. No link of the guest is followed, not even on the way to a file: it would lead to files of
/// this machine.
class WindowsVolume final : public PlainVolume {
  public:
    /// `root` ends with '\'. `flush` makes everything done so far durable.
    WindowsVolume(std::wstring root, std::function<Result<>()> flush)
        : root_(std::move(root)), flush_(std::move(flush)) {}

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
    Result<std::uint64_t> free_bytes() override;
    Result<std::uint64_t> total_bytes() override;
    Result<> commit() override { return flush_(); }
    Result<> abort() override { return {}; }

  private:
    /// A path of the guest as Windows takes it, after a look at each directory on the way.
    struct Found {
        std::string path;
        std::wstring native;
        bool root = false;
        bool parent_there = false;
    };
    Result<Found> find(const std::string& path);
    Result<Found> find_new(const std::string& path);      ///< its parent is there, and it is not
    Result<Found> find_existing(const std::string& path); ///< not the root
    Result<bool> is_plain_directory(const std::wstring& native, const std::string& path);

    Result<Handle> open(const Found& found, DWORD access, DWORD share);
    Result<FileInfo> info_of(HANDLE handle, const std::string& path);
    Result<Handle> open_to_read(const Found& found, std::uint64_t& size);
    Result<> write_into(Handle& file, const Found& found, const NewFile& description, const ByteSource& source);
    Result<> set_basic(const Found& found, std::uint32_t attributes, std::uint64_t modified);
    Result<> make_link(const std::string& path, const std::vector<std::byte>& reparse_data, bool directory);
    Result<> remove_found(const Found& found);
    Result<std::vector<std::string>> names_in(const Found& found);

    std::wstring root_;
    std::function<Result<>()> flush_;
    std::unordered_set<std::wstring> plain_directories_; ///< looked at already, and no links
};

} // namespace exhyperv::guest
