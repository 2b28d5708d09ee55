#include "snapshot.h"

#include "hyperv/assignable_devices.h"
#include "support/strings.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace exhyperv::assign {

namespace {

std::string settings_text(const sim::Vm& vm) {
    const auto& c = vm.config;
    return fmt::format("{} state {} stop {} cache {} low {} high {} base {} checkpoints {} automatic {} dynamic {}\n",
                       c.name, vm.state, c.stop_action, c.cache_types, c.low_mmio_mib, c.high_mmio_mib,
                       c.high_mmio_base_mib, c.checkpoint_type, c.automatic_checkpoints, c.dynamic_memory);
}

std::string content_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace

std::string settings_of(World& world, const std::string& vm) {
    const auto state = world.host().world();
    if (!state) throw std::runtime_error(describe(state.error()));
    for (const auto& one : state->vms)
        if (one.config.name == vm) return settings_text(one);
    return {};
}

std::string snapshot(World& world) {
    const auto read = world.host().world(); // the world itself, not what our own code says of it
    if (!read) throw std::runtime_error(describe(read.error()));
    std::string text;
    for (const auto& vm : read->vms) {
        text += settings_text(vm);
        for (const auto& device : vm.config.devices)
            text += fmt::format("{} holds {}\n", vm.config.name, device.function);
    }
    for (const auto& function : read->functions)
        text += fmt::format("{} {}\n", function.pure_id,
                            function.gone           ? "gone"
                            : function.dismounted() ? "dismounted"
                            : function.problem != 0 ? fmt::format("host, problem {}", function.problem)
                                                    : "host");
    for (const auto& disk : read->disks)
        text += fmt::format("disk {} {}\n", disk.number, disk.online ? "online" : "offline");
    namespace fs = std::filesystem;
    const fs::path directory = world.state_directory() + "/vm-settings";
    if (fs::exists(directory))
        for (const auto& file : fs::directory_iterator(directory))
            text += fmt::format("remembers {}: {}\n", file.path().filename().string(),
                                join(split(content_of(file.path()), '\n'), " "));
    auto lines = split(text, '\n'); // a device that comes back may stand behind another one: that is no difference
    std::sort(lines.begin(), lines.end());
    return join(lines, "\n");
}

} // namespace exhyperv::assign
