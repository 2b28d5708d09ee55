#include "guest/block/data_writer.h"

#include <algorithm>

namespace exhyperv::guest {
namespace {
constexpr std::size_t kBuffer = 4u << 20;
}

Result<std::span<std::byte>> DataWriter::room(std::uint64_t disk_offset, std::uint64_t wanted) {
    if (buffer_.empty()) buffer_.resize(kBuffer);
    if (used_ > 0 && (disk_offset != start_ + used_ || used_ == buffer_.size())) TRY(flush());
    if (used_ == 0) start_ = disk_offset;
    auto length = static_cast<std::size_t>(std::min<std::uint64_t>(buffer_.size() - used_, wanted));
    return std::span(buffer_).subspan(used_, length);
}

Result<> DataWriter::flush() {
    if (used_ == 0) return {};
    auto length = std::exchange(used_, 0);
    return disk_.write_data(start_, std::span(buffer_).first(length));
}

} // namespace exhyperv::guest
