#include "guest/hive.h"

#include "guest/hive/hive_edit.h"
#include "guest/hive/hive_header.h"
#include "support/strings.h"

#include <cerrno>
#include <cstdlib>

namespace exhyperv::guest {

struct Hive::State {
    std::vector<std::byte> content; ///< the file as of the last successful apply()
    HivexHandle handle;

    Result<hive_node_h> key(const std::string& name) const {
        TRY_ASSIGN(auto path, split_key(name));
        auto node = handle.find(path);
        if (node == 0) return fail("hive.no_key", {{"key", name}});
        return node;
    }
};

Hive::Hive(std::unique_ptr<State> state) : state_(std::move(state)) {}
Hive::Hive(Hive&&) noexcept = default;
Hive& Hive::operator=(Hive&&) noexcept = default;
Hive::~Hive() = default;

Result<Hive> Hive::open(std::vector<std::byte> content) {
    TRY(check_hive_header(content));
    TRY_ASSIGN(auto handle, HivexHandle::open(content));
    return Hive(std::unique_ptr<State>(new State{std::move(content), std::move(handle)}));
}

bool Hive::has_key(const std::string& key) const {
    return state_->key(key).has_value();
}

Result<std::vector<std::string>> Hive::subkeys(const std::string& key) const {
    TRY_ASSIGN(auto node, state_->key(key));
    errno = 0;
    std::unique_ptr<hive_node_h, decltype(&std::free)> list(hivex_node_children(state_->handle.get(), node),
                                                            &std::free);
    if (!list) return HivexHandle::failed("listing keys");
    std::vector<std::string> out;
    for (auto* each = list.get(); *each != 0; ++each) {
        std::unique_ptr<char, decltype(&std::free)> name(hivex_node_name(state_->handle.get(), *each), &std::free);
        if (!name) return HivexHandle::failed("reading a key's name");
        out.emplace_back(name.get());
    }
    return out;
}

Result<std::vector<HiveValue>> Hive::values(const std::string& key) const {
    TRY_ASSIGN(auto node, state_->key(key));
    return state_->handle.values(node);
}

Result<std::optional<HiveValue>> Hive::value(const std::string& key, const std::string& name) const {
    TRY_ASSIGN(auto path, split_key(key));
    auto node = state_->handle.find(path);
    if (node == 0) return std::nullopt;
    TRY_ASSIGN(auto all, state_->handle.values(node));
    for (auto& each : all)
        if (iequals(each.name, name)) return std::move(each);
    return std::nullopt;
}

Result<std::size_t> Hive::apply(const std::vector<HiveEdit>& edits) {
    TRY(check_edits(edits));
    auto changes = apply_edits(state_->handle, edits);
    if (changes && *changes == 0) return 0;
    auto content = changes ? state_->handle.content() : Result<std::vector<std::byte>>(tl::unexpect, changes.error());
    if (content)
        if (auto sound = check_hive_header(*content); !sound) content = tl::unexpected(std::move(sound).error());
    // Either way the handle starts afresh: from what was written, or from what was there before.
    TRY_ASSIGN(auto handle, HivexHandle::open(content ? *content : state_->content));
    state_->handle = std::move(handle);
    if (!content) return tl::unexpected(std::move(content).error());
    state_->content = std::move(*content);
    return changes;
}

Result<std::vector<std::byte>> Hive::content() const {
    return state_->content;
}

} // namespace exhyperv::guest
