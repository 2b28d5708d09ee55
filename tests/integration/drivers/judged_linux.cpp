#include "judged_linux.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fmt/format.h>
#include <functional>
#include <sstream>

namespace exhyperv::drivers::test {

namespace fs = std::filesystem;
using sim::run;

JudgedLinux::JudgedLinux(const sim::Scratch& scratch, const std::string& image, std::optional<Place> place)
    : directory_(scratch / "judged"), volume_(directory_ + "/volume.raw") {
    fs::create_directories(directory_);
    const auto check = run("qemu-img check '" + image + "'");
    EXPECT_EQ(check.status, 0) << check.text;
    place_ = place ? *place : find(image);
    const auto cut =
        run(fmt::format("qemu-img convert -O raw --image-opts 'driver=raw,offset={},size={},file.driver=vhdx,"
                        "file.file.driver=file,file.file.filename={}' '{}'",
                        place_.offset, place_.size, image, volume_));
    EXPECT_EQ(cut.status, 0) << cut.text;
}

JudgedLinux::Place JudgedLinux::find(const std::string& image) const {
    const auto raw = directory_ + "/all.raw";
    const auto converted = run("qemu-img convert -O raw '" + image + "' '" + raw + "'");
    EXPECT_EQ(converted.status, 0) << converted.text;
    const auto list = run("partx --raw --noheadings --bytes --output NR,START,SIZE,TYPE '" + raw + "'");
    fs::remove(raw);
    std::istringstream lines(list.text);
    std::string number, type;
    std::uint64_t start = 0, size = 0;
    while (lines >> number >> start >> size >> type)
        if (type == "0fc63daf-8483-4772-8e79-3d69d8477de4") return {start * 512, size};
    ADD_FAILURE() << "partx sees no Linux partition:\n" << list.text;
    return {};
}

JudgedLinux::~JudgedLinux() {
    std::error_code ignored;
    fs::permissions(directory_, fs::perms::owner_all, ignored);
    run("chmod -R u+w '" + directory_ + "'"); // read-only directories do not let go of their content
    fs::remove_all(directory_, ignored);
}

std::map<std::string, std::string> JudgedLinux::tree() const {
    const auto root = directory_ + "/root";
    run("chmod -R u+w '" + root + "'; rm -rf '" + root + "'");
    fs::create_directories(root);
    const auto dumped = run("debugfs -R 'rdump / " + root + "' '" + volume_ + "'");
    EXPECT_EQ(dumped.status, 0) << dumped.text;
    std::map<std::string, std::string> out;
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
        const auto path = entry.path().string().substr(root.size());
        const auto mode = static_cast<unsigned>(entry.symlink_status().permissions());
        if (entry.is_symlink()) {
            out[path] = "link " + fs::read_symlink(entry.path()).string();
        } else if (entry.is_directory()) {
            out[path] = fmt::format("directory {:o}", mode);
        } else {
            const auto content = sim::read_all(entry.path().string());
            out[path] = fmt::format("file {:o} {} {} {:x}", mode, content.size(),
                                    entry.last_write_time().time_since_epoch().count() / 1'000'000'000,
                                    std::hash<std::string>{}(content));
        }
    }
    return out;
}

std::string JudgedLinux::check() const {
    const auto checked = run("e2fsck -fn '" + volume_ + "'");
    return checked.status == 0 ? std::string() : checked.text;
}

std::string JudgedLinux::debugfs(const std::string& request) const {
    return run("debugfs -R '" + request + "' '" + volume_ + "' 2>/dev/null").text;
}

} // namespace exhyperv::drivers::test
