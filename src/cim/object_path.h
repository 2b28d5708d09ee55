#pragma once

#include "support/result.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace exhyperv::cim {

/// \\HOST\root\virtualization\v2:Class.Key="text",Other=5 — WMI object path, parsed.
/// Escaping both ways: inside a quoted key value `\` is written `\\` and `"` is written `\"` (wmi-facts 1.0).
/// Class, key and namespace names compare without case, as WMI does; key values compare exactly (text) or by number.
struct ObjectPath {
    using KeyValue = std::variant<std::string, std::int64_t, bool>;

    std::string host;       ///< empty when relative
    std::string name_space; ///< "root\virtualization\v2"; empty when relative
    std::string class_name;
    std::vector<std::pair<std::string, KeyValue>> keys; ///< empty with `singleton` false: a class path
    bool singleton = false;                             ///< Class=@

    // A single key may be written without its name (Class="value"); its name is then empty here.

    /// Bounded (64 KiB, 64 keys); `cim.bad_path` (0x8004103A) names the position. Both "…" and '…' quotes are read,
    /// and `/` for `\` before the class name. Fails on anything left over.
    static Result<ObjectPath> parse(std::string_view text);

    [[nodiscard]] std::string relative() const; ///< Class.Key="…"
    [[nodiscard]] std::string full() const;     ///< \\HOST\ns:Class.Key="…"; as much of it as is known
    [[nodiscard]] const KeyValue* key(std::string_view name) const;
    [[nodiscard]] std::string text_key(std::string_view name) const; ///< "" when missing or not text

    /// Same object: class and keys equal in any order; host and namespace are compared only when both name them.
    [[nodiscard]] bool same_object(const ObjectPath& other) const;
    bool operator==(const ObjectPath&) const = default; ///< member by member; same_object() is the WMI sense
};

} // namespace exhyperv::cim
