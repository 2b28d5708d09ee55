#include "guest/hive/hive_edit.h"

#include "support/strings.h"
#include "support/utf.h"

#include <algorithm>
#include <cerrno>
#include <map>

namespace exhyperv::guest {
namespace {

constexpr std::size_t kMaxValueName = 16383;

/// The value edits of one key, in order.
struct Batch {
    std::vector<std::string> path;
    std::vector<const HiveEdit*> edits;
};

class Editor {
  public:
    explicit Editor(HivexHandle& hive) : hive_(hive) {}

    Result<std::size_t> run(const std::vector<HiveEdit>& edits) {
        for (const auto& edit : edits) {
            TRY_ASSIGN(auto path, split_key(edit.key));
            switch (edit.kind) {
            case HiveEdit::Kind::set_value:
            case HiveEdit::Kind::delete_value: {
                auto [at, fresh] = batches_.try_emplace(ascii_lower(join(path, "\\")), order_.size());
                if (fresh) order_.push_back({std::move(path), {}});
                order_[at->second].edits.push_back(&edit);
                break;
            }
            case HiveEdit::Kind::create_key:
                TRY(find_or_create(path));
                break;
            case HiveEdit::Kind::delete_key_tree:
                TRY(write_batches()); // what was said about the key before counts before
                TRY(delete_tree(path, edit.key));
                break;
            }
        }
        TRY(write_batches());
        return changes_;
    }

  private:
    Result<hive_node_h> find_or_create(const std::vector<std::string>& path) {
        auto at = hive_.root();
        for (const auto& component : path) {
            auto next = hivex_node_get_child(hive_.get(), at, component.c_str());
            if (next == 0) {
                errno = 0;
                next = hivex_node_add_child(hive_.get(), at, component.c_str());
                if (next == 0) return HivexHandle::failed("adding a key");
                ++changes_;
            }
            at = next;
        }
        return at;
    }

    Result<> delete_tree(const std::vector<std::string>& path, const std::string& key) {
        auto node = hive_.find(path);
        if (node == 0) return {};
        if (node == hive_.root()) return fail("hive.bad_key", {{"key", key}});
        errno = 0;
        if (hivex_node_delete_child(hive_.get(), node) != 0) return HivexHandle::failed("deleting a key");
        ++changes_;
        return {};
    }

    Result<> write_batches() {
        for (const auto& batch : order_)
            TRY(write(batch));
        order_.clear();
        batches_.clear();
        return {};
    }

    Result<> write(const Batch& batch) {
        auto node = hive_.find(batch.path);
        std::vector<HiveValue> values;
        if (node != 0) {
            TRY_ASSIGN(values, hive_.values(node));
        } else if (std::none_of(batch.edits.begin(), batch.edits.end(),
                                [](const auto* edit) { return edit->kind == HiveEdit::Kind::set_value; })) {
            return {}; // nothing to delete there
        }
        std::map<std::string, std::size_t> by_name; // lower case → index
        for (std::size_t i = 0; i < values.size(); ++i)
            by_name.emplace(ascii_lower(values[i].name), i);
        std::vector<bool> gone(values.size(), false);
        std::size_t changes = 0;
        for (const auto* edit : batch.edits) {
            auto name = ascii_lower(edit->value.name);
            auto found = by_name.find(name);
            if (edit->kind == HiveEdit::Kind::delete_value) {
                if (found == by_name.end()) continue;
                gone[found->second] = true;
                by_name.erase(found);
            } else if (found == by_name.end()) {
                by_name.emplace(std::move(name), values.size());
                values.push_back(edit->value);
                gone.push_back(false);
            } else {
                auto& value = values[found->second];
                if (value.type == edit->value.type && value.data == edit->value.data) continue;
                value.type = edit->value.type;
                value.data = edit->value.data;
            }
            ++changes;
        }
        if (changes == 0) return {};
        std::vector<hive_set_value> list;
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (gone[i]) continue;
            // A neighbour of this size has a db record that rewriting the list would turn into something unreadable.
            if (values[i].data.size() > kLargestHiveValue) return too_large(join(batch.path, "\\"), values[i]);
            list.push_back({values[i].name.data(), static_cast<hive_type>(values[i].type), values[i].data.size(),
                            reinterpret_cast<char*>(values[i].data.data())});
        }
        if (node == 0) {
            TRY_ASSIGN(node, find_or_create(batch.path));
        }
        errno = 0;
        if (hivex_node_set_values(hive_.get(), node, list.size(), list.data(), 0) != 0)
            return HivexHandle::failed("writing values");
        changes_ += changes;
        return {};
    }

  public:
    static tl::unexpected<Error> too_large(const std::string& key, const HiveValue& value) {
        return fail("hive.value_too_large", {{"key", key},
                                             {"value", value.name},
                                             {"size", std::to_string(value.data.size())},
                                             {"limit", std::to_string(kLargestHiveValue)}});
    }

  private:
    HivexHandle& hive_;
    std::map<std::string, std::size_t> batches_; ///< lower-case path → index in order_
    std::vector<Batch> order_;
    std::size_t changes_ = 0;
};

} // namespace

Result<> check_edits(const std::vector<HiveEdit>& edits) {
    for (const auto& edit : edits) {
        TRY(split_key(edit.key));
        const auto& name = edit.value.name;
        if (name.find('\0') != std::string::npos || !is_valid_utf8(name) || to_utf16(name).size() > kMaxValueName)
            return fail("hive.bad_key", {{"key", edit.key + " : " + name.substr(0, 256)}});
        if (edit.kind == HiveEdit::Kind::set_value && edit.value.data.size() > kLargestHiveValue)
            return Editor::too_large(edit.key, edit.value);
    }
    return {};
}

Result<std::size_t> apply_edits(HivexHandle& hive, const std::vector<HiveEdit>& edits) {
    return Editor(hive).run(edits);
}

} // namespace exhyperv::guest
