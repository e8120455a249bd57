#pragma once
// The shape of a CSV file, guessed from its first lines. A pure function of them, so that it can be tested as one.

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace leeway {

struct CsvDialect {
  char delimiter = ',';
  int skip = 0;                      ///< Leading comment lines (those that begin with '#').
  std::vector<std::string> first;    ///< Fields of the first record: the header, if there is one.
};

/// `lines`: the raw first lines, without their ends. The delimiter (of , ; tab |) is the one that gives the most
/// records the same number of fields, at least two; with none such, a comma. Quotes are '"', doubled inside.
/// `delimiter` fixes it.
CsvDialect sniff_csv(std::span<const std::string> lines, std::string_view delimiter = {});

/// One record cut at `delimiter`, quotes removed; `quote_open` tells that it ends inside a quote, so in a later line.
std::vector<std::string> split_csv(std::string_view record, char delimiter, bool& quote_open);

}  // namespace leeway
