#include "drivers/copy_to_vm.h"

#include "drivers/guest_paths.h"
#include "support/strings.h"

#include <algorithm>
#include <array>

namespace exhyperv::drivers {

namespace {

constexpr std::array<CopyToVmList, 4> kLists = {{
    {"CopyToVmOverwrite", "Windows\\System32", PromotionMode::overwrite, false},
    {"CopyToVmWhenNewer", "Windows\\System32", PromotionMode::when_newer, false},
    {"CopyToVmOverwriteWow64", "Windows\\SysWOW64", PromotionMode::overwrite, true},
    {"CopyToVmWhenNewerWow64", "Windows\\SysWOW64", PromotionMode::when_newer, true},
}};

constexpr std::size_t kMaxValues = 4096;

} // namespace

std::span<const CopyToVmList> copy_to_vm_lists() {
    return kLists;
}

void add_copy_to_vm(const CopyToVmList& list, const host::RegistryKey& key, ResolvedDrivers& drivers) {
    auto warn = [&](const char* text, const std::string& value, const std::string& file) {
        drivers.warnings.push_back({text, {{"list", std::string(list.subkey)}, {"value", value}, {"file", file}}});
    };
    std::size_t seen = 0;
    for (const auto& value : key.values) {
        if (++seen > kMaxValues) {
            warn("drivers.warn.copytovm_bad", value.name, "");
            return;
        }
        const auto texts = value.as_texts();
        if (texts.empty() || texts.size() > 2 || texts[0].empty()) {
            warn("drivers.warn.copytovm_bad", value.name, texts.empty() ? "" : texts[0]);
            continue;
        }
        const auto source = backslashes(texts[0]);
        const auto target = texts.size() == 2 && !texts[1].empty() ? texts[1] : std::string(leaf_name(source));
        if (!is_safe_path(source) || !is_safe_name(target)) {
            warn("drivers.warn.copytovm_bad", value.name, source + " -> " + target);
            continue;
        }
        const auto* file = drivers.primary().file(source);
        if (file == nullptr) {
            warn("drivers.warn.copytovm_missing", value.name, source);
            continue;
        }
        auto path = join_path(list.directory, target);
        const auto taken =
            std::ranges::find_if(drivers.promotions, [&](const Promotion& p) { return iequals(p.target, path); });
        if (taken != drivers.promotions.end()) {
            if (!iequals(taken->source, file->path)) warn("drivers.warn.copytovm_twice", value.name, path);
            continue;
        }
        drivers.promotions.push_back({0, file->path, std::move(path), list.mode, {}, list.wow64});
    }
}

} // namespace exhyperv::drivers
