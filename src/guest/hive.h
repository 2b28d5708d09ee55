#pragma once

#include "support/result.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace exhyperv::guest {

struct HiveValue {
    std::string name;
    std::uint32_t type = 0; ///< REG_* number
    std::vector<std::byte> data;
    bool operator==(const HiveValue&) const = default;
};

/// One change of a hive. Key paths are relative to the hive's root, '\' between components, found without case.
struct HiveEdit {
    enum class Kind { set_value, delete_value, create_key, delete_key_tree } kind = Kind::set_value;
    std::string key;
    HiveValue value; ///< set_value: all of it; delete_value: its name
};

/// A registry hive held in memory (a copy of the file), behind the guard of guest-disk.md §4:
/// a dirty hive (sequence numbers differ, checksum wrong) is refused with `hive.dirty`, a damaged one with
/// `hive.corrupt`; values equal to what is there are not written, edits of one key are one batch, values over 16,344
/// bytes are refused with `hive.value_too_large`.
class Hive {
  public:
    static Result<Hive> open(std::vector<std::byte> content);
    Hive(Hive&&) noexcept;
    Hive& operator=(Hive&&) noexcept;
    ~Hive();

    [[nodiscard]] bool has_key(const std::string& key) const;
    [[nodiscard]] Result<std::vector<std::string>> subkeys(const std::string& key) const;
    [[nodiscard]] Result<std::vector<HiveValue>> values(const std::string& key) const; ///< missing key: hive.no_key
    [[nodiscard]] Result<std::optional<HiveValue>> value(const std::string& key, const std::string& name) const;

    /// Applies all edits or none. Returns the number of values, keys changed (0: nothing to write).
    [[nodiscard]] Result<std::size_t> apply(const std::vector<HiveEdit>& edits);
    /// The hive file's new content.
    [[nodiscard]] Result<std::vector<std::byte>> content() const;

  private:
    struct State;
    explicit Hive(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

/// An empty, valid hive (one root key) of the given name: for images made by the program itself.
[[nodiscard]] std::vector<std::byte> make_empty_hive(const std::string& root_name);

} // namespace exhyperv::guest
