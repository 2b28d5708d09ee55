#include "transport/wmi_com/ports/remote_refusals.h"

namespace exhyperv::wmi_com {
namespace {

tl::unexpected<Error> not_local(const std::string& path) {
    return fail("host.files_not_local", {{"path", path}});
}

} // namespace

tl::unexpected<Error> RemoteRegistry::refusal() const {
    return fail("host.registry_not_local", {{"host", host_}});
}

Result<std::vector<host::RegistryKey>> RemoteRegistry::read(const std::vector<std::string>&, const CallContext&) {
    return refusal();
}

Result<> RemoteRegistry::write(const std::string&, const host::RegistryValue&, const CallContext&) {
    return refusal();
}

Result<> RemoteRegistry::erase(const std::string&, const std::string&, const CallContext&) {
    return refusal();
}

Result<std::vector<host::HostFiles::Entry>> RemoteFiles::list_tree(const std::string& directory, std::size_t,
                                                                   const CallContext&) {
    return not_local(directory);
}

Result<bool> RemoteFiles::exists(const std::string& path, const CallContext&) {
    return not_local(path);
}

Result<std::string> RemoteFiles::local_path(const std::string& host_path) const {
    return not_local(host_path);
}

Result<std::string> RemoteFiles::driver_store_location(const std::string& inf_name, const CallContext&) {
    return not_local(inf_name);
}

Result<std::uint64_t> RemoteFiles::free_space(const std::string& directory, const CallContext&) {
    return not_local(directory);
}

} // namespace exhyperv::wmi_com
