#include "sources/opened_source.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <future>
#include <iostream>
#include <utility>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/text.h"
#include "sources/csv_source.h"
#include "sources/failure_text.h"

namespace leeway {
namespace {

constexpr std::string_view work_table = "leeway_work.data";

// Opening in steps; each leaves `out_` further on.
class Opener {
 public:
  Opener(const SourceSpec& spec, int threads, OpenedSource& out)
      : spec_(spec), threads_(threads), place_(spec.sql.empty() ? spec.label() : "SQL"), out_(out) {}

  Status run() {
    LEEWAY_CHECK(find());
    LEEWAY_CHECK(start());
    LEEWAY_CHECK(lock());
    auto whole = std::async(std::launch::async, [files = all_files()] { return verify_all(files); });
    const Status table = make_table();
    if (Status complete = whole.get(); !complete) return complete;
    LEEWAY_CHECK(table);
    LEEWAY_CHECK(describe());
    LEEWAY_CHECK(count());
    LEEWAY_CHECK(settle_columns());
    out_.fingerprint = fingerprint();
    return ask("SET threads=1");  // from here on each connection is a thread of its own
  }

 private:
  Status find();
  Status find_in_sql();
  Status start();
  Status lock();
  Status make_table();
  Status describe();
  Status count();
  Status settle_columns();
  Status settle_wide_integers();
  Status settle_times();
  Status settle_marks();
  duck::Outcome<std::vector<std::vector<std::string>>> numbers_and_marks(const std::string& name,
                                                                         const std::string& from);
  uint64_t fingerprint() const;

  Result<std::string> spool_standard_input();
  duck::Outcome<void> create_table(const std::string& select);
  duck::Outcome<void> run_sql();
  duck::Outcome<void> bring_in(const std::string& call);
  Status bring_in_csv();
  Status use_database();
  Result<std::string> table_of_database();
  Result<std::vector<std::string>> names_of(const std::string& table);
  Status note_parquet_names();
  std::string read_call(std::string_view function, const std::string& options) const;

  std::vector<SourceFile> all_files() const;
  static Status verify_all(const std::vector<SourceFile>& files) {
    for (const auto& file : files) LEEWAY_CHECK(verify_complete(file));
    return {};
  }
  Error explained(const duck::Failure& failure) const {
    Error error = explain_failure(failure, place_);
    for (const auto& file : all_files())
      if (error.file == file.path) error.file = file.shown;
    return error;
  }
  Status ask(const std::string& sql) {
    if (auto done = connection_->run(sql); !done) return fail(explained(done.error()));
    return {};
  }
  Format format() const { return files_.front().format; }
  bool is_database() const { return !files_.empty() && format() == Format::duckdb; }

