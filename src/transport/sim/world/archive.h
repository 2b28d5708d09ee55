#pragma once

#include "support/guid.h"
#include "support/result.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace exhyperv::sim {

// The state file: every struct lists its members once in fields(archive); the archives below write, read and describe
// them. Little-endian, unaligned, lengths as varints. A description of all members is hashed into the file's header, so
// a file of another program version is recognised instead of misread.

class StateWriter {
  public:
    std::string bytes;
    template <class... T>
    void operator()(const T&... values) {
        (put(values), ...);
    }

  private:
    void varint(std::uint64_t value) {
        for (; value >= 0x80; value >>= 7)
            bytes.push_back(static_cast<char>(value | 0x80));
        bytes.push_back(static_cast<char>(value));
    }
    template <class T>
    void put(const T& value) {
        if constexpr (std::is_enum_v<T>)
            varint(static_cast<std::uint64_t>(value));
        else if constexpr (std::is_integral_v<T> && std::is_unsigned_v<T>)
            varint(value);
        else if constexpr (std::is_integral_v<T>)
            varint(static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63));
        else
            const_cast<T&>(value).fields(*this);
    }
    void put(const std::string& value) {
        varint(value.size());
        bytes += value;
    }
    void put(const Guid& value) { bytes.append(reinterpret_cast<const char*>(value.bytes.data()), 16); }
    template <class A, class B>
    void put(const std::pair<A, B>& value) {
        put(value.first);
        put(value.second);
    }
    template <class T>
    void put(const std::optional<T>& value) {
        bytes.push_back(value ? 1 : 0);
        if (value) put(*value);
    }
    template <class T>
    void put(const std::vector<T>& values) {
        varint(values.size());
        for (const auto& value : values)
            put(value);
    }
    template <class T, std::size_t N>
    void put(const std::array<T, N>& values) {
        for (const auto& value : values)
            put(value);
    }
};

/// After reading, `ok()` tells whether every length fitted and everything was consumed.
class StateReader {
  public:
    explicit StateReader(std::string_view bytes) : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}
    [[nodiscard]] bool ok() const { return !bad_ && at_ == end_; }
    template <class... T>
    void operator()(T&... values) {
        (get(values), ...);
    }

  private:
    std::uint64_t varint() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            if (at_ == end_) break;
            auto byte = static_cast<std::uint8_t>(*at_++);
            value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
            if (byte < 0x80) return value;
        }
        bad_ = true;
        return 0;
    }
    template <class T>
    void get(T& value) {
        if constexpr (std::is_enum_v<T>)
            value = static_cast<T>(varint());
        else if constexpr (std::is_integral_v<T> && std::is_unsigned_v<T>)
            value = static_cast<T>(varint());
        else if constexpr (std::is_integral_v<T>) {
            auto raw = varint();
            value = static_cast<T>(static_cast<std::int64_t>(raw >> 1) ^ -static_cast<std::int64_t>(raw & 1));
        } else if (!bad_)
            value.fields(*this);
    }
    void get(std::string& value) {
        auto size = varint();
        if (size > static_cast<std::uint64_t>(end_ - at_)) {
            bad_ = true;
            return;
        }
        value.assign(at_, size);
        at_ += size;
    }
    void get(Guid& value) {
        if (end_ - at_ < 16) {
            bad_ = true;
            return;
        }
        std::memcpy(value.bytes.data(), at_, 16);
        at_ += 16;
    }
    template <class A, class B>
    void get(std::pair<A, B>& value) {
        get(value.first);
        get(value.second);
    }
    template <class T>
    void get(std::optional<T>& value) {
        if (varint() == 0)
            value.reset();
        else
            get(value.emplace());
    }
    template <class T>
    void get(std::vector<T>& values) {
        auto count = varint();
        values.clear();
        if (count > static_cast<std::uint64_t>(end_ - at_)) bad_ = true; // an element is at least one byte
        if (bad_) return;
        values.reserve(count);
        for (; count > 0 && !bad_; --count)
            get(values.emplace_back());
    }
    template <class T, std::size_t N>
    void get(std::array<T, N>& values) {
        for (auto& value : values)
            get(value);
    }

    const char* at_;
    const char* end_;
    bool bad_ = false;
};

/// Hashes the shape of everything below a struct: FNV-1a over type letters.
class StateShape {
  public:
    std::uint64_t hash = 14695981039346656037ull;
    template <class... T>
    void operator()(T&... values) {
        (shape(values), ...);
    }

  private:
    void letter(char c) { hash = (hash ^ static_cast<std::uint8_t>(c)) * 1099511628211ull; }
    template <class T>
    void shape(T& value) {
        if constexpr (std::is_enum_v<T>)
            letter('e');
        else if constexpr (std::is_integral_v<T>)
            letter(std::is_unsigned_v<T> ? 'u' : 'i');
        else {
            letter('{');
            value.fields(*this);
            letter('}');
        }
    }
    void shape(std::string&) { letter('s'); }
    void shape(Guid&) { letter('g'); }
    template <class A, class B>
    void shape(std::pair<A, B>& value) {
        letter('p');
        shape(value.first);
        shape(value.second);
    }
    template <class T>
    void shape(std::optional<T>&) {
        letter('?');
        T value{};
        shape(value);
    }
    template <class T>
    void shape(std::vector<T>&) {
        letter('[');
        T value{};
        shape(value);
    }
    template <class T, std::size_t N>
    void shape(std::array<T, N>&) {
        letter('a');
        T value{};
        shape(value);
        letter(static_cast<char>('A' + N % 26));
    }
};

} // namespace exhyperv::sim
