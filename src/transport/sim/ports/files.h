#pragma once

#include "host/files.h"
#include "transport/sim/store/keeper.h"
#include "transport/sim/store/workshop.h"

namespace exhyperv::sim {

/// Files of the simulated host: real files below the data directory. What the scenario describes is made when first
/// asked for.
class SimFiles final : public host::HostFiles {
  public:
    SimFiles(Keeper& keeper, const Workshop& workshop) : keeper_(keeper), workshop_(workshop) {}
    Result<std::vector<Entry>> list_tree(const std::string& directory, std::size_t limit,
                                         const CallContext& context) override;
    Result<std::vector<Entry>> list(const std::string& directory, std::size_t limit,
                                    const CallContext& context) override;
    Result<bool> exists(const std::string& path, const CallContext& context) override;
    Result<std::string> local_path(const std::string& host_path) const override;
    Result<std::string> driver_store_location(const std::string& inf_name, const CallContext& context) override;
    Result<std::uint64_t> free_space(const std::string& directory, const CallContext& context) override;

  private:
    Result<std::vector<Entry>> read(const std::string& directory, std::size_t limit, bool deep,
                                    const CallContext& context);
    Result<> furnish(const std::string& path, const CallContext& context) const;
    Keeper& keeper_;
    const Workshop& workshop_;
};

} // namespace exhyperv::sim
