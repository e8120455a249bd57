// Any bytes as a monitor file and as the value of a setting: read or refused in one sentence, never anything else.

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <string>
#include <unistd.h>

#include "config/monitor_config.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const std::string path = "/tmp/leeway-fuzz-" + std::to_string(getpid()) + ".yaml";
  const std::string text(reinterpret_cast<const char*>(data), size);
  std::ofstream(path, std::ios::binary) << text;
  for (const auto& config : {leeway::read_config({.file = path, .environment = {}, .set = {}}),
                             leeway::read_config({.file = {}, .environment = {}, .set = {text, "columns.label=" + text}})})
    if (!config && (config.error().message.empty() || config.error().text().find('\n') != std::string::npos)) std::abort();
  return 0;
}
