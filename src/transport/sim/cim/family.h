#pragma once

#include "cim/object_path.h"
#include "transport/sim/cim/row.h"
#include "transport/sim/world/world.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace exhyperv::sim {

/// What a projection looks at: one state of the world at one moment.
struct View {
    const World& world;
    std::int64_t now_ms;
    [[nodiscard]] const std::string& host() const { return world.host.name; }
    [[nodiscard]] bool chinese() const { return world.host.chinese(); }
    [[nodiscard]] std::uint32_t build() const { return world.host.build; }
};

/// Names one object of a family: which VM or checkpoint, which item of it. Valid while the world does not change.
struct Object {
    const Vm* vm = nullptr;
    const VmConfig* config = nullptr;
    Guid owner; ///< VM or checkpoint whose settings they are
    const void* item = nullptr;
    std::uint32_t index = 0;
    std::uint32_t variant = 0;
};

/// Return false to stop.
using Visit = std::function<bool(const Object&)>;

/// Projects one kind of thing of the world onto one CIM class.
class Family {
  public:
    Family(std::string_view name_space, std::string_view class_name)
        : name_space_(name_space), class_name_(class_name) {}
    virtual ~Family() = default;
    [[nodiscard]] std::string_view name_space() const { return name_space_; }
    [[nodiscard]] std::string_view class_name() const { return class_name_; }

    virtual void each(const View& view, const Visit& visit) const = 0;
    virtual void fill(const View& view, const Object& object, Row& row) const = 0;
    /// By keys. The default looks at every object's keys.
    [[nodiscard]] virtual std::optional<Object> find(const View& view, const cim::ObjectPath& path) const;

    [[nodiscard]] cim::ObjectPath path_of(const View& view, const Object& object) const;

  private:
    std::string_view name_space_, class_name_;
};

using Families = std::vector<std::unique_ptr<Family>>;

/// All of them, made once.
[[nodiscard]] const Families& families();

/// A family and one of its objects.
struct Endpoint {
    const Family* family = nullptr;
    Object object;
};
/// The object a path names. Nothing: no such class in this build, or no such object.
[[nodiscard]] std::optional<Endpoint> resolve(const View& view, const cim::ObjectPath& path);

inline constexpr std::string_view kV2 = "root\\virtualization\\v2";
inline constexpr std::string_view kCimv2Space = "root\\cimv2";
inline constexpr std::string_view kDeviceGuardSpace = "root\\Microsoft\\Windows\\DeviceGuard";

// One function a file of projections; each adds its families.
void add_computer_systems(Families& out);
void add_system_settings(Families& out);
void add_resource_settings(Families& out);
void add_templates(Families& out);
void add_pci_express(Families& out);
void add_gpus(Families& out);
void add_gpu_counters(Families& out);
void add_components(Families& out);
void add_jobs(Families& out);
void add_services(Families& out);
void add_pools(Families& out);
void add_storage(Families& out);
void add_summaries(Families& out);
void add_operating_system(Families& out);
void add_plug_and_play(Families& out);
void add_networks(Families& out);

} // namespace exhyperv::sim
