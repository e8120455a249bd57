// Any bytes as a profile: read, or refused; never a crash.
#include "profiles/profile.h"
#include "summaries/numeric_scan.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace leeway;
  const auto profile = Profile::read(std::string(reinterpret_cast<const char*>(data), size));
  if (!profile) return 0;
  ScanScratch scratch;
  const Column batch = Column::of_reals("x", {0, 1, -1, 1e300});
  for (const ColumnProfile& column : profile->columns()) {
    if (const auto reference = profile->numeric_reference(column.field.name)) NumericScan(*reference, batch, scratch);
    (void)profile->rows(column.field.name);
  }
  (void)Profile::merge(*profile, *profile);
  return 0;
}
