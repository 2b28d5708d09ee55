// What is read as a query is written as text that reads as the same text; and no condition confuses the evaluator.
#include "cim/wql.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace exhyperv::cim;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto query = wql::Query::parse(text);
    if (!query) return 0;
    const auto again = wql::Query::parse(query->text());
    if (!again || again->text() != query->text()) std::abort();
    if (const auto* select = query->select(); select && select->condition) {
        Instance row("X");
        row.set("A", Value::string("text"));
        row.set("B", Value::uint32(5));
        row.set("C", Value::null(CimType::boolean));
        (void)wql::matches(*select->condition, row);
    }
    return 0;
}
