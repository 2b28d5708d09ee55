#include "transport/sim/material/package_layout.h"

namespace exhyperv::sim {

namespace {

/// The packages that AMD's INF brings along with CopyINF. amdfendr carries nothing a guest needs: a reader has to leave
/// it out.
std::vector<InfLayout> companion_layouts() {
    InfLayout opencl;
    opencl.name = "amdocl.inf";
    opencl.catalog = "amdocl.cat";
    opencl.class_name = "SoftwareComponent";
    opencl.class_guid = "{5C4C3332-344D-483C-8739-259E934C9CC8}";
    opencl.models = "AMDOCL";
    opencl.decorations = {"NTamd64.10.0...16299"};
    opencl.install = "AMDOCL_Install";
    opencl.disk_name = "AMD OpenCL Installation Disk";
    add_files(
        opencl, "",
        "amd_comgr_2.dll amdhip64_6.dll amdmmcl.dll amdmmcl6.dll clinfo.exe hiprt02000_amd.hipfb hiprt0200064.dll "
        "oro_compiled_kernels.hipfb");
    add_files(opencl, "", "amd_comgr32.dll", FileKind::pe32);

    InfLayout windows;
    windows.name = "amdwin-oem.inf";
    windows.catalog = "amdwin-oem.cat";
    windows.class_name = "Extension";
    windows.class_guid = "{E2F84CE7-8EFA-411C-AA69-97454CA4CB57}";
    windows.models = "AMDWIN";
    windows.decorations = {"NTamd64.10.0...16299"};
    windows.install = "AMDWIN_Install";
    windows.disk_name = "AMD Windows Components Installation Disk";
    add_files(windows, "", "amdlogum.exe dgtrayicon.exe Rapidfire64.dll RapidFireServer64.dll");
    add_files(windows, "", "Rapidfire.dll RapidFireServer.dll", FileKind::pe32);

    InfLayout defender;
    defender.name = "amdfendr.inf";
    defender.catalog = "amdfendr.cat";
    defender.class_name = "System";
    defender.class_guid = "{4D36E97D-E325-11CE-BFC1-08002BE10318}";
    defender.models = "AMDFENDR";
    defender.decorations = {"NTamd64.10.0...16299"};
    defender.install = "AMDFENDR_Install";
    defender.disk_name = "AMD Crash Defender Installation Disk";
    add_files(defender, "", "amdfendr.sys amdfendrsr.exe");
    return {opencl, windows, defender};
}

} // namespace

VendorLayout amd_layout() {
    VendorLayout layout;
    layout.provider = "Advanced Micro Devices, Inc.";
    layout.version = "32.0.11027.1003";
    layout.date = "2024-07-18";
    layout.hardware_id = "PCI\\VEN_1002&DEV_744C&SUBSYS_0E3B1002";
    layout.device_name = "AMD Radeon RX 7900 XTX";
    layout.vram_bytes = 24ull << 30;
    layout.architecture = "amd64";

    InfLayout& inf = layout.primary;
    inf.name = "u0405183.inf";
    inf.catalog = "u0405183.cat";
    inf.encoding = InfEncoding::ansi_crlf;
    inf.models = "ATI.Mfg";
    inf.decorations = {"NTamd64.10.0...16299", "NTamd64.10.0...17763"};
    inf.install = "ati2mtag_Navi31";
    inf.other_models = {{"AMD Radeon RX 7600", "PCI\\VEN_1002&DEV_7480"},
                        {"AMD Radeon RX 6800 XT", "PCI\\VEN_1002&DEV_73BF"},
                        {"AMD Radeon(TM) Graphics", "PCI\\VEN_1002&DEV_164E"}};
    inf.service = "amdkmdag";
    inf.service_display = "AMD Kernel Mode Display Driver";
    inf.service_binary = "B404785/amdkmdag.sys";
    inf.copy_infs = {"amdocl.inf", "amdwin-oem.inf", "amdfendr.inf"};
    inf.disk_name = "AMD Installation Disk";
    const char* dir = "B404785";
    add_files(
        inf, dir,
        "amdkmdag.sys amdxx64.dll atio6axx.dll amdvlk64.dll amdxc64.dll amd_opencl64.dll amdxn64.dll amdihk64.dll "
        "amdgfx64.dll amduve64.dll amdh265enc64.dll atiuxp64.dll aticfx64.dll");
    add_files(inf, dir, "amdxx32.dll atioglxx.dll amdvlk32.dll amdxc32.dll amd_opencl32.dll amdihk32.dll",
              FileKind::pe32);
    add_files(
        inf, dir,
        "atidxxstub64.dll amdxcstub64.dll amdxc64.so amdadlx64.dll amdave64.dll amdgfxinfo64.dll amdlvr64.dll "
        "amdpcom64.dll "
        "amfrt64.dll atiadlxx.dll atimpc64.dll atisamu64.dll amdsasrv64.dll amdsacli64.dll atieclxx.exe atieah64.exe "
        "EEURestart.exe GameManager64.dll amdmiracast.dll amf-mft-mjpeg-decoder64.dll atidemgy.dll atimuixx.dll "
        "atiapfxx.blb ativvsva.dat ativvsvl.dat AMDKernelEvents.mc detoured64.dll vulkan64.dll vulkaninfo64.exe");
    add_files(inf, dir,
              "atidxxstub32.dll amdxcstub32.dll amdadlx32.dll amdave32.dll amdgfxinfo32.dll amdlvr32.dll amdpcom32.dll "
              "amfrt32.dll atimpc32.dll atisamu32.dll GameManager32.dll atiadlxy.dll detoured32.dll amdsacli32.dll "
              "amf-mft-mjpeg-decoder32.dll atieah32.exe vulkan32.dll vulkaninfo32.exe",
              FileKind::pe32);
    add_text(inf, "B404785/amd-vulkan64.json",
             "{\n  \"file_format_version\": \"1.0.0\",\n  \"ICD\": {\n    \"library_path\": \".\\\\amdvlk64.dll\",\n"
             "    \"api_version\": \"1.3.287\"\n  }\n}\n");
    inf.copies = {{"CopyToVmWhenNewer", "amfrt64", "B404785\\amfrt64.dll", "amfrt64.dll"},
                  {"CopyToVmWhenNewer", "atio6axx", "B404785\\atio6axx.dll", "atio6axx.dll"},
                  {"CopyToVmWhenNewer", "OpenCL", "B404785\\amd_opencl64.dll", "OpenCL.dll"},
                  {"CopyToVmWhenNewerWow64", "amfrt32", "B404785\\amfrt32.dll", "amfrt32.dll"},
                  {"CopyToVmWhenNewerWow64", "atioglxx", "B404785\\atioglxx.dll", "atioglxx.dll"},
                  {"CopyToVmWhenNewerWow64", "OpenCL", "B404785\\amd_opencl32.dll", "OpenCL.dll"}};
    layout.bulk = {{dir, "amdlib", "dll"},
                   {"B404785/shaders", "shader", "bin"},
                   {"B404785/localization", "ati", "mui"},
                   {"B404785/profiles", "profile", "blb"}};
    layout.companions = companion_layouts();
    for (InfLayout& companion : layout.companions)
        companion.encoding = InfEncoding::ansi_crlf;
    return layout;
}

} // namespace exhyperv::sim
