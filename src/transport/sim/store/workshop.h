#pragma once

#include "support/progress.h"
#include "transport/sim/disk_probe.h"
#include "transport/sim/store/host_tree.h"
#include "transport/sim/world/world.h"

namespace exhyperv::sim {

/// Makes what the world describes when it is first needed: guest disks and driver packages. Also answers for the image
/// files when a VM starts.
class Workshop final : public DiskProbe {
  public:
    Workshop(HostTree tree, ProgressSink progress) : tree_(std::move(tree)), progress_(std::move(progress)) {}
    [[nodiscard]] const HostTree& tree() const { return tree_; }

    /// Is something described but not made at this host path, above or below it?
    [[nodiscard]] static bool pending(const World& world, std::string_view host_path);
    /// Makes it, parents of a differencing image first. Errors: material.*, guest.*, file.*.
    [[nodiscard]] Result<> make(World& world, std::string_view host_path) const;

    [[nodiscard]] DiskAnswer probe(const World& world, const std::string& host_path) const override;
    void remove(const std::string& host_path) const override;
    [[nodiscard]] std::uint64_t length(const std::string& host_path) const override;

  private:
    Result<> make_image(World& world, std::size_t index, int depth) const;
    Result<> make_package(DriverPackage& package) const;

    HostTree tree_;
    ProgressSink progress_;
};

} // namespace exhyperv::sim
