#include "cli/documents/drift.h"

#include "cli/documents/json.h"

namespace exhyperv::cli {
namespace {

std::string_view kind_name(drivers::DriftFile::Kind kind) {
    switch (kind) {
    case drivers::DriftFile::Kind::missing:
        return "missing";
    case drivers::DriftFile::Kind::changed:
        return "changed";
    case drivers::DriftFile::Kind::extra:
        break;
    }
    return "extra";
}

} // namespace

Document drift_document(const std::vector<assign::DriftRow>& rows, text::Language language) {
    Json list = Json::array();
    for (const auto& row : rows) {
        Json files = Json::array();
        for (const auto& file : row.drift.files)
            files.push_back({{"kind", kind_name(file.kind)}, {"package", file.package}, {"path", file.path}});
        Json entry{{"vm", row.vm.str()},
                   {"vm_name", row.vm_name},
                   {"state", model::vm_state_name(row.state)},
                   {"card", row.card},
                   {"card_name", row.card_name},
                   {"has_partition", row.has_partition},
                   {"on_host", row.on_host},
                   {"source", assign::source_name(row.source)}};
        put(entry, "disk", row.disk);
        put(entry, "host_version", row.drift.host_version);
        put(entry, "guest_version", row.drift.guest_version);
        put(entry, "since", row.drift.since);
        if (row.on_host && row.source != assign::DriftRow::Source::nothing)
            entry["drift"] = drivers::drift_name(row.drift.state);
        entry["orphan"] = assign::is_orphan(row);
        entry["lags"] = assign::lags(row);
        if (row.waiting) {
            entry["when_off"] = {{"since", row.waiting->since},
                                 {"who", row.waiting->who},
                                 {"tries", row.waiting->tries},
                                 {"given_up", row.waiting->given_up}};
            put(entry["when_off"], "next_try", row.waiting->next_try);
            put(entry["when_off"], "problem", row.waiting->problem);
        }
        entry["file_count"] = row.drift.file_count;
        entry["files"] = std::move(files);
        if (row.problem) entry["problem"] = json_of(*row.problem, language);
        list.push_back(std::move(entry));
    }
    return Document(Json{{"drift", std::move(list)}});
}

Document updated_driver_document(const std::string& host, const app::UpdatedDriver& updated) {
    return Document(
        Json{{"host", host}, {"gpu", updated.gpu}, {"version_before", updated.before}, {"version", updated.version}});
}

} // namespace exhyperv::cli
