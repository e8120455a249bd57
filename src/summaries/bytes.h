#pragma once
// Reading and writing the profile's little-endian bytes. What is read may be hostile: every read is checked.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/result.h"

namespace leeway {

static_assert(std::endian::native == std::endian::little, "profiles are mapped as they are, so little-endian only");

/// Appends to a string it owns.
class ByteWriter {
 public:
  /// Fixed-width little-endian number (integer, double, enum).
  template <class T>
    requires(std::is_arithmetic_v<T> || std::is_enum_v<T>)
  void fixed(T value) {
    append(&value, sizeof value);
  }
  /// LEB128: 7 bits a byte, least significant first.
  void varint(uint64_t value);
  /// Zigzag LEB128, for numbers near zero of either sign.
  void signed_varint(int64_t value) {
    varint(static_cast<uint64_t>(value) << 1 ^ static_cast<uint64_t>(value >> 63));
  }
  /// Length as varint, then the bytes.
  void text(std::string_view text);
  template <class T>
    requires std::is_trivially_copyable_v<T>
  void array(std::span<const T> values) {
    append(values.data(), values.size_bytes());
  }
  void pad_to(size_t multiple) { out_.resize((out_.size() + multiple - 1) / multiple * multiple, '\0'); }

  size_t size() const { return out_.size(); }
  const std::string& bytes() const { return out_; }
  std::string take() { return std::move(out_); }

 private:
  void append(const void* data, size_t size) {
    if (size > 0) out_.append(static_cast<const char*>(data), size);
  }
  std::string out_;
};

/// Reads a span front to back. After a read past the end or a malformed number every further read gives zeros, and
/// ok() is false: check once, after a group of reads and before memory is sized by what was read.
class ByteReader {
 public:
  explicit ByteReader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  template <class T>
    requires(std::is_arithmetic_v<T> || std::is_enum_v<T>)
  T fixed() {
    T value{};
    if (const auto* at = take(sizeof value)) std::memcpy(&value, at, sizeof value);
    return value;
  }
  uint64_t varint();
  int64_t signed_varint() {
    const uint64_t raw = varint();
    return static_cast<int64_t>(raw >> 1) ^ -static_cast<int64_t>(raw & 1);
  }
  /// A signed varint that must be a sum of small numbers: at most 2^56 in magnitude, so that a few of them add up.
  int64_t small_signed() {
    constexpr int64_t most = int64_t{1} << 56;
    const int64_t value = signed_varint();
    if (value < -most || value > most) fail();
    return ok_ ? value : 0;
  }
  /// A varint that must be a count of things: at most 2^62.
  int64_t count();
  /// A count of elements that follow, each of at least `least_bytes` bytes, so that a lie cannot claim memory.
  size_t length(size_t least_bytes);
  std::string text();
  template <class T>
    requires std::is_trivially_copyable_v<T>
  std::vector<T> array(size_t count) {
    std::vector<T> values;
    if (count > remaining() / sizeof(T)) fail();
    else if (count > 0) {
      values.resize(count);
      std::memcpy(values.data(), take(count * sizeof(T)), count * sizeof(T));
    }
    return values;
  }
  /// A view of the bytes themselves; empty if they are not there or not aligned for T.
  template <class T>
    requires std::is_trivially_copyable_v<T>
  std::span<const T> view(size_t count) {
    const size_t room = remaining();
    const auto* at = count > room / sizeof(T) ? nullptr : take(count * sizeof(T));
    if (at == nullptr || reinterpret_cast<uintptr_t>(at) % alignof(T) != 0) {
      fail();
      return {};
    }
    return {reinterpret_cast<const T*>(at), count};
  }
  /// Skips zero bytes up to a multiple of `multiple` from the start; other bytes there are an error.
  void skip_padding(size_t multiple);

  bool ok() const { return ok_; }
  size_t remaining() const { return bytes_.size() - at_; }
  size_t position() const { return at_; }
  void fail() {
    ok_ = false;
    at_ = bytes_.size();
  }
  /// An invalid_data error naming `what`, unless all reads were good.
  Status check(std::string_view what) const;
  /// As check(), and that nothing is left over.
  Status check_end(std::string_view what) const;

 private:
  const std::byte* take(size_t size) {
    if (size > remaining()) {
      fail();
      return nullptr;
    }
    const auto* at = bytes_.data() + at_;
    at_ += size;
    return at;
  }
  std::span<const std::byte> bytes_;
  size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace leeway
