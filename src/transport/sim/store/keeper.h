#pragma once

#include "platform/file.h"
#include "support/deadline.h"
#include "support/result.h"
#include "transport/sim/disk_probe.h"
#include "transport/sim/sim_host.h"
#include "transport/sim/world/world.h"

#include <functional>
#include <memory>
#include <mutex>
#include <string>

namespace exhyperv::sim {

/// Holds the world: in memory, and, unless it is an in-memory host, in a state file that several processes share. The
/// file is replaced atomically after every change, under a lock file; readers take no lock and look whether the file is
/// another one. Thread-safe.
class Keeper {
  public:
    /// Opens the state, or makes it with `make` when there is none.
    /// Errors: sim.state_version, sim.bad_state, sim.in_use, file.*, and those of `make`.
    static Result<std::unique_ptr<Keeper>> open(std::string directory, std::shared_ptr<const SimClock> clock,
                                                const std::function<Result<World>()>& make);
    /// Puts a new world in the place of whatever state is there; `clear` runs under the lock, before.
    static Result<> replace(const std::string& directory, const World& world, const CallContext& context,
                            const std::function<Result<>()>& clear);

    /// What image files answer; used when jobs run. Must outlive the keeper.
    void set_disks(const DiskProbe* disks) { disks_ = disks; }
    /// Applied to the world each time it is read from the file: options of this process, never written.
    void set_tuning(std::function<void(Tuning&)> adjust);

    Result<> read(const CallContext& context, const std::function<Result<>(const World&, std::int64_t now_ms)>& body);
    /// What `body` changed is kept even when it returns an error.
    Result<> change(const CallContext& context, const std::function<Result<>(World&, std::int64_t now_ms)>& body);
    [[nodiscard]] std::int64_t now_ms() const { return clock_->now_ms(); }

  private:
    Keeper(std::string directory, std::shared_ptr<const SimClock> clock)
        : directory_(std::move(directory)), clock_(std::move(clock)) {}
    Result<> refresh();
    Result<> load(const std::string& bytes);
    Result<> save();

    std::string directory_;
    std::shared_ptr<const SimClock> clock_;
    const DiskProbe* disks_ = nullptr;
    std::function<void(Tuning&)> adjust_;
    std::mutex mutex_;
    World world_;
    Tuning stored_tuning_;
    std::uint64_t loaded_ = 0; ///< checksum of the state in memory
};

} // namespace exhyperv::sim
