#include "drivers/registry_patch.h"

#include "drivers/guest_paths.h"
#include "drivers/registry_intel.h"
#include "support/strings.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace exhyperv::drivers {

namespace {

constexpr std::u16string_view kStore = u"driverstore";

char16_t lower(char16_t c) {
    return c >= u'A' && c <= u'Z' ? static_cast<char16_t>(c + 32) : c;
}
bool boundary(char16_t c) {
    return c == u'\\' || c == u'/' || c == 0;
}

/// Works on the code units themselves, so that whatever else the text holds comes back bit by bit.
template <class Text>
Text rewrite(const Text& text) {
    Text out;
    std::size_t i = 0;
    while (i < text.size()) {
        bool match = text.size() - i >= kStore.size() && (i == 0 || boundary(static_cast<char16_t>(text[i - 1])));
        for (std::size_t k = 0; match && k < kStore.size(); ++k)
            match = lower(static_cast<char16_t>(text[i + k])) == kStore[k];
        if (match && i + kStore.size() < text.size()) match = boundary(static_cast<char16_t>(text[i + kStore.size()]));
        if (match) {
            for (char c : {'H', 'o', 's', 't'})
                out.push_back(static_cast<typename Text::value_type>(c));
            out.append(text, i, kStore.size());
            i += kStore.size();
        } else {
            out.push_back(text[i++]);
        }
    }
    return out;
}

/// A key's values, read once.
class HiveView {
  public:
    explicit HiveView(const guest::Hive& hive) : hive_(hive) {}
    Result<const std::vector<guest::HiveValue>*> values(const std::string& key) {
        auto found = cache_.find(key);
        if (found == cache_.end()) {
            std::vector<guest::HiveValue> read;
            if (hive_.has_key(key)) {
                TRY_ASSIGN(read, hive_.values(key));
            }
            found = cache_.emplace(key, std::move(read)).first;
        }
        return &found->second;
    }

  private:
    const guest::Hive& hive_;
    std::map<std::string, std::vector<guest::HiveValue>, ILess> cache_;
};

std::optional<guest::HiveValue> find_value(const std::vector<guest::HiveValue>& values, std::string_view name) {
    const auto found = std::ranges::find_if(values, [&](const auto& value) { return iequals(value.name, name); });
    return found == values.end() ? std::nullopt : std::optional(*found);
}

bool same_data(const std::optional<guest::HiveValue>& a, const std::optional<guest::HiveValue>& b) {
    return a.has_value() == b.has_value() && (!a || (a->type == b->type && a->data == b->data));
}

const ManifestValue* known_value(const Manifest& manifest, std::string_view key, std::string_view name) {
    for (const auto& value : manifest.values)
        if (iequals(value.key, key) && iequals(value.name, name)) return &value;
    return nullptr;
}

/// Turns wanted values into edits and manifest entries.
Result<> add_wanted(const WantedKey& wanted, const guest::Hive& system, const Manifest& known, const std::string& card,
                    HiveView& view, RegistryPlan& plan) {
    TRY_ASSIGN(const auto* current, view.values(wanted.key));
    if (!system.has_key(wanted.key)) {
        plan.edits.push_back({guest::HiveEdit::Kind::create_key, wanted.key, {}});
        if (std::ranges::none_of(plan.created_keys, [&](const auto& key) { return iequals(key, wanted.key); }))
            plan.created_keys.push_back(wanted.key);
    }
    for (const auto& value : wanted.values) {
        const auto now = find_value(*current, value.name);
        const auto* listed = known_value(known, wanted.key, value.name);
        plan.values.push_back(
            {"SYSTEM", wanted.key, value.name, listed != nullptr ? listed->before : now, value, {card}});
        if (!same_data(now, value)) plan.edits.push_back({guest::HiveEdit::Kind::set_value, wanted.key, value});
    }
    return {};
}

} // namespace

std::size_t RegistryPlan::values_to_write() const {
    return static_cast<std::size_t>(std::ranges::count_if(values, [this](const ManifestValue& value) {
        return std::ranges::any_of(edits, [&](const guest::HiveEdit& edit) {
            return edit.kind == guest::HiveEdit::Kind::set_value && iequals(edit.key, value.key) &&
                   iequals(edit.value.name, value.name);
        });
    }));
}

