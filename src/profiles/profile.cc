#include "profiles/profile.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <tuple>
#include <unistd.h>

#include <fmt/format.h>

#include "base/hash.h"
#include "profiles/build.h"
#include "profiles/contents.h"
#include "profiles/sections.h"

namespace leeway {

struct Profile::State {
  std::shared_ptr<const SectionFile> file;
  ProfileContents contents;
};

namespace {

std::unexpected<Error> malformed(std::string what) {
  return fail(Code::invalid_data, std::move(what), "Make the profile again with `leeway profile`.");
}

/// The summaries of a file; its large sections are left where they are.
Result<ProfileContents> parse(const SectionFile& file) {
  LEEWAY_TRY(const auto header, file.read(SectionKind::header, 0));
  ByteReader in(header.payload);
  LEEWAY_TRY(ProfileContents contents, read_header(in));
  for (uint32_t i = 0; i < contents.columns.size(); ++i) {
    LEEWAY_TRY(const auto section, file.read(SectionKind::column, i));
    ByteReader summaries(section.payload);
    LEEWAY_CHECK(read_summaries(summaries, contents.columns[i]));
  }
  if (file.has(SectionKind::score, 0)) {
    LEEWAY_TRY(const auto section, file.read(SectionKind::score, 0));
    ByteReader score(section.payload);
    LEEWAY_TRY(contents.score, read_score(score));
  }
  if (file.has(SectionKind::joint, 0)) {
    LEEWAY_TRY(const auto section, file.read(SectionKind::joint, 0));
    ByteReader joint(section.payload);
    LEEWAY_TRY(contents.joint, JointSummary::read(joint));
  }
  if (bins_id_of(contents) != contents.header.bins_id) return malformed("the profile's columns do not belong together");
  return contents;
}

/// A file being written beside its final place: renamed by commit(), removed otherwise.
class NewFile {
 public:
  explicit NewFile(std::string path) : path_(std::move(path)), temporary_(fmt::format("{}.{}.tmp", path_, getpid())) {
    file_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  }
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  ~NewFile() {
    if (file_ >= 0) ::close(file_);
    if (file_ >= 0 && !committed_) ::unlink(temporary_.c_str());
  }

