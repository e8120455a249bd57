#include "server/base62.h"

#include <vector>

#include <sodium.h>

namespace leeway::server {
namespace {

constexpr char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

}  // namespace

std::string base62(std::span<const unsigned char> bytes, size_t width) {
  std::vector<unsigned char> number(bytes.begin(), bytes.end());
  std::string out(width, '0');
  for (size_t place = width; place-- > 0;) {
    unsigned remainder = 0;   // long division by 62, most significant byte first
    for (auto& byte : number) {
      const unsigned value = remainder * 256 + byte;
      byte = static_cast<unsigned char>(value / 62);
      remainder = value % 62;
    }
    out[place] = digits[remainder];
  }
  sodium_memzero(number.data(), number.size());
  return out;
}

std::string random_base62(size_t length) {
  std::string out;
  for (size_t i = 0; i < length; ++i) out += digits[randombytes_uniform(62)];
  return out;
}

}  // namespace leeway::server
