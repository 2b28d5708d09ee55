#pragma once

#include "guest/block/data_writer.h"
#include "guest/ext4.h"
#include "guest/ext4/block_allocator.h"
#include "guest/ext4/ext4_device.h"

#include <unordered_map>
#include <vector>

namespace exhyperv::guest {

/// GuestVolume over libext2fs (guest/ext4.h says how its terms are meant). What is written is held back by the
/// transaction until commit(); file data goes past the library, straight to blocks that were free.
class Ext4Volume final : public GuestVolume {
  public:
    static Result<std::unique_ptr<Ext4Volume>> open(Block& disk, TransactionBlock* transaction, std::uint64_t offset,
                                                    std::uint64_t size, std::uint64_t now);
    ~Ext4Volume() override;

    [[nodiscard]] VolumeKind kind() const override { return VolumeKind::ext4; }
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
    /// There is no such thing here: `guest.bad_name`.
    Result<> make_junction(const std::string& path, const std::string& target) override;
    Result<> rename(const std::string& from, const std::string& to) override;
    Result<> remove(const std::string& path) override;
    Result<> remove_tree(const std::string& path) override;
    Result<std::uint64_t> free_bytes() override;
    Result<std::uint64_t> total_bytes() override;
    Result<> commit() override;
    Result<> abort() override;

  private:
    using Inode = ext2_inode_large;
    struct Found {
        std::vector<std::string> path;
        std::string name;      ///< last component; empty for the root
        ext2_ino_t parent = 0; ///< of `name`; 0 when the parent does not exist
        ext2_ino_t number = 0; ///< 0 when nothing of that name exists
    };
    struct Entry {
        std::string name;
        ext2_ino_t number = 0;
    };
    using Sink = std::function<Result<>(std::span<const std::byte>)>;

    Ext4Volume(Block& disk, TransactionBlock* transaction, std::uint64_t offset, std::uint64_t size);
    Result<> mount(std::uint64_t now);

    // ext4_volume_read.cpp
    Result<Found> find(const std::string& path);
    Result<Found> find_existing(const std::string& path);
    Result<ext2_ino_t> find_directory(const std::vector<std::string>& path, const std::string& whole);
    Result<Inode> inode(ext2_ino_t number, const std::string& path);
    Result<FileInfo> info(ext2_ino_t number, const std::string& name);
    Result<std::vector<Entry>> entries(ext2_ino_t directory, const std::string& path);
    Result<> read_extents(ext2_ino_t number, Inode& file, const std::string& path, const Sink& sink);
    Result<> read_blocks(ext2_ino_t number, std::uint64_t size, const std::string& path, const Sink& sink);
    Result<> read_range(std::uint64_t offset, std::uint64_t length, const std::string& path, const Sink& sink);

    // ext4_volume_write.cpp
    Result<> writable() const;
    /// Ends a changing call: after a failure inside the library the volume in memory may be half changed and is not
    /// committed.
    Result<> changed(errcode_t number, const std::string& path);
    Result<> need_metadata_room();
    Result<Found> find_new(const std::string& path);
    Result<std::vector<BlockRun>> place(const std::string& path, const NewFile& file, const ByteSource& source);
    Result<> fill(const std::vector<BlockRun>& runs, const std::string& path, const NewFile& file,
                  const ByteSource& source);
    Result<ext2_ino_t> create(ext2_ino_t parent, const std::string& path, const NewFile& file, const ByteSource& source,
                              const Inode* model);
    [[nodiscard]] errcode_t map(ext2_ino_t number, Inode& file, const std::vector<BlockRun>& runs);
    [[nodiscard]] errcode_t store(ext2_ino_t number, Inode& file);
    [[nodiscard]] errcode_t add_name(ext2_ino_t directory, const std::function<errcode_t()>& add);
    [[nodiscard]] errcode_t link(ext2_ino_t directory, const std::string& name, ext2_ino_t number, int type);
    [[nodiscard]] errcode_t touch(ext2_ino_t number);
    void stamp(Inode& file, std::uint64_t modified) const;
    [[nodiscard]] std::uint64_t now() const;

    // ext4_volume_change.cpp
    [[nodiscard]] errcode_t unlink(ext2_ino_t directory, const std::string& name, ext2_ino_t number);
    [[nodiscard]] errcode_t drop(ext2_ino_t number, bool directory);
    Result<> remove_found(const Found& found, const std::string& path);
    Result<> remove_below(ext2_ino_t directory, const std::string& path, int depth);

    Ext4Device device_;
    TransactionBlock* transaction_; ///< null: read only
    ext2_filsys fs_ = nullptr;
    BlockAllocator allocator_;
    std::optional<DataWriter> writer_;
    std::uint64_t now_ = 0; ///< FILETIME; 0: the clock
    bool touched_ = false;  ///< something was changed since the last commit
    bool aborted_ = false;
    bool broken_ = false;                                     ///< a change failed half-way
    std::unordered_map<std::string, ext2_ino_t> directories_; ///< joined path → inode
};

// FILETIME and what an inode holds. Exact to 100 ns, between 1901 and 2446.
[[nodiscard]] std::uint64_t ext4_time(std::uint32_t seconds, std::uint32_t extra);
void set_ext4_time(std::uint64_t filetime, std::uint32_t& seconds, std::uint32_t& extra);
[[nodiscard]] std::uint64_t clock_filetime();

} // namespace exhyperv::guest
