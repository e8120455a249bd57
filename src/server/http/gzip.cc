#include "server/http/gzip.h"

#include <algorithm>

#include <zlib.h>

namespace leeway::http {
namespace {

constexpr int gzip_window = 15 + 16;  // zlib's way to ask for the gzip format
constexpr size_t spare = 64;

struct Inflater {
  z_stream stream{};
  bool ready = inflateInit2(&stream, gzip_window) == Z_OK;
  ~Inflater() {
    if (ready) inflateEnd(&stream);
  }
};

}  // namespace

std::string gzip(std::string_view text, int level) {
  z_stream stream{};
  if (deflateInit2(&stream, level, Z_DEFLATED, gzip_window, 8, Z_DEFAULT_STRATEGY) != Z_OK) return {};
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

Result<std::string> gunzip(std::string_view bytes, uint64_t limit) {
  Inflater inflater;
  if (!inflater.ready) return fail(Code::resource_exhausted, "the body cannot be decompressed for lack of memory");
  z_stream& stream = inflater.stream;
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::string out;
  char block[16 * 1024];
  for (;;) {
    stream.next_out = reinterpret_cast<Bytef*>(block);
    stream.avail_out = sizeof block;
    const int result = inflate(&stream, Z_NO_FLUSH);
    const size_t produced = sizeof block - stream.avail_out;
    if (out.size() + produced > limit)
      return fail(Code::resource_exhausted,
                  "the decompressed body is beyond the limit of " + std::to_string(limit) + " bytes");
    out.append(block, produced);
    if (result == Z_STREAM_END) {
      if (stream.avail_in == 0) break;
      if (inflateReset(&stream) != Z_OK) return fail(Code::invalid_data, "the body is not valid gzip");
      continue;
    }
    if (result == Z_BUF_ERROR || (result == Z_OK && stream.avail_in == 0 && produced == 0))
      return fail(Code::invalid_data, "the gzip body ends before its end");
    if (result != Z_OK) return fail(Code::invalid_data, "the body is not valid gzip");
  }
  out.reserve(out.size() + spare);
  return out;
}

}  // namespace leeway::http
