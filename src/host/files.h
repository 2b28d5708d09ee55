#pragma once

#include "support/deadline.h"
#include "support/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace exhyperv::host {

/// Files of the host, by their Windows paths (C:\Windows\System32\DriverStore\FileRepository\…).
class HostFiles {
  public:
    virtual ~HostFiles() = default;

    struct Entry {
        std::string path; ///< relative to the listed directory, separators '\'
        bool directory = false;
        std::uint64_t size = 0;
        std::uint64_t modified = 0; ///< FILETIME, 100 ns since 1601
    };
    /// Everything below a directory, depth first, directories before their content. Bounded:
    /// `host.too_many_files` (`directory`, `limit`) above `limit`.
    virtual Result<std::vector<Entry>> list_tree(const std::string& directory, std::size_t limit,
                                                 const CallContext& context) = 0;
    /// The direct children of a directory, paths being bare names; bounded likewise. Transports that list one level
    /// cheaply override this default, which cuts list_tree().
    virtual Result<std::vector<Entry>> list(const std::string& directory, std::size_t limit,
                                            const CallContext& context) {
        TRY_ASSIGN(auto entries, list_tree(directory, limit, context));
        std::erase_if(entries, [](const Entry& entry) { return entry.path.find('\\') != std::string::npos; });
        return entries;
    }
    [[nodiscard]] virtual Result<bool> exists(const std::string& path, const CallContext& context) = 0;

    /// The path under which this process can open that host file itself (the same path on Windows, a file of the
    /// simulated host on Linux). `host.files_not_local` (`path`) when the host is remote.
    [[nodiscard]] virtual Result<std::string> local_path(const std::string& host_path) const = 0;
    /// Published INF name ("oem12.inf") -> its directory below DriverStore\FileRepository, full host path
    /// (SetupGetInfDriverStoreLocation). `host.inf_not_found` (`inf`).
    virtual Result<std::string> driver_store_location(const std::string& inf_name, const CallContext& context) = 0;
    [[nodiscard]] virtual Result<std::uint64_t> free_space(const std::string& directory,
                                                           const CallContext& context) = 0;
};

} // namespace exhyperv::host
