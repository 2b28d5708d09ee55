#pragma once

#include "cli/ui.h"

#include <string>
#include <vector>

namespace exhyperv::cli {

struct Cell {
    std::string text;
    Tone tone = Tone::plain;
};

/// Columns for people: aligned by display width (CJK counts two), two spaces apart, no lines drawn. When the table is
/// wider than the terminal the widest columns are cut with "…"; `never_cut` columns are kept whole (ids, paths to
/// copy).
class Table {
  public:
    struct Column {
        std::string title;
        bool right = false;
        bool never_cut = false;
    };
    explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
    void add(std::vector<Cell> row) { rows_.push_back(std::move(row)); }
    [[nodiscard]] bool empty() const { return rows_.empty(); }
    [[nodiscard]] std::string render(const Ui& ui) const;

  private:
    std::vector<Column> columns_;
    std::vector<std::vector<Cell>> rows_;
};

/// "Label   value" lines, one a field, values aligned and wrapped: what `show` commands print.
class Fields {
  public:
    void add(std::string label, std::string value, Tone tone = Tone::plain);
    [[nodiscard]] std::string render(const Ui& ui, std::size_t indent = 0) const;

  private:
    struct Field {
        std::string label, value;
        Tone tone;
    };
    std::vector<Field> fields_;
};

} // namespace exhyperv::cli
