#pragma once

#include "cim/class_table.h"
#include "cim/instance.h"

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace exhyperv::sim {

/// One class as a host's Windows build has it: properties in table order, found by name.
class ClassShape {
  public:
    ClassShape(const cim::ClassInfo& info, std::uint32_t build);
    /// Null: the class does not exist in that namespace and build. Cached for the life of the process; thread-safe.
    static const ClassShape* find(std::string_view name_space, std::string_view class_name, std::uint32_t build);

    [[nodiscard]] const cim::ClassInfo& info() const { return info_; }
    [[nodiscard]] const std::vector<const cim::PropertyInfo*>& properties() const { return properties_; }
    [[nodiscard]] int index(std::string_view property) const; ///< without case; -1: not in this build
    /// The same for names written as the class writes them: what projections ask for, thousands of times a query.
    [[nodiscard]] int exact_index(std::string_view property) const;
    /// Keys in the order WMI writes them in paths: alphabetical.
    [[nodiscard]] const std::vector<std::size_t>& key_order() const { return key_order_; }

  private:
    const cim::ClassInfo& info_;
    std::vector<const cim::PropertyInfo*> properties_;
    std::vector<int> slots_; ///< open addressing by exact name; -1: free
    std::vector<std::size_t> key_order_;
};

/// Which properties of a class somebody wants; keys are always wanted, they make the path.
class Wanted {
  public:
    static Wanted everything(const ClassShape& shape);
    static Wanted keys(const ClassShape& shape);
    Wanted& add(std::string_view property);
    Wanted& add_all(std::span<const std::string> properties);
    [[nodiscard]] bool at(int index) const { return index >= 0 && flags_[static_cast<std::size_t>(index)] != 0; }
    /// Asked for by name (or by "everything"), not only because it is a key.
    [[nodiscard]] bool selected(std::size_t index) const { return flags_[index] == 1; }
    [[nodiscard]] const ClassShape& shape() const { return *shape_; }

  private:
    explicit Wanted(const ClassShape& shape);
    const ClassShape* shape_;
    std::vector<char> flags_;
};

/// An instance being projected. Properties nobody wants, or that the build does not have, cost a lookup and nothing
/// more; values take their CIM type from the class table, so a projection cannot give a wrong type.
class Row {
  public:
    explicit Row(const Wanted& wanted);

    [[nodiscard]] bool wants(std::string_view property) const {
        return wanted_.at(wanted_.shape().exact_index(property));
    }
    Row& text(std::string_view property, std::string_view value);
    Row& text_or_null(std::string_view property, std::string_view value); ///< empty: stays NULL
    Row& number(std::string_view property, std::uint64_t value);
    Row& flag(std::string_view property, bool value);
    Row& texts(std::string_view property, const std::vector<std::string>& values);
    Row& numbers(std::string_view property, const std::vector<std::uint64_t>& values);
    Row& flags(std::string_view property, const std::vector<bool>& values);
    Row& objects(std::string_view property, std::vector<cim::Instance> values);
    Row& when(std::string_view property, std::int64_t ms); ///< datetime from milliseconds since 1970
    Row& value(std::string_view property, cim::Value value);

    /// The selected properties in table order (NULL where nothing was set) and the object path.
    [[nodiscard]] cim::Instance instance(std::string_view host);
    [[nodiscard]] cim::ObjectPath path(std::string_view host) const;

    /// For tests: told of each property a projection sets that the class does not have in this build.
    static void observe_unknown(std::function<void(std::string_view)> observer);

  private:
    cim::Value* slot(std::string_view property, const cim::PropertyInfo** info);
    const Wanted& wanted_;
    std::vector<std::optional<cim::Value>> values_;
};

} // namespace exhyperv::sim
