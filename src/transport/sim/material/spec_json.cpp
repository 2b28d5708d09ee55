#include "transport/sim/material/spec_json.h"

#include "transport/sim/material/json_fields.h"

namespace exhyperv::sim {

namespace {

constexpr Choice<DriverVendor> kVendors[] = {{"nvidia", DriverVendor::nvidia},
                                             {"intel", DriverVendor::intel},
                                             {"amd", DriverVendor::amd},
                                             {"qualcomm", DriverVendor::qualcomm},
                                             {"moore_threads", DriverVendor::moore_threads}};
constexpr Choice<PackageSize> kSizes[] = {{"small", PackageSize::small}, {"full", PackageSize::full}};
constexpr Choice<guest::ImageFormat> kFormats[] = {{"raw", guest::ImageFormat::raw},
                                                   {"vhdx_fixed", guest::ImageFormat::vhdx_fixed},
                                                   {"vhdx_dynamic", guest::ImageFormat::vhdx_dynamic},
                                                   {"vhdx_differencing", guest::ImageFormat::vhdx_differencing}};
constexpr Choice<GuestContent> kContents[] = {{"windows", GuestContent::windows},
                                              {"two_windows", GuestContent::two_windows},
                                              {"data", GuestContent::data},
                                              {"linux", GuestContent::linux_root},
                                              {"empty", GuestContent::empty}};
constexpr Choice<bool> kTables[] = {{"gpt", false}, {"mbr", true}};
constexpr Choice<guest::Architecture> kArchitectures[] = {
    {"x64", guest::Architecture::x64}, {"x86", guest::Architecture::x86}, {"arm64", guest::Architecture::arm64}};
constexpr Choice<GuestCondition> kConditions[] = {{"bitlocker", GuestCondition::bitlocker},
                                                  {"hibernated", GuestCondition::hibernated},
                                                  {"fast_startup", GuestCondition::fast_startup},
                                                  {"dirty_volume", GuestCondition::dirty_volume},
                                                  {"dirty_hive", GuestCondition::dirty_hive},
                                                  {"logged_hive", GuestCondition::logged_hive},
                                                  {"unclean_vhdx", GuestCondition::unclean_vhdx},
                                                  {"truncated", GuestCondition::truncated},
                                                  {"unclean_journal", GuestCondition::unclean_journal},
                                                  {"volume_errors", GuestCondition::volume_errors},
                                                  {"luks", GuestCondition::luks},
                                                  {"lvm", GuestCondition::lvm}};
constexpr Choice<KernelsWithDxgkrnl> kKernels[] = {
    {"some", KernelsWithDxgkrnl::some}, {"all", KernelsWithDxgkrnl::all}, {"none", KernelsWithDxgkrnl::none}};

template <class T, std::size_t N>
std::string name_in(const Choice<T> (&choices)[N], T value) {
    for (const auto& choice : choices) {
        if (choice.value == value) return choice.name;
    }
    return choices[0].name;
}

} // namespace

Result<PackageSpec> package_spec_from_json(const nlohmann::json& json, const std::string& at) {
    PackageSpec spec;
    JsonFields fields(json, at);
    TRY(fields.only({"vendor", "inf", "version", "date", "hardware_id", "device_name", "vram_bytes", "size", "seed"}));
    TRY(fields.required("vendor"));
    TRY(fields.choice("vendor", kVendors, spec.vendor));
    TRY(fields.text("inf", spec.inf_name));
    TRY(fields.text("version", spec.version));
    TRY(fields.text("date", spec.date));
    TRY(fields.text("hardware_id", spec.hardware_id));
    TRY(fields.text("device_name", spec.device_name));
    TRY(fields.number("vram_bytes", 0, 1ull << 50, spec.vram_bytes));
    TRY(fields.choice("size", kSizes, spec.size));
    TRY(fields.number("seed", 0, UINT64_MAX, spec.seed));
    return spec;
}

nlohmann::json to_json(const PackageSpec& spec) {
    const PackageSpec usual;
    nlohmann::json json{{"vendor", name_in(kVendors, spec.vendor)}};
    auto text = [&](const char* name, const std::string& value) {
        if (!value.empty()) json[name] = value;
    };
    text("inf", spec.inf_name);
    text("version", spec.version);
    text("date", spec.date);
    text("hardware_id", spec.hardware_id);
    text("device_name", spec.device_name);
    if (spec.vram_bytes != usual.vram_bytes) json["vram_bytes"] = spec.vram_bytes;
    if (spec.size != usual.size) json["size"] = name_in(kSizes, spec.size);
    if (spec.seed != usual.seed) json["seed"] = spec.seed;
    return json;
}

Result<GuestSpec> guest_spec_from_json(const nlohmann::json& json, const std::string& at) {
    GuestSpec spec;
    JsonFields fields(json, at);
    TRY(fields.only({"format", "parent", "size_gib", "content", "table", "recovery", "build", "revision", "server",
                     "edition", "architecture", "files", "free_mib", "conditions", "dxgkrnl", "seed"}));
    TRY(fields.choice("format", kFormats, spec.format));
    TRY(fields.text("parent", spec.parent));
    TRY(fields.number("size_gib", 1, 2048, spec.size_gib));
    TRY(fields.choice("content", kContents, spec.content));
    TRY(fields.choice("table", kTables, spec.mbr));
    TRY(fields.flag("recovery", spec.recovery));
    TRY(fields.number("build", 1, 99'999, spec.build));
    TRY(fields.number("revision", 0, 99'999, spec.revision));
    TRY(fields.flag("server", spec.server));
    TRY(fields.text("edition", spec.edition));
    TRY(fields.choice("architecture", kArchitectures, spec.architecture));
    TRY(fields.number("files", 0, 20'000, spec.files));
    if (fields.has("free_mib")) {
        std::uint32_t free = 0;
        TRY(fields.number("free_mib", 0, 2048 * 1024, free));
        spec.free_mib = free;
    }
    TRY(fields.choices("conditions", kConditions, spec.conditions));
    TRY(fields.choice("dxgkrnl", kKernels, spec.dxgkrnl));
    TRY(fields.number("seed", 0, UINT64_MAX, spec.seed));
    bool child = spec.format == guest::ImageFormat::vhdx_differencing;
    if (child) TRY(fields.required("parent"));
    if (!child && fields.has("parent"))
        return fail("material.bad_value",
                    {{"field", at + "/parent"}, {"value", spec.parent}, {"expected", "format vhdx_differencing"}});
    return spec;
}

nlohmann::json to_json(const GuestSpec& spec) {
    const GuestSpec usual;
    nlohmann::json json = nlohmann::json::object();
    auto put = [&](const char* name, const auto& value, const auto& normal) {
        if (value != normal) json[name] = value;
    };
    if (spec.format != usual.format) json["format"] = name_in(kFormats, spec.format);
    put("parent", spec.parent, usual.parent);
    put("size_gib", spec.size_gib, usual.size_gib);
    if (spec.content != usual.content) json["content"] = name_in(kContents, spec.content);
    if (spec.mbr) json["table"] = "mbr";
    put("recovery", spec.recovery, usual.recovery);
    put("build", spec.build, usual.build);
    put("revision", spec.revision, usual.revision);
    put("server", spec.server, usual.server);
    put("edition", spec.edition, usual.edition);
    if (spec.architecture != usual.architecture) json["architecture"] = name_in(kArchitectures, spec.architecture);
    put("files", spec.files, usual.files);
    if (spec.free_mib) json["free_mib"] = *spec.free_mib;
    for (GuestCondition condition : spec.conditions)
        json["conditions"].push_back(name_in(kConditions, condition));
    if (spec.dxgkrnl != usual.dxgkrnl) json["dxgkrnl"] = name_in(kKernels, spec.dxgkrnl);
    put("seed", spec.seed, usual.seed);
    return json;
}

} // namespace exhyperv::sim
