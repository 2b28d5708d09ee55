#include "assign/core/json_fields.h"
#include "assign/core/scope_json.h"
#include "assign/handlers/guest_session.h"
#include "assign/handlers/handlers.h"
#include "assign/state/guest_record.h"
#include "guest/transaction.h"

namespace exhyperv::assign {

namespace {

/// What the guest has of the card before the step: nothing, or the version of an earlier import.
Result<nlohmann::json> guest_before(const StepContext& context) {
    TRY_ASSIGN(auto target, guest_target(context));
    // What an interrupted change left on the disk is put in order first: opening it for writing does that.
    if (guest::has_leftover_journal(target.local_path)) TRY(open_guest(target, true));
    TRY_ASSIGN(const auto disk, open_guest(target, false));
    const auto manifest = drivers::read_manifest(disk->volume());
    const drivers::ManifestCard* card = manifest && *manifest ? (*manifest)->card(target.card) : nullptr;
    // What the card was given besides, as the host remembers it: bringing the driver back brings that back too.
    const auto copy =
        drivers::read_manifest_copy(manifest_copy_path(context.environment.state_directory, target.vm, target.place()));
    drivers::ScopeWish scope;
    if (const auto* known = copy && *copy ? (*copy)->card(target.card) : nullptr)
        scope = {false, known->scope.full_store, known->scope.vendor_folders, known->scope.extras};
    return nlohmann::json{{"disk", target.disk},
                          {"partition", target.partition},
                          {"had_card", card != nullptr},
                          {"version", card ? card->driver_version : ""},
                          {"scope", scope_to_json(scope)}};
}

/// The disk that prepare() saw: the same one in every later process.
Result<GuestTarget> same_target(const StepContext& context, const nlohmann::json& before) {
    nlohmann::json parameters = context.parameters;
    parameters["disk"] = text_or(before, "disk");
    parameters["partition"] = field_or_null(before, "partition");
    return guest_target({context.environment, parameters, context.call, {}});
}

class ImportHandler final : public StepHandler {
  public:
    Result<nlohmann::json> prepare(const StepContext& context) const override { return guest_before(context); }

    Result<StepRun> run(const StepContext& context, const nlohmann::json& before) const override {
        TRY_ASSIGN(const auto target, same_target(context, before));
        return import_into_guest(context, target);
    }

    Result<std::vector<Message>> undo(const StepContext& context, const nlohmann::json& before,
                                      const nlohmann::json&) const override {
        TRY_ASSIGN(const auto target, same_target(context, before));
        // An earlier import was brought up to date: its files are gone, and a working driver is better than none.
        if (bool_or(before, "had_card", false))
            return std::vector<Message>{
                {"step.import.stays_updated", {{"gpu", target.card_name}, {"disk", target.disk}}}};
        TRY_ASSIGN(auto run, purge_from_guest(context, target));
        return std::move(run.warnings);
    }
};

class PurgeHandler final : public StepHandler {
  public:
    Result<nlohmann::json> prepare(const StepContext& context) const override { return guest_before(context); }

    Result<StepRun> run(const StepContext& context, const nlohmann::json& before) const override {
        TRY_ASSIGN(const auto target, same_target(context, before));
        return purge_from_guest(context, target);
    }

    Result<std::vector<Message>> undo(const StepContext& context, const nlohmann::json& before,
                                      const nlohmann::json&) const override {
        if (!bool_or(before, "had_card", false)) return std::vector<Message>{};
        TRY_ASSIGN(const auto target, same_target(context, before));
        nlohmann::json parameters = context.parameters;
        parameters["scope"] = field_or_null(before, "scope");
        auto run = import_into_guest({context.environment, parameters, context.call, {}}, target);
        // The card left the host, and its driver with it: there is nothing to bring back, and nothing that needs it.
        if (!run && (run.error().code == "drivers.card_unknown" || run.error().code == "drivers.no_driver"))
            return std::vector<Message>{{"step.purge.stays_out", {{"gpu", target.card_name}, {"disk", target.disk}}}};
        if (!run) return fail(std::move(run).error());
        return std::move(run->warnings);
    }
};

} // namespace

const StepHandler& guest_import_handler() {
    static const ImportHandler handler;
    return handler;
}

const StepHandler& guest_purge_handler() {
    static const PurgeHandler handler;
    return handler;
}

} // namespace exhyperv::assign
