#include "guest/disk/volume_refusal.h"

namespace exhyperv::guest {

Error VolumePlace::mark(Error error) const {
    if (error.arg("disk") == nullptr) error.with("disk", disk);
    if (error.arg("partition") == nullptr) error.with("partition", std::to_string(partition));
    return error;
}

std::optional<Error> refusal_for(const NtfsState& state, const VolumePlace& place) {
    // From the most to the least specific: a hibernated Windows leaves the log open as well.
    const char* code = state.hibernated                 ? "guest.hibernated"
                       : state.log == LogState::cached  ? "guest.fast_startup"
                       : state.log == LogState::unclean ? "guest.unclean_log"
                       : state.dirty                    ? "guest.dirty_volume"
                                                        : nullptr;
    if (code == nullptr) return std::nullopt;
    return place.mark(Error{code, {}, {}, {}, {}});
}

} // namespace exhyperv::guest