  Status put(std::string_view bytes) {
    if (file_ < 0) return failed();
    while (!bytes.empty()) {
      const ssize_t written = ::write(file_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return failed();
      bytes.remove_prefix(static_cast<size_t>(written));
    }
    return {};
  }
  Status commit() {
    if (file_ < 0 || ::fsync(file_) != 0 || ::rename(temporary_.c_str(), path_.c_str()) != 0) return failed();
    committed_ = true;
    return {};
  }

 private:
  std::unexpected<Error> failed() const {
    Error error{Code::unavailable, fmt::format("cannot be written: {}", std::strerror(errno)), path_, 0, 0, {}};
    return fail(std::move(error));
  }

  std::string path_, temporary_;
  int file_ = -1;
  bool committed_ = false;
};

/// The sum of all fingerprints, so that the order of merging does not matter.
uint64_t fingerprint_number(const ProfileHeader& header) {
  return header.parts > 1 ? std::strtoull(header.fingerprint.c_str(), nullptr, 16) : hash64(header.fingerprint);
}

ProfileHeader merged(const ProfileHeader& a, const ProfileHeader& b) {
  ProfileHeader out;
  out.source = std::min(a.source, b.source);
  out.parts = a.parts + b.parts;
  out.fingerprint = fmt::format("{:016x}", fingerprint_number(a) + fingerprint_number(b));
  out.rows = a.rows + b.rows;
  return out;
}

Status merge_into(ColumnProfile& sum, const ColumnProfile& other) {
  // Where the two declare the column differently: the first in order, so that merging commutes.
  const auto declaration = [](const ColumnProfile& c) {
    return std::tie(c.absent, c.field.type, c.field.source_type, c.field.date_only, c.role);
  };
  if (declaration(other) < declaration(sum)) {
    sum.absent = other.absent;
    sum.field = other.field;
    sum.role = other.role;
  }
  sum.rows.merge(other.rows);
  const auto merge = [](auto& mine, const auto& theirs) -> Status {
    if (!mine || !theirs) return {};
    return mine->merge(*theirs);
  };
  LEEWAY_CHECK(merge(sum.bins, other.bins));
  LEEWAY_CHECK(merge(sum.moments, other.moments));
  LEEWAY_CHECK(merge(sum.log_histogram, other.log_histogram));
  LEEWAY_CHECK(merge(sum.categories, other.categories));
  LEEWAY_CHECK(merge(sum.text, other.text));
  if (sum.time && other.time) sum.time->merge(*other.time);
  return {};
}

/// Columns of the reference stand first and in one order; the others are united by name.
Result<std::vector<ColumnProfile>> merged(std::span<const ColumnProfile> a, std::span<const ColumnProfile> b) {
  std::vector<ColumnProfile> out(a.begin(), a.end());
  for (const ColumnProfile& column : b) {
    const auto mine =
        std::find_if(out.begin(), out.end(), [&](const auto& c) { return c.field.name == column.field.name; });
    if (mine == out.end()) out.push_back(column);
    else LEEWAY_CHECK(merge_into(*mine, column));
  }
  const auto extra = std::stable_partition(out.begin(), out.end(), [](const auto& c) { return c.in_reference; });
  std::sort(extra, out.end(), [](const auto& x, const auto& y) { return x.field.name < y.field.name; });
  return out;
}

Status merge_into(std::optional<ScoreProfile>& sum, const std::optional<ScoreProfile>& other) {
  if (!sum || !other) return {};
  LEEWAY_CHECK(sum->overall.merge(other->overall));
  for (size_t g = 0; g < sum->by_group.size() && g < other->by_group.size(); ++g)
    LEEWAY_CHECK(sum->by_group[g].table.merge(other->by_group[g].table));
  return {};
}

Result<std::shared_ptr<const SectionFile>> file_of(std::string bytes) {
  const auto owner = std::make_shared<const std::string>(std::move(bytes));
  return SectionFile::of(std::as_bytes(std::span(*owner)), owner);
}

}  // namespace

Result<Profile> Profile::of(std::shared_ptr<const SectionFile> file) {
  LEEWAY_TRY(auto contents, parse(*file));
  return Profile(std::make_shared<const State>(State{std::move(file), std::move(contents)}));
}

Result<Profile> Profile::build(const ProfileSpec& spec, const ColumnReader& read, const Profile* reference) {
  std::string bytes;
  SectionWriter out([&bytes](std::string_view more) -> Status {
    bytes += more;
    return {};
  });
  LEEWAY_CHECK(build_sections(spec, read, reference, out));
  return Profile::read(std::move(bytes));
}

Result<Profile> Profile::build_file(const std::string& path, const ProfileSpec& spec, const ColumnReader& read,
                                    const Profile* reference) {
  NewFile file(path);
  SectionWriter out([&file](std::string_view more) { return file.put(more); });
  LEEWAY_CHECK(build_sections(spec, read, reference, out));
  LEEWAY_CHECK(file.commit());
  return open(path);
}

Result<Profile> Profile::open(const std::string& path) {
  LEEWAY_TRY(auto file, SectionFile::map(path));
  auto profile = of(std::move(file));
  if (!profile) profile.error().file = path;
  return profile;
}

Result<Profile> Profile::read(std::string bytes) {
  LEEWAY_TRY(auto file, file_of(std::move(bytes)));
  return of(std::move(file));
}

Result<std::string> Profile::bytes() const {
  LEEWAY_CHECK(state_->file->check_all());
  const auto bytes = state_->file->bytes();
  return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

Status Profile::write(const std::string& path) const {
  LEEWAY_CHECK(state_->file->check_all());
  const auto bytes = state_->file->bytes();
  NewFile file(path);
  LEEWAY_CHECK(file.put({reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
  return file.commit();
}

Result<Profile> Profile::merge(const Profile& a, const Profile& b) {
  if (a.bins_id() != b.bins_id())
    return fail(Code::failed_precondition,
                fmt::format("'{}' and '{}' were not made with the same reference", a.source(), b.source()),
                "Re-profile both with --reference, naming the same reference profile.");
  ProfileContents sum;
  sum.header = merged(a.state_->contents.header, b.state_->contents.header);
  LEEWAY_TRY(sum.columns, merged(a.columns(), b.columns()));
  sum.score = a.score();
  LEEWAY_CHECK(merge_into(sum.score, b.score()));
  sum.joint = a.joint();
  if (sum.joint && (!b.joint() || !sum.joint->merge(*b.joint()))) sum.joint.reset();
  std::string bytes;
  SectionWriter out([&bytes](std::string_view more) -> Status {
    bytes += more;
    return {};
  });
  LEEWAY_CHECK(out.begin());
  for (uint32_t i = 0; i < sum.columns.size(); ++i) {
    ByteWriter summaries;
    write_summaries(sum.columns[i], summaries);
    LEEWAY_CHECK(out.add(SectionKind::column, i, summaries.bytes()));
  }
  LEEWAY_CHECK(write_rest(sum, out));
  return read(std::move(bytes));
}

std::string Profile::source() const {
  const ProfileHeader& header = state_->contents.header;
  return header.parts == 1 ? header.source : fmt::format("{} and {} more", header.source, header.parts - 1);
}
const std::string& Profile::fingerprint() const { return state_->contents.header.fingerprint; }
uint64_t Profile::bins_id() const { return state_->contents.header.bins_id; }
int64_t Profile::rows() const { return state_->contents.header.rows; }
bool Profile::exact() const { return state_->contents.header.exact; }
std::span<const ColumnProfile> Profile::columns() const { return state_->contents.columns; }
const std::optional<ScoreProfile>& Profile::score() const { return state_->contents.score; }
const std::optional<JointSummary>& Profile::joint() const { return state_->contents.joint; }

Schema Profile::schema() const {
  std::vector<Field> fields;
  for (const ColumnProfile& column : columns())
    if (!column.absent) fields.push_back(column.field);
  return Schema(std::move(fields));
}

std::optional<std::pair<int64_t, int64_t>> Profile::time_span() const {
  for (const ColumnProfile& column : columns())
    if (column.role == "time" && column.time && column.time->size() > 0)
      return std::pair(column.time->first(), column.time->last());
  return std::nullopt;
}

const ColumnProfile* Profile::find(std::string_view name) const {
  for (const ColumnProfile& column : columns())
    if (column.field.name == name) return &column;
  return nullptr;
}

Result<uint32_t> Profile::index_of(std::string_view column, SectionKind kind) const {
  const ColumnProfile* found = find(column);
  const auto index = found == nullptr ? 0 : static_cast<uint32_t>(found - columns().data());
  if (found != nullptr && state_->file->has(kind, index)) return index;
  return fail(Code::not_found, fmt::format("the profile holds no exact values of column '{}'", column),
              "Profile the reference with its exact part.");
}

Result<NumericReference> Profile::numeric_reference(std::string_view column) const {
  LEEWAY_TRY(const uint32_t index, index_of(column, SectionKind::reference));
  LEEWAY_TRY(auto section, state_->file->read(SectionKind::reference, index));
  return NumericReference::view(section.payload, std::move(section.owner));
}

Result<Column> Profile::rows(std::string_view column) const {
  LEEWAY_TRY(const uint32_t index, index_of(column, SectionKind::rows));
  LEEWAY_TRY(const auto section, state_->file->read(SectionKind::rows, index));
  ByteReader in(section.payload);
  return read_rows(in, std::string(column));
}

bool Profile::has_rows(std::string_view column) const { return index_of(column, SectionKind::rows).has_value(); }

}  // namespace leeway
