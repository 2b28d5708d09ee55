#include "drivers/file_version.h"
#include "drivers/manifest.h"
#include "drivers/vendor_table.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>

/// The manifest lies in a guest that may have changed it: what is accepted must be written back to the same text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace exhyperv;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto manifest = drivers::manifest_from_json(text)) {
        const auto once = drivers::to_json_text(*manifest);
        const auto again = drivers::manifest_from_json(once);
        if (!again || drivers::to_json_text(*again) != once) std::abort();
    }
    (void)drivers::parse_vendor_table(text);
    (void)drivers::read_file_version(size, [&](std::uint64_t offset, std::span<std::byte> out) -> Result<> {
        if (offset > size || out.size() > size - offset) std::abort();
        std::memcpy(out.data(), data + offset, out.size());
        return {};
    });
    return 0;
}
