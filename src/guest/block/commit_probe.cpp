#include "guest/block/commit_probe.h"

#include <utility>

namespace exhyperv::guest::testing {

namespace {

CommitProbe& current() {
    static CommitProbe probe;
    return probe;
}

} // namespace

void set_commit_probe(CommitProbe probe) {
    current() = std::move(probe);
}

void reached(std::string_view point) {
    if (const auto& probe = current()) probe(point);
}

} // namespace exhyperv::guest::testing
