#pragma once

#include "host/files.h"
#include "host/registry.h"
#include "support/strings.h"

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace exhyperv::drivers::test {

class FakeRegistry : public host::HostRegistry {
  public:
    Result<std::vector<host::RegistryKey>> read(const std::vector<std::string>& paths,
                                                const CallContext& context) override;
    Result<> write(const std::string& path, const host::RegistryValue& value, const CallContext& context) override;
    Result<> erase(const std::string& path, const std::string& name, const CallContext& context) override;
    std::map<std::string, std::vector<host::RegistryValue>, ILess> keys;
    std::size_t calls = 0;
};

/// Host files in a fresh temporary directory, removed at the end. Times are kept beside, in FILETIME.
class FakeFiles : public host::HostFiles {
  public:
    FakeFiles();
    ~FakeFiles() override;
    Result<std::vector<Entry>> list_tree(const std::string& directory, std::size_t limit,
                                         const CallContext& context) override;
    Result<bool> exists(const std::string& path, const CallContext& context) override;
    Result<std::string> local_path(const std::string& host_path) const override;
    Result<std::string> driver_store_location(const std::string& inf_name, const CallContext& context) override;
    Result<std::uint64_t> free_space(const std::string&, const CallContext&) override { return 1ull << 40; }

    void add(const std::string& host_path, std::string_view content, std::uint64_t modified = 133000000000000001);
    void drop(const std::string& host_path);
    /// Opening it fails, as for a file another program holds: its local path leads nowhere.
    std::set<std::string, ILess> locked;
    std::map<std::string, std::string, ILess> infs; ///< published name → directory
    std::size_t calls = 0;

  private:
    std::string root_;
    std::map<std::string, Entry, ILess> files_; ///< by host path
};

inline constexpr std::string_view kStore = "C:\\Windows\\System32\\DriverStore\\FileRepository\\";

/// A host with one card, synthetic content: enough of a vendor's package to resolve and import.
struct FakeHost {
    FakeRegistry registry;
    FakeFiles files;
    std::string card, folder, directory, driver_key;

    /// `vendor`: "nvidia", "intel", "amd".
    explicit FakeHost(std::string_view vendor, std::string_view version = "32.0.15.7283",
                      std::string_view hash = "1234567890abcdef");
    void add(const std::string& path, std::string_view content, std::uint64_t modified = 133000000000000001) {
        files.add(directory + "\\" + path, content, modified);
    }
    [[nodiscard]] std::string class_key() const { return "SYSTEM\\CurrentControlSet\\Control\\Class\\" + driver_key; }
};

/// INF text of a display driver with the usual sections.
std::string make_inf(std::string_view provider, std::string_view hardware_id, std::string_view version,
                     std::string_view extra = {});

CallContext soon();

} // namespace exhyperv::drivers::test
