#pragma once

#include "assign/core/step_handler.h"
#include "support/guid.h"

namespace exhyperv::assign {

// One factory a kind of step. Parameters, all JSON:
//
// host.policy           values: {name: number or null}, originals: "remember" or "forget"
// vm.power              vm, vm_name, how: "shut_down" | "turn_off"
// vm.settings           vm, vm_name, set: {name: value}, originals: "remember" | "forget"
// gpu.partition.add     vm, vm_name, gpu (interface path), gpu_name
// gpu.partition.remove  vm, vm_name, gpu (interface path, may be empty), gpu_name, partition (id)
// guest.import          vm, vm_name, card (instance path), card_name, disk (may be empty: found when it runs),
//                       partition, copy (when true), scope (core/scope_json.h; when there is a wish)
// guest.purge           vm, vm_name, card, card_name, disk, partition
// gpu.verify            vm, vm_name, gpu, gpu_name, present, settings: {name: value}, disk
// sync.wait             vm, vm_name, scope
// sync.forget           vm, vm_name
[[nodiscard]] const StepHandler& policy_handler();
[[nodiscard]] const StepHandler& power_handler();
[[nodiscard]] const StepHandler& settings_handler();
[[nodiscard]] const StepHandler& partition_add_handler();
[[nodiscard]] const StepHandler& partition_remove_handler();
[[nodiscard]] const StepHandler& guest_import_handler();
[[nodiscard]] const StepHandler& guest_purge_handler();
[[nodiscard]] const StepHandler& verify_handler();
[[nodiscard]] const StepHandler& wait_handler();
[[nodiscard]] const StepHandler& forget_wait_handler();

/// The "vm" parameter as a GUID; journal.corrupt.
[[nodiscard]] Result<Guid> vm_of(const StepContext& context);

} // namespace exhyperv::assign
