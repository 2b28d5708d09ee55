#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace exhyperv::cim {

class Instance;

/// CIM data types as in DSP0004; `object` is an embedded instance, `reference` an object path held as text.
enum class CimType : std::uint8_t {
    boolean,
    uint8,
    sint8,
    uint16,
    sint16,
    uint32,
    sint32,
    uint64,
    sint64,
    real32,
    real64,
    char16,
    string,
    datetime,
    reference,
    object,
};

[[nodiscard]] std::string_view type_name(CimType type); ///< "uint16", as written in CIM-XML and MOF
[[nodiscard]] std::optional<CimType> parse_type(std::string_view name);
[[nodiscard]] bool is_integer(CimType type);
[[nodiscard]] bool is_text(CimType type); ///< string, datetime, reference

/// One typed value: a scalar, an array of scalars of one type, or NULL. NULL is a value of its own, distinct from ""
/// and 0. Integers are kept as 64 bits and checked against the type's range when made.
class Value {
  public:
    using Scalar =
        std::variant<bool, std::int64_t, std::uint64_t, double, std::string, std::shared_ptr<const Instance>>;

    static Value null(CimType type, bool array = false);
    static Value boolean(bool value);
    static Value uint8(std::uint8_t value);
    static Value uint16(std::uint16_t value);
    static Value uint32(std::uint32_t value);
    static Value uint64(std::uint64_t value);
    static Value sint32(std::int32_t value);
    static Value sint64(std::int64_t value);
    static Value string(std::string value);
    static Value datetime(std::string value);
    static Value reference(std::string path);
    static Value object(Instance instance);
    static Value strings(std::vector<std::string> values);
    static Value references(std::vector<std::string> paths);
    static Value uint16s(const std::vector<std::uint16_t>& values);
    static Value uint32s(const std::vector<std::uint32_t>& values);
    static Value booleans(const std::vector<bool>& values);
    static Value objects(std::vector<Instance> instances);
    static Value array(CimType type, std::vector<Scalar> elements);
    /// A scalar from text ("42", "TRUE", "Off") in the given type; nullopt when the text is not a value of that type.
    static std::optional<Value> parse(CimType type, std::string_view text);

    [[nodiscard]] CimType type() const { return type_; }
    [[nodiscard]] bool is_array() const { return array_; }
    [[nodiscard]] bool is_null() const { return null_; }

    // Typed access. Each returns nullopt on NULL or when the value is of another kind: the caller decides what absent
    // means.
    [[nodiscard]] std::optional<bool> as_bool() const;
    [[nodiscard]] std::optional<std::uint64_t> as_uint() const; ///< any non-negative integer
    [[nodiscard]] std::optional<std::int64_t> as_int() const;
    [[nodiscard]] std::optional<std::string> as_string() const; ///< string, datetime, reference
    [[nodiscard]] std::shared_ptr<const Instance> as_object() const;
    [[nodiscard]] std::vector<std::string> as_strings() const; ///< empty on NULL
    [[nodiscard]] std::vector<std::uint64_t> as_uints() const;
    [[nodiscard]] std::vector<std::shared_ptr<const Instance>> as_objects() const;

    [[nodiscard]] const std::vector<Scalar>& elements() const { return elements_; } ///< one element when scalar
    /// The scalar's canonical text (CIM-XML): TRUE/FALSE, decimal, text as is. Not for arrays or objects.
    [[nodiscard]] std::string text() const;
    static std::string scalar_text(const Scalar& scalar);

    bool operator==(const Value&) const; ///< type, NULL-ness and content

  private:
    Value(CimType type, bool array, bool null, std::vector<Scalar> elements);
    CimType type_;
    bool array_;
    bool null_;
    std::vector<Scalar> elements_;
};

} // namespace exhyperv::cim
