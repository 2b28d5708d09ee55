#pragma once

#include "guest/block/image_file.h"
#include "guest/image.h"

namespace exhyperv::guest {

inline constexpr int kDeepestChain = 64;

/// open_image for a parent: `depth` counts the children above it.
[[nodiscard]] Result<std::unique_ptr<Image>> open_image_at_depth(const std::string& path, const OpenOptions& options,
                                                                 int depth);

/// Goes through the places where a parent may be and opens the first that is the right one.
/// disk.parent_missing when there is none, disk.parent_changed when only wrong ones are.
class ParentSearch {
  public:
    ParentSearch(std::string child, int depth) : child_(std::move(child)), depth_(depth) {}
    /// `matches` looks at an opened candidate.
    template <class Matches>
    Result<std::unique_ptr<Image>> find(const std::vector<std::string>& candidates, const Matches& matches) {
        for (const auto& candidate : candidates) {
            TRY_ASSIGN(auto image, open_candidate(candidate));
            if (!image) continue;
            if (matches(*image)) return image;
            changed_ = candidate;
        }
        return failure();
    }

  private:
    Result<std::unique_ptr<Image>> open_candidate(const std::string& path); ///< null when nothing is there
    [[nodiscard]] tl::unexpected<Error> failure() const;

    std::string child_;
    int depth_;
    std::string tried_;
    std::string changed_;
};

} // namespace exhyperv::guest