  const SourceSpec& spec_;
  int threads_;
  std::string place_;
  OpenedSource& out_;
  std::vector<SourceFile> files_;
  std::vector<SourceFile> sql_files_;          // named in the SQL
  std::vector<std::string> sql_directories_;   // of globs in the SQL
  std::string database_name_;
  std::optional<duck::Connection> connection_;
};

// ---- what is named ------------------------------------------------------------------------------------------------

Status Opener::find() {
  if (spec_.paths.empty() && spec_.sql.empty())
    return fail(Code::invalid_argument, "no data are named", "Give a file, several files, a glob or '-'.");
  std::vector<std::string> paths;
  for (const auto& path : spec_.paths) {
    if (path != "-") {
      paths.push_back(path);
      continue;
    }
    LEEWAY_TRY(const std::string spooled, spool_standard_input());
    LEEWAY_TRY(auto file, recognise(spooled, "standard input"));
    files_.push_back(std::move(file));
  }
  LEEWAY_TRY(auto found, find_files(paths));
  files_.insert(files_.end(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
  for (const auto& file : files_) {
    if (file.format != format())
      return fail(Error{Code::invalid_argument, "is of another kind than the files before it", file.shown, 0, 0,
                        "Read files of different kinds together with SQL."});
    if (is_database() && files_.size() > 1)
      return fail(Code::invalid_argument, "several DuckDB files are named", "Name one.");
  }
  return find_in_sql();
}

Status Opener::find_in_sql() {
  for (const auto& path : paths_in_sql(spec_.sql)) {
    if (is_glob(path)) {
      // A glob opens the directory that it starts from.
      const std::string directory = std::filesystem::absolute(path).parent_path().string();
      sql_directories_.push_back(directory.substr(0, directory.find_first_of("*?[{")));
      continue;
    }
    LEEWAY_TRY(auto file, recognise(path, path));
    sql_files_.push_back(std::move(file));
  }
  return {};
}

Result<std::string> Opener::spool_standard_input() {
  const std::string path = out_.scratch.path() + "/standard_input";
  std::ofstream copy(path, std::ios::binary);
  std::string buffer(1 << 16, '\0');
  while (std::cin.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || std::cin.gcount() > 0)
    copy.write(buffer.data(), std::cin.gcount());
  copy.close();
  if (!copy)
    return fail(Code::resource_exhausted, "standard input does not fit in the directory for temporary files",
                "Set TMPDIR to a larger disk.");
  return path;
}

std::vector<SourceFile> Opener::all_files() const {
  auto all = files_;
  all.insert(all.end(), sql_files_.begin(), sql_files_.end());
  return all;
}

// ---- the engine ---------------------------------------------------------------------------------------------------

Status Opener::start() {
  duck::Database::Options options;
  options.threads = threads_;
  options.temporary_directory = out_.scratch.path() + "/spill";
  auto database = duck::Database::open(options);
  if (!database) return fail(explained(database.error()));
  out_.database = *std::move(database);
  auto connection = out_.database.connect();
  if (!connection) return fail(explained(connection.error()));
  connection_ = *std::move(connection);
  LEEWAY_CHECK(ask("ATTACH ':memory:' AS leeway_work (COMPRESS)"));
  if (!is_database()) return {};
  database_name_ = std::filesystem::path(files_.front().path).stem().string();
  for (const std::string_view taken : {"memory", "temp", "system", "leeway_work"})
    if (lower_ascii(database_name_) == taken) database_name_ = "source";
  return ask(fmt::format("ATTACH {} AS {} (READ_ONLY)", duck::literal(files_.front().path),
                         duck::identifier(database_name_)));
}

Status Opener::lock() {
  std::vector<std::string> paths;
  for (const auto& file : all_files()) paths.push_back(file.path);
  LEEWAY_CHECK(ask("SET allowed_paths=" + duck::list(paths)));
  LEEWAY_CHECK(ask("SET allowed_directories=" + duck::list(sql_directories_)));
  LEEWAY_CHECK(ask("SET enable_external_access=false"));
  LEEWAY_CHECK(ask("SET allowed_configs=['threads', 'memory_limit']"));
  return ask("SET lock_configuration=true");
}

// ---- the table ----------------------------------------------------------------------------------------------------

std::string Opener::read_call(std::string_view function, const std::string& options) const {
  std::vector<std::string> paths;
  for (const auto& file : files_) paths.push_back(file.path);
  const std::string_view matched = files_.size() > 1 ? ", union_by_name=true" : "";
  return fmt::format("{}({}{}{})", function, duck::list(paths), matched, options);
}

Status Opener::make_table() {
  if (is_database()) return use_database();
  if (!spec_.table.empty())
    return fail(Code::invalid_argument, fmt::format("{}: --table is for DuckDB files, and this is none", printable(place_)),
                "Leave it out, or choose rows with --sql.");
  if (!files_.empty() && format() == Format::csv) return bring_in_csv();
  duck::Outcome<void> done;
  if (files_.empty()) {
    done = run_sql();
  } else if (format() == Format::json) {
    done = bring_in(read_call("read_json",
                              ", map_inference_threshold=-1, sample_size=-1" + compression_option(files_)));
  } else if (const std::string call = read_call("read_parquet", ""); spec_.sql.empty()) {
    out_.from = call;
    return note_parquet_names();
  } else {
    done = bring_in(call);
  }
  if (!done) return fail(explained(done.error()));
  return {};
}

duck::Outcome<void> Opener::create_table(const std::string& select) {
  out_.from = work_table;
  const std::string create = fmt::format("CREATE TABLE {} AS {}", work_table, select);
  auto done = connection_->run(create);
  if (done || done.error().text.find("Out of Memory") == std::string::npos) return done;
  // Thousands of columns do not fit the usual limit, however few the rows.
  if (auto raised = connection_->run("SET memory_limit='4GB'"); !raised) return raised;
  return connection_->run(create);
}

duck::Outcome<void> Opener::run_sql() {
  if (auto allowed = connection_->require_select(spec_.sql); !allowed) return allowed;
  std::string select(trim(spec_.sql));
  while (select.ends_with(';')) select.pop_back();
  return create_table(select + "\n");
}

// The rows of a table function, or of the SQL over them, which calls them 'data'.
duck::Outcome<void> Opener::bring_in(const std::string& call) {
  if (spec_.sql.empty()) return create_table("SELECT * FROM " + call);
  if (auto named = connection_->run("CREATE OR REPLACE VIEW data AS SELECT * FROM " + call); !named) return named;
  return run_sql();
}

Status Opener::bring_in_csv() {
  LEEWAY_TRY(auto csv, CsvSource::sniff(*connection_, files_, spec_.delimiter, spec_.missing_values));
  for (;;) {
    auto done = bring_in(csv.call());
    if (done) break;
    const duck::Failure failure = csv.diagnose(*connection_, done.error());
    if (!csv.mend(failure)) return fail(explained(failure));
  }
  LEEWAY_TRY(const auto names, names_of(spec_.sql.empty() ? std::string(work_table) : "data"));
  out_.notes = csv.notes(names);
  return {};
}

Result<std::vector<std::string>> Opener::names_of(const std::string& table) {
  auto described = connection_->table(fmt::format("SELECT column_name FROM (DESCRIBE SELECT * FROM {})", table));
  if (!described) return fail(explained(described.error()));
  std::vector<std::string> names;
  for (auto& row : *described) names.push_back(std::move(row[0]));
  return names;
}

// Names as the first file has them: the children of the root, each followed by its own.
Status Opener::note_parquet_names() {
  auto tree = connection_->table(fmt::format("SELECT name, coalesce(num_children, 0)::VARCHAR FROM parquet_schema({})",
                                             duck::literal(files_.front().path)));
  if (!tree) return fail(explained(tree.error()));
  std::vector<std::string> written;
  int64_t inside = 0;  // elements below a top-level column that are still to come
  for (size_t i = 1; i < tree->size(); ++i) {
    const int64_t children = parse_int((*tree)[i][1]).value_or(0);
    if (inside == 0) written.push_back((*tree)[i][0]);
    else --inside;
    inside += children;
  }
  LEEWAY_TRY(const auto names, names_of(out_.from));
  for (auto& note : renamed_columns(written, names)) out_.notes.push_back(std::move(note));
  return {};
}

Result<std::string> Opener::table_of_database() {
  auto found = connection_->table(
      fmt::format("SELECT table_schema, table_name, table_type FROM information_schema.tables WHERE table_catalog = {} "
                  "ORDER BY ALL",
                  duck::literal(database_name_)));
  if (!found) return fail(explained(found.error()));
  std::vector<std::string> names, calls;
  for (const auto& row : *found) {
    names.push_back(row[0] == "main" ? row[1] : row[0] + "." + row[1]);
    calls.push_back(fmt::format("{}.{}.{}", duck::identifier(database_name_), duck::identifier(row[0]),
                                duck::identifier(row[1])));
  }
  const std::string& file = files_.front().shown;
  if (names.empty()) return fail(Error{Code::not_found, "the database holds no tables", file, 0, 0, {}});
  if (spec_.table.empty() && names.size() > 1)
    return fail(Error{Code::invalid_argument, fmt::format("the database holds {} tables", names.size()), file, 0, 0,
                      fmt::format("Name one of {}.", join_words(names, "or"))});
  const auto at = spec_.table.empty() ? names.begin() : std::find(names.begin(), names.end(), spec_.table);
  if (at == names.end()) {
    const std::string hint(trim(did_you_mean(spec_.table, names)));
    return fail(Error{Code::not_found, fmt::format("the database holds no table '{}'", spec_.table), file, 0, 0,
                      hint.empty() ? fmt::format("Its tables are {}.", join_words(names)) : hint});
  }
  const auto index = static_cast<size_t>(at - names.begin());
  if ((*found)[index][2] != "VIEW") return calls[index];
  // A view is a query, and would run again for each column.
  if (auto done = create_table("SELECT * FROM " + calls[index]); !done) return fail(explained(done.error()));
  return out_.from;
}

Status Opener::use_database() {
  if (spec_.sql.empty()) {
    LEEWAY_TRY(out_.from, table_of_database());
    return {};
  }
  LEEWAY_CHECK(ask("USE " + duck::identifier(database_name_)));
  if (auto done = run_sql(); !done) return fail(explained(done.error()));
  return {};
}

// ---- its columns --------------------------------------------------------------------------------------------------

Status Opener::describe() {
  auto described =
      connection_->table(fmt::format("SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM {})", out_.from));
  if (!described) return fail(explained(described.error()));
  std::vector<Field> fields;
  for (const auto& row : *described) {
    const auto reading = reading_of(row[1]);
    if (!reading) {
      out_.left_out.push_back(row[0]);
      out_.notes.push_back(
          fmt::format("Column '{}' has type {} and was left out: select its parts with SQL to read them.",
                      printable(row[0]), printable(ellipsize(row[1], 60))));
      continue;
    }
    fields.push_back({row[0], reading->type, row[1], row[1] == "DATE"});
    out_.readings.push_back(*reading);
  }
  out_.schema = Schema(std::move(fields));
  if (out_.schema.size() == 0)
    return fail(Error{Code::invalid_data, "no column can be read", place_, 0, 0,
                      "Give columns of numbers, text or times."});
  return {};
}

Status Opener::count() {
  auto rows = connection_->number("SELECT count(*) FROM " + out_.from);
  if (!rows) return fail(explained(rows.error()));
  out_.rows = *rows;
  return {};
}

Status Opener::settle_columns() {
  LEEWAY_CHECK(settle_wide_integers());
  LEEWAY_CHECK(settle_times());
  return settle_marks();
}

Status Opener::settle_wide_integers() {
  std::vector<Field> fields(out_.schema.begin(), out_.schema.end());
  for (size_t i = 0; i < fields.size(); ++i) {
    if (!out_.readings[i].beyond_int64) continue;
    const std::string name = duck::identifier(fields[i].name);
    auto beyond = connection_->number(
        fmt::format("SELECT count(*) FROM {1} WHERE {0} > 9223372036854775807 OR {0}::DOUBLE < -9223372036854775808",
                    name, out_.from));
    if (!beyond) return fail(explained(beyond.error()));
    if (*beyond == 0) continue;
    fields[i].type = Type::real;
    out_.readings[i] = {.type = Type::real, .select = "CAST(@ AS DOUBLE)"};
    out_.notes.push_back(fmt::format("Column '{}' holds integers beyond 64 bits and is read as real numbers.",
                                     printable(fields[i].name)));
  }
  out_.schema = Schema(std::move(fields));
  return {};
}

Status Opener::settle_times() {
  for (size_t i = 0; i < out_.schema.size(); ++i) {
    if (out_.readings[i].type != Type::time || out_.readings[i].tick == 1) continue;
    auto beyond = connection_->number(fmt::format(
        "SELECT count(*) FROM {1} WHERE {0}::TIMESTAMP < '1677-09-21 00:12:43.145225' OR "
        "{0}::TIMESTAMP > '2262-04-11 23:47:16.854775'",
        duck::identifier(out_.schema[i].name), out_.from));
    if (!beyond) return fail(explained(beyond.error()));
    if (*beyond > 0)
      out_.notes.push_back(
          fmt::format("Column '{}' holds {} times before 1677-09-22 or after 2262-04-11, read as missing.",
                      printable(out_.schema[i].name), grouped(*beyond)));
  }
  return {};
}

// Of a column of text: how many values are numbers, how many marks for missing, and one of those; no row if there is
// anything else, or a number that begins with a 0, as codes do.
duck::Outcome<std::vector<std::vector<std::string>>> Opener::numbers_and_marks(const std::string& name,
                                                                               const std::string& from) {
  constexpr std::string_view marks = "('NA', 'N/A', 'n/a', '#N/A', 'NULL', 'null', 'None', 'nan', '?', '-', '.')";
  return connection_->table(fmt::format(
      "SELECT count(number)::VARCHAR, (count(text) - count(number))::VARCHAR, "
      "coalesce(any_value(text) FILTER (text IN {2}), '') "
      "FROM (SELECT {0} AS text, TRY_CAST({0} AS DOUBLE) AS number FROM {1}) "
      "HAVING bool_and((number IS NOT NULL AND NOT text GLOB '0[0-9]*') OR text IS NULL OR text IN {2})",
      name, from, marks));
}

// Numbers beside the usual marks for missing ("NA", "null", "?") arrive as text; they are numbers with nulls.
Status Opener::settle_marks() {
  if (!spec_.sql.empty() || is_database() || format() != Format::csv) return {};
  std::vector<Field> fields(out_.schema.begin(), out_.schema.end());
  for (size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].source_type != "VARCHAR") continue;
    const std::string name = duck::identifier(fields[i].name);
    auto sample = numbers_and_marks(name, fmt::format("(SELECT {} FROM {} LIMIT 2000)", name, out_.from));
    if (!sample) return fail(explained(sample.error()));
    if (sample->empty() || (*sample)[0][0] == "0") continue;
    auto all = numbers_and_marks(name, out_.from);
    if (!all) return fail(explained(all.error()));
    if (all->empty() || (*all)[0][1] == "0") continue;
    fields[i].type = Type::real;
    out_.readings[i] = {.type = Type::real, .select = "TRY_CAST(@ AS DOUBLE)"};
    out_.notes.push_back(fmt::format("Column '{}' holds numbers and {} marks such as '{}', read as missing.",
                                     printable(fields[i].name), (*all)[0][1], (*all)[0][2]));
  }
  out_.schema = Schema(std::move(fields));
  return {};
}

uint64_t Opener::fingerprint() const {
  uint64_t hash = hash64(spec_.sql);
  hash = hash64(spec_.table, hash);
  for (const auto& mark : spec_.missing_values) hash = hash64(mark, hash);
  for (const auto& file : all_files()) hash = combine64(hash, content_hash(file.path));
  return hash;
}

}  // namespace

Result<OpenedSource> open_source(const SourceSpec& spec, int threads) {
  auto scratch = TemporaryDirectory::make();
  if (!scratch) return std::unexpected(scratch.error());
  OpenedSource source{*std::move(scratch), {}, {}, {}, {}, {}, 0, {}, 0};
  LEEWAY_CHECK(Opener(spec, threads, source).run());
  return source;
}

}  // namespace leeway
