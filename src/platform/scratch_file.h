#pragma once

#include "support/result.h"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace exhyperv::platform {

/// A file for libraries that only take file names: in memory where the system has that (Linux memfd), else a temporary
/// file that nobody but this user can open. Gone with the object. One thread at a time. Errors: those of File.
class ScratchFile {
  public:
    static Result<ScratchFile> create(std::span<const std::byte> content);
    ScratchFile(ScratchFile&&) noexcept;
    ScratchFile& operator=(ScratchFile&&) noexcept;
    ~ScratchFile();

    /// A name under which this process can open it for reading and writing, truncating included.
    [[nodiscard]] const std::string& path() const;
    /// All of it; `file.too_large` above `limit`.
    [[nodiscard]] Result<std::vector<std::byte>> content(std::uint64_t limit) const;

  private:
    struct State;
    explicit ScratchFile(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace exhyperv::platform
