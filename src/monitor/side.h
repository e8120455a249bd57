#pragma once
// One side of a comparison, whether rows or a stored profile.

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "profiles/profile.h"
#include "sources/dataset.h"

namespace leeway {

/// Opened for reading; `const` use is thread safe.
class Side {
 public:
  /// A profile if `spec` names one .lwp file, else data. Errors: those of Profile::open and Dataset::open.
  static Result<Side> open(const SourceSpec& spec);
  /// A profile made just now.
  static Side of(Profile profile, std::string label);
  /// Columns in memory, of equal sizes and distinct names.
  static Side of(std::vector<Column> columns, std::string label, std::string fingerprint);

  bool is_profile() const { return profile_.has_value(); }
  const Dataset* data() const { return data_.get(); }                        ///< null unless read from files
  const Profile* profile() const { return profile_ ? &*profile_ : nullptr; } ///< null for data
  const Schema& schema() const { return schema_; }
  int64_t rows() const;
  const std::string& label() const { return label_; }
  std::string fingerprint() const;

  /// The rows of a column: from the data, or from a profile that kept them. Errors: not_found.
  Result<Column> read(const std::string& column) const;
  bool has_rows(const std::string& column) const;

 private:
  Status preload();

  std::shared_ptr<Dataset> data_;
  std::unordered_map<std::string, Column> loaded_;   ///< All columns, of a wide and short table or in memory
  std::optional<Profile> profile_;
  Schema schema_;
  std::string label_;
  std::string fingerprint_;   ///< Of columns in memory
};

}  // namespace leeway
