#pragma once

#include "cim/class_table.h"
#include "host/cim_session.h"
#include "transport/sim/cim/family.h"
#include "transport/sim/disk_probe.h"

#include <string>
#include <string_view>
#include <vector>

namespace exhyperv::sim {

/// Return values of the services (wmi-facts 1.2).
namespace code {
inline constexpr std::uint32_t done = 0, job_started = 4096, failed = 32768, access_denied = 32769,
                               not_supported = 32770, invalid_parameter = 32773, in_use = 32774, invalid_state = 32775,
                               incorrect_type = 32776, not_available = 32777, file_not_found = 32779;
}

/// A method call on its way through the simulator. The object is looked up again when a job runs: the world may have
/// changed.
struct Call {
    World& world;
    std::int64_t now_ms;
    const DiskProbe& disks;
    cim::ObjectPath object;
    const Request& request;

    [[nodiscard]] View view() const { return {world, now_ms}; }
    [[nodiscard]] bool chinese() const { return world.host.chinese(); }
    /// The parameter, or a NULL string when it was not given.
    [[nodiscard]] cim::Value parameter(std::string_view name) const;
    [[nodiscard]] std::vector<std::string> texts(std::string_view name) const { return parameter(name).as_strings(); }
    [[nodiscard]] std::string text(std::string_view name) const { return parameter(name).as_string().value_or(""); }
};

/// How a call ended. Texts are for the job; on the synchronous path a client only sees the code.
struct Outcome {
    std::uint32_t code = code::done;
    std::string description; ///< layered: summary, middle, cause, separated by blank lines
    std::string summary;
    std::vector<std::string> affected; ///< object paths: results, in order
    std::vector<cim::Property> out;    ///< OUT parameters besides Job and the results
    std::string results_name;          ///< the OUT parameter that holds the affected elements, if any
    bool results_array = true;

    static Outcome failure(std::uint32_t code, std::vector<std::string> layers);
};

struct Method {
    std::string_view class_name, name;
    std::uint16_t job_type;
    bool usually_job; ///< what a real host does when it has the choice (wmi-facts 1.2)
    bool can_job;     ///< has a Job parameter
    /// A refusal at once, without a job; code::done lets the call go on. May be null.
    std::uint32_t (*refuse)(const Call& call);
    /// What changes when the job starts (a VM is "Starting"). May be null.
    void (*begin)(Call& call);
    /// Does it. Leaves the world untouched when it fails.
    Outcome (*run)(Call& call);
    /// The VM it is about, for the job object. May be null.
    std::optional<Guid> (*vm)(const Call& call);
    /// The job's type when it depends on the parameters. May be null.
    std::uint16_t (*type_of)(const Call& call) = nullptr;
};

[[nodiscard]] const Method* find_method(const cim::ClassInfo& info, std::string_view name);

using Methods = std::vector<Method>;
void add_system_management(Methods& out);
void add_state_changes(Methods& out);
void add_assignable_devices(Methods& out);
void add_image_management(Methods& out);
void add_snapshots(Methods& out);
void add_job_control(Methods& out);
void add_plug_and_play_methods(Methods& out);

} // namespace exhyperv::sim
