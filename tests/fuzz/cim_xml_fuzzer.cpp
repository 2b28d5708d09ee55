// What is read as CIM-XML is written as a text that reads as the same instance.
#include "cim/xml.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace exhyperv::cim;
    const auto instance = parse_cim_xml({reinterpret_cast<const char*>(data), size});
    if (!instance) return 0;
    const auto again = parse_cim_xml(to_cim_xml(*instance));
    if (!again || !(*again == *instance)) std::abort();
    return 0;
}
