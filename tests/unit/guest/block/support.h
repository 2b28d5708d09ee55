#pragma once

#include "guest/image.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace exhyperv::guest::testing {

/// A fresh directory for one test, removed with everything in it.
class TempDirectory {
  public:
    TempDirectory();
    TempDirectory(const TempDirectory&) = delete;
    TempDirectory& operator=(const TempDirectory&) = delete;
    ~TempDirectory();
    [[nodiscard]] std::string operator/(const std::string& name) const { return path_ + "/" + name; }
    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    std::string path_;
};

/// An independent program, run in a shell with both outputs caught.
struct Ran {
    int status = -1;
    std::string output;
};
Ran run(const std::string& command);
bool have(const std::string& program);

using Bytes = std::vector<std::byte>;

/// Reproducible bytes; no 8-byte word repeats for a given seed.
Bytes pattern(std::size_t size, std::uint64_t seed);
Bytes read_all(Block& block, std::uint64_t offset, std::size_t length);
Bytes read_host_file(const std::string& path);
void write_host_file(const std::string& path, const Bytes& content);
/// Changes bytes of a file without going through an image.
void poke(const std::string& path, std::uint64_t offset, const Bytes& bytes);

/// A small, fast generator that gives the same numbers everywhere.
class Random {
  public:
    explicit Random(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15u + 1) {}
    std::uint64_t operator()();
    std::uint64_t below(std::uint64_t limit) { return (*this)() % limit; }

  private:
    std::uint64_t state_;
};

/// Runs `body` in a child process that ends, without any clean-up, when the commit probe is reached for the `count`-th
/// time. Returns the name of that point, or nothing when the body came to its end before.
std::string kill_at(int count, const std::function<void()>& body);

/// What `qemu-img check` says of an image: empty when it is clean.
std::string qemu_check(const std::string& path);
/// Is the disk in this image byte by byte the disk in that one, in QEMU's eyes? Empty when it is.
std::string qemu_compare(const std::string& path, const std::string& format, const std::string& raw);

} // namespace exhyperv::guest::testing

#define ASSERT_OK(result)                                                                                              \
    do {                                                                                                               \
        const auto& ok_ = (result);                                                                                    \
        ASSERT_TRUE(ok_.has_value()) << ::exhyperv::describe(ok_.error());                                             \
    } while (false)
#define EXPECT_CODE(result, expected_code)                                                                             \
    do {                                                                                                               \
        const auto& code_ = (result);                                                                                  \
        EXPECT_EQ(code_ ? std::string("success") : code_.error().code, expected_code)                                  \
            << (code_ ? "" : ::exhyperv::describe(code_.error()));                                                     \
    } while (false)
