#pragma once

#include <cstdint>
#include <string>

namespace exhyperv::sim {

struct World;

enum class DiskAnswer : std::uint8_t { fine, missing, in_use };

/// What starting a VM finds out about an image file. Implementations look at the real file; without files every disk is
/// fine.
class DiskProbe {
  public:
    virtual ~DiskProbe() = default;
    /// An image that the world describes but nobody needed yet is fine.
    [[nodiscard]] virtual DiskAnswer probe(const World& world, const std::string& host_path) const = 0;
    virtual void remove(const std::string& host_path) const = 0;
    /// Length of the file; 0 when unknown.
    [[nodiscard]] virtual std::uint64_t length(const std::string& host_path) const = 0;
};

} // namespace exhyperv::sim
