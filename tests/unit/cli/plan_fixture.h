#pragma once

#include "assign/operations.h"

namespace exhyperv::cli {

/// A small plan whose texts are taken from the catalogue's own entries: a warning, a failure on request, two steps.
inline assign::Plan sample_plan(bool blocked = false) {
    assign::Plan plan;
    plan.id = "3F2504E0-4F89-11D3-9A0C-0305E82C3301";
    plan.operation = "gpu.add";
    plan.title = {"cli.place.vm", {{"vm", "win11"}}};
    plan.host_uri = "sim:workstation";
    plan.checks.push_back({"host.build", assign::Verdict::pass, {"cli.status.hyperv_running", {}}, {}});
    plan.checks.push_back(
        {"vm.checkpoints", assign::Verdict::warn, {"cli.vm.partition_stale", {}}, {"cli.help.more", {}}});
    if (blocked) plan.checks.push_back({"vm.off", assign::Verdict::fail, {"cli.vm.state.running", {}}, {}});
    assign::Step settings;
    settings.id = "vm.settings";
    settings.kind = "vm.settings";
    settings.what = {"cli.vm.settings", {}};
    settings.why = {"cli.vm.cache_types", {}};
    settings.undo = {"cli.vm.stop_action", {}};
    settings.needs_vm_off = true;
    assign::Step import;
    import.id = "guest.import";
    import.kind = "guest.import";
    import.what = {"cli.guest.files", {}};
    plan.steps = {settings, import};
    return plan;
}

} // namespace exhyperv::cli
