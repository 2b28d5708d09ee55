#pragma once

#include "guest/volume.h"

namespace exhyperv::guest {

/// A volume whose changes happen at once: commit() only makes them durable, abort() takes nothing back.
class PlainVolume : public GuestVolume {
  public:
    /// Owner, group and access of one file for another.
    [[nodiscard]] virtual Result<> copy_security(const std::string& from, const std::string& to) = 0;
};

} // namespace exhyperv::guest
