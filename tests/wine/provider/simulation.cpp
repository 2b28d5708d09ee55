#include "simulation.h"

#include "cim/class_table.h"
#include "platform/process.h"
#include "support/strings.h"
#include "transport/sim/sim_host_impl.h"

#include <fstream>

namespace exhyperv::provider {
namespace {

std::mutex current_mutex;
std::shared_ptr<Simulation> current;

Result<std::shared_ptr<Simulation>> from_environment() {
    const auto setting = [](const char* name) { return platform::environment(name).value_or(""); };
    sim::SimOptions options;
    if (const auto scenario = setting("EXHYPERV_WMI_SCENARIO"); !scenario.empty()) options.scenario = scenario;
    options.data_directory = setting("EXHYPERV_WMI_DATA");
    options.in_memory = options.data_directory.empty();
    options.fault_script = setting("EXHYPERV_WMI_FAULTS");
    const auto answers = setting("EXHYPERV_WMI_ANSWERS");
    if (answers == "sync") options.answers = sim::Answers::synchronous;
    if (answers == "job") options.answers = sim::Answers::job;
    TRY_ASSIGN(auto host, sim::make_host(options));
    TRY_ASSIGN(auto simulation, wrap(std::move(host), setting("EXHYPERV_WMI_TRACE")));
    if (const auto user = platform::environment("EXHYPERV_WMI_USER"))
        simulation->let_in_only(*user, setting("EXHYPERV_WMI_PASSWORD"));
    return simulation;
}

} // namespace

Simulation::Simulation(std::unique_ptr<host::Host> host, std::uint32_t build, bool hyperv, std::string trace_file)
    : host_(std::move(host)), name_(host_->cim().host_name()), build_(build), hyperv_(hyperv),
      trace_file_(std::move(trace_file)) {}

bool Simulation::has_namespace(std::string_view name_space) const {
    if (iequals(name_space, host::kVirtualization) && !hyperv_) return false;
    return cim::class_table::knows_namespace(name_space);
}

void Simulation::note(const std::string& line) {
    ++calls_;
    if (trace_file_.empty()) return;
    const std::lock_guard lock(trace_);
    std::ofstream(trace_file_, std::ios::app | std::ios::binary) << line << '\n';
}

void Simulation::connected_as(std::string user) {
    const std::lock_guard lock(trace_);
    last_user_ = std::move(user);
}

std::string Simulation::last_user() const {
    const std::lock_guard lock(trace_);
    return last_user_;
}

void Simulation::let_in_only(std::string user, std::string password) {
    const std::lock_guard lock(trace_);
    credentials_.emplace(std::move(user), std::move(password));
}

bool Simulation::lets_in(const std::string& user, const std::string& password) const {
    const std::lock_guard lock(trace_);
    return !credentials_ || (iequals(credentials_->first, user) && credentials_->second == password);
}

Result<std::shared_ptr<Simulation>> wrap(std::unique_ptr<host::Host> host, std::string trace_file) {
    auto* simulated = dynamic_cast<sim::SimHost*>(host.get());
    if (!simulated) return fail("sim.bad_state", {{"reason", "not a simulated host"}});
    TRY_ASSIGN(const auto world, simulated->world());
    return std::make_shared<Simulation>(std::move(host), world.host.build, world.host.hyperv_installed,
                                        std::move(trace_file));
}

Result<std::shared_ptr<Simulation>> current_simulation() {
    const std::lock_guard lock(current_mutex);
    if (!current) {
        TRY_ASSIGN(current, from_environment());
    }
    return current;
}

void use_simulation(std::shared_ptr<Simulation> simulation) {
    const std::lock_guard lock(current_mutex);
    current = std::move(simulation);
}

} // namespace exhyperv::provider
