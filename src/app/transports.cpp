#include "app/transports.h"

#include "app/local_host.h"
#include "app/session.h"
#include "hyperv/gpus.h"
#include "hyperv/lookup.h"
#include "transport/sim/sim_host.h"
#include "transport/sim/update_driver.h"

#include <filesystem>

namespace exhyperv::app {
namespace {

sim::SimOptions sim_options(const HostUri& uri, const std::string& data_directory, const ProgressSink& progress) {
    sim::SimOptions options;
    options.scenario = uri.scenario;
    options.data_directory = data_directory;
    if (uri.answers == "natural") options.answers = sim::Answers::natural;
    if (uri.answers == "sync") options.answers = sim::Answers::synchronous;
    if (uri.answers == "job") options.answers = sim::Answers::job;
    options.latency = uri.latency;
    options.job_duration = uri.job_duration;
    options.registration_lag = uri.registration_lag;
    options.fault_script = uri.fault_script;
    options.uri = uri.text;
    options.progress = progress;
    return options;
}

} // namespace

Result<std::unique_ptr<host::Host>> open_transport(const HostUri& uri, const std::string& data_directory,
                                                   const ProgressSink& first_use) {
    if (uri.scheme == HostUri::Scheme::local) return open_local_host(uri);
    if (uri.scheme == HostUri::Scheme::dcom) return open_remote_host(uri);
    if (uri.scheme != HostUri::Scheme::sim) return fail("app.host_not_supported", {{"uri", uri.text}});
    return sim::make_host(sim_options(uri, data_directory, first_use));
}

Result<> check_scenario(const HostUri& uri) {
    if (uri.scheme != HostUri::Scheme::sim) return {};
    auto options = sim_options(uri, {}, {});
    options.in_memory = true;
    TRY(sim::make_host(options));
    return {};
}

std::string state_directory(const HostUri& uri, const std::string& data_directory) {
    return data_directory + "/hosts/" + host_key(uri);
}

Result<> reset_simulation(const HostUri& uri, const std::string& data_directory, const ProgressSink& progress) {
    if (uri.scheme != HostUri::Scheme::sim) return fail("app.not_simulated", {{"uri", uri.text}});
    TRY(sim::reset(sim_options(uri, data_directory, progress)));
    // The old world is gone, so its journal speaks of nothing that exists.
    std::error_code problem;
    std::filesystem::remove_all(state_directory(uri, data_directory), problem);
    if (problem)
        return fail("app.state_not_removed", {{"directory", state_directory(uri, data_directory)}}, problem.message());
    return {};
}

Result<UpdatedDriver> update_simulated_driver(const HostUri& uri, const std::string& data_directory,
                                              const std::string& gpu, const std::string& version,
                                              const CallContext& context) {
    if (uri.scheme != HostUri::Scheme::sim) return fail("app.not_simulated", {{"uri", uri.text}});
    const auto options = sim_options(uri, data_directory, {});
    TRY_ASSIGN(const auto host, sim::make_host(options));
    TRY_ASSIGN(const auto gpus, hyperv::list_gpus(*host, context));
    TRY_ASSIGN(const auto card, hyperv::find_gpu(gpus, gpu));
    TRY_ASSIGN(const auto before, sim::update_driver(*host, card.instance_path, version));
    return UpdatedDriver{card.name, before, version};
}

std::vector<Scenario> simulated_scenarios() {
    std::vector<Scenario> out;
    for (auto& info : sim::scenarios())
        out.push_back({info.name, info.title, info.parameters});
    return out;
}

} // namespace exhyperv::app
