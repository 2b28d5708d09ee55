#include "assign/selftest/probe.h"
#include "hyperv/device_keys.h"
#include "hyperv/vms.h"
#include "support/strings.h"

#include <fmt/format.h>

#include <set>

namespace exhyperv::assign::selftest {

namespace {

namespace key = hyperv::device_key;
constexpr std::size_t kMostFiles = 100'000;

} // namespace

Result<Check> ask_driver_store(Probe& probe) {
    host::DeviceQuery query;
    query.instance_prefixes = {"PCI\\"};
    query.phantoms = false;
    query.properties = {key::kClass, key::kDriverInf};
    TRY_ASSIGN(const auto records, probe.host.devices().list(query, probe.context));
    std::set<std::string> infs;
    for (const auto& record : records)
        if (iequals(key::text(record.node, key::kClass), "Display"))
            if (auto inf = key::text(record.node, key::kDriverInf); !inf.empty()) infs.insert(std::move(inf));
    std::size_t found = 0, files_seen = 0;
    auto& files = probe.host.files();
    for (const auto& inf : infs) {
        const auto directory = files.driver_store_location(inf, probe.context);
        const auto tree = directory ? files.list_tree(*directory, kMostFiles, probe.context)
                                    : Result<std::vector<host::HostFiles::Entry>>(fail(directory.error()));
        if (!tree) {
            probe.observe(inf + ": " + describe(tree.error()));
            continue;
        }
        probe.observe(fmt::format("{}: {} with {} entries", inf, *directory, tree->size()));
        found += tree->empty() ? 0 : 1;
        files_seen += tree->size();
    }
    const MessageArgs args{{"found", std::to_string(found)},
                           {"wanted", std::to_string(infs.size())},
                           {"files", std::to_string(files_seen)}};
    if (infs.empty()) return make_check("selftest.driver_store", Verdict::unknown, "no_cards", args);
    if (found < infs.size()) return make_check("selftest.driver_store", Verdict::fail, "missing", args);
    return make_check("selftest.driver_store", Verdict::pass, "ok", args);
}

Result<Check> ask_images(Probe& probe) {
    TRY_ASSIGN(const auto vms, hyperv::list_vms(probe.host.cim(), probe.context));
    std::size_t images = 0, there = 0, physical = 0;
    for (const auto& vm : vms)
        for (const auto& disk : vm.disks) {
            if (disk.physical) {
                ++physical;
                continue;
            }
            ++images;
            const auto exists = probe.host.files().exists(disk.path, probe.context);
            if (!exists) probe.observe("an image cannot be looked for: " + exists.error().code); // its path has names
            there += exists && *exists ? 1 : 0;
        }
    probe.observe(
        fmt::format("{} VMs, {} images ({} there), {} pass-through disks", vms.size(), images, there, physical));
    const MessageArgs args{
        {"vms", std::to_string(vms.size())}, {"images", std::to_string(images)}, {"there", std::to_string(there)}};
    return there == images ? make_check("selftest.images", Verdict::pass, "ok", args)
                           : make_check("selftest.images", Verdict::warn, "missing", args);
}

} // namespace exhyperv::assign::selftest
