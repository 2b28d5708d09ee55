#include "support.h"

#include "guest/block/commit_probe.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace exhyperv::guest::testing {

TempDirectory::TempDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "exhyperv-block-XXXXXX").string();
    if (!::mkdtemp(pattern.data())) throw std::runtime_error("mkdtemp");
    path_ = pattern;
}

TempDirectory::~TempDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

Ran run(const std::string& command) {
    Ran ran;
    FILE* pipe = ::popen(("{ " + command + "; } 2>&1 </dev/null").c_str(), "r");
    if (!pipe) return ran;
    char buffer[4096];
    for (std::size_t got; (got = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;)
        ran.output.append(buffer, got);
    const int status = ::pclose(pipe);
    ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return ran;
}

bool have(const std::string& program) {
    return run("command -v " + program).status == 0;
}

std::uint64_t Random::operator()() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_ * 0x2545F4914F6CDD1Du;
}

Bytes pattern(std::size_t size, std::uint64_t seed) {
    Bytes bytes((size + 7) / 8 * 8);
    Random random(seed + 1);
    for (std::size_t i = 0; i < bytes.size(); i += 8) {
        const auto word = random();
        std::memcpy(bytes.data() + i, &word, 8);
    }
    bytes.resize(size);
    return bytes;
}

Bytes read_all(Block& block, std::uint64_t offset, std::size_t length) {
    Bytes bytes(length, std::byte{0xEE});
    const auto result = block.read(offset, bytes);
    EXPECT_TRUE(result.has_value()) << (result ? "" : describe(result.error()));
    return bytes;
}

Bytes read_host_file(const std::string& path) {
    Bytes bytes(std::filesystem::file_size(path));
    std::ifstream in(path, std::ios::binary);
    in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    EXPECT_TRUE(in.good());
    return bytes;
}

void write_host_file(const std::string& path, const Bytes& content) {
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out.write(reinterpret_cast<const char*>(content.data()), static_cast<std::streamsize>(content.size()));
    ASSERT_TRUE(out.good());
}

void poke(const std::string& path, std::uint64_t offset, const Bytes& bytes) {
    std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(static_cast<std::streamoff>(offset));
    file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    ASSERT_TRUE(file.good());
}

std::string kill_at(int count, const std::function<void()>& body) {
    int answer[2];
    if (::pipe(answer) != 0) throw std::runtime_error("pipe");
    const pid_t child = ::fork();
    if (child == 0) {
        int seen = 0;
        set_commit_probe([&](std::string_view point) {
            if (++seen < count) return;
            if (::write(answer[1], point.data(), point.size()) < 0) ::_exit(3);
            ::_exit(2);
        });
        body();
        ::_exit(::testing::Test::HasFailure() ? 1 : 0);
    }
    ::close(answer[1]);
    std::string point;
    char buffer[128];
    for (ssize_t got; (got = ::read(answer[0], buffer, sizeof buffer)) > 0;)
        point.append(buffer, static_cast<std::size_t>(got));
    ::close(answer[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFEXITED(status)) << "the child died of signal " << WTERMSIG(status);
    EXPECT_EQ(WEXITSTATUS(status), point.empty() ? 0 : 2);
    return point;
}

std::string qemu_check(const std::string& path) {
    const auto ran = run("qemu-img check -f vhdx '" + path + "'");
    return ran.status == 0 && ran.output.find("No errors were found") != std::string::npos ? "" : ran.output;
}

std::string qemu_compare(const std::string& path, const std::string& format, const std::string& raw) {
    const auto ran = run("qemu-img compare -f " + format + " -F raw '" + path + "' '" + raw + "'");
    return ran.status == 0 ? "" : ran.output;
}

} // namespace exhyperv::guest::testing
