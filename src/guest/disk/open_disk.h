#pragma once

#include "guest/guest_disk.h"

#include <memory>

namespace exhyperv::guest {

/// What an open volume stands on: an image with its transaction, or an attached disk. Outlives the volume.
class VolumeGround {
  public:
    virtual ~VolumeGround() = default;
    /// Lets go of the disk. The volume on it is gone already.
    [[nodiscard]] virtual Result<> close() { return {}; }
};

/// The same for every engine: what a GuestDisk does with a volume. `finding` is the chosen system.
[[nodiscard]] std::unique_ptr<GuestDisk> make_guest_disk(ImageFacts image, PartitionFinding finding,
                                                         std::unique_ptr<VolumeGround> ground,
                                                         std::unique_ptr<GuestVolume> volume);

} // namespace exhyperv::guest
