#include "judged_guest.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fmt/format.h>
#include <sstream>

namespace exhyperv::drivers::test {

namespace fs = std::filesystem;
using sim::Output;
using sim::run;

namespace {
std::string in_quotes(const std::string& text) {
    return "'" + text + "'";
}
} // namespace

JudgedGuest::JudgedGuest(const sim::Scratch& scratch, const std::string& image, std::optional<Place> place)
    : directory_(scratch / "judged") {
    fs::create_directories(directory_);
    volume_ = directory_ + "/volume.raw";
    const auto check = run("qemu-img check " + in_quotes(image));
    EXPECT_EQ(check.status, 0) << check.text;
    place_ = place ? *place : find(image);
    const auto cut =
        run(fmt::format("qemu-img convert -O raw --image-opts 'driver=raw,offset={},size={},file.driver=vhdx,"
                        "file.file.driver=file,file.file.filename={}' {}",
                        place_.offset, place_.size, image, in_quotes(volume_)));
    EXPECT_EQ(cut.status, 0) << cut.text;
}

JudgedGuest::Place JudgedGuest::find(const std::string& image) const {
    const auto raw = directory_ + "/all.raw";
    const auto converted = run("qemu-img convert -O raw " + in_quotes(image) + " " + in_quotes(raw));
    EXPECT_EQ(converted.status, 0) << converted.text;
    const auto list = run("partx --raw --noheadings --bytes --output NR,START,SIZE,TYPE " + in_quotes(raw));
    fs::remove(raw);
    std::istringstream lines(list.text);
    std::string number, type;
    std::uint64_t start = 0, size = 0;
    while (lines >> number >> start >> size >> type)
        if (type == "ebd0a0a2-b9e5-4433-87c0-68b6b72699c7") return {start * 512, size};
    ADD_FAILURE() << "partx sees no Windows partition:\n" << list.text;
    return {};
}

JudgedGuest::~JudgedGuest() {
    fs::remove_all(directory_);
}

std::map<std::string, std::string> JudgedGuest::tree() const {
    const auto list = run("ntfsls --recursive --all --long --classify --force " + in_quotes(volume_));
    EXPECT_EQ(list.status, 0) << list.text.substr(0, 2000);
    std::map<std::string, std::string> out;
    std::istringstream lines(list.text);
    std::string line, directory;
    while (std::getline(lines, line)) {
        if (line.ends_with(":") && line.starts_with("/")) {
            directory = line.substr(0, line.size() - 1); // "/:" and "/Windows/:"
            if (directory.ends_with("/")) directory.pop_back();
            continue;
        }
        // "<size> <month> <day> <clock> <year> <name>"; times of directories change with every name made in them
        std::istringstream words(line);
        std::string size, month, day, clock, year, name;
        if (!(words >> size >> month >> day >> clock >> year)) continue;
        std::getline(words >> std::ws, name);
        if (name == "./" || name == "../" || name.starts_with("$")) continue;
        // "/" marks a directory, "*" a program, "@" a link: none of them ends a name of these guests.
        const bool folder = name.ends_with("/");
        if (folder || name.ends_with("*") || name.ends_with("@")) name.pop_back();
        out[directory + "/" + name] =
            folder ? std::string("directory") : size + " " + month + " " + day + " " + clock + " " + year;
    }
    return out;
}

std::string JudgedGuest::file(const std::string& path) const {
    const auto target = directory_ + "/file";
    const auto copied =
        run("ntfscat --force " + in_quotes(volume_) + " " + in_quotes(path) + " > " + in_quotes(target));
    return copied.status == 0 ? sim::read_all(target) : "(" + copied.text + ")";
}

std::string JudgedGuest::info(const std::string& path) const {
    return run("ntfsinfo --force --file " + in_quotes(path) + " " + in_quotes(volume_)).text;
}

std::string JudgedGuest::system_hive() const {
    const auto target = directory_ + "/SYSTEM";
    std::ofstream(target, std::ios::binary) << file("/Windows/System32/config/SYSTEM");
    return run("hivexregedit --export --prefix 'HKEY_LOCAL_MACHINE\\SYSTEM' " + in_quotes(target) + " '\\'").text;
}

std::string JudgedGuest::system_hive_by_regf() const {
    const auto target = directory_ + "/SYSTEM";
    std::ofstream(target, std::ios::binary) << file("/Windows/System32/config/SYSTEM");
    const auto exported = run("regfexport " + in_quotes(target));
    EXPECT_EQ(exported.status, 0) << exported.text.substr(0, 2000);
    return exported.text;
}

std::string JudgedGuest::extract_by_7zip(const std::string& below) const {
    const auto target = directory_ + "/7zip";
    const auto done = run("7zz x -y -tNTFS -o" + in_quotes(target) + " " + in_quotes(volume_) + " " + in_quotes(below));
    EXPECT_EQ(done.status, 0) << done.text.substr(0, 2000);
    return target;
}

std::string JudgedGuest::extract_by_sleuthkit() const {
    const auto target = directory_ + "/sleuthkit";
    const auto done = run("tsk_recover -a -f ntfs " + in_quotes(volume_) + " " + in_quotes(target));
    EXPECT_EQ(done.status, 0) << done.text.substr(0, 2000);
    return target;
}

std::string JudgedGuest::audit() const {
    std::string out;
    const auto clusters = run("ntfsresize --info --no-progress-bar --force " + in_quotes(volume_));
    if (clusters.status != 0) out += clusters.text;
    const auto security = run("ntfssecaudit -a " + in_quotes(volume_));
    if (security.status != 0) out += security.text;
    return out;
}

std::string JudgedGuest::check() const {
    const auto fixed = run("ntfsfix --no-action " + in_quotes(volume_));
    return fixed.status == 0 ? std::string() : fixed.text;
}

} // namespace exhyperv::drivers::test
