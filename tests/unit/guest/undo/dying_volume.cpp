#include "dying_volume.h"

namespace exhyperv::guest::test {

Result<> DyingVolume::alive() const {
    return dead_ ? fail("guest.io", {{"path", "(dead)"}}) : Result<>();
}

Result<> DyingVolume::change(const std::function<Result<>()>& whole, const std::function<Result<>()>& half) {
    TRY(alive());
    if (++changes_ < dies_at_) return whole();
    if (last_ == Last::done) (void)whole();
    if (last_ == Last::half && half) (void)half();
    dead_ = true;
    return alive();
}

Result<std::optional<FileInfo>> DyingVolume::stat(const std::string& path) {
    TRY(alive());
    return memory_.stat(path);
}
Result<std::vector<FileInfo>> DyingVolume::list(const std::string& directory) {
    TRY(alive());
    return memory_.list(directory);
}
Result<std::vector<std::byte>> DyingVolume::read_file(const std::string& path, std::uint64_t limit) {
    TRY(alive());
    return memory_.read_file(path, limit);
}
Result<> DyingVolume::read_file(const std::string& path,
                                const std::function<Result<>(std::span<const std::byte>)>& sink) {
    TRY(alive());
    return memory_.read_file(path, sink);
}

Result<> DyingVolume::write_new(const std::string& path, const NewFile& file, const ByteSource& source) {
    return change([&] { return memory_.write_new(path, file, source); },
                  [&]() -> Result<> {
                      std::vector<std::byte> bytes(file.size);
                      TRY_ASSIGN(const auto got, source(bytes));
                      auto torn = file;
                      torn.size = got / 2;
                      bool given = false;
                      return memory_.write_new(path, torn, [&](std::span<std::byte> out) -> Result<std::size_t> {
                          if (std::exchange(given, true)) return 0;
                          std::copy_n(bytes.begin(), torn.size, out.begin());
                          return torn.size;
                      });
                  });
}

Result<> DyingVolume::replace(const std::string& path, const NewFile& file, const ByteSource& source) {
    return change([&] { return memory_.replace(path, file, source); });
}
Result<> DyingVolume::make_directories(const std::string& path) {
    return change([&] { return memory_.make_directories(path); },
                  [&] { return memory_.make_directories(path.substr(0, path.find('\\'))); });
}
Result<> DyingVolume::set_attributes(const std::string& path, std::uint32_t attributes) {
    return change([&] { return memory_.set_attributes(path, attributes); });
}
Result<> DyingVolume::set_modified(const std::string& path, std::uint64_t filetime) {
    return change([&] { return memory_.set_modified(path, filetime); });
}
Result<> DyingVolume::make_symlink(const std::string& path, const std::string& target, bool directory) {
    return change([&] { return memory_.make_symlink(path, target, directory); });
}
Result<> DyingVolume::make_junction(const std::string& path, const std::string& target) {
    return change([&] { return memory_.make_junction(path, target); });
}
Result<> DyingVolume::rename(const std::string& from, const std::string& to) {
    return change([&] { return memory_.rename_tree(from, to); });
}
Result<> DyingVolume::remove(const std::string& path) {
    return change([&] { return memory_.remove(path); });
}

/// One entry at a time, as on a real volume.
Result<> DyingVolume::remove_tree(const std::string& path) {
    TRY_ASSIGN(const auto self, stat(path));
    if (!self) return fail("guest.not_found", {{"path", path}});
    if (self->directory && self->reparse_tag == 0) {
        TRY_ASSIGN(const auto entries, list(path));
        for (const auto& entry : entries)
            TRY(remove_tree(path + "\\" + entry.name));
    }
    return remove(path);
}

Result<> DyingVolume::copy_security(const std::string& from, const std::string& to) {
    TRY(alive());
    TRY_ASSIGN(const auto one, memory_.stat(from));
    TRY_ASSIGN(const auto other, memory_.stat(to));
    return one && other ? Result<>() : fail("guest.not_found", {{"path", to}});
}
Result<> DyingVolume::commit() {
    return alive();
}

} // namespace exhyperv::guest::test
