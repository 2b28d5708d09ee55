#include "assign/core/scope_json.h"

#include "assign/core/json_fields.h"

namespace exhyperv::assign {

nlohmann::json scope_to_json(const drivers::ScopeWish& wish) {
    if (wish.none()) return nullptr;
    auto extras = nlohmann::json::array();
    for (const auto& extra : wish.extras)
        extras.push_back({{"source", extra.source}, {"target", extra.target}});
    return {{"only_needed", wish.only_needed},
            {"full_store", wish.full_store},
            {"vendor_folders", wish.vendor_folders},
            {"extras", std::move(extras)}};
}

Result<drivers::ScopeWish> scope_from_json(const nlohmann::json& document) {
    drivers::ScopeWish wish;
    if (document.is_null()) return wish;
    TRY_ASSIGN(wish.only_needed, bool_field(document, "only_needed"));
    TRY_ASSIGN(wish.full_store, bool_field(document, "full_store"));
    TRY_ASSIGN(wish.vendor_folders, bool_field(document, "vendor_folders"));
    const auto& extras = field_or_null(document, "extras");
    if (!extras.is_array()) return corrupt("extras");
    for (const auto& element : extras) {
        drivers::ExtraSource extra;
        TRY_ASSIGN(extra.source, text_field(element, "source"));
        TRY_ASSIGN(extra.target, text_field(element, "target"));
        wish.extras.push_back(std::move(extra));
    }
    return wish;
}

} // namespace exhyperv::assign
