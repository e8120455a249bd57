#pragma once
// What a store keeps, as plain records. Times are nanoseconds since 1970-01-01T00:00Z; windows are half open, [from,
// to). A `document` is text (JSON) that only its owner reads.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "alerts/incident.h"
#include "columns/column.h"

namespace leeway::store {

struct ModelRecord {
  std::string name;
  int64_t created = 0;
  std::string document;

  bool operator==(const ModelRecord&) const = default;
};

struct VersionRecord {
  std::string model;
  std::string version;
  int64_t created = 0;
  std::string document;

  bool operator==(const VersionRecord&) const = default;
};

struct AliasRecord {
  std::string model;
  std::string alias;      ///< "champion"
  std::string version;
  int64_t since = 0;

  bool operator==(const AliasRecord&) const = default;
};

/// The data that define "normal", as profile bytes. The latest of a version is the one in use.
struct ReferenceRecord {
  std::string model;
  std::string version;    ///< Empty: for all versions that have none of their own.
  std::string id;         ///< Chosen by the caller; unique within the model.
  int64_t created = 0;
  std::string document;
  std::string profile;    ///< Left empty in listings.

  bool operator==(const ReferenceRecord&) const = default;
};

/// Rows of one model version, in order of arrival. All vectors have one entry a row.
struct RowBlock {
  std::string model;
  std::string version;
  std::vector<std::string> ids;        ///< Not empty. A row counts once by (model, id).
  std::vector<int64_t> times;          ///< Event times.
  std::vector<Column> columns;         ///< Features, scores, prediction, groups, segments by name; names are unique.
  std::vector<std::string> lasting;    ///< Columns that outlive the raw row: scores, prediction, groups, segments.
};

/// True outcomes of rows by their ids. One that comes again replaces the one before.
struct OutcomeBlock {
  std::string model;
  std::vector<std::string> ids;
  std::vector<int64_t> times;          ///< When each became known.
  Column labels = Column::of_reals("label", {});
};

/// An answer that a repeated request gets again.
struct AnswerRecord {
  std::string key;                     ///< The Idempotency-Key with whom it came from.
  std::string fingerprint;             ///< Of the request's body.
  int64_t time = 0;
  std::string answer;

  bool operator==(const AnswerRecord&) const = default;
};

/// Journal records, turned into what is to be kept, in order.
struct ApplyBatch {
  std::string journal;                 ///< The journal's id.
  uint64_t after = 0;                  ///< The position before these records.
  uint64_t position = 0;               ///< The position with them.
  int64_t now = 0;
  std::vector<RowBlock> rows;
  std::vector<OutcomeBlock> outcomes;
  std::vector<AnswerRecord> answers;
};

/// What became of a batch.
struct Applied {
  bool before = false;                 ///< It had been applied already, and nothing was done.
  int64_t rows = 0;                    ///< Kept.
  int64_t duplicates = 0;              ///< Rows whose id was there.
  int64_t outcomes = 0;                ///< New ones, with or without their row.
  int64_t repeated = 0;                ///< Outcomes that were there with the same label.
  int64_t corrected = 0;               ///< Outcomes that replaced another label.
  int64_t type_errors = 0;             ///< Values that could not be kept in their column's type; they are null.
  int64_t columns_left_out = 0;        ///< Columns beyond the store's limit.

  bool operator==(const Applied&) const = default;
};

enum class RowOrder { any, oldest_first, newest_first };   ///< By event time, then id. `any` is the cheapest.

/// Which rows to read.
struct RowQuery {
  std::string model;
  int64_t from = 0, to = 0;
  std::optional<std::string> version;              ///< Empty: all.
  std::optional<std::vector<std::string>> columns; ///< Empty: all, in order of first appearance.
  std::optional<std::string> id;                   ///< One row.
  bool raw_only = false;               ///< Leave out rows of which only the lasting columns remain.
  RowOrder order = RowOrder::oldest_first;
  int64_t limit = 10'000'000;
};

/// Rows with their outcomes, as columns of equal size. A row that is beyond its raw retention has nulls in the columns
/// that did not last.
struct RowSet {
  Column ids = Column::of_text("id", {});
  Column times = Column::of_integers("time", Type::time, {});
  Column versions = Column::of_text("version", {});
  std::vector<Column> columns;
  Column labels = Column::of_reals("label", {});    ///< Null where no outcome is known.
  Column label_times = Column::of_integers("label_time", Type::time, {});

  size_t rows() const { return ids.size(); }
};

/// A column of a model's rows.
struct ColumnRecord {
  std::string name;
  Type type = Type::text;
  bool lasting = false;

