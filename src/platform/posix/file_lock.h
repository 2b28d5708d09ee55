#pragma once

#include "support/result.h"

#include <string>

namespace exhyperv::platform {

// Advisory locks that QEMU's file driver honours. QEMU puts an OFD *read* lock on byte 100+n for each permission n it
// uses and on byte 200+n for each permission n it does not let others have, then tests the opposite bytes for foreign
// locks (n: 0 consistent read, 1 write, 2 write unchanged, 3 resize). Fact from QEMU's documentation of image locking.

/// Write lock over the whole file: collides with every lock of QEMU and with every lock below.
[[nodiscard]] Result<> lock_file_exclusive(int descriptor, const std::string& path);
/// "I read, and nobody may write or resize": read locks on 100, 201, 203, and nobody may hold 101, 103 or 200.
[[nodiscard]] Result<> lock_file_shared(int descriptor, const std::string& path);

} // namespace exhyperv::platform
