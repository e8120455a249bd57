#pragma once
// What the sections of a profile hold, as records and as bytes.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "profiles/profile.h"
#include "summaries/bytes.h"

namespace leeway {

/// The header section, and what the rest of the profile adds up to.
struct ProfileHeader {
  std::string source;        ///< label of the data; the first in order after merging
  int64_t parts = 1;         ///< data sets merged
  std::string fingerprint;
  int64_t rows = 0;
  bool exact = false;
  uint64_t bins_id = 0;

  bool operator==(const ProfileHeader&) const = default;
};

/// All summaries of a profile; the exact parts stay in their sections.
struct ProfileContents {
  ProfileHeader header;
  std::vector<ColumnProfile> columns;
  std::optional<ScoreProfile> score;
  std::optional<JointSummary> joint;
};

/// Names the bin maps, dictionaries and layouts of the columns in the reference.
uint64_t bins_id_of(const ProfileContents& contents);

void write_header(const ProfileContents& contents, ByteWriter& out);
/// Columns with everything but their summaries.
Result<ProfileContents> read_header(ByteReader& in);

void write_summaries(const ColumnProfile& column, ByteWriter& out);
Status read_summaries(ByteReader& in, ColumnProfile& column);

void write_score(const ScoreProfile& score, ByteWriter& out);
Result<ScoreProfile> read_score(ByteReader& in);

void write_rows(const Column& column, ByteWriter& out);
Result<Column> read_rows(ByteReader& in, std::string name);

}  // namespace leeway
