#pragma once
// Files compiled into the binary: the contract, and the page that shows it.

#include <string_view>

namespace leeway::server {

struct Asset {
  std::string_view name, type;
  std::string_view bytes;
  bool compressed = false;   ///< By gzip.
};

/// A part of the page at /docs; null if there is none of that name.
const Asset* find_asset(std::string_view name);
/// The page itself.
std::string_view docs_page();
/// api/openapi.yaml.
std::string_view openapi_yaml();

}  // namespace leeway::server
