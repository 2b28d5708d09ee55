#pragma once

#include "cim/instance.h"
#include "cim/wql.h"

#include <random>
#include <string>

namespace exhyperv::cim {

/// Random CIM data from a fixed seed: the same on every run and machine.
class RandomContent {
  public:
    explicit RandomContent(std::uint32_t seed) : engine_(seed) {}

    std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(engine_()) % limit; }
    bool coin() { return below(2) == 0; }
    std::string name(); ///< a class or property name
    std::string text(); ///< quotes, backslashes, braces, wildcards, Chinese, astral characters
    std::string bytes(std::size_t size);
    ObjectPath path(bool with_host);
    Value scalar(int depth);
    Value value(int depth); ///< scalar, array or NULL of any type; instances up to `depth` deep
    Instance instance(int depth);
    wql::Condition condition(int depth);
    wql::Query query();

  private:
    std::mt19937 engine_;
};

} // namespace exhyperv::cim
