// Any bytes as the last segment of a journal: opened, cut or refused; never a crash. What opens takes a record, and opens
// again with it.
#include "journal/segment_log.h"
#include "journal/segment_reader.h"
#include "journal/simulated_disk.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace leeway;
  // The checksums of a header are made right, so that the fuzzer gets behind them; the rest is as it comes.
  const SegmentHeader header{std::string(32, 'a'), 7, 1};
  std::string bytes = encode_segment_header(header);
  for (size_t at = 0; at + 3 < size;) {
    const size_t length = std::min<size_t>(data[at + 1], size - at - 3);
    const std::string_view payload(reinterpret_cast<const char*>(data) + at + 3, length);
    const RecordHeader record{.kind = data[at] % 8 == 7 ? RecordKind::closing : RecordKind::data,
                              .sequence = data[at + 2] % 32u + 1u, .durable_up_to = data[at + 2] / 32u};
    if (data[at] % 8 < 2) bytes += payload;
    else encode_record(record, payload, bytes.size(), header.salt, bytes);
    at += 3 + length;
  }
  if (size > 0 && data[0] % 16 == 15) bytes.assign(reinterpret_cast<const char*>(data), size);

  SimulatedDisk disk;
  { (void)disk.files()->create(segment_name(1)); }
  disk.replace(segment_name(1), bytes);
  const AppliedPosition nothing = [](const std::string&) -> Result<uint64_t> { return 0; };
  uint64_t last = 0;
  {
    auto log = SegmentLog::open(disk.files(), {.reserve = 0}, nothing);
    if (!log) return 0;
    last = log->last();
    const std::string payload = "one more";
    if (log->append(std::span(&payload, 1)) != last + 1) __builtin_trap();
  }
  const auto again = SegmentLog::open(disk.files(), {.reserve = 0}, nothing);
  if (!again || again->last() != last + 1) __builtin_trap();
  return 0;
}
