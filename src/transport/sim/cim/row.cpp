#include "transport/sim/cim/row.h"

#include "support/strings.h"
#include "transport/sim/world/ids.h"

#include <algorithm>
#include <memory>
#include <mutex>

namespace exhyperv::sim {

using cim::CimType;
using cim::Value;

namespace {

std::function<void(std::string_view)> g_observer; // set by tests only, before any projection runs

Value::Scalar scalar_of(CimType type, std::uint64_t value) {
    switch (type) {
    case CimType::sint8:
    case CimType::sint16:
    case CimType::sint32:
    case CimType::sint64:
        return static_cast<std::int64_t>(value);
    default:
        return value;
    }
}

Value number_of(CimType type, std::uint64_t value) {
    switch (type) {
    case CimType::uint8:
        return Value::uint8(static_cast<std::uint8_t>(value));
    case CimType::uint16:
        return Value::uint16(static_cast<std::uint16_t>(value));
    case CimType::uint32:
        return Value::uint32(static_cast<std::uint32_t>(value));
    case CimType::uint64:
        return Value::uint64(value);
    default:
        return Value::parse(type, std::to_string(static_cast<std::int64_t>(value))).value_or(Value::null(type));
    }
}

Value text_of(CimType type, std::string value) {
    if (type == CimType::datetime) return Value::datetime(std::move(value));
    if (type == CimType::reference) return Value::reference(std::move(value));
    return Value::string(std::move(value));
}

} // namespace

ClassShape::ClassShape(const cim::ClassInfo& info, std::uint32_t build)
    : info_(info), properties_(cim::class_table::properties(info, build)) {
    by_name_.reserve(properties_.size());
    for (std::size_t i = 0; i < properties_.size(); ++i)
        by_name_.emplace_back(ascii_lower(properties_[i]->name), static_cast<int>(i));
    std::sort(by_name_.begin(), by_name_.end());
}

const ClassShape* ClassShape::find(std::string_view name_space, std::string_view class_name, std::uint32_t build) {
    static std::mutex mutex;
    static std::map<std::pair<const cim::ClassInfo*, std::uint32_t>, std::unique_ptr<ClassShape>> cache;
    const auto* info = cim::class_table::find(name_space, class_name, build);
    if (!info) return nullptr;
    std::scoped_lock lock(mutex);
    auto& entry = cache[{info, build}];
    if (!entry) entry = std::make_unique<ClassShape>(*info, build);
    return entry.get();
}

int ClassShape::index(std::string_view property) const {
    auto it = std::lower_bound(by_name_.begin(), by_name_.end(), property,
                               [](const auto& entry, std::string_view name) { return ILess{}(entry.first, name); });
    return it != by_name_.end() && iequals(it->first, property) ? it->second : -1;
}

Wanted::Wanted(const ClassShape& shape) : shape_(&shape), flags_(shape.properties().size(), 0) {
    for (std::size_t i = 0; i < flags_.size(); ++i)
        flags_[i] = shape.properties()[i]->key ? 2 : 0;
}

Wanted Wanted::everything(const ClassShape& shape) {
    Wanted wanted(shape);
    std::fill(wanted.flags_.begin(), wanted.flags_.end(), 1);
    return wanted;
}

Wanted Wanted::keys(const ClassShape& shape) {
    return Wanted(shape);
}

Wanted& Wanted::add(std::string_view property) {
    if (int index = shape_->index(property); index >= 0) flags_[static_cast<std::size_t>(index)] = 1;
    return *this;
}

Wanted& Wanted::add_all(std::span<const std::string> properties) {
    for (const auto& property : properties)
        add(property);
    return *this;
}

Row::Row(const Wanted& wanted) : wanted_(wanted), values_(wanted.shape().properties().size()) {}

void Row::observe_unknown(std::function<void(std::string_view)> observer) {
    g_observer = std::move(observer);
}

Value* Row::slot(std::string_view property, const cim::PropertyInfo** info) {
    int index = wanted_.shape().index(property);
    if (index < 0 && g_observer) g_observer(property);
    if (!wanted_.at(index)) return nullptr;
    auto at = static_cast<std::size_t>(index);
    *info = wanted_.shape().properties()[at];
    auto& value = values_[at];
    if (!value) value = Value::null((*info)->type, (*info)->array);
    return &*value;
}

Row& Row::text(std::string_view property, std::string_view value) {
    const cim::PropertyInfo* info = nullptr;
    if (auto* slot_value = slot(property, &info))
        *slot_value = info->array ? Value::strings({std::string(value)}) : text_of(info->type, std::string(value));
    return *this;
}

Row& Row::text_or_null(std::string_view property, std::string_view value) {
    return value.empty() ? *this : text(property, value);
}

Row& Row::number(std::string_view property, std::uint64_t value) {
    const cim::PropertyInfo* info = nullptr;
    if (auto* slot_value = slot(property, &info)) *slot_value = number_of(info->type, value);
    return *this;
}

Row& Row::flag(std::string_view property, bool value) {
    const cim::PropertyInfo* info = nullptr;
    if (auto* slot_value = slot(property, &info)) *slot_value = Value::boolean(value);
    return *this;
}

Row& Row::texts(std::string_view property, const std::vector<std::string>& values) {
    const cim::PropertyInfo* info = nullptr;
    if (auto* slot_value = slot(property, &info)) *slot_value = Value::strings(values);
    return *this;
}

Row& Row::numbers(std::string_view property, const std::vector<std::uint64_t>& values) {
    const cim::PropertyInfo* info = nullptr;
    if (auto* slot_value = slot(property, &info)) {
        std::vector<Value::Scalar> elements;
        elements.reserve(values.size());
        for (auto value : values)
            elements.push_back(scalar_of(info->type, value));
        *slot_value = Value::array(info->type, std::move(elements));
    }
    return *this;
}

Row& Row::flags(std::string_view property, const std::vector<bool>& values) {
    const cim::PropertyInfo* info = nullptr;
    if (auto* slot_value = slot(property, &info)) *slot_value = Value::booleans(values);
    return *this;
}

Row& Row::objects(std::string_view property, std::vector<cim::Instance> values) {
    const cim::PropertyInfo* info = nullptr;
    if (auto* slot_value = slot(property, &info)) *slot_value = Value::objects(std::move(values));
    return *this;
}

Row& Row::when(std::string_view property, std::int64_t ms) {
    return wants(property) ? text(property, ids::datetime(ms)) : *this;
}

Row& Row::value(std::string_view property, Value given) {
    const cim::PropertyInfo* info = nullptr;
    if (auto* slot_value = slot(property, &info);
        slot_value && given.type() == info->type && given.is_array() == info->array)
        *slot_value = std::move(given);
    return *this;
}

cim::ObjectPath Row::path(std::string_view host) const {
    const auto& shape = wanted_.shape();
    cim::ObjectPath path;
    path.host = host;
    path.name_space = shape.info().name_space;
    path.class_name = shape.info().name;
    for (std::size_t i = 0; i < values_.size(); ++i) {
        const auto& info = *shape.properties()[i];
        if (!info.key || !values_[i]) continue;
        if (auto number = values_[i]->as_int())
            path.keys.emplace_back(std::string(info.name), *number);
        else if (auto text = values_[i]->as_string())
            path.keys.emplace_back(std::string(info.name), *text);
    }
    // WMI writes keys in alphabetical order.
    std::sort(path.keys.begin(), path.keys.end(),
              [](const auto& a, const auto& b) { return ILess{}(a.first, b.first); });
    return path;
}

cim::Instance Row::instance(std::string_view host) {
    const auto& shape = wanted_.shape();
    cim::Instance instance{std::string(shape.info().name)};
    instance.set_path(path(host));
    for (std::size_t i = 0; i < values_.size(); ++i) {
        if (!wanted_.selected(i)) continue;
        const auto& info = *shape.properties()[i];
        instance.set(std::string(info.name), values_[i] ? std::move(*values_[i]) : Value::null(info.type, info.array));
    }
    return instance;
}

} // namespace exhyperv::sim
