#pragma once

#include "guest/hive.h"
#include "support/utf.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace exhyperv::guest::testing {

/// A hive written to a fresh file for other programs to read; gone with the object.
class HiveFile {
  public:
    explicit HiveFile(const std::vector<std::byte>& content) {
        auto pattern = (std::filesystem::temp_directory_path() / "exhyperv-hive-XXXXXX").string();
        if (mkdtemp(pattern.data()) == nullptr) ADD_FAILURE() << "mkdtemp";
        directory_ = pattern;
        std::ofstream file(path(), std::ios::binary);
        file.write(reinterpret_cast<const char*>(content.data()), static_cast<std::streamsize>(content.size()));
    }
    HiveFile(const HiveFile&) = delete;
    HiveFile& operator=(const HiveFile&) = delete;
    ~HiveFile() {
        std::error_code ignored;
        std::filesystem::remove_all(directory_, ignored);
    }
    [[nodiscard]] std::string path() const { return directory_ + "/HIVE"; }

    struct Output {
        int status = -1;
        std::string text;
    };
    /// `command` with "{}" for the file. LANG as hivexml and regfexport need it.
    [[nodiscard]] Output run(std::string command) const {
        command.replace(command.find("{}"), 2, "'" + path() + "'");
        Output out;
        FILE* pipe = popen(("export LC_ALL=C.UTF-8; " + command + " 2>&1").c_str(), "r");
        if (pipe == nullptr) return out;
        char piece[4096];
        while (auto got = fread(piece, 1, sizeof piece, pipe))
            out.text.append(piece, got);
        int status = pclose(pipe);
        out.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        return out;
    }

  private:
    std::string directory_;
};

inline bool have(const std::string& program) {
    return std::system(("command -v " + program + " >/dev/null 2>&1").c_str()) == 0;
}

inline HiveEdit set_string(const std::string& key, const std::string& name, const std::string& text,
                           std::uint32_t type = 1) {
    auto data = to_utf16le_bytes(text);
    data.resize(data.size() + 2);
    return {HiveEdit::Kind::set_value, key, {name, type, std::move(data)}};
}
inline HiveEdit set_dword(const std::string& key, const std::string& name, std::uint32_t value) {
    std::vector<std::byte> data(4);
    for (std::size_t i = 0; i < 4; ++i)
        data[i] = static_cast<std::byte>(value >> (8 * i));
    return {HiveEdit::Kind::set_value, key, {name, 4, std::move(data)}};
}
inline HiveEdit delete_value(const std::string& key, const std::string& name) {
    return {HiveEdit::Kind::delete_value, key, {name, 0, {}}};
}
inline Hive open_hive(std::vector<std::byte> content) {
    auto hive = Hive::open(std::move(content));
    if (!hive) ADD_FAILURE() << describe(hive.error());
    return std::move(*hive);
}
inline std::size_t merge(Hive& hive, const std::vector<HiveEdit>& edits) {
    auto done = hive.apply(edits);
    if (!done) ADD_FAILURE() << describe(done.error());
    return done ? *done : 0;
}

} // namespace exhyperv::guest::testing

#define NEED(program)                                                                                                  \
    do {                                                                                                               \
        if (!::exhyperv::guest::testing::have(program))                                                                \
            GTEST_SKIP() << program << " is not installed (an independent reader)";                                    \
    } while (false)
