#include "transport/wmi_com/ports/facts.h"

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#elif defined(_M_X64)
#include <intrin.h>
#endif

namespace exhyperv::wmi_com {

std::optional<std::uint32_t> physical_address_bits() {
    std::uint32_t sizes = 0;
#if defined(__x86_64__) || defined(__i386__)
    unsigned a = 0, b = 0, c = 0, d = 0;
    if (__get_cpuid(0x80000008, &a, &b, &c, &d) == 0) return std::nullopt;
    sizes = a;
#elif defined(_M_X64)
    int answer[4] = {};
    __cpuid(answer, static_cast<int>(0x80000000));
    if (static_cast<std::uint32_t>(answer[0]) < 0x80000008) return std::nullopt;
    __cpuid(answer, static_cast<int>(0x80000008));
    sizes = static_cast<std::uint32_t>(answer[0]);
#endif
    const std::uint32_t bits = sizes & 0xFF;
    if (bits < 32 || bits > 64) return std::nullopt;
    return bits;
}

} // namespace exhyperv::wmi_com