std::size_t RegistryPlan::values_to_change() const {
    return static_cast<std::size_t>(std::ranges::count_if(edits, [](const guest::HiveEdit& edit) {
        return edit.kind == guest::HiveEdit::Kind::set_value || edit.kind == guest::HiveEdit::Kind::delete_value;
    }));
}

std::string to_host_driver_store(std::string_view text) {
    return rewrite(std::string(text));
}

guest::HiveValue to_host_driver_store(const guest::HiveValue& value) {
    const bool is_text = value.type == 1 || value.type == 2 || value.type == 7;
    if (!is_text || value.data.size() % 2 != 0) return value;
    std::u16string text;
    text.reserve(value.data.size() / 2);
    for (std::size_t i = 0; i < value.data.size(); i += 2)
        text.push_back(static_cast<char16_t>(std::to_integer<unsigned>(value.data[i]) |
                                             std::to_integer<unsigned>(value.data[i + 1]) << 8));
    guest::HiveValue out{value.name, value.type, {}};
    for (char16_t unit : rewrite(text)) {
        out.data.push_back(static_cast<std::byte>(unit & 0xFF));
        out.data.push_back(static_cast<std::byte>(unit >> 8));
    }
    return out;
}

Result<RegistryPlan> plan_registry(const ResolvedDrivers& drivers, const guest::Hive& system,
                                   const guest::WindowsInstall& windows, const Manifest& known) {
    RegistryPlan plan;
    HiveView view(system);
    for (const auto set : windows.control_sets) {
        const auto root = fmt::format("ControlSet{:03}", set);
        if (!system.has_key(root)) continue; // Select may name a set that was never made
        if (drivers.service) {
            WantedKey wanted{root + "\\Services\\" + drivers.service->name, {}};
            for (const auto& value : drivers.service->values)
                wanted.values.push_back(to_host_driver_store(guest::HiveValue{value.name, value.type, value.data}));
            TRY(add_wanted(wanted, system, known, drivers.instance_path, view, plan));
        }
        if (drivers.runtime_rule == RuntimeRegistry::intel && drivers.runtime) {
            TRY_ASSIGN(const auto keys, intel_runtime_keys(*drivers.runtime, system, root,
                                                           set == windows.current_control_set, plan.warnings));
            for (const auto& wanted : keys)
                TRY(add_wanted(wanted, system, known, drivers.instance_path, view, plan));
        }
    }
    return plan;
}

Result<RegistryRestore> plan_registry_restore(const std::vector<ManifestValue>& values,
                                              const std::vector<std::string>& created_keys, const guest::Hive& system) {
    RegistryRestore out;
    HiveView view(system);
    std::map<std::string, std::size_t, ILess> going; // values that disappear, by key
    for (const auto& value : values) {
        TRY_ASSIGN(const auto* current, view.values(value.key));
        const auto now = find_value(*current, value.name);
        if (same_data(now, value.before)) continue;
        if (!same_data(now, value.after)) {
            out.warnings.push_back({"drivers.warn.value_changed", {{"key", value.key}, {"value", value.name}}});
        } else if (value.before) {
            out.edits.push_back({guest::HiveEdit::Kind::set_value, value.key, *value.before});
        } else {
            out.edits.push_back({guest::HiveEdit::Kind::delete_value, value.key, guest::HiveValue{value.name, 0, {}}});
            ++going[value.key];
        }
    }
    for (auto key = created_keys.rbegin(); key != created_keys.rend(); ++key) {
        if (!system.has_key(*key)) continue;
        TRY_ASSIGN(const auto* current, view.values(*key));
        TRY_ASSIGN(const auto subkeys, system.subkeys(*key));
        const auto gone = going.find(*key);
        if (subkeys.empty() && current->size() == (gone == going.end() ? 0 : gone->second)) {
            out.edits.push_back({guest::HiveEdit::Kind::delete_key_tree, *key, {}});
        } else {
            out.warnings.push_back({"drivers.warn.key_kept", {{"key", *key}}});
        }
    }
    return out;
}

} // namespace exhyperv::drivers
