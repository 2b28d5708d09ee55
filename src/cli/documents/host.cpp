#include "cli/documents/host.h"

#include "cli/documents/json.h"

namespace exhyperv::cli {
namespace {

Json json_of(const app::ConfiguredHost& host) {
    Json out{{"uri", host.uri}};
    put(out, "name", host.name);
    return out;
}

} // namespace

Document hosts_document(const std::vector<app::ConfiguredHost>& hosts, const std::string& standard) {
    auto list = Json::array();
    for (const auto& host : hosts) {
        Json one = json_of(host);
        one["default"] = host.uri == standard;
        list.push_back(std::move(one));
    }
    return Document(Json{{"hosts", std::move(list)}});
}

Document host_document(const app::ConfiguredHost& host) {
    return Document(Json{{"host", json_of(host)}});
}

Document policy_document(const model::HostFacts& facts) {
    Json out{{"server", facts.server()}};
    put(out, "require_secure_device_assignment", facts.require_secure_device_assignment);
    put(out, "require_supported_device_assignment", facts.require_supported_device_assignment);
    return Document(Json{{"policy", std::move(out)}});
}

} // namespace exhyperv::cli
