#pragma once

#include "support/deadline.h"
#include "support/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace exhyperv::host {

/// Registry value types by their Windows numbers.
enum class RegType : std::uint32_t { none = 0, sz = 1, expand_sz = 2, binary = 3, dword = 4, multi_sz = 7, qword = 11 };

struct RegistryValue {
    std::string name;
    std::uint32_t type = 0; ///< a RegType, or any other number as found
    std::vector<std::byte> data;

    static RegistryValue text(std::string name, std::string_view value, RegType type = RegType::sz);
    static RegistryValue multi(std::string name, const std::vector<std::string>& values);
    static RegistryValue number(std::string name, std::uint32_t value);
    static RegistryValue number64(std::string name, std::uint64_t value);
    [[nodiscard]] std::string as_text() const;               ///< sz, expand_sz; terminator dropped; "" otherwise
    [[nodiscard]] std::vector<std::string> as_texts() const; ///< multi_sz (or one text)
    [[nodiscard]] std::uint64_t
    as_number(std::uint64_t fallback = 0) const; ///< dword, qword, binary of 4 or 8 bytes (LE)
    bool operator==(const RegistryValue&) const = default;
};

struct RegistryKey {
    std::string path; ///< as asked
    bool exists = false;
    std::vector<RegistryValue> values;
    std::vector<std::string> subkeys;                                      ///< names only
    [[nodiscard]] const RegistryValue* value(std::string_view name) const; ///< without case
};

/// HKEY_LOCAL_MACHINE of the host; key paths start below it: "SYSTEM\CurrentControlSet\…". Thread-safe.
class HostRegistry {
  public:
    virtual ~HostRegistry() = default;
    /// One round trip for any number of keys; a missing key is an answer (`exists` false), not an error.
    virtual Result<std::vector<RegistryKey>> read(const std::vector<std::string>& paths,
                                                  const CallContext& context) = 0;
    /// Creates the key when needed. Errors: registry.access_denied (`key`).
    virtual Result<> write(const std::string& path, const RegistryValue& value, const CallContext& context) = 0;
    virtual Result<> erase(const std::string& path, const std::string& value_name, const CallContext& context) = 0;
};

} // namespace exhyperv::host
