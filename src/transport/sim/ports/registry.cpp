#include "transport/sim/ports/registry.h"

#include "support/strings.h"

#include <algorithm>

namespace exhyperv::sim {

namespace {

std::string_view trimmed(std::string_view path) {
    while (path.ends_with('\\'))
        path.remove_suffix(1);
    while (path.starts_with('\\'))
        path.remove_prefix(1);
    return path;
}

/// CurrentControlSet is an alias of ControlSet001, as on most hosts.
std::string canonical(std::string_view path) {
    constexpr std::string_view alias = "SYSTEM\\ControlSet001";
    path = trimmed(path);
    if (istarts_with(path, alias) && (path.size() == alias.size() || path[alias.size()] == '\\'))
        return "SYSTEM\\CurrentControlSet" + std::string(path.substr(alias.size()));
    return std::string(path);
}

host::RegistryKey read_key(const World& world, const std::string& asked) {
    host::RegistryKey out;
    out.path = asked;
    const auto path = canonical(asked);
    for (const auto& key : world.registry) {
        if (iequals(key.path, path)) {
            out.exists = true;
            for (const auto& value : key.values) {
                host::RegistryValue copy{value.name, value.type, {}};
                copy.data.resize(value.data.size());
                std::transform(value.data.begin(), value.data.end(), copy.data.begin(),
                               [](char c) { return static_cast<std::byte>(c); });
                out.values.push_back(std::move(copy));
            }
        } else if (istarts_with(key.path, path) && key.path.size() > path.size() && key.path[path.size()] == '\\') {
            out.exists = true;
            auto name = key.path.substr(path.size() + 1);
            name = name.substr(0, name.find('\\'));
            if (std::none_of(out.subkeys.begin(), out.subkeys.end(),
                             [&](const auto& known) { return iequals(known, name); }))
                out.subkeys.push_back(name);
        }
    }
    return out;
}

} // namespace

Result<std::vector<host::RegistryKey>> SimRegistry::read(const std::vector<std::string>& paths,
                                                         const CallContext& context) {
    const auto target = join(paths, "\n");
    return base_.run({.call = "registry.read", .class_name = {}, .method = {}, .target = target}, context,
                     [&](const auto&) -> Result<std::vector<host::RegistryKey>> {
                         std::vector<host::RegistryKey> out;
                         auto looked = base_.keeper.read(context, [&](const World& world, std::int64_t) -> Result<> {
                             for (const auto& path : paths)
                                 out.push_back(read_key(world, path));
                             return {};
                         });
                         TRY(std::move(looked));
                         return out;
                     });
}

Result<> SimRegistry::write(const std::string& path, const host::RegistryValue& value, const CallContext& context) {
    return base_.run({.call = "registry.write", .class_name = {}, .method = {}, .target = path}, context,
                     [&](const auto&) -> Result<> {
                         return base_.keeper.change(context, [&](World& world, std::int64_t) -> Result<> {
                             if (!world.host.elevated) return fail("registry.access_denied", {{"key", path}});
                             const auto name = canonical(path);
                             auto key = std::find_if(world.registry.begin(), world.registry.end(),
                                                     [&](const auto& k) { return iequals(k.path, name); });
                             if (key == world.registry.end()) key = world.registry.insert(key, {name, {}});
                             StoredRegistryValue stored{
                                 value.name, value.type,
                                 std::string(reinterpret_cast<const char*>(value.data.data()), value.data.size())};
                             for (auto& old : key->values)
                                 if (iequals(old.name, value.name)) {
                                     old = std::move(stored);
                                     return {};
                                 }
                             key->values.push_back(std::move(stored));
                             return {};
                         });
                     });
}

Result<> SimRegistry::erase(const std::string& path, const std::string& value_name, const CallContext& context) {
    return base_.run({.call = "registry.erase", .class_name = {}, .method = {}, .target = path}, context,
                     [&](const auto&) -> Result<> {
                         return base_.keeper.change(context, [&](World& world, std::int64_t) -> Result<> {
                             if (!world.host.elevated) return fail("registry.access_denied", {{"key", path}});
                             const auto name = canonical(path);
                             for (auto& key : world.registry)
                                 if (iequals(key.path, name))
                                     std::erase_if(key.values,
                                                   [&](const auto& value) { return iequals(value.name, value_name); });
                             return {};
                         });
                     });
}

} // namespace exhyperv::sim
