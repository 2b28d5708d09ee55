#pragma once

#include "cli/exit_code.h"
#include "cli/ui.h"
#include "support/result.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace exhyperv::cli {

// Commands are described by constant tables: parser, help, completion and documentation are all made from them.

/// What a shell may offer for a value.
enum class Offer : std::uint8_t { nothing, file, choices };

struct OptionSpec {
    std::string_view name;  ///< "--vm"
    std::string_view value; ///< "NAME": what follows it; empty: a switch
    std::string_view help;  ///< catalogue key
    bool required = false;
    Offer offer = Offer::nothing;
    std::span<const std::string_view> choices{}; ///< the only accepted values, when not empty
    char letter = 0;                             ///< short form: 'y'
    bool many = false;                           ///< may be given several times, each time with another value
};

struct PositionalSpec {
    std::string_view name; ///< "GPU"
    std::string_view help; ///< catalogue key
    bool required = true;
    Offer offer = Offer::nothing;
    std::span<const std::string_view> choices{};
    bool many = false; ///< takes all words that are left; only the last of a command
};

struct ExampleSpec {
    std::string_view line; ///< a whole command line that works as it stands
    std::string_view help; ///< catalogue key
};

class Invocation;

struct CommandSpec {
    std::string_view group;   ///< "gpu"; empty for commands of one word
    std::string_view verb;    ///< "add"
    std::string_view summary; ///< catalogue key: one line
    std::string_view details; ///< catalogue key: a paragraph
    std::span<const PositionalSpec> positionals;
    std::span<const OptionSpec> options;
    std::span<const ExampleSpec> examples;
    Result<ExitCode> (*run)(Invocation&);

    [[nodiscard]] std::string name() const; ///< "gpu add"
};

/// What was given on the command line, by the names of the tables. Values are what the user typed, unchanged.
class Arguments {
  public:
    void set(std::string_view name, std::string value) { values_.emplace_back(name, std::move(value)); }
    [[nodiscard]] bool has(std::string_view name) const { return find(name) != nullptr; }
    [[nodiscard]] std::string text(std::string_view name) const { return find(name) ? *find(name) : std::string(); }
    /// Every value of a positional or an option that takes many, in the order given.
    [[nodiscard]] std::vector<std::string> all(std::string_view name) const {
        std::vector<std::string> out;
        for (const auto& [key, value] : values_)
            if (key == name) out.push_back(value);
        return out;
    }
    [[nodiscard]] std::optional<std::string> maybe(std::string_view name) const {
        return find(name) ? std::optional(*find(name)) : std::nullopt;
    }
    /// A whole number within [low, high], `fallback` when not given. `cli.bad_value`.
    [[nodiscard]] Result<std::uint32_t> number(std::string_view name, std::uint32_t low, std::uint32_t high,
                                               std::uint32_t fallback) const;

  private:
    [[nodiscard]] const std::string* find(std::string_view name) const {
        for (const auto& [key, value] : values_)
            if (key == name) return &value;
        return nullptr;
    }
    std::vector<std::pair<std::string, std::string>> values_;
};

} // namespace exhyperv::cli
