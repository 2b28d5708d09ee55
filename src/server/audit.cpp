#include "server/audit.h"

#include "platform/file.h"
#include "platform/private_file.h"
#include "support/log.h"

#include <fmt/chrono.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <filesystem>
#include <span>

namespace exhyperv::server {
namespace {

constexpr int kKept = 9;
constexpr std::size_t kLongestText = 2048; ///< what a request brings in must not fill the disk

std::string now_text() {
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                       fmt::gmtime(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now())));
}

} // namespace

void AuditFile::line(const api::Principal& who, const std::string& what, const std::string& result) {
    const nlohmann::ordered_json entry{{"time", now_text()},
                                       {"user", who.user.substr(0, 64)},
                                       {"role", who.role == api::Role::operator_ ? "operator" : "viewer"},
                                       {"from", who.from},
                                       {"what", what.substr(0, kLongestText)},
                                       {"result", result}};
    const std::string text = entry.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace) + "\n";
    const std::lock_guard lock(mutex_);
    if (const auto written = append(text); !written)
        log(LogLevel::error, "audit (" + describe(written.error()) + "): " + text.substr(0, text.size() - 1));
}

Result<> AuditFile::append(const std::string& text) {
    const std::string path = directory_ + "/audit.jsonl";
    TRY(platform::make_directories(directory_));
    if (!platform::file_exists(path)) {
        TRY(platform::write_private_file(path, ""));
    }
    TRY_ASSIGN(auto file, platform::File::open(path, platform::OpenMode::read_write));
    TRY_ASSIGN(const auto size, file.size());
    TRY(file.write_at(size, std::as_bytes(std::span(text))));
    if (size + text.size() > rotate_at_) rotate();
    return {};
}

void AuditFile::rotate() {
    const auto path = [&](int number) {
        return number == 0 ? directory_ + "/audit.jsonl" : fmt::format("{}/audit.{}.jsonl", directory_, number);
    };
    std::error_code ignored; // what cannot be moved stays and grows: no line is lost
    for (int number = kKept - 1; number >= 0; --number)
        std::filesystem::rename(path(number), path(number + 1), ignored);
}

} // namespace exhyperv::server
