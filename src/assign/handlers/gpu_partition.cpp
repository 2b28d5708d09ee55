#include "assign/core/json_fields.h"
#include "assign/handlers/handlers.h"
#include "hyperv/gpu_partitions.h"
#include "hyperv/gpus.h"
#include "support/strings.h"

#include <algorithm>

namespace exhyperv::assign {

namespace {

Result<std::vector<model::GpuPartition>> partitions_of(const StepContext& context, const Guid& vm) {
    auto& session = context.environment.host.cim();
    TRY_ASSIGN(const auto gpus, hyperv::list_partitionable_gpus(session, context.call));
    TRY_ASSIGN(auto all, hyperv::list_gpu_partitions(session, gpus, context.call));
    std::erase_if(all, [&](const model::GpuPartition& one) { return one.vm_id != vm; });
    return all;
}

nlohmann::json ids_of(const std::vector<model::GpuPartition>& partitions) {
    auto ids = nlohmann::json::array();
    for (const auto& one : partitions)
        ids.push_back(one.id);
    return ids;
}

bool listed(const std::vector<std::string>& ids, const std::string& id) {
    return std::any_of(ids.begin(), ids.end(), [&](const std::string& one) { return iequals(one, id); });
}

/// A partition of that card which was not there before the step: ours, whoever's process made it. On builds that cannot
/// tell the card, any new one.
const model::GpuPartition* new_partition(const std::vector<model::GpuPartition>& now,
                                         const std::vector<std::string>& before, const std::string& card) {
    for (const auto& one : now)
        if (!listed(before, one.id) && (one.gpu_interface_path.empty() || iequals(one.gpu_interface_path, card)))
            return &one;
    return nullptr;
}

Result<nlohmann::json> ids_before(const StepContext& context) {
    TRY_ASSIGN(const auto vm, vm_of(context));
    TRY_ASSIGN(const auto now, partitions_of(context, vm));
    return nlohmann::json{{"partitions", ids_of(now)}};
}

class PartitionAddHandler final : public StepHandler {
  public:
    Result<nlohmann::json> prepare(const StepContext& context) const override { return ids_before(context); }

    Result<StepRun> run(const StepContext& context, const nlohmann::json& before) const override {
        TRY_ASSIGN(const auto vm, vm_of(context));
        TRY_ASSIGN(const auto card, text_field(context.parameters, "gpu"));
        TRY_ASSIGN(const auto known, texts_field(before, "partitions"));
        TRY_ASSIGN(const auto now, partitions_of(context, vm));
        StepRun run;
        std::string id;
        if (const auto* present = new_partition(now, known, card)) {
            id = present->id;
        } else {
            TRY_ASSIGN(const auto added,
                       hyperv::add_gpu_partition(context.environment.host.cim(), vm, card, context.call));
            id = added.id;
            run.changed = true;
        }
        run.record = {{"partition", id}};
        run.facts.push_back({"step.partition_add.fact",
                             {{"gpu", text_or(context.parameters, "gpu_name", card)},
                              {"vm", text_or(context.parameters, "vm_name")},
                              {"partition", id}}});
        return run;
    }

    Result<std::vector<Message>> undo(const StepContext& context, const nlohmann::json& before,
                                      const nlohmann::json& record) const override {
        TRY_ASSIGN(const auto vm, vm_of(context));
        TRY_ASSIGN(const auto card, text_field(context.parameters, "gpu"));
        TRY_ASSIGN(const auto known, texts_field(before, "partitions"));
        auto& session = context.environment.host.cim();
        if (const std::string id = text_or(record, "partition"); !id.empty() && !listed(known, id)) {
            TRY(hyperv::remove_gpu_partition(session, id, context.call));
            return std::vector<Message>{};
        }
        TRY_ASSIGN(const auto now, partitions_of(context, vm));
        if (const auto* ours = new_partition(now, known, card))
            TRY(hyperv::remove_gpu_partition(session, ours->id, context.call));
        return std::vector<Message>{};
    }
};

class PartitionRemoveHandler final : public StepHandler {
  public:
    Result<nlohmann::json> prepare(const StepContext& context) const override {
        TRY_ASSIGN(auto before, ids_before(context));
        TRY_ASSIGN(const auto id, text_field(context.parameters, "partition"));
        before["amounts"] = nlohmann::json::object();
        const auto amounts = hyperv::read_partition_amounts(context.environment.host.cim(), id, context.call);
        if (!amounts && amounts.error().code != "gpu.partition_not_found") return fail(amounts.error());
        if (amounts)
            for (const auto& [name, amount] : *amounts)
                before["amounts"][name] = amount;
        return before;
    }

    Result<StepRun> run(const StepContext& context, const nlohmann::json&) const override {
        TRY_ASSIGN(const auto vm, vm_of(context));
        TRY_ASSIGN(const auto id, text_field(context.parameters, "partition"));
        TRY_ASSIGN(const auto now, partitions_of(context, vm));
        StepRun run;
        run.changed = std::any_of(now.begin(), now.end(), [&](const auto& one) { return iequals(one.id, id); });
        TRY(hyperv::remove_gpu_partition(context.environment.host.cim(), id, context.call));
        run.facts.push_back(
            {"step.partition_remove.fact",
             {{"gpu", text_or(context.parameters, "gpu_name")}, {"vm", text_or(context.parameters, "vm_name")}}});
        return run;
    }

    Result<std::vector<Message>> undo(const StepContext& context, const nlohmann::json& before,
                                      const nlohmann::json&) const override {
        TRY_ASSIGN(const auto vm, vm_of(context));
        TRY_ASSIGN(const auto id, text_field(context.parameters, "partition"));
        TRY_ASSIGN(const auto known, texts_field(before, "partitions"));
        const std::string card = text_or(context.parameters, "gpu");
        TRY_ASSIGN(const auto now, partitions_of(context, vm));
        const bool still_there =
            std::any_of(now.begin(), now.end(), [&](const auto& one) { return iequals(one.id, id); });
        if (still_there || new_partition(now, known, card)) return std::vector<Message>{};
        auto& session = context.environment.host.cim();
        TRY_ASSIGN(const auto added, hyperv::add_gpu_partition(session, vm, card, context.call));
        hyperv::PartitionAmounts amounts;
        for (const auto& [name, amount] : field_or_null(before, "amounts").items())
            if (amount.is_number_unsigned()) amounts.emplace_back(name, amount.get<std::uint64_t>());
        TRY(hyperv::write_partition_amounts(session, added.id, amounts, context.call));
        return std::vector<Message>{};
    }
};

} // namespace

const StepHandler& partition_add_handler() {
    static const PartitionAddHandler handler;
    return handler;
}

const StepHandler& partition_remove_handler() {
    static const PartitionRemoveHandler handler;
    return handler;
}

} // namespace exhyperv::assign
