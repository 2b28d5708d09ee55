#pragma once

#include "guest/block/data_writer.h"
#include "guest/ntfs/cluster_allocator.h"
#include "guest/ntfs/volume_device.h"
#include "guest/transaction.h"
#include "guest/volume.h"

#include <optional>
#include <unordered_map>

namespace exhyperv::guest {

enum class LogState {
    clean,
    unclean, ///< changes that are only in the log
    cached,  ///< log version 2.0: Windows kept metadata in memory (fast startup), or was turned off hard
};

/// What decides whether a volume may be written, read from its own records.
struct NtfsState {
    bool dirty = false; ///< the volume asks for chkdsk
    LogState log = LogState::clean;
    bool hibernated = false; ///< hiberfil.sys holds a Windows that is to be woken, or is too short to tell
};

/// GuestVolume over libntfs-3g. What is written is held back by the transaction until commit().
class NtfsVolume final : public GuestVolume {
  public:
    /// Mounts the volume at `offset` of the disk; the disk must outlive it. Does not judge state(): guest/disk does.
    /// Errors: guest.corrupt_volume, disk.io and its like.
    static Result<std::unique_ptr<NtfsVolume>> open(TransactionBlock& disk, std::uint64_t offset, std::uint64_t size);
    /// Every changing call fails with `guest.read_only`.
    static Result<std::unique_ptr<NtfsVolume>> open_read_only(Block& disk, std::uint64_t offset, std::uint64_t size);
    ~NtfsVolume() override;

    [[nodiscard]] Result<NtfsState> state();
    /// Sets a security descriptor (security_descriptor.h) on an existing file or directory.
    [[nodiscard]] Result<> set_security(const std::string& path, std::string_view sddl);
    /// The self-relative descriptor of a file.
    [[nodiscard]] Result<std::vector<std::byte>> security(const std::string& path);

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
    Result<std::uint64_t> free_bytes() override;
    Result<std::uint64_t> total_bytes() override;
    Result<> commit() override;
    Result<> abort() override;

  private:
    using Components = std::vector<std::string>;
    struct Found {
        Components path;
        std::string name;            ///< last component as given; empty for the root
        std::uint64_t parent = 0;    ///< of `name`; 0 when the parent does not exist
        std::uint64_t reference = 0; ///< 0 when nothing of that name exists
    };

    NtfsVolume(Block& disk, TransactionBlock* transaction, std::uint64_t offset, std::uint64_t size);
    Result<> mount();
    [[nodiscard]] exh_volume* volume() const { return mounted_->get(); }

    Result<Found> find(const std::string& path);
    Result<Found> find_existing(const std::string& path);
    Result<std::uint64_t> find_directory(const Components& path, const std::string& whole);
    Result<FileInfo> info(std::uint64_t reference, std::uint64_t parent, const std::string& name, bool name_is_stored);
    Result<> check_readable(const FileInfo& file, const std::string& path);

    Result<> writable() const;
    /// Ends a changing call: after a failure inside the library the volume in memory may be half changed and is not
    /// committed.
    Result<> changed(int number, const std::string& path);
    void before_change();
    Result<> need_metadata_room();
    Result<Found> find_new(const std::string& path);
    struct Placed {
        std::vector<exh_run> runs;
        std::vector<std::byte> small;
    };
    Result<Placed> place(const std::string& path, std::size_t name_units, const NewFile& file,
                         const ByteSource& source);
    Result<> fill(const std::vector<exh_run>& runs, const std::string& path, const NewFile& file,
                  const ByteSource& source);
    Result<std::uint64_t> create(std::uint64_t parent, const std::string& name, const std::string& path,
                                 const NewFile& file, const ByteSource& source, const exh_info* model);
    Result<> make_link(const std::string& path, const std::vector<std::byte>& reparse_data, bool directory);
    Result<> remove_found(const Found& found, const std::string& path);
    Result<> remove_files(const std::string& directory, std::vector<std::string>& directories);
    void forget_directories() { directories_.clear(); }

    VolumeDevice device_;
    TransactionBlock* transaction_; ///< null: read only
    std::optional<MountedNtfs> mounted_;
    exh_geometry geometry_{};
    std::optional<ClusterAllocator> allocator_;
    std::optional<DataWriter> writer_;
    bool aborted_ = false;
    bool broken_ = false;                                        ///< a change failed half-way
    std::unordered_map<std::string, std::uint64_t> directories_; ///< path_key → MFT reference
};

} // namespace exhyperv::guest
