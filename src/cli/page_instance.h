#pragma once

#include "platform/file.h"
#include "support/deadline.h"

#include <optional>
#include <string>

namespace exhyperv::cli {

/// One page a user and host: the process that serves it holds a lock, and leaves the page's address where the next one
/// finds it. The address holds the key of the run, so its file is for the user alone and goes with the object. Errors:
/// file.*.
class PageInstance {
  public:
    /// Nothing when another process serves the page already.
    static Result<std::optional<PageInstance>> claim(const std::string& data_directory, const std::string& host_key);
    PageInstance(PageInstance&&) noexcept = default;
    PageInstance& operator=(PageInstance&&) noexcept = default;
    ~PageInstance();
    [[nodiscard]] Result<> announce(const std::string& address) const;

  private:
    PageInstance(platform::File lock, std::string address_file)
        : lock_(std::move(lock)), address_file_(std::move(address_file)) {}
    std::optional<platform::File> lock_;
    std::string address_file_;
};

/// The address of the page that another process serves; waits for it, as that process may be starting.
/// `serve.not_found` when it does not come in time.
[[nodiscard]] Result<std::string> address_of_running_page(const std::string& data_directory,
                                                          const std::string& host_key, const CallContext& context);

} // namespace exhyperv::cli
