#include "transport/sim/cim/row.h"

#include "support/strings.h"
#include "transport/sim/world/ids.h"

#include <algorithm>
#include <bit>
#include <memory>
#include <mutex>

namespace exhyperv::sim {

using cim::CimType;
using cim::Value;

namespace {

std::function<void(std::string_view)> g_observer; // set by tests only, before any projection runs

std::size_t hash(std::string_view name) {
    std::size_t value = 2166136261u;
    for (char c : name)
        value = (value ^ static_cast<std::uint8_t>(c)) * 16777619u;
    return value;
}

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
    : info_(info), properties_(cim::class_table::properties(info, build)),
      slots_(std::bit_ceil(properties_.size() * 2 + 1), -1) {
    for (std::size_t i = 0; i < properties_.size(); ++i) {
        auto slot = hash(properties_[i]->name) & (slots_.size() - 1);
        while (slots_[slot] >= 0)
            slot = (slot + 1) & (slots_.size() - 1);
        slots_[slot] = static_cast<int>(i);
        if (properties_[i]->key) key_order_.push_back(i);
    }
    std::sort(key_order_.begin(), key_order_.end(),
              [&](std::size_t a, std::size_t b) { return ILess{}(properties_[a]->name, properties_[b]->name); });
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

int ClassShape::exact_index(std::string_view property) const {
    for (auto slot = hash(property) & (slots_.size() - 1); slots_[slot] >= 0; slot = (slot + 1) & (slots_.size() - 1))
        if (properties_[static_cast<std::size_t>(slots_[slot])]->name == property) return slots_[slot];
    return -1;
}

int ClassShape::index(std::string_view property) const {
    if (auto exact = exact_index(property); exact >= 0) return exact;
    for (std::size_t i = 0; i < properties_.size(); ++i)
        if (iequals(properties_[i]->name, property)) return static_cast<int>(i);
    return -1;
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
    int index = wanted_.shape().exact_index(property);
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
    path.keys.reserve(shape.key_order().size());
    for (auto i : shape.key_order()) {
        const auto& info = *shape.properties()[i];
        if (!values_[i]) continue;
        if (auto text = values_[i]->as_string())
            path.keys.emplace_back(std::string(info.name), std::move(*text));
        else if (auto number = values_[i]->as_int())
            path.keys.emplace_back(std::string(info.name), *number);
    }
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
