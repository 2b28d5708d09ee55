#include "assign/core/json_fields.h"
#include "assign/handlers/device_handlers.h"
#include "assign/handlers/handlers.h"

#include <array>

namespace exhyperv::assign {

const StepHandler* handler_of(std::string_view kind) {
    struct Row {
        std::string_view kind;
        const StepHandler& (*handler)();
    };
    static constexpr std::array<Row, 19> rows = {{
        {"host.policy", policy_handler},
        {"vm.power", power_handler},
        {"vm.settings", settings_handler},
        {"gpu.partition.add", partition_add_handler},
        {"gpu.partition.remove", partition_remove_handler},
        {"guest.import", guest_import_handler},
        {"guest.purge", guest_purge_handler},
        {"gpu.verify", verify_handler},
        {"sync.wait", wait_handler},
        {"sync.forget", forget_wait_handler},
        {"device.disable", device_disable_handler},
        {"device.enable", device_enable_handler},
        {"device.dismount", device_dismount_handler},
        {"device.mount", device_mount_handler},
        {"device.add", device_add_handler},
        {"device.remove", device_remove_handler},
        {"device.disks_offline", device_disks_offline_handler},
        {"device.disks_online", device_disks_online_handler},
        {"device.verify", device_verify_handler},
    }};
    for (const Row& row : rows)
        if (row.kind == kind) return &row.handler();
    return nullptr;
}

Result<Guid> vm_of(const StepContext& context) {
    TRY_ASSIGN(const auto text, text_field(context.parameters, "vm"));
    const auto id = Guid::parse(text);
    if (!id) return corrupt("vm");
    return *id;
}

} // namespace exhyperv::assign
