#include "models/ubjson.h"

#include <bit>
#include <cstring>
#include <fmt/format.h>
#include <optional>

namespace leeway::models {
namespace {

/// Bytes of a number's type marker; 0 if it is none.
size_t width_of(char marker) {
  switch (marker) {
    case 'i': case 'U': return 1;
    case 'I': return 2;
    case 'l': case 'd': return 4;
    case 'L': case 'D': return 8;
    default: return 0;
  }
}

/// Big-endian number of the type; `at` has width_of(marker) bytes.
double number_of(char marker, const char* at) {
  uint64_t bits = 0;
  for (size_t i = 0; i < width_of(marker); ++i) bits = bits << 8 | static_cast<unsigned char>(at[i]);
  switch (marker) {
    case 'i': return static_cast<int8_t>(bits);
    case 'U': return static_cast<double>(bits);
    case 'I': return static_cast<int16_t>(bits);
    case 'l': return static_cast<int32_t>(bits);
    case 'L': return static_cast<double>(static_cast<int64_t>(bits));
    case 'd': return std::bit_cast<float>(static_cast<uint32_t>(bits));
    default: return std::bit_cast<double>(bits);
  }
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  Result<Document> whole() {
    LEEWAY_TRY(auto document, value(0));
    if (at_ != bytes_.size()) return stop("something follows the end");
    return document;
  }

 private:
  std::unexpected<Error> stop(std::string_view what) const {
    return fail(Code::invalid_data, fmt::format("is not readable as UBJSON: {} at byte {}", what, at_));
  }

  Result<char> marker() {
    while (at_ < bytes_.size() && bytes_[at_] == 'N') ++at_;
    if (at_ >= bytes_.size()) return stop("it ends too early");
    return bytes_[at_++];
  }
  bool next_is(char c) const { return at_ < bytes_.size() && bytes_[at_] == c; }

  Result<double> number(char type) {
    if (bytes_.size() - at_ < width_of(type)) return stop("it ends too early");
    const double result = number_of(type, bytes_.data() + at_);
    at_ += width_of(type);
    return result;
  }

  Result<size_t> length() {
    LEEWAY_TRY(const char type, marker());
    if (width_of(type) == 0 || type == 'd' || type == 'D') return stop("a length is not a whole number");
    LEEWAY_TRY(const double count, number(type));
    if (!(count >= 0) || count > static_cast<double>(bytes_.size() - at_))
      return stop("a length exceeds what is there");
    return static_cast<size_t>(count);
  }

  Result<std::string> text() {
    LEEWAY_TRY(const size_t size, length());
    at_ += size;
    return std::string(bytes_.substr(at_ - size, size));
  }

  Result<Document> value(int depth) {
    LEEWAY_TRY(const char type, marker());
    return value_of(type, depth);
  }

  Result<Document> value_of(char type, int depth) {
    if (depth > Document::deepest) return stop("it is nested too deeply");
    if (width_of(type) > 0) {
      LEEWAY_TRY(const double result, number(type));
      return Document(Document::Value(result));
    }
    switch (type) {
      case 'Z': return Document();
      case 'T': return Document(Document::Value(true));
      case 'F': return Document(Document::Value(false));
      case 'S': case 'H': {
        LEEWAY_TRY(auto result, text());
        return Document(Document::Value(std::move(result)));
      }
      case 'C': {
        if (at_ >= bytes_.size()) return stop("it ends too early");
        return Document(Document::Value(std::string(1, bytes_[at_++])));
      }
      case '[': return array(depth);
      case '{': return object(depth);
      default: --at_; return stop("there is an unknown type");
    }
  }

  struct Container {
    std::optional<char> type;
    std::optional<size_t> count;
  };
  Result<Container> container() {
    Container result;
    if (next_is('$')) {
      ++at_;
      LEEWAY_TRY(result.type, marker());
      if (!next_is('#')) return stop("a typed container has no count");
    }
    if (next_is('#')) {
      ++at_;
      LEEWAY_TRY(result.count, length());
    }
    return result;
  }

  Result<Document> array(int depth) {
    LEEWAY_TRY(const Container header, container());
    if (header.type && width_of(*header.type) > 0) return numbers(*header.type, *header.count);
    std::vector<Document> items;
    for (size_t i = 0; header.count ? i < *header.count : !next_is(']'); ++i) {
      LEEWAY_TRY(auto item, header.type ? value_of(*header.type, depth + 1) : value(depth + 1));
      items.push_back(std::move(item));
    }
    if (!header.count) ++at_;
    return Document::array(std::move(items));
  }

  Result<Document> numbers(char type, size_t count) {
    const size_t width = width_of(type);
    if (count > (bytes_.size() - at_) / width) return stop("an array exceeds what is there");
    std::vector<double> result(count);
    for (size_t i = 0; i < count; ++i) result[i] = number_of(type, bytes_.data() + at_ + i * width);
    at_ += count * width;
    return Document(Document::Value(std::move(result)));
  }

  Result<Document> object(int depth) {
    LEEWAY_TRY(const Container header, container());
    std::vector<DocumentMember> members;
    for (size_t i = 0; header.count ? i < *header.count : !next_is('}'); ++i) {
      LEEWAY_TRY(auto key, text());
      LEEWAY_TRY(auto member, header.type ? value_of(*header.type, depth + 1) : value(depth + 1));
      members.emplace_back(std::move(key), std::move(member));
    }
    if (!header.count) ++at_;
    return Document::object(std::move(members));
  }

  std::string_view bytes_;
  size_t at_ = 0;
};

}  // namespace

bool looks_like_ubjson(std::string_view bytes) {
  // After '{' JSON has a blank, a quote or '}'; UBJSON the type of a length, '$' or '#'.
  return bytes.size() > 1 && bytes[0] == '{' && std::string_view("iUIlL$#").find(bytes[1]) != std::string_view::npos;
}

Result<Document> read_ubjson(std::string_view bytes) { return Reader(bytes).whole(); }

}  // namespace leeway::models
