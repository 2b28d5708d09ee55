#pragma once

#include "support/result.h"
#include "support/strings.h"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace exhyperv::drivers {

/// One logical line of an INF section: comments gone, continued lines joined, quotes taken off, %strings% put in.
struct InfLine {
    std::uint32_t number = 0;        ///< 1-based line of the file where it starts
    std::string key;                 ///< left of '='; empty when the line has none
    std::vector<std::string> fields; ///< comma-separated values; empty ones are kept (",,x" has three)
    [[nodiscard]] std::string_view field(std::size_t index) const; ///< "" when there are fewer
};

/// DriverVer = mm/dd/yyyy,w.x.y.z
struct DriverVersion {
    std::string date;    ///< ISO: "2025-03-14"; empty when the INF gives none
    std::string version; ///< "32.0.15.7283"
    bool operator==(const DriverVersion&) const = default;
};

/// A line of a Models section.
struct InfModel {
    std::string description;
    std::string install_section; ///< undecorated DDInstall name
    std::vector<std::string> hardware_ids;
};

struct InfOptions {
    std::uint16_t language = 0x0409; ///< [Strings.0409] goes before [Strings]
};

/// A parsed INF file. Section names and keys are found without regard to case; sections of one name are joined.
///
/// Reads UTF-16 (LE, BE; also LE without a mark), UTF-8 and ANSI (code page 1252), any line end, quoted text with
/// doubled quotes, ';' comments outside quotes, '\' continuation, %string% substitution with %% for a percent sign.
/// Hostile input is bounded (32 MiB, 500,000 lines, 2,000,000 fields, 64 MiB of text after substitution) and never
/// crashes.
class Inf {
  public:
    /// Errors: drivers.inf_invalid {line, reason} (no [Version] section, binary content), drivers.inf_too_large.
    static Result<Inf> parse(std::span<const std::byte> content, const InfOptions& options = {});

    /// nullptr when there is no such section.
    [[nodiscard]] const std::vector<InfLine>* section(std::string_view name) const;
    [[nodiscard]] std::vector<std::string> section_names() const; ///< in order of first appearance
    /// First field of the first line with this key.
    [[nodiscard]] std::optional<std::string> value(std::string_view section, std::string_view key) const;
    [[nodiscard]] std::optional<std::string> string(std::string_view token) const; ///< of the [Strings] sections

    [[nodiscard]] DriverVersion driver_version() const; ///< fields are empty where the INF has no usable DriverVer
    /// Models of every manufacturer for an architecture ("amd64", "arm64", "x86"), from all sections decorated for it,
    /// the one for the newest Windows first ([NVIDIA.NTamd64.10.0...19041] before [NVIDIA.NTamd64]); undecorated ones
    /// where there is none.
    [[nodiscard]] std::vector<InfModel> models(std::string_view architecture) const;
    /// The section a DDInstall name stands for: "Section001.NTamd64", ".NT", then undecorated; `suffix` ".Services",
    /// ".HW", ….
    [[nodiscard]] const std::vector<InfLine>* install_section(std::string_view base, std::string_view architecture,
                                                              std::string_view suffix = {}) const;
    /// INF names that CopyINF directives anywhere in the file give, in order, no doubles.
    [[nodiscard]] std::vector<std::string> copy_infs() const;

  private:
    std::vector<std::string> order_;
    std::map<std::string, std::vector<InfLine>, ILess> sections_;
    std::map<std::string, std::string, ILess> strings_;
};

} // namespace exhyperv::drivers
