#pragma once

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace exhyperv::sim {

/// A fresh directory for one test, removed with everything in it.
class Scratch {
  public:
    Scratch() {
        std::string pattern = (std::filesystem::temp_directory_path() / "exhyperv-material-XXXXXX").string();
        if (!::mkdtemp(pattern.data())) throw std::runtime_error("mkdtemp");
        path_ = pattern;
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    ~Scratch() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] std::string operator/(const std::string& name) const { return path_ + "/" + name; }
    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    std::string path_;
};

inline std::string read_all(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

struct Output {
    int status = -1;
    std::string text; ///< standard output and error
};

/// Runs another program: the independent readers that judge what we made.
inline Output run(const std::string& command) {
    Output out;
    FILE* pipe =
        ::popen(("PATH=$PATH:/usr/sbin:/sbin LC_ALL=C.UTF-8; export PATH LC_ALL; " + command + " 2>&1").c_str(), "r");
    if (!pipe) return out;
    std::array<char, 4096> buffer{};
    while (std::size_t n = std::fread(buffer.data(), 1, buffer.size(), pipe))
        out.text.append(buffer.data(), n);
    out.status = ::pclose(pipe);
    return out;
}

inline bool have(const std::string& program) {
    return run("command -v " + program).status == 0;
}

} // namespace exhyperv::sim

/// Skips where an independent reader is not installed; `make test` installs all of them.
#define NEED_PROGRAM(name)                                                                                             \
    if (!exhyperv::sim::have(name)) GTEST_SKIP() << name << " is not installed (tools/setup.sh test installs it)"
