// A fault script is read or refused, whatever it holds.
#include "host/fault_script.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto script = exhyperv::host::FaultScript::parse({reinterpret_cast<const char*>(data), size});
    if (script) (void)script->next({"query", "X", {}, "SELECT * FROM X"});
    return 0;
}
