#include "transport/sim/material/linux_tree.h"

#include "guest/block/checksum.h"
#include "transport/sim/material/ntfs_records.h"
#include "transport/sim/material/random_stream.h"
#include "transport/sim/material/windows_tree.h"

#include <algorithm>
#include <fmt/format.h>

namespace exhyperv::sim {

namespace {

constexpr const char* kDistributionKernel = "6.8.0-45-generic";
constexpr const char* kOwnKernel = "6.6.36.3-dxgkrnl";

Result<> write_text(guest::GuestVolume& volume, const std::string& path, std::string_view text,
                    bool executable = false) {
    auto source = [&, at = std::size_t{0}](std::span<std::byte> out) mutable -> Result<std::size_t> {
        const auto part = std::min(out.size(), text.size() - at);
        std::copy_n(reinterpret_cast<const std::byte*>(text.data()) + at, part, out.begin());
        at += part;
        return part;
    };
    return volume.write_new(path, {text.size(), guest::kArchive, kFileTime, executable}, source);
}

Result<> write_random(guest::GuestVolume& volume, const std::string& path, std::uint64_t size, const GuestSpec& spec,
                      std::string_view start = {}, bool executable = false) {
    std::string content(size, '\0');
    RandomStream(derive_seed(spec.seed, path)).fill(std::as_writable_bytes(std::span(content.data(), content.size())));
    content.replace(0, start.size(), start);
    return write_text(volume, path, content, executable);
}

std::string_view elf_start(const GuestSpec& spec) {
    using namespace std::string_view_literals;
    return spec.architecture == guest::Architecture::arm64
               ? "\x7F"
                 "ELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\xB7\0\x01\0\0\0"sv
               : "\x7F"
                 "ELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3E\0\x01\0\0\0"sv;
}

Result<> make_skeleton(guest::GuestVolume& volume, const GuestSpec& spec) {
    for (const char* path : {"boot/grub",
                             "dev",
                             "etc/ld.so.conf.d",
                             "etc/default",
                             "home/user",
                             "mnt",
                             "opt",
                             "proc",
                             "root",
                             "run",
                             "srv",
                             "sys",
                             "tmp",
                             "usr/bin",
                             "usr/lib/modules",
                             "usr/lib64",
                             "usr/lib/x86_64-linux-gnu",
                             "usr/local/lib",
                             "usr/sbin",
                             "usr/share/doc",
                             "usr/src",
                             "var/lib/dpkg",
                             "var/log"})
        TRY(volume.make_directories(path));
    for (const char* name : {"bin", "lib", "lib64", "sbin"})
        TRY(volume.make_symlink(name, "usr/" + std::string(name), true));
    TRY(write_text(volume, "usr/lib/os-release",
                   "PRETTY_NAME=\"Ubuntu 24.04.1 LTS\"\nNAME=\"Ubuntu\"\nVERSION_ID=\"24.04\"\n"
                   "VERSION=\"24.04.1 LTS (Noble Numbat)\"\nID=ubuntu\nID_LIKE=debian\n"
                   "# Synthesized for ExHyperV's simulated host: not an Ubuntu, only what one says of itself.\n"));
    TRY(volume.make_symlink("etc/os-release", "../usr/lib/os-release", false));
    TRY(write_text(volume, "etc/hostname", "linux\n"));
    TRY(write_text(volume, "etc/fstab", "LABEL=root / ext4 defaults 0 1\n"));
    TRY(write_text(volume, "etc/ld.so.conf", "include /etc/ld.so.conf.d/*.conf\n"));
    TRY(write_text(volume, "etc/ld.so.conf.d/libc.conf", "/usr/local/lib\n"));
    TRY(write_random(volume, "etc/ld.so.cache", 20'000, spec, "glibc-ld.so.cache1.1"));
    const bool arm = spec.architecture == guest::Architecture::arm64;
    TRY(write_random(volume, arm ? "usr/lib/ld-linux-aarch64.so.1" : "usr/lib64/ld-linux-x86-64.so.2", 24'000, spec,
                     elf_start(spec), true));
    return write_random(volume, "usr/bin/bash", 60'000, spec, elf_start(spec), true);
}

Result<> make_kernel(guest::GuestVolume& volume, const GuestSpec& spec, const std::string& release, bool dxgkrnl) {
    const auto modules = "usr/lib/modules/" + release;
    TRY(volume.make_directories(modules + "/kernel/drivers/hv"));
    TRY(volume.make_directories(modules + "/kernel/drivers/net/hyperv"));
    TRY(write_random(volume, "boot/vmlinuz-" + release, 200'000, spec, "MZ"));
    TRY(write_random(volume, modules + "/kernel/drivers/net/hyperv/hv_netvsc.ko.zst", 9'000, spec));
    std::string list = "kernel/drivers/net/hyperv/hv_netvsc.ko.zst:\n";
    std::string config = "CONFIG_HYPERV=y\nCONFIG_HYPERV_NET=m\n";
    if (dxgkrnl) {
        TRY(volume.make_directories(modules + "/kernel/drivers/hv/dxgkrnl"));
        TRY(write_random(volume, modules + "/kernel/drivers/hv/dxgkrnl/dxgkrnl.ko.zst", 30'000, spec));
        list += "kernel/drivers/hv/dxgkrnl/dxgkrnl.ko.zst:\n";
        config += "CONFIG_DXGKRNL=m\n";
    } else {
        config += "# CONFIG_DXGKRNL is not set\n";
    }
    TRY(write_text(volume, modules + "/modules.dep", list));
    TRY(write_text(volume, modules + "/modules.builtin", "kernel/drivers/hv/hv_vmbus.ko\n"));
    return write_text(volume, "boot/config-" + release, config);
}

} // namespace

Result<> fill_with_linux(guest::GuestVolume& volume, const GuestSpec& spec) {
    TRY(make_skeleton(volume, spec));
    TRY(make_kernel(volume, spec, kDistributionKernel, spec.dxgkrnl == KernelsWithDxgkrnl::all));
    if (spec.dxgkrnl == KernelsWithDxgkrnl::some) TRY(make_kernel(volume, spec, kOwnKernel, true));
    TRY(write_text(
        volume, "home/user/readme.txt",
        "This disk belongs to ExHyperV's simulated host. Nothing on it was taken from a real installation.\n"));
    RandomStream random(derive_seed(spec.seed, "small files"));
    for (std::uint32_t i = 0; i < spec.files; ++i) {
        const auto directory = fmt::format("usr/share/doc/package{:03}", i / 20);
        if (i % 20 == 0) TRY(volume.make_directories(directory));
        TRY(write_random(volume, fmt::format("{}/file{:05}", directory, i), 200 + random.below(6'000), spec));
    }
    return {};
}

Result<> mark_ext4(guest::Block& disk, std::uint64_t offset, const GuestSpec& spec) {
    const bool journal = spec.conditions.contains(GuestCondition::unclean_journal),
               errors = spec.conditions.contains(GuestCondition::volume_errors);
    if (!journal && !errors) return {};
    constexpr std::size_t kSuper = 1024, kState = 0x3A, kIncompatible = 0x60, kChecksum = 0x3FC;
    std::vector<std::byte> super(kSuper);
    TRY(disk.read(offset + kSuper, super));
    if (journal) super[kIncompatible] |= std::byte{0x04}; // the journal waits for recovery
    if (errors) super[kState] |= std::byte{0x02};         // errors were found
    put_le_number(super, kChecksum, ~guest::crc32c(std::span(super).first(kChecksum)), 4);
    return disk.write(offset + kSuper, super);
}

} // namespace exhyperv::sim
