#include "host/call_name.h"

namespace exhyperv::host {

std::string queried_class(const cim::wql::Query& query) {
    if (const auto* select = query.select()) return select->from;
    const auto* related = query.related();
    if (!related->result_class.empty()) return related->result_class;
    return related->assoc_class.empty() ? related->object.class_name : related->assoc_class;
}

} // namespace exhyperv::host
