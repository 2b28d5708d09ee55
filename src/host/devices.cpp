#include "host/devices.h"

#include <algorithm>

namespace exhyperv::host {

const PropertyValue* DeviceNode::property(const PropertyKey& key) const {
    const auto at = std::ranges::find(properties, key, &DeviceProperty::key);
    return at == properties.end() ? nullptr : &at->value;
}

} // namespace exhyperv::host
