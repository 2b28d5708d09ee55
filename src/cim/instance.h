#pragma once

#include "cim/object_path.h"
#include "cim/value.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace exhyperv::cim {

struct Property {
    std::string name;
    Value value;
    bool operator==(const Property&) const = default;
};

/// A CIM instance by value: class name, properties in order, and, when it came from a provider, its object path.
/// Property names are found without regard to case. Not synchronised.
class Instance {
  public:
    explicit Instance(std::string class_name) : class_name_(std::move(class_name)) {}

    [[nodiscard]] const std::string& class_name() const { return class_name_; }
    [[nodiscard]] const std::optional<ObjectPath>& path() const { return path_; }
    void set_path(ObjectPath path) { path_ = std::move(path); }

    [[nodiscard]] const std::vector<Property>& properties() const { return properties_; }
    [[nodiscard]] const Value* find(std::string_view name) const; ///< nullptr when the instance has no such property
    void set(std::string name, Value value);                      ///< replaces or appends
    bool erase(std::string_view name);

    // Shorthand over find(): nullopt / empty when the property is missing, NULL or of another kind.
    [[nodiscard]] std::optional<bool> boolean(std::string_view name) const;
    [[nodiscard]] std::optional<std::uint64_t> uint(std::string_view name) const;
    [[nodiscard]] std::optional<std::string> text(std::string_view name) const;
    [[nodiscard]] std::string text_or(std::string_view name, std::string_view fallback) const;
    [[nodiscard]] std::vector<std::string> strings(std::string_view name) const;

    bool operator==(const Instance&) const = default;

  private:
    std::string class_name_;
    std::optional<ObjectPath> path_;
    std::vector<Property> properties_;
};

} // namespace exhyperv::cim
