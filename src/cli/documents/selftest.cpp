#include "cli/documents/json.h"
#include "cli/documents/selftest_document.h"

namespace exhyperv::cli {

Document selftest_document(const assign::SelfTest& found, const std::string& host_uri, text::Language language) {
    Json out{{"program", std::string("exhyperv ") + EXHYPERV_VERSION}, {"host", host_uri}};
    if (found.facts)
        out["windows"] = {{"name", found.facts->os_name},
                          {"build", found.facts->build},
                          {"product_type", static_cast<int>(found.facts->product_type)},
                          {"sku", found.facts->sku}};
    out["failed"] = found.failed();
    Json checks = Json::array();
    for (const auto& check : found.checks) {
        Json entry{{"id", check.id},
                   {"verdict", assign::verdict_name(check.verdict)},
                   {"evidence", json_of(check.evidence, language)}};
        if (!check.remedy.key.empty()) entry["remedy"] = json_of(check.remedy, language);
        checks.push_back(std::move(entry));
    }
    out["checks"] = std::move(checks);
    out["observations"] = found.observations;
    return Document(std::move(out));
}

std::string document_text(const Document& document) {
    return document.content().dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n';
}

} // namespace exhyperv::cli
