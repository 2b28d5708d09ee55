#include "transport/sim/services/device_state.h"
#include "transport/sim/services/method.h"

namespace exhyperv::sim {

namespace {

Outcome switch_device(Call& call, bool enabled) {
    auto done = set_device_enabled(call.world, call.object.text_key("DeviceID"), enabled);
    if (!done) return Outcome::failure(done.error().code == "device.access_denied" ? 5 : 1, {});
    Outcome outcome;
    outcome.out.push_back({"RebootNeeded", cim::Value::boolean(false)});
    return outcome;
}

} // namespace

void add_plug_and_play_methods(Methods& out) {
    out.push_back({"Win32_PnPEntity", "Enable", 0, false, false, nullptr, nullptr,
                   [](Call& call) { return switch_device(call, true); }, nullptr});
    out.push_back({"Win32_PnPEntity", "Disable", 0, false, false, nullptr, nullptr,
                   [](Call& call) { return switch_device(call, false); }, nullptr});
}

} // namespace exhyperv::sim
