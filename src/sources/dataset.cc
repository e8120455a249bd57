#include "sources/dataset.h"

#include <algorithm>
#include <bit>
#include <mutex>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/text.h"
#include "base/threads.h"
#include "sources/column_builder.h"
#include "sources/failure_text.h"
#include "sources/opened_source.h"

namespace leeway {

std::string SourceSpec::label() const {
  if (paths.empty()) return sql.empty() ? "nothing" : "SQL";
  std::string first = paths.front() == "-" ? "standard input" : paths.front();
  if (paths.size() > 1) first += fmt::format(" and {} more", paths.size() - 1);
  if (!table.empty()) first += fmt::format(" (table {})", table);
  return first;
}

/// The opened source, and the connections that are idle.
struct Dataset::State {
  OpenedSource source;
  std::string label;
  int threads;
  std::mutex mutex;
  std::vector<duck::Connection> idle;

  Result<duck::Connection> borrow() {
    const std::lock_guard lock(mutex);
    if (!idle.empty()) {
      duck::Connection connection = std::move(idle.back());
      idle.pop_back();
      return connection;
    }
    auto fresh = source.database.connect();
    if (!fresh) return fail(explain_failure(fresh.error(), label));
    return *std::move(fresh);
  }
  void give_back(duck::Connection connection) {
    const std::lock_guard lock(mutex);
    idle.push_back(std::move(connection));
  }
  /// Streams the chunks of a query to `take`.
  Status stream(const std::string& sql, const std::function<void(const duck::Chunk&)>& take);
  /// A hash of each row's values of some expressions.
  Result<std::vector<uint64_t>> row_hashes(std::span<const std::string> values);
  /// The columns selected, `select` being "SELECT " or "SELECT DISTINCT ".
  Result<std::vector<Column>> gather(std::span<const size_t> indices, std::string select, size_t rows_expected);
};

namespace {

// What to select so that a column arrives as its builder expects it.
std::string expression(const Field& field, const Reading& reading) {
  std::string out(reading.select);
  return out.replace(out.find('@'), 1, duck::identifier(field.name));
}

// Distinct values among hashes: spread by their leading bits into parts that fit the nearest cache, sorted there.
int64_t count_distinct(std::vector<uint64_t> hashes) {
  constexpr size_t part_rows = 4096;
  const int bits = std::max(1, static_cast<int>(std::bit_width(hashes.size() / part_rows)));
  const auto part_of = [&](uint64_t hash) { return static_cast<size_t>(hash >> (64 - bits)); };
  std::vector<size_t> ends(size_t{1} << bits);
  for (const uint64_t hash : hashes) ++ends[part_of(hash)];
  std::partial_sum(ends.begin(), ends.end(), ends.begin());
  std::vector<uint64_t> spread(hashes.size());
  std::vector<size_t> place = ends;
  for (const uint64_t hash : hashes) spread[--place[part_of(hash)]] = hash;
  int64_t distinct = 0;
  for (size_t part = 0; part < ends.size(); ++part) {
    const auto own = std::span(spread).subspan(place[part], ends[part] - place[part]);
    std::sort(own.begin(), own.end());
    distinct += std::unique(own.begin(), own.end()) - own.begin();
  }
  return distinct;
}

}  // namespace

Status Dataset::State::stream(const std::string& sql, const std::function<void(const duck::Chunk&)>& take) {
  LEEWAY_TRY(auto connection, borrow());
  {
    auto rows = connection.stream(sql);
    if (!rows) return fail(explain_failure(rows.error(), label));
    for (;;) {
      auto chunk = rows->next();
      if (!chunk) return fail(explain_failure(chunk.error(), label));
      if (!*chunk) break;
      take(**chunk);
    }
  }
  give_back(std::move(connection));
  return {};
}

Result<std::vector<uint64_t>> Dataset::State::row_hashes(std::span<const std::string> values) {
  // A part of the columns for each thread; the parts are put together row by row.
  const size_t parts = std::clamp<size_t>(values.size() / 4, 1, static_cast<size_t>(threads));
  std::vector<std::vector<uint64_t>> hashes(parts);
  std::vector<Status> outcomes(parts);
  parallel_for(parts, threads, [&](size_t part) {
    const size_t from = values.size() * part / parts, to = values.size() * (part + 1) / parts;
    const auto own = values.subspan(from, to - from);
    hashes[part].reserve(static_cast<size_t>(source.rows));
    outcomes[part] = stream(fmt::format("SELECT hash({}) FROM {}", fmt::join(own, ", "), source.from),
                            [&](const duck::Chunk& chunk) {
                              const auto* cells = chunk.data<uint64_t>(0);
                              hashes[part].insert(hashes[part].end(), cells, cells + chunk.size());
                            });
  });
  for (size_t part = 0; part < parts; ++part) {
    LEEWAY_CHECK(outcomes[part]);
    for (size_t row = 0; part > 0 && row < hashes[0].size(); ++row)
      hashes[0][row] = combine64(hashes[0][row], hashes[part][row]);
  }
  return std::move(hashes[0]);
}

Result<std::vector<Column>> Dataset::State::gather(std::span<const size_t> indices, std::string select,
                                                   size_t rows_expected) {
  if (indices.empty()) return std::vector<Column>();
  std::vector<ColumnBuilder> builders;
  for (const size_t index : indices) {
    if (index >= source.schema.size()) return fail(Code::not_found, fmt::format("there is no column {}", index));
    if (!builders.empty()) select += ", ";
    select += expression(source.schema[index], source.readings[index]);
    builders.emplace_back(source.schema[index].name, source.readings[index], rows_expected);
  }
  LEEWAY_CHECK(stream(select + " FROM " + source.from, [&](const duck::Chunk& chunk) {
    for (size_t i = 0; i < builders.size(); ++i) builders[i].append(chunk, i);
  }));
  std::vector<Column> out;
  for (auto& builder : builders) out.push_back(builder.finish());
  return out;
}

Dataset::Dataset(std::unique_ptr<State> state) : state_(std::move(state)) {}
Dataset::Dataset(Dataset&&) noexcept = default;
Dataset& Dataset::operator=(Dataset&&) noexcept = default;
Dataset::~Dataset() = default;

Result<Dataset> Dataset::open(const SourceSpec& spec) {
  const int threads = spec.threads > 0 ? spec.threads : default_threads();
  LEEWAY_TRY(auto source, open_source(spec, threads));
  auto state = std::make_unique<State>(std::move(source), spec.label(), threads);
  return Dataset(std::move(state));
}

const Schema& Dataset::schema() const { return state_->source.schema; }
int64_t Dataset::rows() const { return state_->source.rows; }
const std::string& Dataset::label() const { return state_->label; }
const std::vector<std::string>& Dataset::notes() const { return state_->source.notes; }
std::string Dataset::fingerprint() const { return fmt::format("{:016x}", state_->source.fingerprint); }

Result<Column> Dataset::read(size_t index) const {
  LEEWAY_TRY(auto columns, read(std::span(&index, 1)));
  return std::move(columns.front());
}

Result<std::vector<Column>> Dataset::read(std::span<const size_t> indices) const {
  return state_->gather(indices, "SELECT ", static_cast<size_t>(rows()));
}

Status Dataset::for_each(std::span<const size_t> indices, const std::function<Status(size_t, Column)>& use) const {
  // Many columns a query where rows are few, since each query costs a look at the whole schema.
  constexpr int64_t values_at_once = 1 << 20;
  const auto batch = static_cast<size_t>(std::clamp<int64_t>(values_at_once / std::max<int64_t>(rows(), 1), 1, 256));
  const size_t batches = (indices.size() + batch - 1) / batch;
  std::vector<Status> outcomes(batches);
  parallel_for(batches, state_->threads, [&](size_t b) {
    const auto part = indices.subspan(b * batch, std::min(batch, indices.size() - b * batch));
    auto columns = read(part);
    if (!columns) outcomes[b] = std::unexpected(columns.error());
    for (size_t i = 0; i < part.size() && outcomes[b]; ++i) outcomes[b] = use(b * batch + i, std::move((*columns)[i]));
  });
  for (auto& outcome : outcomes)
    if (!outcome) return outcome;
  return {};
}

Result<ColumnFacts> Dataset::facts(size_t index) const {
  if (index >= schema().size()) return fail(Code::not_found, fmt::format("there is no column {}", index));
  const std::string value = expression(schema()[index], state_->source.readings[index]);
  ColumnFacts facts;
  facts.rows = rows();
  const bool numeric = is_numeric(schema()[index].type);
  // FILTER: NaN is DuckDB's greatest number.
  const std::string range = fmt::format(", min({0}::DOUBLE) FILTER (NOT isnan({0}::DOUBLE)), "
                                        "max({0}::DOUBLE) FILTER (NOT isnan({0}::DOUBLE))", value);
  LEEWAY_CHECK(state_->stream(
      fmt::format("SELECT count({}){} FROM {}", value, numeric ? range : "", state_->source.from),
      [&](const duck::Chunk& chunk) {
        facts.missing = facts.rows - *chunk.data<int64_t>(0);
        const uint64_t* valid = numeric ? chunk.validity(1) : nullptr;
        if (!numeric || (valid && (*valid & 1) == 0)) return;
        facts.minimum = *chunk.data<double>(1);
        facts.maximum = *chunk.data<double>(2);
      }));
  LEEWAY_TRY(const int64_t duplicates, duplicate_rows(std::span(&index, 1)));
  facts.distinct = facts.rows - duplicates - (facts.missing > 0 ? 1 : 0);
  constexpr int64_t most_values = 20;
  if (facts.distinct > most_values) return facts;
  LEEWAY_TRY(const auto distinct, state_->gather(std::span(&index, 1), "SELECT DISTINCT ", most_values));
  for (size_t row = 0; row < distinct[0].size(); ++row)
    if (distinct[0].is_valid(row)) facts.values.push_back(distinct[0].text(row));
  std::sort(facts.values.begin(), facts.values.end());
  return facts;
}

Result<int64_t> Dataset::duplicate_rows(std::span<const size_t> indices) const {
  std::vector<std::string> values;
  for (const size_t index : indices) {
    if (index >= schema().size()) return fail(Code::not_found, fmt::format("there is no column {}", index));
    values.push_back(expression(schema()[index], state_->source.readings[index]));
  }
  if (indices.empty()) {
    for (const auto& field : schema()) values.push_back(duck::identifier(field.name));
    for (const auto& name : state_->source.left_out) values.push_back(duck::identifier(name));
  }
  LEEWAY_TRY(auto hashes, state_->row_hashes(values));
  return rows() - count_distinct(std::move(hashes));
}

}  // namespace leeway
