#include "transport/sim/material/package_layout.h"

namespace exhyperv::sim {

VendorLayout nvidia_layout() {
    VendorLayout layout;
    layout.provider = "NVIDIA";
    layout.version = "32.0.15.6094";
    layout.date = "2024-08-14";
    layout.hardware_id = "PCI\\VEN_10DE&DEV_2786&SUBSYS_40E51458";
    layout.device_name = "NVIDIA GeForce RTX 4070";
    layout.vram_bytes = 12ull << 30;
    layout.architecture = "amd64";

    InfLayout& inf = layout.primary;
    inf.name = "nv_dispi.inf";
    inf.catalog = "NV_DISP.CAT";
    inf.encoding = InfEncoding::utf16_crlf;
    inf.models = "NVIDIA_Devices";
    inf.decorations = {"NTamd64.10.0...14393", "NTamd64.10.0...17134"};
    inf.install = "Section001";
    inf.other_models = {{"NVIDIA GeForce RTX 4090", "PCI\\VEN_10DE&DEV_2684"},
                        {"NVIDIA GeForce RTX 4080", "PCI\\VEN_10DE&DEV_2704"},
                        {"NVIDIA GeForce RTX 4060 Ti", "PCI\\VEN_10DE&DEV_2803"},
                        {"NVIDIA GeForce GTX 1050", "PCI\\VEN_10DE&DEV_1C81"},
                        {"NVIDIA RTX A2000", "PCI\\VEN_10DE&DEV_2531&SUBSYS_151D10DE"}};
    inf.service = "nvlddmkm";
    inf.service_display = "nvlddmkm";
    inf.service_binary = "nvlddmkm.sys";
    inf.disk_name = "NVIDIA \"Display\" Driver Library";
    // The driver itself, biggest first: a full package takes its 13 large files from here.
    add_files(
        inf, "",
        "nvlddmkm.sys nvwgf2umx.dll nvoglv64.dll nvcuda64.dll nvrtum64.dll nvoptix.dll nvgpucomp64.dll nvd3dumx.dll "
        "nvngx_dlss.dll nvdlppx.dll nvldumdx.dll");
    add_files(inf, "", "nvoglv32.dll nvwgf2um.dll nvcuda32.dll nvgpucomp32.dll nvd3dum.dll nvldumd.dll",
              FileKind::pe32);
    add_files(inf, "",
              "MCU.exe nvapi64.dll nvcpl.dll nvcuda_loader64.dll nvcudadebugger.dll nvcuvid64.dll nvdebugdump.exe "
              "nvEncodeAPI64.dll NvFBC64.dll nvidia-pcc.exe nvidia-smi.exe NvIFR64.dll nvinfo.pb nvml_loader.dll "
              "nvofapi64.dll "
              "OpenCL64.dll vulkan-1-x64.dll vulkaninfo-x64.exe license.txt dbInstaller.exe nvdrsdb.bin nvtopps.db3");
    add_files(
        inf, "",
        "nvapi.dll nvcuda_loader32.dll nvcuvid32.dll nvEncodeAPI.dll NvFBC.dll NvIFR.dll nvofapi.dll OpenCL32.dll "
        "vulkan-1-x86.dll vulkaninfo-x86.exe",
        FileKind::pe32);
    add_files(
        inf, "",
        "libcuda_loader.so libcudadebugger.so.1 libnvcuvid.so.1 libnvdxdlkernels.so libnvidia-encode.so.1 "
        "libnvidia-ml_loader.so libnvidia-ngx.so.1 libnvidia-opticalflow.so.1 libnvoptix_loader.so.1 libnvwgf2umx.so "
        "nvidia-ngx-updater nvidia-smi");
    add_files(inf, "Display.NvContainer", "NVDisplay.Container.exe messagebus.conf");
    add_files(inf, "Display.NvContainer/plugins/LocalSystem", "_NvMsgBusBroadcast.dll");
    add_text(inf, "nv-vk64.json",
             "{\n  \"file_format_version\": \"1.0.0\",\n  \"ICD\": {\n    \"library_path\": \".\\\\nvoglv64.dll\",\n"
             "    \"api_version\": \"1.3.280\"\n  }\n}\n");
    add_text(inf, "nv-vk32.json",
             "{\n  \"file_format_version\": \"1.0.0\",\n  \"ICD\": {\n    \"library_path\": \".\\\\nvoglv32.dll\",\n"
             "    \"api_version\": \"1.3.280\"\n  }\n}\n");
    inf.copies = {{"CopyToVmOverwrite", "nvcuda", "nvcuda_loader64.dll", "nvcuda.dll"},
                  {"CopyToVmOverwrite", "nvcuvid", "nvcuvid64.dll", "nvcuvid.dll"},
                  {"CopyToVmOverwrite", "nvapi64", "nvapi64.dll", ""},
                  {"CopyToVmOverwrite", "nvEncodeAPI64", "nvEncodeAPI64.dll", ""},
                  {"CopyToVmWhenNewer", "OpenCL", "OpenCL64.dll", "OpenCL.dll"},
                  {"CopyToVmWhenNewer", "vulkan", "vulkan-1-x64.dll", "vulkan-1.dll"},
                  {"CopyToVmOverwriteWow64", "nvcuda", "nvcuda_loader32.dll", "nvcuda.dll"},
                  {"CopyToVmOverwriteWow64", "nvapi", "nvapi.dll", ""},
                  {"CopyToVmWhenNewerWow64", "OpenCL", "OpenCL32.dll", "OpenCL.dll"},
                  {"CopyToVmWhenNewerWow64", "vulkan", "vulkan-1-x86.dll", "vulkan-1.dll"}};
    layout.bulk = {{"", "nvsys", "dll"},
                   {"Display.NvContainer/plugins/LocalSystem", "_nvplug", "dll"},
                   {"Display.NvContainer/plugins/Session", "_nvsession", "dll"},
                   {"locale", "nvres", "mui"},
                   {"nvngx/models", "nvngx_model", "bin"},
                   {"nvwss/profiles", "profile", "nvp"}};
    return layout;
}

} // namespace exhyperv::sim
