#include "fresh_volume.h"

#include <map>
#include <random>

namespace exhyperv::guest {
namespace {

using namespace testing;

/// Random changes against a map of what should be there, with commits, aborts and reopenings between them.
class AgainstAModel : public FreshVolume, public ::testing::WithParamInterface<unsigned> {
  protected:
    struct Entry {
        bool directory = false;
        std::uint64_t seed = 0;
        std::size_t size = 0;
        std::uint32_t attributes = kArchive;
    };
    using Model = std::map<std::string, Entry>;

    std::string any(bool directory) {
        std::vector<std::string> all;
        if (directory) all.emplace_back("");
        for (const auto& [path, entry] : now_)
            if (entry.directory == directory) all.push_back(path);
        return all.empty() ? "" : all[random_() % all.size()];
    }
    static bool below(const std::string& path, const std::string& top) {
        return path == top || path.starts_with(top + "/");
    }
    static std::size_t depth(const std::string& path) {
        return static_cast<std::size_t>(std::count(path.begin(), path.end(), '/'));
    }

    void step() {
        auto number = std::to_string(counter_++);
        auto parent = any(true);
        auto fresh = (parent.empty() ? "" : parent + "/") + "n" + number;
        auto file = any(false);
        std::size_t size = random_() % 4 == 0 ? random_() % 600'000 : random_() % 3000;
        switch (random_() % 10) {
        case 0:
            if (depth(fresh) > 6) break;
            ASSERT_TRUE(volume_->make_directories(fresh));
            now_[fresh] = {.directory = true, .attributes = 0};
            break;
        case 1:
        case 2:
        case 3:
            write(fresh, synthetic_bytes(counter_, size));
            now_[fresh] = {.seed = counter_, .size = size};
            break;
        case 4:
            if (file.empty()) break;
            ASSERT_TRUE(volume_->replace(file, {.size = size}, source_of(synthetic_bytes(counter_, size))));
            now_[file].seed = counter_;
            now_[file].size = size;
            break;
        case 5:
            if (file.empty()) break;
            ASSERT_TRUE(volume_->remove(file));
            now_.erase(file);
            break;
        case 6: {
            auto from = random_() % 2 ? file : any(true);
            if (from.empty() || below(fresh, from)) break;
            auto moved = volume_->rename(from, fresh);
            ASSERT_TRUE(moved) << from << " to " << fresh << ": " << describe(moved.error());
            Model changed;
            for (auto& [path, entry] : now_)
                changed[below(path, from) ? fresh + path.substr(from.size()) : path] = entry;
            now_ = std::move(changed);
            break;
        }
        case 7: {
            if (file.empty()) break;
            std::uint32_t attributes = random_() % 2 ? kReadOnly : kHidden | kArchive;
            ASSERT_TRUE(volume_->set_attributes(file, attributes));
            now_[file].attributes = attributes;
            break;
        }
        case 8: {
            auto top = any(true);
            if (top.empty() || random_() % 3 != 0) break;
            ASSERT_TRUE(volume_->remove_tree(top));
            std::erase_if(now_, [&](const auto& each) { return below(each.first, top); });
            break;
        }
        default:
            switch (random_() % 4) {
            case 0:
                commit();
                committed_ = now_;
                break;
            case 1:
                if (random_() % 2) {
                    ASSERT_TRUE(volume_->abort());
                }
                reopen();
                now_ = committed_;
                break;
            default:
                break;
            }
        }
    }

    void expect_model() {
        Model found;
        std::vector<std::string> open{""};
        while (!open.empty()) {
            auto directory = open.back();
            open.pop_back();
            auto entries = volume_->list(directory);
            ASSERT_TRUE(entries) << describe(entries.error());
            for (const auto& entry : *entries) {
                auto path = (directory.empty() ? "" : directory + "/") + entry.name;
                auto wanted = now_.find(path);
                ASSERT_NE(wanted, now_.end()) << path << " should not be there";
                EXPECT_EQ(entry.directory, wanted->second.directory) << path;
                EXPECT_EQ(entry.attributes & ~kDirectory, wanted->second.attributes) << path;
                if (entry.directory)
                    open.push_back(path);
                else
                    EXPECT_EQ(content(path), synthetic_bytes(wanted->second.seed, wanted->second.size)) << path;
                found[path] = wanted->second;
            }
        }
        EXPECT_EQ(found.size(), now_.size());
    }

    std::mt19937 random_{GetParam()};
    std::uint64_t counter_ = 0;
    Model now_, committed_;
};

TEST_P(AgainstAModel, RandomChangesGiveWhatTheModelSays) {
    for (int i = 0; i < 600; ++i) {
        step();
        if (HasFatalFailure()) return;
    }
    expect_model();
    commit();
    expect_model();
    expect_sound();
}

INSTANTIATE_TEST_SUITE_P(Seeds, AgainstAModel, ::testing::Range(1u, 9u));

} // namespace
} // namespace exhyperv::guest
