// What is read as an object path is written back so that it reads the same.
#include "cim/object_path.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using exhyperv::cim::ObjectPath;
    const auto path = ObjectPath::parse({reinterpret_cast<const char*>(data), size});
    if (!path) return 0;
    const auto again = ObjectPath::parse(path->full());
    if (!again || !(*again == *path)) std::abort();
    return 0;
}
