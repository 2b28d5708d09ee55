#include "guest/disk/disk_survey.h"
#include "guest/disk/volume_refusal.h"
#include "guest/disk/windows_install.h"
#include "guest/ext4.h"
#include "guest/ntfs/ntfs_volume.h"
#include "guest/transaction.h"

#include <algorithm>

namespace exhyperv::guest {
namespace {

class OpenGuestDisk final : public GuestDisk {
  public:
    OpenGuestDisk(std::unique_ptr<Image> image,
                  std::unique_ptr<TransactionBlock> transaction) // destroyed the other way round
        : image_(std::move(image)), transaction_(std::move(transaction)) {}

    Result<> mount(PartitionFinding finding) {
        place_ = {image_->path(), finding.partition.number};
        auto opened = open_volume(finding);
        if (!opened) return tl::unexpected(place_.mark(std::move(opened).error()));
        volume_ = std::move(*opened);
        if (finding.windows) windows_ = std::move(*finding.windows);
        linux_ = std::move(finding.linux_system);
        if (linux_) {
            windows_.partition = linux_->partition;
            windows_.architecture = linux_->architecture;
        }
        return {};
    }

    [[nodiscard]] const WindowsInstall& windows() const override { return windows_; }
    [[nodiscard]] const LinuxInstall* linux_system() const override { return linux_ ? &*linux_ : nullptr; }
    [[nodiscard]] GuestVolume& volume() override { return *volume_; }
    [[nodiscard]] Image& image() override { return *image_; }

    Result<Hive> read_hive(const std::string& name) override {
        auto hive = load_hive(*volume_, name);
        if (!hive) return tl::unexpected(place_.mark(std::move(hive).error()));
        return hive;
    }

    Result<> write_hive(const std::string& name, const Hive& hive) override {
        TRY_ASSIGN(auto path, hive_path(name));
        TRY_ASSIGN(auto content, hive.content());
        NewFile file{.size = content.size()};
        auto source = [&content, at = std::size_t{0}](std::span<std::byte> out) mutable -> Result<std::size_t> {
            auto length = std::min(out.size(), content.size() - at);
            std::copy_n(content.begin() + static_cast<std::ptrdiff_t>(at), length, out.begin());
            at += length;
            return length;
        };
        return volume_->replace(path, file, source);
    }

    Result<> commit() override { return volume_->commit(); }

  private:
    Result<std::unique_ptr<GuestVolume>> open_volume(const PartitionFinding& finding) {
        const auto offset = finding.partition.offset, size = finding.partition.size;
        if (finding.linux_system)
            return transaction_ ? open_ext4(*transaction_, offset, size) : open_ext4_read_only(*image_, offset, size);
        return transaction_ ? NtfsVolume::open(*transaction_, offset, size)
                            : NtfsVolume::open_read_only(*image_, offset, size);
    }

    std::unique_ptr<Image> image_;
    std::unique_ptr<TransactionBlock> transaction_;
    std::unique_ptr<GuestVolume> volume_;
    WindowsInstall windows_;
    std::optional<LinuxInstall> linux_;
    VolumePlace place_;
};

} // namespace

Result<std::unique_ptr<GuestDisk>> GuestDisk::open(const std::string& image_path, const GuestOpenOptions& options) {
    TRY_ASSIGN(auto image, open_image(image_path, {.writable = options.writable, .replay_log = options.writable}));
    std::unique_ptr<TransactionBlock> transaction;
    if (options.writable) {
        TRY(recover_journal(*image));
        TRY_ASSIGN(transaction, TransactionBlock::begin(*image));
    } else if (has_leftover_journal(image_path)) {
        return fail("disk.leftover_journal", {{"path", image_path}, {"journal", journal_path(image_path)}});
    }
    Block& disk = transaction ? static_cast<Block&>(*transaction) : *image;
    TRY_ASSIGN(auto survey, survey_disk(disk, image_path));
    TRY_ASSIGN(auto chosen, choose_system(survey, image_path, options.partition));
    auto out = std::make_unique<OpenGuestDisk>(std::move(image), std::move(transaction));
    TRY(out->mount(std::move(chosen.finding)));
    return out;
}

} // namespace exhyperv::guest
