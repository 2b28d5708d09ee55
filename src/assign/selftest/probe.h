#pragma once

#include "assign/preflight/check.h"
#include "assign/selftest/selftest.h"

namespace exhyperv::assign::selftest {

/// What every probe works with.
struct Probe {
    host::Host& host;
    const CallContext& context;
    SelfTest& result;

    void observe(std::string line); ///< dropped when the report has enough
    [[nodiscard]] std::uint32_t build() const { return result.facts ? result.facts->build : 0; }
};

/// One line of the checklist.
using Question = Result<Check> (*)(Probe&);
struct Entry {
    const char* id;
    Question ask;
};

// probes_host.cpp
Result<Check> ask_rights(Probe& probe);
Result<Check> ask_host(Probe& probe);
Result<Check> ask_registry(Probe& probe);
Result<Check> ask_address_bits(Probe& probe);
// probes_cim.cpp
Result<Check> ask_classes(Probe& probe);
Result<Check> ask_templates(Probe& probe);
// probes_devices.cpp
Result<Check> ask_devices(Probe& probe);
Result<Check> ask_agreement(Probe& probe);
Result<Check> ask_disks(Probe& probe);
Result<Check> ask_verdicts(Probe& probe);
// probes_files.cpp
Result<Check> ask_driver_store(Probe& probe);
Result<Check> ask_images(Probe& probe);

} // namespace exhyperv::assign::selftest
