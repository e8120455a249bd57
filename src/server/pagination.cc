#include "server/pagination.h"

#include <vector>

#include <sodium.h>

#include "server/service.h"

namespace leeway::server {
namespace {

constexpr int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
constexpr size_t mark_length = 16;

std::string path_of(const Call& call) { return call.request.target.substr(0, call.request.target.find('?')); }

/// Ties a cursor to its address, so that nobody builds one.
std::string mark_of(const Service& service, const Call& call, std::string_view key) {
  const Secret32 digest = service.keys.sign(path_of(call) + "\n" + std::string(key));
  return {reinterpret_cast<const char*>(digest.data()), mark_length};
}

}  // namespace

std::string cursor_of(const Service& service, const Call& call, std::string_view key) {
  const std::string text = mark_of(service, call, key) + std::string(key);
  std::string out(sodium_base64_encoded_len(text.size(), variant), '\0');
  sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(text.data()), text.size(), variant);
  out.pop_back();
  return out;
}

std::expected<Page, Problem> read_page(const Service& service, const Call& call) {
  Page page;
  LEEWAY_TRY(const int64_t limit, call.query.integer("limit", 100, 1, 1000));
  page.limit = static_cast<size_t>(limit);
  const auto cursor = call.query.get("cursor");
  if (!cursor || cursor->empty()) return page;
  std::string text(cursor->size(), '\0');
  size_t size = 0;
  const bool decoded = sodium_base642bin(reinterpret_cast<unsigned char*>(text.data()), text.size(), cursor->data(),
                                         cursor->size(), nullptr, &size, nullptr, variant) == 0;
  text.resize(decoded ? size : 0);
  if (text.size() <= mark_length || mark_of(service, call, text.substr(mark_length)) != text.substr(0, mark_length))
    return refuse(400, "The cursor is not one that this address gave.");
  page.after = text.substr(mark_length);
  return page;
}

}  // namespace leeway::server
