#pragma once

#include "guest/hive.h"

#include <hivex.h>

#include <memory>

namespace exhyperv::guest {

/// libhivex on a hive in memory. The library works on file names: a scratch file stands behind it while it opens and
/// writes.
class HivexHandle {
  public:
    /// The content has passed check_hive_header(). Errors: hive.corrupt, file.* of the scratch file.
    static Result<HivexHandle> open(std::span<const std::byte> content);

    [[nodiscard]] hive_h* get() const { return handle_.get(); }
    [[nodiscard]] hive_node_h root() const { return root_; }
    /// The key at this path, found without regard to case; 0 when there is none.
    [[nodiscard]] hive_node_h find(const std::vector<std::string>& path) const;
    [[nodiscard]] Result<std::vector<HiveValue>> values(hive_node_h key) const;
    /// The file as it would be written now.
    [[nodiscard]] Result<std::vector<std::byte>> content() const;

    /// `hive.corrupt` with what the library was doing and its errno.
    [[nodiscard]] static tl::unexpected<Error> failed(const char* doing);

  private:
    struct Close {
        void operator()(hive_h* handle) const { hivex_close(handle); }
    };
    explicit HivexHandle(hive_h* handle) : handle_(handle) {}
    std::unique_ptr<hive_h, Close> handle_;
    hive_node_h root_ = 0;
};

/// Components of a key path; empty for the root. `hive.bad_key` for components over 255 units and paths over 512 deep.
[[nodiscard]] Result<std::vector<std::string>> split_key(const std::string& key);

} // namespace exhyperv::guest
