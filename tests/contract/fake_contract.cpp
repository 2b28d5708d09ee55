#include "fake_host.h"

namespace exhyperv::contract {
namespace {

std::string name_of(const testing::TestParamInfo<Implementation>& info) {
    return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(Fake, CimSessionContract,
                         testing::Values(Implementation{
                             "Fake", [](Answers answers) { return std::make_unique<FakeHost>(answers); }}),
                         name_of);

} // namespace
} // namespace exhyperv::contract
