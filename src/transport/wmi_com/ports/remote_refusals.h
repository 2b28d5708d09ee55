#pragma once

#include "host/files.h"
#include "host/registry.h"

#include <string>

namespace exhyperv::wmi_com {

/// The registry of another machine: neither read nor written from here. Error: host.registry_not_local {host}.
class RemoteRegistry final : public host::HostRegistry {
  public:
    explicit RemoteRegistry(std::string host) : host_(std::move(host)) {}
    Result<std::vector<host::RegistryKey>> read(const std::vector<std::string>& paths,
                                                const CallContext& context) override;
    Result<> write(const std::string& path, const host::RegistryValue& value, const CallContext& context) override;
    Result<> erase(const std::string& path, const std::string& value_name, const CallContext& context) override;

  private:
    [[nodiscard]] tl::unexpected<Error> refusal() const;

    std::string host_;
};

/// The files of another machine. Error: host.files_not_local {path}.
class RemoteFiles final : public host::HostFiles {
  public:
    Result<std::vector<Entry>> list_tree(const std::string& directory, std::size_t limit,
                                         const CallContext& context) override;
    Result<bool> exists(const std::string& path, const CallContext& context) override;
    [[nodiscard]] Result<std::string> local_path(const std::string& host_path) const override;
    Result<std::string> driver_store_location(const std::string& inf_name, const CallContext& context) override;
    Result<std::uint64_t> free_space(const std::string& directory, const CallContext& context) override;
};

} // namespace exhyperv::wmi_com
