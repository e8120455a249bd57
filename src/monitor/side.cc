#include "monitor/side.h"

#include <fmt/format.h>

#include "base/text.h"

namespace leeway {
namespace {

/// A table of this many columns and this few values is read at once: a query a column would take minutes.
constexpr size_t many_columns = 500;
constexpr double few_cells = 2e7;

}  // namespace

Result<Side> Side::open(const SourceSpec& spec) {
  Side side;
  side.label_ = spec.label();
  if (spec.paths.size() == 1 && spec.paths.front().ends_with(".lwp")) {
    auto profile = Profile::open(spec.paths.front());
    if (!profile) {
      Error error = profile.error();
      if (error.file.empty() && !error.message.contains(spec.paths.front())) error.file = spec.paths.front();
      return fail(std::move(error));
    }
    side.profile_ = std::move(*profile);
    side.schema_ = side.profile_->schema();
    return side;
  }
  LEEWAY_TRY(auto data, Dataset::open(spec));
  side.data_ = std::make_shared<Dataset>(std::move(data));
  side.schema_ = side.data_->schema();
  LEEWAY_CHECK(side.preload());
  return side;
}

Status Side::preload() {
  if (schema_.size() < many_columns || static_cast<double>(rows()) * static_cast<double>(schema_.size()) > few_cells)
    return {};
  std::vector<size_t> all(schema_.size());
  for (size_t i = 0; i < all.size(); ++i) all[i] = i;
  LEEWAY_TRY(auto columns, data_->read(all));
  for (auto& column : columns) {
    std::string name = column.name();
    loaded_.emplace(std::move(name), std::move(column));
  }
  return {};
}

Side Side::of(Profile profile, std::string label) {
  Side side;
  side.schema_ = profile.schema();
  side.profile_ = std::move(profile);
  side.label_ = std::move(label);
  return side;
}

Side Side::of(std::vector<Column> columns, std::string label, std::string fingerprint) {
  Side side;
  std::vector<Field> fields;
  for (auto& column : columns) {
    std::string name = column.name();
    fields.push_back({name, column.type(), "", false});
    side.loaded_.emplace(std::move(name), std::move(column));
  }
  side.schema_ = Schema(std::move(fields));
  side.label_ = std::move(label);
  side.fingerprint_ = std::move(fingerprint);
  return side;
}

int64_t Side::rows() const {
  if (data_) return data_->rows();
  if (profile_) return profile_->rows();
  return loaded_.empty() ? 0 : static_cast<int64_t>(loaded_.begin()->second.size());
}

std::string Side::fingerprint() const { return data_ ? data_->fingerprint() : profile_ ? profile_->fingerprint() : fingerprint_; }

Result<Column> Side::read(const std::string& column) const {
  if (profile_) return profile_->rows(column);
  if (const auto at = loaded_.find(column); at != loaded_.end()) return at->second;
  const auto index = schema_.find(column);
  if (!index) return fail(Code::not_found, fmt::format("{} has no column '{}'", label_, printable(column)),
                          did_you_mean(column, schema_.names()));
  return data_->read(*index);   // columns in memory are all found above
}

bool Side::has_rows(const std::string& column) const {
  return profile_ ? profile_->has_rows(column) : schema_.find(column).has_value();
}

}  // namespace leeway
