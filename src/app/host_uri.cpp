#include "app/host_uri.h"

#include "support/strings.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace exhyperv::app {
namespace {

constexpr std::string_view kDefaultScenario = "workstation";
constexpr std::size_t kLongest = 4096;

bool is_file(std::string_view scenario) {
    return scenario.find_first_of("/\\") != std::string_view::npos || ascii_lower(scenario).ends_with(".json");
}

auto bad_parameter(std::string_view uri, std::string_view name, std::string_view value, std::string_view expected) {
    return fail("app.host_uri_parameter", {{"uri", std::string(uri)},
                                           {"parameter", std::string(name)},
                                           {"value", std::string(value)},
                                           {"expected", std::string(expected)}});
}

Result<> read_duration(std::string_view uri, std::string_view name, std::string_view value,
                       std::optional<std::chrono::milliseconds>& out) {
    const bool in_ms = name.ends_with("_ms");
    out = parse_duration(in_ms ? std::string(value) + "ms" : std::string(value));
    if (!out) return bad_parameter(uri, name, value, in_ms ? "20, 2500" : "20ms, 2s, 5m");
    return {};
}

/// Of one process, as the answers: the same world, so the same journal, lock and records. The names with _ms are those
/// of a scenario's own tuning.
std::optional<std::chrono::milliseconds>* duration_named(std::string_view name, HostUri& out) {
    if (name == "latency" || name == "latency_ms") return &out.latency;
    if (name == "job" || name == "job_ms") return &out.job_duration;
    if (name == "lag" || name == "lag_ms") return &out.registration_lag;
    return nullptr;
}

/// Takes the transport's parameters out; what is left belongs to the scenario.
Result<std::string> split_parameters(std::string_view uri, std::string_view query, HostUri& out) {
    std::vector<std::string> of_scenario;
    for (const std::string& pair : split(query, '&')) {
        const auto equals = pair.find('=');
        const std::string name = pair.substr(0, equals);
        const std::string value = equals == std::string::npos ? std::string() : pair.substr(equals + 1);
        if (name.empty()) return bad_parameter(uri, pair, "", "name=value");
        if (name == "answers") {
            if (value != "natural" && value != "sync" && value != "job")
                return bad_parameter(uri, name, value, "natural, sync, job");
            out.answers = value;
        } else if (auto* const duration = duration_named(name, out)) {
            TRY(read_duration(uri, name, value, *duration));
        } else if (name == "faults") {
            if (value.empty()) return bad_parameter(uri, name, value, "path");
            out.fault_script = value;
        } else {
            of_scenario.push_back(pair);
        }
    }
    return join(of_scenario, "&");
}

Result<HostUri> parse_sim(std::string_view uri, std::string_view rest) {
    HostUri out;
    out.scheme = HostUri::Scheme::sim;
    const auto mark = rest.find('?');
    std::string scenario(rest.substr(0, mark));
    std::string parameters;
    if (mark != std::string_view::npos) {
        TRY_ASSIGN(parameters, split_parameters(uri, rest.substr(mark + 1), out));
    }
    if (scenario.empty()) scenario = kDefaultScenario;
    if (is_file(scenario)) {
        std::error_code ignored; // an unreadable current directory leaves the path as it was given
        const auto absolute = std::filesystem::absolute(scenario, ignored);
        if (!ignored) scenario = absolute.lexically_normal().string();
    }
    out.scenario = parameters.empty() ? scenario : scenario + '?' + parameters;
    out.text = "sim:" + out.scenario;
    return out;
}

bool is_computer(std::string_view name) {
    constexpr std::size_t kLongestName = 253; // of a host name in DNS
    // Nothing else: the name becomes part of a path of the provider, \\computer\root\….
    constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyz0123456789-._";
    return !name.empty() && name.size() <= kLongestName && name.find_first_not_of(plain) == std::string_view::npos &&
           name.front() != '.' && name.front() != '-';
}

bool is_user(std::string_view name) {
    constexpr std::size_t kLongestUser = 512;
    const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
    return !name.empty() && name.size() <= kLongestUser && std::ranges::none_of(name, control) &&
           name.find_first_of("/?#\"") == std::string_view::npos;
}

Result<HostUri> parse_dcom(std::string_view uri, std::string_view rest) {
    HostUri out;
    out.scheme = HostUri::Scheme::dcom;
    const auto at = rest.rfind('@'); // a user may be name@domain
    if (at != std::string_view::npos) {
        out.user = rest.substr(0, at);
        // It would end up in the configuration, in logs and in the list of processes. Not repeated in the error either.
        if (out.user.find(':') != std::string::npos) return fail("app.host_uri_password");
        if (!is_user(out.user)) return fail("app.host_uri", {{"uri", std::string(uri)}});
        rest = rest.substr(at + 1);
    }
    if (rest.ends_with('/')) rest.remove_suffix(1);
    out.computer = ascii_lower(rest);
    if (!is_computer(out.computer)) return fail("app.host_uri", {{"uri", std::string(uri)}});
    out.text = "dcom://" + (out.user.empty() ? "" : out.user + '@') + out.computer;
    return out;
}

} // namespace

Result<HostUri> parse_host_uri(std::string_view text) {
    const auto refuse = [&](std::string_view code) { return fail(std::string(code), {{"uri", std::string(text)}}); };
    if (text.size() > kLongest || text.find('\0') != std::string_view::npos) return refuse("app.host_uri");
    if (istarts_with(text, "sim:")) return parse_sim(text, text.substr(4));
    constexpr std::string_view dcom = "dcom://";
    if (istarts_with(text, dcom)) return parse_dcom(text, text.substr(dcom.size()));
    HostUri out;
    out.text = text;
    if (iequals(text, "local:")) {
        out.text = "local:"; // the journal's name, however it was typed
        out.scheme = HostUri::Scheme::local;
        return out;
    }
    if (istarts_with(text, "https://") || istarts_with(text, "http://")) {
        out.scheme = HostUri::Scheme::winrm;
        return out;
    }
    return refuse("app.host_uri");
}

std::string host_key(const HostUri& uri) {
    // One machine has one journal, whoever looks at it.
    const std::string text = uri.scheme == HostUri::Scheme::dcom ? "dcom://" + uri.computer : uri.text;
    std::string key;
    for (char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_';
        key += plain ? c : '-';
    }
    if (key.size() > 48) key.resize(48);
    if (text == "sim:" + key.substr(std::min<std::size_t>(4, key.size()))) return key; // nothing was lost
    std::uint32_t hash = 2166136261u; // FNV-1a: only tells names apart that look alike when cleaned
    for (unsigned char c : text)
        hash = (hash ^ c) * 16777619u;
    return fmt::format("{}-{:08x}", key, hash);
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
    const auto digits = text.substr(0, text.find_first_not_of("0123456789"));
    const auto unit = text.substr(digits.size());
    const auto number = digits.empty() || digits.front() == '-' ? std::nullopt : parse_u64(digits);
    if (!number) return std::nullopt;
    std::uint64_t factor = 0;
    if (unit == "ms")
        factor = 1;
    else if (unit.empty() || unit == "s")
        factor = 1000;
    else if (unit == "m" || unit == "min")
        factor = 60'000;
    else if (unit == "h")
        factor = 3'600'000;
    constexpr std::uint64_t kLongestMs = 7ull * 24 * 3'600'000;
    if (factor == 0 || *number > kLongestMs / factor) return std::nullopt;
    return std::chrono::milliseconds(*number * factor);
}

} // namespace exhyperv::app
