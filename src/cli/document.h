#pragma once

#include "app/guest_report.h"
#include "app/session.h"
#include "assign/operations.h"
#include "support/error.h"
#include "text/catalogue.h"

#include <nlohmann/json_fwd.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace exhyperv::cli {

/// A JSON object on its way to standard output. Field names and their meaning are in docs/cli-json.md and are the same
/// as those of the HTTP interface; texts are additionally rendered. Unknown values are left out, never invented.
class Document {
  public:
    Document(); ///< an empty object
    explicit Document(nlohmann::ordered_json content);
    Document(Document&&) noexcept;
    Document& operator=(Document&&) noexcept;
    ~Document();
    [[nodiscard]] const nlohmann::ordered_json& content() const { return *content_; }
    [[nodiscard]] nlohmann::ordered_json& content() { return *content_; }

  private:
    std::unique_ptr<nlohmann::ordered_json> content_;
};

[[nodiscard]] Document status_document(const app::Session& session, const model::HostFacts& facts,
                                       const app::Inventory& inventory,
                                       const std::vector<assign::ReadinessItem>& readiness,
                                       const std::vector<assign::HistoryEntry>& open, text::Language language);
[[nodiscard]] Document vm_list_document(const app::Inventory& inventory);
[[nodiscard]] Document vm_document(const app::Inventory& inventory, const model::Vm& vm);
/// The VM after its power was changed; `changed` false: it was as wanted before.
[[nodiscard]] Document power_document(const app::Inventory& inventory, const model::Vm& vm, std::string_view action,
                                      bool changed);
[[nodiscard]] Document gpu_list_document(const app::Inventory& inventory);
[[nodiscard]] Document gpu_document(const app::Inventory& inventory, const model::Gpu& gpu);
[[nodiscard]] Document guest_document(const std::vector<app::GuestReport>& reports, text::Language language);
/// What a change looks like: the plan, and after execution its outcome. `result` null: nothing was executed.
[[nodiscard]] Document change_document(const assign::Plan& plan, const assign::OperationResult* result, bool dry_run,
                                       text::Language language);
[[nodiscard]] Document history_document(const std::vector<assign::HistoryEntry>& entries, text::Language language);
[[nodiscard]] Document scenarios_document(const std::vector<app::Scenario>& scenarios);
[[nodiscard]] Document reset_document(const std::string& uri);

/// Everything --json prints, around a command's result.
struct Envelope {
    std::string_view command; ///< "gpu add"; empty when the command line was not understood
    int exit_code = 0;
    text::Language language = text::Language::en;
    Document result;
    std::optional<Error> error;
    std::vector<std::pair<std::string, Message>> notices; ///< code and text
};
[[nodiscard]] std::string envelope_text(Envelope envelope); ///< indented, ends with a line end

} // namespace exhyperv::cli
