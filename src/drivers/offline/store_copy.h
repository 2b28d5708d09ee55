#pragma once

#include "drivers/inf.h"
#include "drivers/inf_text.h"
#include "host/files.h"
#include "host/registry.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace exhyperv::drivers {

/// What an image without a host is to be given the driver of.
struct StoreChoice {
    std::string directory; ///< a copy of a driver store, of its FileRepository, or one package of it
    std::string card;      ///< "PCI\VEN_10DE&DEV_2786", as long as is known; or a whole instance path
    std::string package;   ///< folder to take when several fit equally well; empty: the best one
};

/// A copy of a driver store that answers as a host with that card would: resolve() works on it. The package is the one
/// whose INF names the card most exactly; of these the newest. Reads each INF once; nothing is written, symbolic links
/// are not followed.
class StoreCopy final : public host::HostRegistry, public host::HostFiles {
  public:
    /// Errors: store.not_found {directory}, store.bad_card {card}, store.no_package {card, directory, count},
    /// store.unreadable_packages {…, unread, packages}, store.ambiguous {card, packages}, file.*, call.*.
    static Result<std::unique_ptr<StoreCopy>> open(const StoreChoice& choice, const CallContext& context);

    [[nodiscard]] const std::string& card() const { return card_; }     ///< instance path, for resolve()
    [[nodiscard]] const std::string& folder() const { return folder_; } ///< the package that was chosen
    [[nodiscard]] const std::string& repository() const { return repository_; }

    Result<std::vector<host::RegistryKey>> read(const std::vector<std::string>& paths,
                                                const CallContext& context) override;
    Result<> write(const std::string& path, const host::RegistryValue& value, const CallContext& context) override;
    Result<> erase(const std::string& path, const std::string& value_name, const CallContext& context) override;

    Result<std::vector<Entry>> list_tree(const std::string& directory, std::size_t limit,
                                         const CallContext& context) override;
    Result<std::vector<Entry>> list(const std::string& directory, std::size_t limit,
                                    const CallContext& context) override;
    [[nodiscard]] Result<bool> exists(const std::string& path, const CallContext& context) override;
    [[nodiscard]] Result<std::string> local_path(const std::string& host_path) const override;
    Result<std::string> driver_store_location(const std::string& inf_name, const CallContext& context) override;
    [[nodiscard]] Result<std::uint64_t> free_space(const std::string& directory, const CallContext& context) override;

  private:
    StoreCopy() = default;
    Result<> choose(const StoreChoice& choice, const CallContext& context);
    void install(const Inf& inf, const InfModel& model, const std::vector<std::string>& hardware_ids);

    std::string repository_; ///< as this process opens it
    std::string libraries_;  ///< likewise, of System32\lxss\lib; empty: the copy has none
    std::string card_, folder_, inf_name_;
    std::map<std::string, host::RegistryKey, ILess> keys_;
};

} // namespace exhyperv::drivers
