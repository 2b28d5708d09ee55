#pragma once

#include "model/gpu.h"
#include "model/vm.h"
#include "support/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace exhyperv::hyperv {

/// The VM a person means: its GUID, or its whole name without regard to case. Names are not unique on Hyper-V.
/// Errors: vm.not_found {vm, near: similar names, or the first few there are}, vm.ambiguous {vm, ids}.
[[nodiscard]] Result<model::Vm> find_vm(const std::vector<model::Vm>& vms, std::string_view wanted);

/// The card a person means: instance path, interface path, whole name, else a part of a name. Two equal cards can only
/// be told apart by their paths. Errors: gpu.not_found {gpu, near}, gpu.ambiguous {gpu, paths}.
[[nodiscard]] Result<model::Gpu> find_gpu(const std::vector<model::Gpu>& gpus, std::string_view wanted);

/// Up to five of the names that are like the wanted one (a part of it, or a few letters off), best first.
[[nodiscard]] std::vector<std::string> similar_names(const std::vector<std::string>& names, std::string_view wanted);

/// For "there is no such …": the similar names, else the first few there are ("–" when there are none).
[[nodiscard]] std::string names_to_try(std::vector<std::string> names, std::string_view wanted);

} // namespace exhyperv::hyperv
