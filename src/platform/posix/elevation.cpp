#include "platform/elevation.h"

#include <unistd.h>

namespace exhyperv::platform {

bool elevated() {
    return ::geteuid() == 0;
}

bool can_ask_for_elevation() {
    return false; // sudo belongs to the user's shell
}

struct ElevatedProcess::State {};
ElevatedProcess::ElevatedProcess(std::unique_ptr<State> state) : state_(std::move(state)) {}
ElevatedProcess::ElevatedProcess(ElevatedProcess&&) noexcept = default;
ElevatedProcess& ElevatedProcess::operator=(ElevatedProcess&&) noexcept = default;
ElevatedProcess::~ElevatedProcess() = default;

Result<ElevatedProcess> ElevatedProcess::start(const std::vector<std::string>&) {
    return fail("platform.elevation_failed", {{"reason", "this system does not ask for rights"}});
}

std::optional<int> ElevatedProcess::wait(std::chrono::milliseconds) const {
    return std::nullopt;
}

void take_over(std::vector<std::string>&) {}

} // namespace exhyperv::platform
