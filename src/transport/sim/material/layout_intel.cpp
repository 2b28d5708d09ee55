#include "transport/sim/material/package_layout.h"

namespace exhyperv::sim {

VendorLayout intel_layout() {
    VendorLayout layout;
    layout.provider = "Intel Corporation";
    layout.version = "32.0.101.5972";
    layout.date = "2024-08-06";
    layout.hardware_id = "PCI\\VEN_8086&DEV_A780&SUBSYS_D0001458";
    layout.device_name = "Intel(R) UHD Graphics 770";
    layout.vram_bytes = 128ull << 20;
    layout.architecture = "amd64";

    InfLayout& inf = layout.primary;
    inf.name = "iigd_dch.inf";
    inf.catalog = "igdlh.cat";
    inf.encoding = InfEncoding::ansi_crlf;
    inf.models = "IntelGfx";
    inf.decorations = {"NTamd64.10.0...17134", "NTamd64.10.0...19041"};
    inf.install = "iRPLSD_w10_DS";
    inf.other_models = {{"Intel(R) UHD Graphics 730", "PCI\\VEN_8086&DEV_4692"},
                        {"Intel(R) Iris(R) Xe Graphics", "PCI\\VEN_8086&DEV_46A6"},
                        {"Intel(R) Arc(TM) A770 Graphics", "PCI\\VEN_8086&DEV_56A0"}};
    inf.service = "igfxn";
    inf.service_display = "igfxn";
    inf.service_binary = "igdkmdn64.sys";
    inf.disk_name = "Intel(R) Graphics Driver Media";
    add_files(
        inf, "",
        "igdkmdn64.sys igd10um64xe.dll igd12um64xe.dll igc64.dll ig9icd64.dll igdrcl64.dll igvk64.dll media_bin_64.dll "
        "igdmd64.dll igdumdim64.dll libmfx64-gen.dll ze_intel_gpu64.dll igdfcl64.dll igxpxs64.dll");
    add_files(inf, "",
              "igd10um32xe.dll igd12um32xe.dll igc32.dll ig9icd32.dll igdrcl32.dll igvk32.dll libmfx32-gen.dll",
              FileKind::pe32);
    add_files(inf, "",
              "ControlLib.dll intel_gfx_api-x64.dll mfx_loader_dll_hw64.dll vpl_dispatcher_64.dll mfxplugin64_hw.dll "
              "vulkan-1-64.dll vulkaninfo-64.exe ze_intel_gpu_raytracing.dll ze_loader.dll ze_tracing_layer.dll "
              "ze_validation_layer.dll igfxEMN.exe IntelCpHDCPSvc.exe igdgmm64.dll igxprofile.bin cp_resources.bin "
              "Readme.txt");
    add_files(
        inf, "",
        "ControlLib32.dll IntelControlLib32.dll intel_gfx_api-x86.dll mfx_loader_dll_hw32.dll vpl_dispatcher_32.dll "
        "mfxplugin32_hw.dll vulkan-1-32.dll vulkaninfo-32.exe",
        FileKind::pe32);
    add_files(inf, "ocl/x64", "intelocl64.dll igdbcl64.dll common_clang64.dll");
    add_files(inf, "ocl/x86", "intelocl32.dll igdbcl32.dll", FileKind::pe32);
    add_files(inf, "Logs", "gfx_events.man igcc_template.xml");
    add_text(inf, "igvk64.json",
             "{\n  \"file_format_version\": \"1.0.0\",\n  \"ICD\": {\n    \"library_path\": \".\\\\igvk64.dll\",\n"
             "    \"api_version\": \"1.3.289\"\n  }\n}\n");
    add_text(inf, "igvk32.json",
             "{\n  \"file_format_version\": \"1.0.0\",\n  \"ICD\": {\n    \"library_path\": \".\\\\igvk32.dll\",\n"
             "    \"api_version\": \"1.3.289\"\n  }\n}\n");
    inf.copies = {{"CopyToVmWhenNewer", "vulkan", "vulkan-1-64.dll", "vulkan-1.dll"},
                  {"CopyToVmWhenNewer", "ze_loader", "ze_loader.dll", ""},
                  {"CopyToVmOverwrite", "ControlLib", "ControlLib.dll", ""},
                  {"CopyToVmOverwrite", "mfx", "mfx_loader_dll_hw64.dll", "libmfxhw64.dll"},
                  {"CopyToVmWhenNewerWow64", "vulkan", "vulkan-1-32.dll", "vulkan-1.dll"},
                  {"CopyToVmOverwriteWow64", "mfx", "mfx_loader_dll_hw32.dll", "libmfxhw32.dll"}};
    layout.bulk = {{"", "igdres", "dll"},
                   {"media_kernels", "kernel", "bin"},
                   {"ocl/x64/builtins", "builtin", "bc"},
                   {"locale", "igfx", "mui"},
                   {"igcc/pages", "page", "xml"}};
    return layout;
}

} // namespace exhyperv::sim
