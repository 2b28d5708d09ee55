#pragma once

#include "transport/sim/scenario/furnish.h"
#include "transport/sim/scenario/reader.h"

#include <map>

namespace exhyperv::sim {

/// A scenario document on its way to a world.
struct Loading {
    World world;
    std::int64_t now_ms = 0;
    std::map<std::string, PackageSpec> drivers;   ///< by the scenario's id
    std::map<std::string, std::string> functions; ///< device id → pure id
    MemoryMap memory;
};

void load_host(Reader& document, Loading& loading);
void load_drivers(Reader& document, Loading& loading);
void load_devices(Reader& document, Loading& loading);
void load_vms(Reader& document, Loading& loading);

/// Turns a material spec's error, which names a field by pointer, into a problem.
void material_problem(Reader& reader, const Error& error);

} // namespace exhyperv::sim
