#include "guest/disk/open_disk.h"

#include "guest/disk/volume_refusal.h"
#include "guest/disk/windows_install.h"

#include <algorithm>

namespace exhyperv::guest {
namespace {

class OpenGuestDisk final : public GuestDisk {
  public:
    OpenGuestDisk(ImageFacts image, PartitionFinding finding, std::unique_ptr<VolumeGround> ground,
                  std::unique_ptr<GuestVolume> volume) // destroyed the other way round
        : image_(std::move(image)), place_{image_.path, finding.partition.number}, ground_(std::move(ground)),
          volume_(std::move(volume)), unlocked_(finding.unlocked) {
        if (finding.windows) windows_ = std::move(*finding.windows);
        linux_ = std::move(finding.linux_system);
        if (linux_) {
            windows_.partition = linux_->partition;
            windows_.architecture = linux_->architecture;
        }
    }

    [[nodiscard]] const WindowsInstall& windows() const override { return windows_; }
    [[nodiscard]] const LinuxInstall* linux_system() const override { return linux_ ? &*linux_ : nullptr; }
    [[nodiscard]] bool unlocked() const override { return unlocked_; }
    [[nodiscard]] GuestVolume& volume() override { return *volume_; }
    [[nodiscard]] const ImageFacts& image() const override { return image_; }

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

    Result<> close() override {
        volume_.reset();
        const auto ground = std::move(ground_);
        return ground ? ground->close() : Result<>();
    }

  private:
    ImageFacts image_;
    VolumePlace place_;
    std::unique_ptr<VolumeGround> ground_;
    std::unique_ptr<GuestVolume> volume_;
    WindowsInstall windows_;
    std::optional<LinuxInstall> linux_;
    bool unlocked_ = false;
};

} // namespace

std::unique_ptr<GuestDisk> make_guest_disk(ImageFacts image, PartitionFinding finding,
                                           std::unique_ptr<VolumeGround> ground, std::unique_ptr<GuestVolume> volume) {
    return std::make_unique<OpenGuestDisk>(std::move(image), std::move(finding), std::move(ground), std::move(volume));
}

} // namespace exhyperv::guest
