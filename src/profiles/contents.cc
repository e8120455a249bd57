#include "profiles/contents.h"

#include <algorithm>

#include "base/hash.h"

namespace leeway {
namespace {

void write_layout(const ScoreLayout& layout, ByteWriter& out) {
  layout.bins->write(out);
  out.varint(layout.groups.size());
  for (const auto& group : layout.groups) out.text(group);
  out.fixed(static_cast<uint8_t>(layout.probability));
}

std::vector<std::string> read_texts(ByteReader& in) {
  std::vector<std::string> texts;
  for (size_t left = in.length(1); left > 0 && in.ok(); --left) texts.push_back(in.text());
  return texts;
}

Result<std::shared_ptr<const ScoreLayout>> read_layout(ByteReader& in) {
  auto layout = std::make_shared<ScoreLayout>();
  LEEWAY_TRY(auto bins, BinMap::read(in));
  layout->bins = std::make_shared<const BinMap>(std::move(bins));
  layout->groups = read_texts(in);
  layout->probability = in.fixed<uint8_t>() != 0;
  // The table that follows has at least a byte for each of three cells a bin and group.
  if (layout->group_count() > in.remaining() / layout->bins->bins() / 3) in.fail();
  LEEWAY_CHECK(in.check("score table"));
  return layout;
}

bool known(Type type) { return type >= Type::boolean && type <= Type::time; }

/// Bins, dictionary or vocabulary of a column; 0 if it has none.
uint64_t layout_id(const ColumnProfile& column) {
  if (column.bins) return column.bins->map().id();
  if (column.categories) return column.categories->dictionary().id();
  return column.text ? column.text->vocabulary().id() : 0;
}

}  // namespace

std::string_view name(Treatment treatment) {
  static constexpr std::string_view names[] = {"counted", "numeric", "category", "text", "time"};
  return names[static_cast<size_t>(treatment)];
}

uint64_t bins_id_of(const ProfileContents& contents) {
  uint64_t id = 0;
  for (const auto& column : contents.columns) {
    if (!column.in_reference) continue;
    id = combine64(id, hash64(column.field.name));
    id = combine64(id, static_cast<uint64_t>(column.treatment));
    id = combine64(id, layout_id(column));
  }
  if (contents.score) {
    ByteWriter bytes;
    write_layout(contents.score->overall.layout(), bytes);
    for (const auto& grouped : contents.score->by_group) write_layout(grouped.table.layout(), bytes);
    id = combine64(id, hash64(bytes.bytes()));
  }
  return id;
}

void write_header(const ProfileContents& contents, ByteWriter& out) {
  const ProfileHeader& header = contents.header;
  out.text(header.source);
  out.varint(static_cast<uint64_t>(header.parts));
  out.text(header.fingerprint);
  out.varint(static_cast<uint64_t>(header.rows));
  out.fixed(static_cast<uint8_t>(header.exact));
  out.fixed(header.bins_id);
  out.varint(contents.columns.size());
  for (const auto& column : contents.columns) {
    out.text(column.field.name);
    out.fixed(column.field.type);
    out.text(column.field.source_type);
    out.fixed(static_cast<uint8_t>(column.field.date_only));
    out.text(column.role);
    out.fixed(column.treatment);
    out.fixed(static_cast<uint8_t>(column.in_reference));
    out.fixed(static_cast<uint8_t>(column.absent));
  }
}

Result<ProfileContents> read_header(ByteReader& in) {
  ProfileContents out;
  out.header.source = in.text();
  out.header.parts = in.count();
  out.header.fingerprint = in.text();
  out.header.rows = in.count();
  out.header.exact = in.fixed<uint8_t>() != 0;
  out.header.bins_id = in.fixed<uint64_t>();
  for (size_t left = in.length(8); left > 0 && in.ok(); --left) {
    ColumnProfile column;
    column.field.name = in.text();
    column.field.type = in.fixed<Type>();
    column.field.source_type = in.text();
    column.field.date_only = in.fixed<uint8_t>() != 0;
    column.role = in.text();
    column.treatment = in.fixed<Treatment>();
    column.in_reference = in.fixed<uint8_t>() != 0;
    column.absent = in.fixed<uint8_t>() != 0;
    if (!known(column.field.type) || column.treatment > Treatment::time) in.fail();
    out.columns.push_back(std::move(column));
  }
  if (out.header.parts < 1) in.fail();
  LEEWAY_CHECK(in.check_end("header"));
  return out;
}

void write_summaries(const ColumnProfile& column, ByteWriter& out) {
  column.rows.write(out);
  if (column.bins) {
    column.bins->map().write(out);
    column.bins->write(out);
    column.moments->write(out);
    column.log_histogram->write(out);
  }
  if (column.categories) {
    column.categories->dictionary().write(out);
    column.categories->write(out);
  }
  if (column.text) {
    column.text->vocabulary().write(out);
    column.text->write(out);
  }
  if (column.time) column.time->write(out);
}

Status read_summaries(ByteReader& in, ColumnProfile& column) {
  LEEWAY_TRY(column.rows, RowCounts::read(in));
  switch (column.treatment) {
    case Treatment::counted: break;
    case Treatment::numeric: {
      LEEWAY_TRY(auto map, BinMap::read(in));
      LEEWAY_TRY(column.bins, BinnedCounts::read(in, std::make_shared<const BinMap>(std::move(map))));
      LEEWAY_TRY(column.moments, Moments::read(in));
      LEEWAY_TRY(column.log_histogram, LogHistogram::read(in));
      break;
    }
    case Treatment::category: {
      LEEWAY_TRY(auto dictionary, CategoryDictionary::read(in));
      LEEWAY_TRY(column.categories, CategorySummary::read(in, std::move(dictionary)));
      break;
    }
    case Treatment::text: {
      LEEWAY_TRY(auto vocabulary, TextVocabulary::read(in));
      LEEWAY_TRY(column.text, TextSummary::read(in, std::move(vocabulary)));
      break;
    }
    case Treatment::time: {
      LEEWAY_TRY(column.time, TimeSummary::read(in));
      break;
    }
  }
  return in.check_end("summaries");
}

void write_score(const ScoreProfile& score, ByteWriter& out) {
  for (const auto* text : {&score.score, &score.label, &score.positive}) out.text(*text);
  out.varint(score.thresholds.size());
  out.array(std::span(score.thresholds));
  write_layout(score.overall.layout(), out);
  score.overall.write(out);
  out.varint(score.by_group.size());
  for (const auto& grouped : score.by_group) {
    out.text(grouped.column);
    write_layout(grouped.table.layout(), out);
    grouped.table.write(out);
  }
}

Result<ScoreProfile> read_score(ByteReader& in) {
  std::string score = in.text(), label = in.text(), positive = in.text();
  auto thresholds = in.array<double>(in.length(sizeof(double)));
  LEEWAY_TRY(auto layout, read_layout(in));
  LEEWAY_TRY(auto overall, ScoreTable::read(in, std::move(layout)));
  ScoreProfile out{std::move(score),      std::move(label),   std::move(positive),
                   std::move(thresholds), std::move(overall), {}};
  for (size_t left = in.length(1); left > 0 && in.ok(); --left) {
    std::string column = in.text();
    LEEWAY_TRY(auto grouping, read_layout(in));
    LEEWAY_TRY(auto table, ScoreTable::read(in, std::move(grouping)));
    out.by_group.push_back({std::move(column), std::move(table)});
  }
  LEEWAY_CHECK(in.check_end("score tables"));
  return out;
}

void write_rows(const Column& column, ByteWriter& out) {
  const auto words = column.validity().words();
  out.fixed(column.type());
  out.fixed(static_cast<uint8_t>(!words.empty()));
  out.varint(column.size());
  out.pad_to(8);
  for (size_t w = 0; w < words.size(); ++w) {
    const size_t left = column.size() - w * 64;   // bits beyond the last row mean nothing: write zeros
    out.fixed(left >= 64 ? words[w] : words[w] & ((uint64_t{1} << left) - 1));
  }
  if (column.type() == Type::real) {
    for (size_t r = 0; r < column.size(); ++r) out.fixed(column.is_valid(r) ? column.reals()[r] : 0.0);
  } else if (column.type() == Type::text) {
    for (size_t r = 0; r < column.size(); ++r) out.fixed(column.is_valid(r) ? column.codes()[r] : 0u);
    out.varint(column.dictionary().size());
    for (const auto& value : column.dictionary()) out.text(value);
  } else {
    for (size_t r = 0; r < column.size(); ++r) out.fixed(column.is_valid(r) ? column.integers()[r] : int64_t{0});
  }
}

Result<Column> read_rows(ByteReader& in, std::string name) {
  const auto type = in.fixed<Type>();
  const bool nulls = in.fixed<uint8_t>() != 0;
  const uint64_t size = in.varint();
  if (!known(type) || size > in.remaining()) in.fail();   // every row takes more than a byte
  in.skip_padding(8);
  Validity valid;
  if (nulls && in.ok()) {
    const auto words = in.array<uint64_t>((size + 63) / 64);
    if (in.ok()) valid = Validity(size, false);
    for (size_t r = 0; r < size && in.ok(); ++r)
      if (words[r / 64] >> (r % 64) & 1) valid.set(r, true);
  }
  std::vector<double> reals;
  std::vector<int64_t> integers;
  std::vector<uint32_t> codes;
  std::vector<std::string> dictionary;
  if (type == Type::real) reals = in.array<double>(size);
  else if (type == Type::text) codes = in.array<uint32_t>(size), dictionary = read_texts(in);
  else integers = in.array<int64_t>(size);
  for (size_t r = 0; r < codes.size() && in.ok(); ++r)
    if (valid[r] && codes[r] >= dictionary.size()) in.fail();
  LEEWAY_CHECK(in.check_end("rows"));
  if (type == Type::real) return Column::of_reals(std::move(name), std::move(reals), std::move(valid));
  if (type == Type::text)
    return Column::of_codes(std::move(name), std::move(codes), std::move(dictionary), std::move(valid));
  return Column::of_integers(std::move(name), type, std::move(integers), std::move(valid));
}

}  // namespace leeway
