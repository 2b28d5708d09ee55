#include "transport/sim/cim/family.h"

#include "support/strings.h"

namespace exhyperv::sim {

std::optional<Object> Family::find(const View& view, const cim::ObjectPath& path) const {
    std::optional<Object> found;
    each(view, [&](const Object& object) {
        if (!path_of(view, object).same_object(path)) return true;
        found = object;
        return false;
    });
    return found;
}

cim::ObjectPath Family::path_of(const View& view, const Object& object) const {
    const auto* shape = ClassShape::find(name_space_, class_name_, view.build());
    if (!shape) return {};
    auto keys = Wanted::keys(*shape);
    Row row(keys);
    fill(view, object, row);
    return row.path(view.host());
}

const Families& families() {
    static const Families all = [] {
        Families out;
        add_computer_systems(out);
        add_system_settings(out);
        add_resource_settings(out);
        add_templates(out);
        add_pci_express(out);
        add_gpus(out);
        add_gpu_counters(out);
        add_components(out);
        add_jobs(out);
        add_services(out);
        add_pools(out);
        add_storage(out);
        add_summaries(out);
        add_operating_system(out);
        add_plug_and_play(out);
        add_networks(out);
        return out;
    }();
    return all;
}

std::optional<Endpoint> resolve(const View& view, const cim::ObjectPath& path) {
    if (!path.host.empty() && path.host != "." && !iequals(path.host, view.host())) return std::nullopt;
    for (const auto& family : families()) {
        if (!iequals(family->class_name(), path.class_name)) continue;
        if (!path.name_space.empty() && !iequals(replace_all(path.name_space, "/", "\\"), family->name_space()))
            continue;
        if (!ClassShape::find(family->name_space(), family->class_name(), view.build())) continue;
        if (auto object = family->find(view, path)) return Endpoint{family.get(), *object};
    }
    return std::nullopt;
}

} // namespace exhyperv::sim
