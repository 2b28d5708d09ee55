#include "transport/sim/material/package_layout.h"

namespace exhyperv::sim {

VendorLayout qualcomm_layout() {
    VendorLayout layout;
    layout.provider = "Qualcomm Incorporated";
    layout.version = "31.0.67.0";
    layout.date = "2024-06-11";
    layout.hardware_id = "ACPI\\VEN_QCOM&DEV_0C36&SUBSYS_CLS08380";
    layout.device_name = "Qualcomm(R) Adreno(TM) X1-85 GPU";
    layout.vram_bytes = 0; // shared memory: the card has none of its own
    layout.architecture = "arm64";

    InfLayout& inf = layout.primary;
    inf.name = "qcdx8380.inf";
    inf.catalog = "qcdx8380.cat";
    inf.encoding = InfEncoding::utf8_lf;
    inf.models = "QCOM";
    inf.decorations = {"NTarm64.10.0...19041"};
    inf.install = "qcdx8380_Install";
    inf.install_decoration = ".NTarm64";
    inf.other_models = {{"Qualcomm(R) Adreno(TM) X1-45 GPU", "ACPI\\VEN_QCOM&DEV_0C36&SUBSYS_CLS08350"}};
    inf.service = "qcdx";
    inf.service_display = "Qualcomm Display Kernel Driver";
    inf.service_binary = "qcdxkm8380.sys";
    inf.disk_name = "Qualcomm Adreno Disk";
    add_files(
        inf, "",
        "qcdxkm8380.sys qcdx11arm64um.dll qcdx12arm64um.dll qcegparm64.dll qcgpuarm64compilercore.dll qcvkarm64um.dll "
        "qcdxdmlarm64.dll qcdxsdarm64.dll qcvidencarm64um.dll qcclarm64.dll qcclarm64compiler.dll OpenCL.dll "
        "qcviddecarm64um.dll qchdcpumd8380.dll",
        FileKind::pe_arm64);
    add_files(inf, "",
              "qcdx11x86um.dll qcdx12x86um.dll qcdxdmlx86.dll qcdxsdx86.dll qcegpx86.dll qcgpux86compilercore.dll "
              "qcvidencx86um.dll",
              FileKind::pe32);
    add_files(
        inf, "",
        "qcdx11chpeum.dll qcdx12chpeum.dll qcdxdmlchpe.dll qcdxsdchpe.dll qcegpchpe.dll qcgpuchpecompilercore.dll "
        "qcvidencchpeum.dll",
        FileKind::pe32);
    add_files(inf, "", "qcdxkmsuc8380.mbn qcdxkmbase8380.bin qcav1e8380.mbn qcvss8380.mbn");
    add_files(inf, "firmware", "gen70500_sqe.fw gen70500_gmu.bin gen70500_zap.mbn");
    layout.bulk = {{"", "qcres", "dll"}, {"firmware", "gen", "fw"}, {"shaders", "shader", "bin"}};
    return layout;
}

VendorLayout moore_threads_layout() {
    VendorLayout layout;
    // No list of this vendor's files is published; names are made up, the shape is that of the others.
    layout.provider = "Moore Threads";
    layout.version = "31.0.270.110";
    layout.date = "2024-05-20";
    layout.hardware_id = "PCI\\VEN_1ED5&DEV_0201&SUBSYS_00001ED5";
    layout.device_name = "MTT S80";
    layout.vram_bytes = 16ull << 30;
    layout.architecture = "amd64";

    InfLayout& inf = layout.primary;
    inf.name = "mtgpu_dch.inf";
    inf.catalog = "mtgpu_dch.cat";
    inf.encoding = InfEncoding::utf16_crlf;
    inf.models = "MooreThreads";
    inf.decorations = {"NTamd64.10.0...18362"};
    inf.install = "MTGPU_Install";
    inf.other_models = {{"MTT S70", "PCI\\VEN_1ED5&DEV_0200"}, {"MTT S30", "PCI\\VEN_1ED5&DEV_0106"}};
    inf.service = "mtgpu";
    inf.service_display = "摩尔线程显示驱动";
    inf.service_binary = "mtgpu_km64.sys";
    inf.disk_name = "摩尔线程 \"MTGPU\" 驱动盘";
    add_files(inf, "",
              "mtgpu_km64.sys mtdxum64.dll mtdx12um64.dll mtogl64.dll mtvk64.dll mtocl64.dll mtmusa64.dll mtcomp64.dll "
              "mtvdec64.dll mtvenc64.dll mtml64.dll mtapi64.dll mthdmi64.dll mthost.exe mtcontrol.exe mt-smi.exe");
    add_files(inf, "", "mtdxum32.dll mtdx12um32.dll mtogl32.dll mtvk32.dll mtocl32.dll mtapi32.dll", FileKind::pe32);
    add_files(inf, "firmware", "mtfw_s80.bin mtfw_s70.bin mtfw_s30.bin");
    layout.bulk = {{"", "mtres", "dll"}, {"firmware", "mtfw", "bin"}, {"locale", "mtcontrol", "mui"}};
    return layout;
}

VendorLayout layout_of(DriverVendor vendor) {
    switch (vendor) {
    case DriverVendor::nvidia:
        return nvidia_layout();
    case DriverVendor::intel:
        return intel_layout();
    case DriverVendor::amd:
        return amd_layout();
    case DriverVendor::qualcomm:
        return qualcomm_layout();
    case DriverVendor::moore_threads:
        return moore_threads_layout();
    }
    return nvidia_layout();
}

} // namespace exhyperv::sim
