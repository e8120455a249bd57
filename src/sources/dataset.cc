#include "sources/dataset.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include <fmt/format.h>

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
};

namespace {

// What to select so that a column arrives as its builder expects it.
std::string expression(const Field& field, const Reading& reading) {
  const std::string name = duck::identifier(field.name);
  if (reading.cast.empty()) return name;
  return fmt::format("{}({} AS {})", reading.lenient ? "TRY_CAST" : "CAST", name, reading.cast);
}

}  // namespace

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
  const auto& readings = state_->source.readings;
  std::vector<ColumnBuilder> builders;
  std::string select;
  for (const size_t index : indices) {
    if (index >= readings.size()) return fail(Code::not_found, fmt::format("there is no column {}", index));
    builders.emplace_back(schema()[index].name, readings[index], static_cast<size_t>(rows()));
    select += (select.empty() ? "SELECT " : ", ") + expression(schema()[index], readings[index]);
  }
  if (builders.empty()) return std::vector<Column>();
  LEEWAY_TRY(auto connection, state_->borrow());
  {
    auto stream = connection.stream(select + " FROM " + state_->source.from);
    if (!stream) return fail(explain_failure(stream.error(), label()));
    for (;;) {
      auto chunk = stream->next();
      if (!chunk) return fail(explain_failure(chunk.error(), label()));
      if (!*chunk) break;
      for (size_t i = 0; i < builders.size(); ++i) builders[i].append(**chunk, i);
    }
  }
  state_->give_back(std::move(connection));
  std::vector<Column> out;
  for (auto& builder : builders) out.push_back(builder.finish());
  return out;
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

Result<int64_t> Dataset::duplicate_rows(std::span<const size_t> indices) const {
  std::string names = indices.empty() ? "*COLUMNS(*)" : "";
  for (const size_t index : indices) {
    if (index >= schema().size()) return fail(Code::not_found, fmt::format("there is no column {}", index));
    names += (names.empty() ? "" : ", ") + duck::identifier(schema()[index].name);
  }
  LEEWAY_TRY(auto connection, state_->borrow());
  std::vector<uint64_t> hashes;
  hashes.reserve(static_cast<size_t>(rows()));
  {
    auto stream = connection.stream(fmt::format("SELECT hash({}) FROM {}", names, state_->source.from));
    if (!stream) return fail(explain_failure(stream.error(), label()));
    for (;;) {
      auto chunk = stream->next();
      if (!chunk) return fail(explain_failure(chunk.error(), label()));
      if (!*chunk) break;
      const auto* from = (*chunk)->data<uint64_t>(0);
      hashes.insert(hashes.end(), from, from + (*chunk)->size());
    }
  }
  state_->give_back(std::move(connection));
  std::sort(hashes.begin(), hashes.end());
  return static_cast<int64_t>(hashes.end() - std::unique(hashes.begin(), hashes.end()));
}

}  // namespace leeway
