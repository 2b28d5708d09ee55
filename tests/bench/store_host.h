#pragma once

#include "host/files.h"
#include "host/registry.h"
#include "transport/sim/material/driver_store.h"

#include <map>
#include <string>

namespace exhyperv::bench {

/// The least host a driver can be resolved on: one card, one driver-store directory, a registry that holds what
/// installing the package writes. Listing reads the real directory each time, as a host would.
class StoreHost final : public host::HostRegistry, public host::HostFiles {
  public:
    /// `file_repository` is the real directory behind C:\Windows\System32\DriverStore\FileRepository.
    StoreHost(std::string file_repository, const sim::PackageSpec& spec);
    [[nodiscard]] const std::string& card() const { return card_; } ///< instance path

    Result<std::vector<host::RegistryKey>> read(const std::vector<std::string>& paths,
                                                const CallContext& context) override;
    Result<> write(const std::string& path, const host::RegistryValue& value, const CallContext& context) override;
    Result<> erase(const std::string& path, const std::string& value_name, const CallContext& context) override;

    Result<std::vector<Entry>> list_tree(const std::string& directory, std::size_t limit,
                                         const CallContext& context) override;
    Result<bool> exists(const std::string& path, const CallContext& context) override;
    Result<std::string> local_path(const std::string& host_path) const override;
    Result<std::string> driver_store_location(const std::string& inf_name, const CallContext& context) override;
    Result<std::uint64_t> free_space(const std::string& directory, const CallContext& context) override;

  private:
    std::string repository_, card_;
    std::vector<sim::StorePackage> packages_;
    std::map<std::string, std::vector<host::RegistryValue>> keys_;
};

} // namespace exhyperv::bench
