#include "assign/handlers/device_handlers.h"

#include "assign/core/json_fields.h"

namespace exhyperv::assign {

Result<StepDevice> device_of(const StepContext& context) {
    StepDevice device;
    TRY_ASSIGN(device.id, text_field(context.parameters, "device"));
    device.name = text_or(context.parameters, "device_name", device.id);
    TRY_ASSIGN(device.state, hyperv::read_device_state(context.environment.host, device.id, context.call));
    return device;
}

Error misplaced(const StepDevice& device) {
    const MessageArgs args{{"device", device.name}, {"id", device.id}};
    if (device.state.gone()) return Error{"device.gone", args, {}, {}, {}};
    if (!device.state.references.empty())
        return Error{"device.still_assigned",
                     {{"device", device.name}, {"id", device.id}, {"vm", device.state.references.front().vm_id.str()}},
                     {},
                     {},
                     {}};
    if (device.state.dismounted()) return Error{"device.dismounted", args, {}, {}, {}};
    return Error{"device.on_host", args, {}, {}, {}};
}

} // namespace exhyperv::assign