  bool operator==(const ColumnRecord&) const = default;
};

struct VolumeRecord {
  std::string version;
  int64_t rows = 0;
  int64_t labelled = 0;
  int64_t first = 0, last = 0;         ///< Event times.

  bool operator==(const VolumeRecord&) const = default;
};

/// A stretch of event time in which rows or outcomes arrived. `change` rises with every apply.
struct TouchedRecord {
  int64_t from = 0, to = 0;
  int64_t change = 0;

  bool operator==(const TouchedRecord&) const = default;
};

/// What a result is about.
struct WindowKey {
  std::string model;
  std::string version;                 ///< Empty: all versions together.
  std::string segment;                 ///< "region = north"; empty: all rows.
  int64_t from = 0, to = 0;

  bool operator==(const WindowKey&) const = default;
};

/// One number of a window, for charts: "drift/psi/income".
struct PointRecord {
  std::string series;
  double value = 0, lower = 0, upper = 0;   ///< NaN where there is none.
  int64_t rows = 0;
  int32_t verdict = 0;                 ///< The owner's number.

  bool operator==(const PointRecord&) const = default;
};

struct IncidentRecord {
  alerts::AlertSubject subject;
  alerts::Incident incident;
  std::string document;                ///< What people are told: measurement, window, links.

  bool operator==(const IncidentRecord&) const = default;
};

/// One transition on its way to one channel.
struct DeliveryRecord {
  std::string id;                      ///< Of the transition; the same in every attempt.
  std::string channel;
  std::string dedup_key;
  int64_t sequence = 0;                ///< Of the transition within the incident.
  int64_t created = 0;
  int64_t due = 0;                     ///< Not to be tried before.
  int64_t attempts = 0;
  enum class State : uint8_t { waiting = 1, delivered = 2, failed = 3 } state = State::waiting;
  std::string document;                ///< What is sent.
  std::string last_error;

  bool operator==(const DeliveryRecord&) const = default;
};

/// Everything that judging one window produced.
struct WindowResult {
  WindowKey key;
  int64_t computed = 0;
  int64_t rows = 0;
  int64_t change = 0;                  ///< The store's change up to which rows entered.
  std::string profile;                 ///< Bytes; empty for none.
  std::string document;                ///< Findings and explanations.
  std::vector<PointRecord> points;
};

/// A window as it is read back: its latest revision.
struct WindowRecord {
  WindowKey key;
  int64_t revision = 0;                ///< From 1: a recomputation is a new one.
  int64_t computed = 0;
  int64_t rows = 0;
  int64_t change = 0;
  std::string document;

  bool operator==(const WindowRecord&) const = default;
};

struct ProfileRecord {
  WindowKey key;
  int64_t revision = 0;
  std::string profile;

  bool operator==(const ProfileRecord&) const = default;
};

struct SeriesPoint {
  int64_t from = 0, to = 0;
  int64_t revision = 0;
  PointRecord point;

  bool operator==(const SeriesPoint&) const = default;
};

/// The states of a model's evidence processes, written and read as one.
struct EvidenceRecord {
  std::string model;
  std::string name;                    ///< The caller's: which windows it follows.
  int64_t up_to = 0;                   ///< Windows that end at or before this have been taken in.
  std::string document;

  bool operator==(const EvidenceRecord&) const = default;
};

/// What is written together, all or nothing.
struct MonitoringUpdate {
  std::string lease_holder;            ///< If not empty, nothing is written unless it holds the lease "monitor".
  std::vector<WindowResult> windows;
  std::vector<EvidenceRecord> evidence;
  std::vector<IncidentRecord> incidents;
  std::vector<DeliveryRecord> deliveries;
};

struct DecisionRecord {
  std::string id;
  std::string model;
  int64_t time = 0;
  std::string document;

  bool operator==(const DecisionRecord&) const = default;
};

struct AuditRecord {
  int64_t number = 0;                  ///< From 1, given by the store.
  int64_t time = 0;
  std::string actor;
  std::string action;
  std::string document;
  std::string previous_hash;           ///< That of the entry before; empty for the first.
  std::string hash;

  bool operator==(const AuditRecord&) const = default;
};

struct ExpireRequest {
  std::string model;
  int64_t raw_before = 0;              ///< Rows with event times before this keep their lasting columns only.
  int64_t all_before = 0;              ///< Rows and outcomes before this go altogether. At most raw_before.
  int64_t answers_before = 0;          ///< Answers to repeated requests before this go.
};

struct Expired {
  int64_t slimmed = 0, removed = 0;

  bool operator==(const Expired&) const = default;
};

}  // namespace leeway::store
