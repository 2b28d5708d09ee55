#pragma once

#include "cim/wql.h"
#include "transport/sim/cim/family.h"

namespace exhyperv::sim {

/// One association instance: the far end, and properties of the association itself.
struct Link {
    Endpoint target;
    bool source_is_first = true; ///< the source stands in the association's first role
    std::vector<std::pair<std::string_view, std::uint64_t>> numbers;
    std::vector<std::pair<std::string_view, std::vector<std::uint64_t>>> arrays;
};

/// An association class: its two reference properties and how to find the other ends of an object.
struct Association {
    std::string_view class_name, first_role, second_role;
    /// Calls `found` for each association instance in which `source` stands.
    void (*links)(const View& view, const Endpoint& source, const std::function<void(Link)>& found);
    /// Classes whose objects stand in the first role: what SELECT on the association goes through.
    std::vector<std::string_view> first_classes;
};
[[nodiscard]] const std::vector<Association>& associations();

} // namespace exhyperv::sim
