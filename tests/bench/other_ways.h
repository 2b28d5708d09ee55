#pragma once

#include "measure.h"

#include <cstdint>
#include <string>

namespace exhyperv::bench {

/// The other ways of bringing a directory of driver files onto a disk, each flushed at its end. What a way needs and
/// this machine has not is its problem(), and its series stays empty.
class OtherWays {
  public:
    /// `package`: the directory to copy. `directory`: room for copies of it.
    OtherWays(std::string package, std::string directory);

    /// Puts the package's bytes into one file, for dd. Errors: bench.command_failed.
    Result<> prepare();
    Result<> copy();      ///< cp -r on the host's own file system
    Result<> dd();        ///< the same bytes as one file, conv=fsync: what the disk can do
    Result<> fuse();      ///< a volume mounted by ntfs-3g, cp -r, unmounted
    Result<> guestfish(); ///< copy-in into a volume through libguestfs; minutes where there is no KVM

    Series copying, writing, fusing, fishing;
    std::string fuse_problem, guestfish_problem;

  private:
    Result<> make_volume() const;

    std::string package_, directory_, all_, copy_, volume_, mount_point_;
};

} // namespace exhyperv::bench
