#pragma once

#include "guest/block.h"
#include "support/result.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace exhyperv::sim {

/// The file records of an NTFS volume as they lie on the disk: for marks that no library function sets. Only for
/// volumes made here; damage is an error (material.bad_volume), never a crash.
class NtfsRecords {
  public:
    struct Run {
        std::uint64_t vcn = 0, lcn = 0, length = 0; ///< clusters
    };
    /// One attribute inside a record; `at` is where it starts.
    struct Attribute {
        std::uint32_t type = 0;
        std::size_t at = 0, length = 0;
        bool resident = false;
        std::size_t value_at = 0, value_length = 0; ///< resident ones
    };

    static Result<NtfsRecords> open(guest::Block& disk, std::uint64_t volume_offset);

    [[nodiscard]] std::uint32_t record_size() const { return record_size_; }
    [[nodiscard]] std::uint32_t cluster_size() const { return cluster_size_; }
    [[nodiscard]] std::uint64_t record_count() const { return record_count_; }

    /// A record with its sector ends restored; empty when the record is not in use or has no content.
    [[nodiscard]] Result<std::vector<std::byte>> read(std::uint64_t number);
    /// Writes it back, and its copy in $MFTMirr.
    [[nodiscard]] Result<> write(std::uint64_t number, std::vector<std::byte> record);
    [[nodiscard]] Result<std::vector<Attribute>> attributes(std::span<const std::byte> record) const;
    [[nodiscard]] Result<std::vector<Run>> runs(std::span<const std::byte> record, const Attribute& attribute) const;

    [[nodiscard]] Result<> read_cluster(std::uint64_t lcn, std::span<std::byte> out);
    [[nodiscard]] Result<> write_cluster(std::uint64_t lcn, std::span<const std::byte> data);

  private:
    NtfsRecords(guest::Block& disk, std::uint64_t offset) : disk_(disk), offset_(offset) {}
    [[nodiscard]] Result<std::uint64_t> place(std::uint64_t number) const;

    guest::Block& disk_;
    std::uint64_t offset_ = 0, volume_size_ = 0, mirror_lcn_ = 0, record_count_ = 0;
    std::uint32_t cluster_size_ = 0, record_size_ = 0;
    std::vector<Run> mft_;
};

/// Takes the update sequence out of a multi-sector structure ("FILE", "INDX", "RSTR"), or puts it in. False: damaged.
[[nodiscard]] bool restore_sector_ends(std::span<std::byte> block);
void protect_sector_ends(std::span<std::byte> block);

[[nodiscard]] std::uint64_t le_number(std::span<const std::byte> bytes, std::size_t at, int length);
void put_le_number(std::span<std::byte> bytes, std::size_t at, std::uint64_t value, int length);

} // namespace exhyperv::sim
