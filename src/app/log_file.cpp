#include "app/log_file.h"

#include "platform/file.h"
#include "platform/process.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <mutex>

namespace exhyperv::app {
namespace {

namespace fs = std::filesystem;

std::string_view level_name(LogLevel level) {
    switch (level) {
    case LogLevel::debug:
        return "debug";
    case LogLevel::info:
        return "info";
    case LogLevel::warn:
        return "warn";
    case LogLevel::error:
        return "error";
    }
    return "?";
}

class Writer {
  public:
    Writer(std::string directory, std::uint64_t rotate_at) : directory_(std::move(directory)), rotate_at_(rotate_at) {}

    void write(LogLevel level, std::string_view line) {
        const auto now = std::chrono::system_clock::now();
        const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
        const std::string text = fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z {} {} {}\n",
                                             fmt::gmtime(std::chrono::system_clock::to_time_t(now)), ms,
                                             platform::process_id(), level_name(level), line);
        const std::lock_guard guard(mutex_);
        if (!file_ && !open()) return;
        std::fwrite(text.data(), 1, text.size(), file_.get());
        std::fflush(file_.get());
    }

  private:
    struct Close {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };

    bool open() {
        if (tried_) return false;
        tried_ = true;
        if (!platform::make_directories(directory_)) return false;
        rotate();
        file_.reset(std::fopen(path(0).c_str(), "ab"));
        return file_ != nullptr;
    }

    void rotate() const {
        std::error_code ignored; // another process may be rotating at this moment
        const auto size = fs::file_size(path(0), ignored);
        if (ignored || size < rotate_at_) return;
        for (int number = 2; number >= 0; --number)
            fs::rename(path(number), path(number + 1), ignored);
    }

    [[nodiscard]] std::string path(int number) const {
        return number == 0 ? directory_ + "/exhyperv.log" : fmt::format("{}/exhyperv.{}.log", directory_, number);
    }

    std::string directory_;
    std::uint64_t rotate_at_;
    std::mutex mutex_;
    std::unique_ptr<std::FILE, Close> file_;
    bool tried_ = false;
};

} // namespace

LogFile::LogFile(std::string data_directory, LogLevel lowest, std::uint64_t rotate_at) {
    auto writer = std::make_shared<Writer>(std::move(data_directory) + "/logs", rotate_at);
    set_log_sink([writer, lowest](LogLevel level, std::string_view line) {
        if (level >= lowest) writer->write(level, line);
    });
}

LogFile::~LogFile() {
    set_log_sink({});
}

} // namespace exhyperv::app
