#include "monitor/side.h"

#include <fmt/format.h>

#include "base/text.h"

namespace leeway {

Result<Side> Side::open(const SourceSpec& spec) {
  Side side;
  side.label_ = spec.label();
  if (spec.paths.size() == 1 && spec.paths.front().ends_with(".lwp")) {
    LEEWAY_TRY(side.profile_, Profile::open(spec.paths.front()));
    side.schema_ = side.profile_->schema();
    return side;
  }
  LEEWAY_TRY(auto data, Dataset::open(spec));
  side.data_ = std::make_shared<Dataset>(std::move(data));
  side.schema_ = side.data_->schema();
  return side;
}

Side Side::of(Profile profile, std::string label) {
  Side side;
  side.schema_ = profile.schema();
  side.profile_ = std::move(profile);
  side.label_ = std::move(label);
  return side;
}

int64_t Side::rows() const { return data_ ? data_->rows() : profile_->rows(); }

std::string Side::fingerprint() const { return data_ ? data_->fingerprint() : profile_->fingerprint(); }

Result<Column> Side::read(const std::string& column) const {
  if (!data_) return profile_->rows(column);
  const auto index = schema_.find(column);
  if (!index) return fail(Code::not_found, fmt::format("{} has no column '{}'", label_, printable(column)),
                          did_you_mean(column, schema_.names()));
  return data_->read(*index);
}

bool Side::has_rows(const std::string& column) const {
  return data_ ? schema_.find(column).has_value() : profile_->has_rows(column);
}

}  // namespace leeway
