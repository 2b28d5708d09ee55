#include "support/strings.h"
#include "transport/sim/cim/family.h"

#include <fmt/format.h>

namespace exhyperv::sim {

namespace {

class OperatingSystem final : public Family {
  public:
    OperatingSystem() : Family(kCimv2Space, "Win32_OperatingSystem") {}
    void each(const View&, const Visit& visit) const override { visit(Object{}); }
    void fill(const View& view, const Object&, Row& row) const override {
        const auto& host = view.world.host;
        row.text("Name", host.os_name + "|C:\\Windows|\\Device\\Harddisk0\\Partition3").text("Caption", host.os_name);
        row.text("BuildNumber", std::to_string(host.build)).text("Version", fmt::format("10.0.{}", host.build));
        row.number("ProductType", host.product_type).number("OperatingSystemSKU", host.sku).text("CSName", host.name);
        row.text("OSArchitecture", host.chinese() ? "64 位" : "64-bit")
            .number("OSLanguage", host.chinese() ? 2052 : 1033);
        row.text("Locale", host.chinese() ? "0804" : "0409")
            .texts("MUILanguages", {host.language})
            .text("SystemDrive", "C:");
        row.text("WindowsDirectory", "C:\\Windows").text("SystemDirectory", "C:\\Windows\\system32");
        row.text("CreationClassName", "Win32_OperatingSystem").text("CSCreationClassName", "Win32_ComputerSystem");
        row.number("TotalVisibleMemorySize", host.memory_mib * 1024)
            .number("FreePhysicalMemory", host.memory_mib * 512);
        row.text("Status", "OK").text("Manufacturer", "Microsoft Corporation").when("LocalDateTime", view.now_ms);
    }
};

class ComputerSystem final : public Family {
  public:
    ComputerSystem() : Family(kCimv2Space, "Win32_ComputerSystem") {}
    void each(const View&, const Visit& visit) const override { visit(Object{}); }
    void fill(const View& view, const Object&, Row& row) const override {
        const auto& host = view.world.host;
        row.text("Name", host.name)
            .text("DNSHostName", host.name)
            .text("Caption", host.name)
            .text("Workgroup", "WORKGROUP");
        row.number("TotalPhysicalMemory", host.memory_mib * 1048576)
            .number("NumberOfLogicalProcessors", host.processors);
        row.number("NumberOfProcessors", 1)
            .flag("HypervisorPresent", host.hyperv_installed)
            .flag("PartOfDomain", false);
        row.text("Manufacturer", "ExHyperV")
            .text("Model", "Simulated host")
            .number("DomainRole", host.server() ? 2 : 0);
        row.text("SystemType", "x64-based PC")
            .text("Domain", "WORKGROUP")
            .text("CreationClassName", "Win32_ComputerSystem");
    }
};

class Processor final : public Family {
  public:
    Processor() : Family(kCimv2Space, "Win32_Processor") {}
    void each(const View&, const Visit& visit) const override { visit(Object{}); }
    void fill(const View& view, const Object&, Row& row) const override {
        const auto& host = view.world.host;
        row.text("DeviceID", "CPU0")
            .text("Name", host.processor_name)
            .number("NumberOfCores", (host.processors + 1) / 2);
        row.number("NumberOfLogicalProcessors", host.processors).number("AddressWidth", 64).number("DataWidth", 64);
        row.number("Architecture", 9)
            .flag("SecondLevelAddressTranslationExtensions", true)
            .text("SocketDesignation", "CPU 1");
        // While the hypervisor runs, Windows itself is a guest and reports these two as false.
        row.flag("VirtualizationFirmwareEnabled", !host.hyperv_installed)
            .flag("VMMonitorModeExtensions", !host.hyperv_installed);
    }
};

class Services final : public Family {
  public:
    Services() : Family(kCimv2Space, "Win32_Service") {}
    void each(const View& view, const Visit& visit) const override {
        if (view.world.host.hyperv_installed) visit(Object{});
    }
    void fill(const View& view, const Object&, Row& row) const override {
        const auto running = view.world.host.service_running;
        row.text("Name", "vmms")
            .text("DisplayName", view.chinese() ? "Hyper-V 虚拟机管理" : "Hyper-V Virtual Machine Management");
        row.text("State", running ? "Running" : "Stopped")
            .flag("Started", running)
            .text("StartMode", "Auto")
            .text("Status", "OK");
        row.number("ProcessId", running ? 2312 : 0).text("PathName", "C:\\Windows\\system32\\vmms.exe");
    }
};

class Features final : public Family {
  public:
    Features() : Family(kCimv2Space, "Win32_OptionalFeature") {}
    void each(const View&, const Visit& visit) const override {
        for (std::uint32_t i = 0; i < std::size(kNames); ++i)
            if (!visit(Object{.index = i})) return;
    }
    void fill(const View& view, const Object& object, Row& row) const override {
        row.text("Name", kNames[object.index]).number("InstallState", view.world.host.hyperv_installed ? 1 : 2);
    }

  private:
    static constexpr std::string_view kNames[] = {"Microsoft-Hyper-V-All", "Microsoft-Hyper-V",
                                                  "Microsoft-Hyper-V-Hypervisor", "Microsoft-Hyper-V-Services"};
};

class DeviceGuard final : public Family {
  public:
    DeviceGuard() : Family(kDeviceGuardSpace, "Win32_DeviceGuard") {}
    void each(const View&, const Visit& visit) const override { visit(Object{}); }
    void fill(const View& view, const Object&, Row& row) const override {
        row.text("InstanceIdentifier", "4ff40742-2649-41b8-bdd1-e80fad1cce80").text("Version", "1.0");
        row.numbers("AvailableSecurityProperties", view.world.host.dma_protection
                                                       ? std::vector<std::uint64_t>{1, 2, 3, 5, 6}
                                                       : std::vector<std::uint64_t>{1, 2, 5, 6});
        row.numbers("RequiredSecurityProperties", {})
            .numbers("SecurityServicesConfigured", {})
            .numbers("SecurityServicesRunning", {});
        row.number("VirtualizationBasedSecurityStatus", 0);
    }
};

} // namespace

void add_operating_system(Families& out) {
    out.push_back(std::make_unique<OperatingSystem>());
    out.push_back(std::make_unique<ComputerSystem>());
    out.push_back(std::make_unique<Processor>());
    out.push_back(std::make_unique<Services>());
    out.push_back(std::make_unique<Features>());
    out.push_back(std::make_unique<DeviceGuard>());
}

} // namespace exhyperv::sim
