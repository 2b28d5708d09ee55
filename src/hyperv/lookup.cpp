#include "hyperv/lookup.h"

#include "support/strings.h"

#include <algorithm>
#include <numeric>

namespace exhyperv::hyperv {

namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), 0);
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t above = row[j];
            row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
            diagonal = above;
        }
    }
    return row[b.size()];
}

std::string ids_of(const std::vector<const model::Vm*>& vms) {
    std::vector<std::string> ids;
    for (const model::Vm* vm : vms)
        ids.push_back(vm->id.str());
    return join(ids, ", ");
}

} // namespace

std::vector<std::string> similar_names(const std::vector<std::string>& names, std::string_view wanted) {
    const std::string target = ascii_lower(wanted.substr(0, 128));
    std::vector<std::pair<std::size_t, std::string>> scored;
    for (const std::string& name : names) {
        const std::string candidate = ascii_lower(std::string_view(name).substr(0, 128));
        if (candidate.empty() || target.empty()) continue;
        if (candidate.find(target) != std::string::npos || target.find(candidate) != std::string::npos)
            scored.emplace_back(0, name);
        else if (const auto distance = edit_distance(candidate, target);
                 distance <= std::max<std::size_t>(2, target.size() / 3))
            scored.emplace_back(distance, name);
    }
    std::stable_sort(scored.begin(), scored.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<std::string> result;
    for (auto& [score, name] : scored)
        if (result.size() < 5 && std::find(result.begin(), result.end(), name) == result.end())
            result.push_back(std::move(name));
    return result;
}

std::string names_to_try(std::vector<std::string> names, std::string_view wanted) {
    constexpr std::size_t kFew = 5;
    if (auto similar = similar_names(names, wanted); !similar.empty()) return join(similar, ", ");
    const bool more = names.size() > kFew;
    if (more) names.resize(kFew);
    return names.empty() ? "–" : join(names, ", ") + (more ? ", …" : "");
}

Result<model::Vm> find_vm(const std::vector<model::Vm>& vms, std::string_view wanted) {
    const auto text = trim(wanted);
    std::vector<const model::Vm*> found;
    if (const auto id = Guid::parse(text))
        for (const model::Vm& vm : vms)
            if (vm.id == *id) found.push_back(&vm);
    if (found.empty()) // a VM may be called like a GUID
        for (const model::Vm& vm : vms)
            if (iequals(vm.name, text)) found.push_back(&vm);
    if (found.size() > 1) { // names that differ only in case are told apart by it
        std::vector<const model::Vm*> exact;
        std::copy_if(found.begin(), found.end(), std::back_inserter(exact),
                     [&](const model::Vm* vm) { return vm->name == text; });
        if (exact.size() == 1) found = std::move(exact);
    }
    if (found.size() == 1) return *found.front();
    if (found.size() > 1) return fail("vm.ambiguous", {{"vm", std::string(text)}, {"ids", ids_of(found)}});
    std::vector<std::string> names;
    for (const model::Vm& vm : vms)
        names.push_back(vm.name);
    return fail("vm.not_found", {{"vm", std::string(text)}, {"near", names_to_try(std::move(names), text)}});
}

Result<model::Gpu> find_gpu(const std::vector<model::Gpu>& gpus, std::string_view wanted) {
    const auto text = trim(wanted);
    const auto matching = [&](auto&& accepts) {
        std::vector<const model::Gpu*> found;
        for (const model::Gpu& gpu : gpus)
            if (accepts(gpu)) found.push_back(&gpu);
        return found;
    };
    auto found = matching([&](const model::Gpu& gpu) {
        return !text.empty() && (iequals(gpu.instance_path, text) || iequals(gpu.interface_path, text) ||
                                 iequals(gpu.location_path, text));
    });
    if (found.empty()) found = matching([&](const model::Gpu& gpu) { return iequals(gpu.name, text); });
    if (found.empty() && !text.empty())
        found = matching([&](const model::Gpu& gpu) { return icontains(gpu.name, text); });
    if (found.size() == 1) return *found.front();
    if (found.empty()) {
        std::vector<std::string> names;
        for (const model::Gpu& gpu : gpus)
            names.push_back(gpu.name);
        return fail("gpu.not_found", {{"gpu", std::string(text)}, {"near", names_to_try(std::move(names), text)}});
    }
    std::vector<std::string> paths;
    for (const model::Gpu* gpu : found)
        paths.push_back(gpu->name + " (" + gpu->instance_path + ")");
    return fail("gpu.ambiguous", {{"gpu", std::string(text)}, {"paths", join(paths, ", ")}});
}

} // namespace exhyperv::hyperv
