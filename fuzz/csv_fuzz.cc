// Any bytes as a CSV file: a table whose every column can be read, or one sentence.

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <string>
#include <unistd.h>

#include "sources/dataset.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const std::string path = "/tmp/leeway-fuzz-" + std::to_string(getpid()) + ".csv";
  std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  leeway::SourceSpec spec;
  spec.paths = {path};
  spec.threads = 1;
  const auto table = leeway::Dataset::open(spec);
  if (!table) {
    if (table.error().code == leeway::Code::internal || table.error().text().find('\n') != std::string::npos) std::abort();
    return 0;
  }
  for (size_t i = 0; i < table->schema().size(); ++i) {
    const auto column = table->read(i);
    if (!column || static_cast<int64_t>(column->size()) != table->rows()) std::abort();
  }
  return 0;
}
