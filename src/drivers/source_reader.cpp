#include "drivers/source_reader.h"

#include "platform/file.h"

#define XXH_INLINE_ALL
#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <mutex>
#include <thread>

namespace exhyperv::drivers {

namespace {

constexpr std::size_t kBufferSize = 1u << 20;
constexpr std::size_t kBuffers = 16;
constexpr auto kWaitSlice = std::chrono::milliseconds(100); ///< how soon a cancelled import notices

using Buffer = std::unique_ptr<std::byte[]>;

struct Chunk {
    std::size_t item = 0;
    Buffer buffer;
    std::size_t used = 0;
    bool last = false;
    std::optional<Error> error;
    std::string hash; ///< with the last chunk
};

struct HashDeleter {
    void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
};

} // namespace

struct SourceReader::State {
    std::vector<SourceItem> items;
    std::mutex mutex;
    std::condition_variable produced, consumed;
    std::deque<Chunk> ready;
    std::vector<Buffer> spare;
    bool stop = false;
    std::thread worker;

    // consumer's side
    Chunk current;
    bool holding = false; ///< `current` belongs to the current item
    std::size_t at = 0;
    std::size_t index = 0;
    bool failed = false;
    std::string digest;
    std::optional<CallContext> context;

    bool put(Chunk chunk) {
        std::lock_guard lock(mutex);
        if (stop) return false;
        ready.push_back(std::move(chunk));
        produced.notify_one();
        return true;
    }

    std::optional<Buffer> take_buffer() {
        std::unique_lock lock(mutex);
        consumed.wait(lock, [&] { return stop || !spare.empty(); });
        if (stop) return std::nullopt;
        auto buffer = std::move(spare.back());
        spare.pop_back();
        return buffer;
    }

    void give_back(Buffer buffer) {
        if (!buffer) return;
        std::lock_guard lock(mutex);
        spare.push_back(std::move(buffer));
        consumed.notify_one();
    }

    /// False when the reader is to stop.
    bool produce_error(std::size_t item, Error error) {
        Chunk chunk;
        chunk.item = item;
        chunk.last = true;
        chunk.error = std::move(error);
        return put(std::move(chunk));
    }

    bool produce(std::size_t item, XXH3_state_t* hasher) {
        const auto& source = items[item];
        if (source.problem) return produce_error(item, *source.problem);
        auto file = platform::File::open(source.path, platform::OpenMode::read);
        if (!file) return produce_error(item, std::move(file).error());
        const auto size = file->size();
        if (!size) return produce_error(item, size.error());
        if (*size != source.size)
            return produce_error(item, Error{"drivers.source_changed", {{"path", source.path}}, {}, {}, {}});
        XXH3_128bits_reset(hasher);
        std::uint64_t offset = 0;
        do {
            auto buffer = take_buffer();
            if (!buffer) return false;
            Chunk chunk;
            chunk.item = item;
            chunk.buffer = std::move(*buffer);
            chunk.used = static_cast<std::size_t>(std::min<std::uint64_t>(kBufferSize, source.size - offset));
            if (chunk.used != 0) {
                if (auto read = file->read_at(offset, {chunk.buffer.get(), chunk.used}); !read) {
                    give_back(std::move(chunk.buffer));
                    return produce_error(item, std::move(read).error());
                }
                XXH3_128bits_update(hasher, chunk.buffer.get(), chunk.used);
            }
            offset += chunk.used;
            chunk.last = offset == source.size;
            if (chunk.last) {
                const auto digest128 = XXH3_128bits_digest(hasher);
                chunk.hash = fmt::format("{:016x}{:016x}", digest128.high64, digest128.low64);
            }
            if (!put(std::move(chunk))) return false;
        } while (offset < source.size);
        return true;
    }

    void run() {
        std::unique_ptr<XXH3_state_t, HashDeleter> hasher(XXH3_createState());
        for (std::size_t i = 0; i < items.size(); ++i)
            if (!produce(i, hasher.get())) return;
    }

    /// Takes the next chunk of the current item; chunks of items that were left early are dropped.
    Result<> next() {
        give_back(std::move(current.buffer));
        holding = false;
        for (;;) {
            std::unique_lock lock(mutex);
            while (ready.empty()) {
                produced.wait_for(lock, kWaitSlice);
                if (ready.empty() && context) TRY(context->check("reading driver files"));
            }
            current = std::move(ready.front());
            ready.pop_front();
            lock.unlock();
            if (current.item == index) break;
            give_back(std::move(current.buffer));
        }
        holding = true;
        at = 0;
        if (current.error) {
            failed = true;
            return fail(*current.error);
        }
        if (current.last) digest = current.hash;
        return {};
    }
};

SourceReader::SourceReader(std::vector<SourceItem> items) : state_(std::make_unique<State>()) {
    state_->items = std::move(items);
    for (std::size_t i = 0; i < kBuffers; ++i)
        state_->spare.push_back(std::make_unique_for_overwrite<std::byte[]>(kBufferSize));
    state_->worker = std::thread([state = state_.get()] { state->run(); });
}

SourceReader::~SourceReader() {
    {
        std::lock_guard lock(state_->mutex);
        state_->stop = true;
    }
    state_->consumed.notify_all();
    state_->worker.join();
}

Result<> SourceReader::begin(std::size_t index, const CallContext& context) {
    state_->index = index;
    state_->failed = false;
    state_->digest.clear();
    state_->context = context;
    if (index >= state_->items.size()) return fail("drivers.source_changed", {{"path", std::to_string(index)}});
    return state_->next();
}

Result<std::size_t> SourceReader::read(std::span<std::byte> out) {
    std::size_t done = 0;
    while (done < out.size()) {
        if (!state_->holding) return fail("drivers.source_changed", {{"path", state_->items[state_->index].path}});
        const auto left = state_->current.used - state_->at;
        if (left == 0) {
            if (state_->current.last) break;
            TRY(state_->next());
            continue;
        }
        const auto part = std::min(left, out.size() - done);
        std::memcpy(out.data() + done, state_->current.buffer.get() + state_->at, part);
        state_->at += part;
        done += part;
    }
    return done;
}

bool SourceReader::failed() const {
    return state_->failed;
}
std::string SourceReader::hash() const {
    return state_->digest;
}

} // namespace exhyperv::drivers
