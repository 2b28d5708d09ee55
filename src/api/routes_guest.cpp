#include "api/dto.h"
#include "api/import_preview.h"
#include "api/service_state.h"
#include "app/guest_report.h"
#include "support/guid.h"

namespace exhyperv::api {
namespace {

constexpr auto kLookTime = std::chrono::seconds(60);

nlohmann::json drivers_of(const drivers::Manifest& manifest) {
    auto list = nlohmann::json::array();
    for (const auto& card : manifest.cards) {
        std::uint64_t files = 0, bytes = 0;
        for (const auto& folder : card.packages)
            if (const auto* package = manifest.package(folder))
                for (const auto& file : package->files) {
                    ++files;
                    bytes += file.size;
                }
        nlohmann::json driver{{"card", card.name.empty() ? card.instance_path : card.name},
                              {"version", card.driver_version},
                              {"files", files},
                              {"bytes", bytes}};
        if (!card.imported_at.empty()) driver["since"] = card.imported_at;
        list.push_back(std::move(driver));
    }
    return list;
}

nlohmann::json findings(const app::VmImage& image) {
    auto report = app::report_guest(image.local_path);
    if (!report)
        return {{"path", image.host_path},
                {"format", ""},
                {"size", 0},
                {"table", "none"},
                {"leftover_journal", false},
                {"chain", nlohmann::json::array()},
                {"partitions", nlohmann::json::array()},
                {"error", dto(report.error())}};
    nlohmann::json document = dto(report->disk, image.host_path);
    for (std::size_t i = 0; i < report->partitions.size(); ++i) {
        auto& partition = document["partitions"][i];
        const auto& found = report->partitions[i];
        if (found.manifest) partition["drivers"] = drivers_of(*found.manifest);
        if (found.manifest_error && !partition.contains("refusal")) partition["refusal"] = dto(*found.manifest_error);
    }
    return document;
}

Result<Response> inspect(RouteCall& call) {
    const auto id = Guid::parse(call.parameters.front());
    if (!id) return fail("api.bad_request", {{"reason", "vm is not a GUID"}});
    TRY_ASSIGN(const auto session, call.host.open_session());
    TRY_ASSIGN(const auto inventory, session->vm_inventory(CallContext::within(kLookTime)));
    TRY_ASSIGN(const auto vm, session->find_vm(inventory, id->str()));
    TRY_ASSIGN(const auto images, session->images(vm));
    auto list = nlohmann::json::array();
    for (const auto& image : images)
        list.push_back(findings(image));
    return answer(200, list);
}

Result<Response> preview(RouteCall& call) {
    const auto id = Guid::parse(call.parameters.front());
    const auto card = call.request.query.find("gpu");
    if (!id) return fail("api.bad_request", {{"reason", "vm is not a GUID"}});
    if (card == call.request.query.end()) return fail("api.bad_request", {{"reason", "gpu is missing"}});
    const CallContext context = CallContext::within(kLookTime);
    TRY_ASSIGN(const auto session, call.host.open_session());
    TRY_ASSIGN(const auto inventory, session->inventory(context));
    TRY_ASSIGN(const auto vm, session->find_vm(inventory, id->str()));
    TRY_ASSIGN(const auto gpu, session->find_gpu(inventory, card->second));
    return answer(200, import_preview(vm, gpu, session->preview_import(vm, gpu, context)));
}

constexpr Route kRoutes[] = {{"GET", "/vms/{vm}/guest", false, inspect, Waits::for_work},
                             {"GET", "/vms/{vm}/guest/import", false, preview, Waits::for_work}};

} // namespace

std::span<const Route> guest_routes() {
    return kRoutes;
}

} // namespace exhyperv::api
