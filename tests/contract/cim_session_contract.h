#pragma once

#include "host/cim_session.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

namespace exhyperv::contract {

/// How the host shall answer methods that may start a job.
enum class Answers { as_it_likes, synchronous, job };

/// A host that a test may read and change: it has at least one running VM, one VM that is off, and one partitionable
/// GPU.
class ContractHost {
  public:
    virtual ~ContractHost() = default;
    virtual host::CimSession& session() = 0;
    /// Lets the host's jobs make progress, where it has a clock of its own.
    virtual void pass_time() {}
};

/// One implementation of CimSession under the contract. `make` gives a fresh host; nullptr when it cannot answer that
/// way.
struct Implementation {
    std::string name;
    std::function<std::unique_ptr<ContractHost>(Answers)> make;
    friend std::ostream& operator<<(std::ostream& out, const Implementation& one) { return out << one.name; }
};

/// What every CimSession must do (host/cim_session.h). Instantiate it with INSTANTIATE_TEST_SUITE_P for an
/// implementation.
class CimSessionContract : public testing::TestWithParam<Implementation> {
  protected:
    /// Opens the host; false (and the test is skipped) when the implementation cannot answer that way.
    bool open(Answers answers = Answers::as_it_likes);
    host::CimSession& session() { return host_->session(); }
    static CallContext soon() { return CallContext::within(std::chrono::minutes(2)); }

    using Rows = std::vector<cim::Instance>;
    Result<Rows> query(std::string_view wql, std::string_view name_space = host::kVirtualization);
    Rows rows(std::string_view wql,
              std::string_view name_space = host::kVirtualization); ///< fails the test on an error
    cim::Instance only(std::string_view wql);                       ///< … and unless it is one row
    cim::Instance vm(std::uint16_t enabled_state);                  ///< the first VM in that state (2 running, 3 off)
    cim::Instance settings_of(const cim::Instance& vm);             ///< its realized settings
    Rows related(const cim::wql::Related& related);
    std::uint32_t build();

    /// Calls a method and follows its job to the end: 0, or the return value, or the job's error code.
    struct Outcome {
        std::uint32_t return_value = 0; ///< as the method gave it
        std::uint32_t code = 0;         ///< in the end
        cim::Instance out{"__PARAMETERS"};
        std::optional<cim::ObjectPath> job;
    };
    Outcome call(const cim::ObjectPath& object, std::string_view method, const std::vector<cim::Property>& parameters);

    cim::ObjectPath service(); ///< Msvm_VirtualSystemManagementService
    Outcome set_notes(const cim::Instance& settings, const std::string& notes);
    /// The default settings of a new GPU partition, as the host offers them, for the first partitionable GPU.
    cim::Instance new_partition();
    Rows partitions_of(const cim::Instance& settings);
    void adds_and_removes_a_partition(bool by_job);
    /// Makes every kind of call with the context and expects each to end with the code, without effect.
    void every_call_ends_with(const CallContext& context, std::string_view code);

    std::unique_ptr<ContractHost> host_;
};

/// The VM's GUID or any other key text of the row's path.
[[nodiscard]] std::string key_of(const cim::Instance& row, std::string_view key);

/// Expects a failed result with one of the codes and the HRESULT.
template <class T>
void expect_refused(const Result<T>& result, std::initializer_list<std::string_view> codes, std::uint32_t hresult) {
    ASSERT_FALSE(result) << "it was not refused";
    const Error& error = result.error();
    EXPECT_NE(std::find(codes.begin(), codes.end(), error.code), codes.end()) << describe(error);
    EXPECT_EQ(error.native, (NativeCode{NativeKind::hresult, hresult})) << describe(error);
}

} // namespace exhyperv::contract
