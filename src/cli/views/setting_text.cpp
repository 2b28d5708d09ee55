#include "cli/views/setting_text.h"

#include "support/strings.h"
#include "text/quantity.h"

#include <array>
#include <optional>

namespace exhyperv::cli {
namespace {

enum class Kind : std::uint8_t { on_off, mib, stop_action, checkpoint_type };

struct Known {
    std::string_view name; ///< of the provider's property
    std::string_view label;
    Kind kind;
};

constexpr std::array kKnown{
    Known{"GuestControlledCacheTypes", "cli.vm.cache_types", Kind::on_off},
    Known{"LowMmioGapSize", "cli.vm.low_mmio", Kind::mib},
    Known{"HighMmioGapSize", "cli.vm.high_mmio", Kind::mib},
    Known{"HighMmioGapBase", "cli.vm.high_mmio_base", Kind::mib},
    Known{"AutomaticShutdownAction", "cli.vm.stop_action", Kind::stop_action},
    Known{"UserSnapshotType", "cli.vm.checkpoint_type", Kind::checkpoint_type},
    Known{"AutomaticSnapshotsEnabled", "cli.vm.automatic_checkpoints", Kind::on_off},
};

/// The key of an enumeration's text; the numbers are those of model::StopAction and model::CheckpointType.
std::string_view enum_key(Kind kind, std::uint64_t value) {
    static constexpr std::array<std::string_view, 6> kStop{
        "", "", "cli.vm.stop.turn_off", "cli.vm.stop.save", "cli.vm.stop.shut_down", ""};
    static constexpr std::array<std::string_view, 6> kCheckpoint{"",
                                                                 "",
                                                                 "cli.vm.checkpoint.disabled",
                                                                 "cli.vm.checkpoint.production",
                                                                 "cli.vm.checkpoint.production_only",
                                                                 "cli.vm.checkpoint.standard"};
    const auto& table = kind == Kind::stop_action ? kStop : kCheckpoint;
    return value < table.size() ? table[value] : std::string_view();
}

std::optional<std::string> value_words(Kind kind, const std::string& value, const Ui& ui) {
    if (kind == Kind::on_off) {
        if (value == "true") return ui.text("cli.on");
        if (value == "false") return ui.text("cli.off");
        return std::nullopt;
    }
    const auto number = parse_u64(value);
    if (!number) return std::nullopt;
    if (kind == Kind::mib) {
        if (*number >= (std::uint64_t{1} << 44)) return std::nullopt;
        return text::format_size(*number << 20);
    }
    const auto key = enum_key(kind, *number);
    return key.empty() ? std::nullopt : std::optional(ui.text(key));
}

const std::string* arg_of(const Message& message, std::string_view name) {
    for (const auto& [key, value] : message.args)
        if (key == name) return &value;
    return nullptr;
}

} // namespace

SettingWords setting_words(const std::string& name, const std::string& value, const Ui& ui) {
    for (const Known& known : kKnown)
        if (name == known.name)
            return {ui.text(known.label), value_words(known.kind, value, ui).value_or(printable(value))};
    return {printable(name), printable(value)};
}

std::vector<SettingWords> setting_changes(const assign::Step& step, const Ui& ui) {
    const std::string* changes = step.kind == "vm.settings" ? arg_of(step.what, "changes") : nullptr;
    if (!changes) return {};
    std::vector<SettingWords> out;
    for (const std::string& change : split(*changes, ',')) {
        const auto equals = change.find('=');
        if (equals == std::string::npos) return {};
        out.push_back(setting_words(std::string(trim(change.substr(0, equals))),
                                    std::string(trim(change.substr(equals + 1))), ui));
    }
    return out;
}

std::string step_title(const assign::Step& step, const Ui& ui) {
    const auto changes = setting_changes(step, ui);
    const std::string* vm = arg_of(step.what, "vm");
    if (changes.empty() || !vm) return ui.text(step.what);
    const bool back = step.what.key == "step.settings_back.what";
    return ui.text(back ? "cli.step.settings_back" : "cli.step.settings",
                   {{"vm", *vm}, {"count", std::to_string(changes.size())}});
}

std::string fact_text(const Message& fact, const Ui& ui) {
    const std::string* name = arg_of(fact, "setting");
    const std::string* value = arg_of(fact, "value");
    if (fact.key != "step.settings.fact" || !name || !value) return ui.text(fact);
    const auto [label, words] = setting_words(*name, *value, ui);
    return ui.text("cli.step.setting_fact", {{"setting", label}, {"value", words}});
}

} // namespace exhyperv::cli
