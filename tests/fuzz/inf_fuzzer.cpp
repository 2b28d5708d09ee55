#include "drivers/inf.h"

#include <cstddef>
#include <cstdint>

/// INF files come from a driver store that anybody with rights to install drivers has written to.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto inf = exhyperv::drivers::Inf::parse(std::as_bytes(std::span(data, size)));
    if (!inf) return 0;
    (void)inf->driver_version();
    (void)inf->copy_infs();
    for (const auto& model : inf->models("amd64"))
        (void)inf->install_section(model.install_section, "amd64", ".Services");
    return 0;
}
