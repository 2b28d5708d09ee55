#include "assign/core/json_fields.h"
#include "assign/core/setting_json.h"
#include "assign/handlers/handlers.h"
#include "guest/image.h"
#include "hyperv/gpu_partitions.h"
#include "hyperv/gpus.h"
#include "hyperv/settings.h"
#include "support/strings.h"

#include <algorithm>

namespace exhyperv::assign {

namespace {

/// Reads the end state once more, after all steps: the partition is there (or gone), the settings hold, the disk is
/// free.
class VerifyHandler final : public StepHandler {
  public:
    Result<nlohmann::json> prepare(const StepContext&) const override { return nlohmann::json::object(); }

    Result<StepRun> run(const StepContext& context, const nlohmann::json&) const override {
        StepRun run;
        TRY_ASSIGN(const auto vm, vm_of(context));
        auto& session = context.environment.host.cim();
        const std::string name = text_or(context.parameters, "gpu_name"), card = text_or(context.parameters, "gpu");
        const MessageArgs args{{"gpu", name}, {"vm", text_or(context.parameters, "vm_name")}};

        TRY_ASSIGN(const auto gpus, hyperv::list_partitionable_gpus(session, context.call));
        TRY_ASSIGN(const auto partitions, hyperv::list_gpu_partitions(session, gpus, context.call));
        const auto holds = [&](const model::GpuPartition& one) {
            return one.vm_id == vm && (one.gpu_interface_path.empty() || iequals(one.gpu_interface_path, card));
        };
        const auto still_holds = [&](const model::GpuPartition& one) {
            return one.vm_id == vm && iequals(one.gpu_interface_path, card);
        };
        TRY_ASSIGN(const bool present, bool_field(context.parameters, "present"));
        if (present && std::none_of(partitions.begin(), partitions.end(), holds))
            return fail("step.partition_missing", args);
        if (!present && !card.empty() && std::any_of(partitions.begin(), partitions.end(), still_holds))
            return fail("step.partition_still_there", args);
        if (present || !card.empty()) // without a card only its driver was taken out
            run.facts.push_back({present ? "step.verify.present" : "step.verify.gone", args});

        TRY_ASSIGN(const auto wanted, settings_from_json(field_or_null(context.parameters, "settings")));
        std::vector<std::string> names;
        for (const auto& [setting, value] : wanted)
            names.push_back(setting);
        TRY_ASSIGN(const auto found, hyperv::read_settings(session, vm, names, context.call));
        for (std::size_t i = 0; i < wanted.size(); ++i)
            if (found[i] != wanted[i])
                return fail("hyperv.setting_not_applied", {{"setting", wanted[i].first},
                                                           {"wanted", hyperv::setting_text(wanted[i].second)},
                                                           {"found", hyperv::setting_text(found[i].second)}});
        if (const std::string disk = text_or(context.parameters, "disk"); !disk.empty()) {
            TRY_ASSIGN(const auto local, context.environment.host.files().local_path(disk));
            TRY(guest::open_image(local, {false, false})); // nobody, we included, holds it any more
            run.facts.push_back({"step.verify.disk_free", {{"disk", disk}}});
        }
        return run;
    }

    Result<std::vector<Message>> undo(const StepContext&, const nlohmann::json&, const nlohmann::json&) const override {
        return std::vector<Message>{};
    }
};

} // namespace

const StepHandler& verify_handler() {
    static const VerifyHandler handler;
    return handler;
}

} // namespace exhyperv::assign
