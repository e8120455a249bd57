#pragma once
// Bytes as text.

#include <optional>
#include <string>
#include <string_view>

namespace leeway {

/// Two lower-case digits a byte, and back; empty if `text` is not that (either case is read).
std::string hex(std::string_view bytes);
std::optional<std::string> from_hex(std::string_view text);

}  // namespace leeway
