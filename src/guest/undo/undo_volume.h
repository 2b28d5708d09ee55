#pragma once

#include "guest/undo/plain_volume.h"
#include "guest/undo/undo_log.h"
#include "support/guid.h"
#include "support/strings.h"

#include <functional>
#include <memory>
#include <set>
#include <string>

namespace exhyperv::guest {

/// Makes changes of a plain volume one transaction, as GuestVolume promises, by an undo log on that volume
/// (undo_log.h). What happens inside a directory that was made since the last commit needs no record: it goes with the
/// directory. Unlike the direct engine's, the changes are visible to who else looks at the volume before the commit.
class UndoVolume final : public GuestVolume {
  public:
    /// What is told outside of the volume, durable when they return: `begun` before the first byte of a log is written,
    /// `ended` after its last one is gone.
    struct Marks {
        std::function<Result<>(const Guid& id)> begun;
        std::function<Result<>()> ended;
    };
    /// The volume has no undo log (recover_undo() came before): `guest.undo_foreign` with the first change otherwise.
    UndoVolume(std::unique_ptr<PlainVolume> files, Marks marks) : files_(std::move(files)), marks_(std::move(marks)) {}
    /// What is not committed is taken back, as far as it can be; the next opening does the rest.
    ~UndoVolume() override;

    Result<std::optional<FileInfo>> stat(const std::string& path) override { return files_->stat(path); }
    Result<std::vector<FileInfo>> list(const std::string& directory) override; ///< without the log
    Result<std::vector<std::byte>> read_file(const std::string& path, std::uint64_t limit) override {
        return files_->read_file(path, limit);
    }
    Result<> read_file(const std::string& path,
                       const std::function<Result<>(std::span<const std::byte>)>& sink) override {
        return files_->read_file(path, sink);
    }
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
    Result<std::uint64_t> free_bytes() override { return files_->free_bytes(); }
    Result<std::uint64_t> total_bytes() override { return files_->total_bytes(); }
    Result<> commit() override;
    Result<> abort() override;

  private:
    [[nodiscard]] bool is_made(const std::string& path) const; ///< since the last commit, itself or with its directory
    /// As is_made(), and nothing of the guest's was moved there: may be removed for good.
    [[nodiscard]] bool is_new(const std::string& path) const;
    static bool is_within(const std::string& path, const std::string& top);
    void forget(const std::string& path); ///< it is there no more, with all below it
    void renamed(const std::string& from, const std::string& to, bool was_new);
    Result<> begin();
    Result<> record(const UndoRecord& record); ///< durable when it returns
    Result<> making(const std::string& path);  ///< refuses what exists; records what does not lie in something new
    Result<> put_away(const std::string& path);
    std::string next_name(const char* directory);

    using Paths = std::set<std::string, ILess>; ///< with '\' between components

    std::unique_ptr<PlainVolume> files_;
    Marks marks_;
    Guid id_;
    Paths made_;
    Paths taken_in_; ///< the guest's own, moved into what was made
    std::uint64_t records_ = 0, names_ = 0;
    bool begun_ = false, over_ = false;
    bool broken_ = false; ///< a part of a record may be there: it has to stay the last one
};

} // namespace exhyperv::guest
