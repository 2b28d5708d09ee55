#pragma once

#include "platform/file.h"
#include "support/deadline.h"

#include <optional>
#include <string>

namespace exhyperv::cli {

/// One page a user and host: the process that serves it holds a lock, and leaves the page's address where the next one
/// finds it, and beside it a file that leads a browser there: a browser's command line can be read by others, and the
/// address holds the key of the run. Both files are for the user alone and go with the object. Errors: file.*.
class PageInstance {
  public:
    /// Nothing when another process serves the page already.
    static Result<std::optional<PageInstance>> claim(const std::string& data_directory, const std::string& host_key);
    PageInstance(PageInstance&&) noexcept = default;
    PageInstance& operator=(PageInstance&&) noexcept = default;
    ~PageInstance();
    /// May be called again, with a new address.
    [[nodiscard]] Result<> announce(const std::string& address) const;
    [[nodiscard]] const std::string& door() const { return door_file_; } ///< what to show in a browser

  private:
    PageInstance(platform::File lock, std::string address_file, std::string door_file)
        : lock_(std::move(lock)), address_file_(std::move(address_file)), door_file_(std::move(door_file)) {}
    std::optional<platform::File> lock_;
    std::string address_file_, door_file_;
};

struct RunningPage {
    std::string address;
    std::string door; ///< path of the file that leads there
};

/// The page that another process serves; waits for it, as that process may be starting. `serve.not_found` when it does
/// not come in time.
[[nodiscard]] Result<RunningPage> find_running_page(const std::string& data_directory, const std::string& host_key,
                                                    const CallContext& context);

} // namespace exhyperv::cli
