// Models, windows, series, evidence, alerts, decisions and the audit log, in both stores.

#include <cmath>

#include "store/store_fixture.h"

namespace leeway::store {
namespace {

using Monitoring = OnBothStores;

WindowResult window(int64_t from, double psi, std::string document = "{}") {
  WindowResult out{
      .key = {"credit", "1", "", from, from + hour}, .computed = from + 2 * hour, .rows = 100, .change = 3};
  out.profile = std::string("\0profile\xff", 9);
  out.document = std::move(document);
  out.points = {{"drift/psi/income", psi, psi / 2, psi * 2, 100, 1},
                {"missing/income", 0.5, std::nan(""), std::nan(""), 100, 0}};
  return out;
}

TEST_P(Monitoring, ModelsVersionsAliasesReferences) {
  ASSERT_TRUE(store->put_model({"b", 1, "{}"}));
  ASSERT_TRUE(store->put_model({"a", 2, "{\"task\": \"binary\"}"}));
  ASSERT_TRUE(store->put_model({"b", 3, "changed"}));
  EXPECT_EQ(store->models().value(),
            (std::vector<ModelRecord>{{"b", 1, "changed"}, {"a", 2, "{\"task\": \"binary\"}"}}));
  ASSERT_TRUE(store->put_version({"a", "10", 5, "ten"}));
  ASSERT_TRUE(store->put_version({"a", "9", 6, "nine"}));
  ASSERT_TRUE(store->put_version({"a", "10", 7, "ten again"}));
  EXPECT_EQ(store->versions("a").value(),
            (std::vector<VersionRecord>{{"a", "10", 5, "ten again"}, {"a", "9", 6, "nine"}}));
  ASSERT_TRUE(store->put_alias({"a", "champion", "10", 8}));
  ASSERT_TRUE(store->put_alias({"a", "champion", "9", 9}));
  EXPECT_EQ(store->aliases("a").value(), (std::vector<AliasRecord>{{"a", "champion", "9", 9}}));
  const std::string bytes("\0\1\2\xff bytes", 10);
  ASSERT_TRUE(store->put_reference({"a", "10", "r1", 10, "doc", bytes}));
  ASSERT_TRUE(store->put_reference({"a", "", "r2", 11, "", "x"}));
  EXPECT_EQ(store->references("a").value(),
            (std::vector<ReferenceRecord>{{"a", "", "r2", 11, "", ""}, {"a", "10", "r1", 10, "doc", ""}}));
  reopen();
  EXPECT_EQ(store->reference("a", "r1").value(), (ReferenceRecord{"a", "10", "r1", 10, "doc", bytes}));
  EXPECT_EQ(store->reference("a", "r3").error().code, Code::not_found);
  EXPECT_TRUE(store->ping());
}

TEST_P(Monitoring, ARecomputedWindowIsANewRevision) {
  ASSERT_TRUE(store->put({.windows = {window(10 * hour, 0.1), window(11 * hour, 0.2)}}));
  auto again = window(10 * hour, 0.3, "late rows");
  again.profile = "second";
  again.points.pop_back();
  ASSERT_TRUE(store->put({.windows = {again}}));
  const WindowKey day{"credit", "1", "", 0, 24 * hour};
  const auto latest = store->windows(day, hour, 0).value();
  ASSERT_EQ(latest.size(), 2u);
  EXPECT_EQ(latest[0], (WindowRecord{again.key, 2, again.computed, 100, 3, "late rows"}));
  EXPECT_EQ(latest[1].revision, 1);
  EXPECT_EQ(store->windows(day, hour, 1)->front().key.from, 11 * hour);
  EXPECT_TRUE(store->windows(day, 2 * hour, 0)->empty());
  EXPECT_TRUE(store->windows({"credit", "1", "", 0, 11 * hour + minute}, 0, 0)->size() == 1);
  const auto revisions = store->revisions(again.key).value();
  ASSERT_EQ(revisions.size(), 2u);
  EXPECT_EQ(revisions[0].document, "{}");
  const auto profiles = store->profiles(day, hour).value();
  ASSERT_EQ(profiles.size(), 2u);
  EXPECT_EQ(profiles[0], (ProfileRecord{again.key, 2, "second"}));
  EXPECT_EQ(profiles[1].profile, window(0, 0).profile);
}

TEST_P(Monitoring, SeriesAreReadByNameAndRange) {
  ASSERT_TRUE(store->put({.windows = {window(12 * hour, 0.3), window(10 * hour, 0.1), window(11 * hour, 0.2)}}));
  auto other = window(10 * hour, 9);
  other.key.segment = "region = north";
  ASSERT_TRUE(store->put({.windows = {other}}));
  const auto series = store->series({"credit", "1", "", 10 * hour, 12 * hour}, hour, {"drift/psi/income"}).value();
  ASSERT_EQ(series.size(), 2u);
  EXPECT_EQ(series[0], (SeriesPoint{10 * hour, 11 * hour, 1, {"drift/psi/income", 0.1, 0.05, 0.2, 100, 1}}));
  EXPECT_EQ(series[1].point.value, 0.2);
  const auto all = store->series({"credit", "1", "", 0, 24 * hour}, hour, {}).value();
  ASSERT_EQ(all.size(), 6u);
  EXPECT_TRUE(std::isnan(all[5].point.lower));
  EXPECT_TRUE(store->series({"credit", "1", "", 0, 24 * hour}, 24 * hour, {})->empty());
  EXPECT_TRUE(store->series({"nope", "1", "", 0, 24 * hour}, hour, {})->empty());
  auto late = window(10 * hour, 0.7);
  ASSERT_TRUE(store->put({.windows = {late}}));
  const auto replaced = store->series({"credit", "1", "", 10 * hour, 11 * hour}, hour, {"drift/psi/income"}).value();
  ASSERT_EQ(replaced.size(), 1u);
  EXPECT_EQ(replaced[0].revision, 2);
  EXPECT_EQ(replaced[0].point.value, 0.7);
}

IncidentRecord incident(const std::string& id, int64_t since, alerts::State state) {
  IncidentRecord out{{"drift", "credit", "income", ""}, {}, "{\"psi\": 0.3}"};
  out.incident.id = id;
  out.incident.dedup_key = "leeway:" + id;
  out.incident.state = state;
  out.incident.severity = Severity::red;
  out.incident.since = since;
  out.incident.opened = since + 1;
  out.incident.sequence = 2;
  return out;
}

TEST_P(Monitoring, IncidentsChangeWithTheirDeliveriesAndEvidence) {
  MonitoringUpdate update;
  update.evidence = {{"credit", "1h", 10 * hour, "state"}};
  update.incidents = {incident("i1", 1, alerts::State::open), incident("i2", 2, alerts::State::resolved)};
  update.deliveries = {
      {.id = "i1-1",
       .channel = "slack",
       .dedup_key = "leeway:i1",
       .sequence = 1,
       .created = 5,
       .due = 5,
       .document = "opened"},
      {.id = "i1-2",
       .channel = "slack",
       .dedup_key = "leeway:i1",
       .sequence = 2,
       .created = 6,
       .due = 5,
       .document = "resolved"},
      {.id = "i1-1", .channel = "webhook", .dedup_key = "leeway:i1", .sequence = 1, .created = 5, .due = 50}};
  ASSERT_TRUE(store->put(update));
  EXPECT_EQ(store->evidence("credit").value(), update.evidence);
  EXPECT_EQ(store->incident("i1").value(), update.incidents[0]);
  EXPECT_EQ(store->incident("nope").error().code, Code::not_found);
  EXPECT_EQ(store->incidents("", false, 10).value(),
            (std::vector<IncidentRecord>{update.incidents[1], update.incidents[0]}));
  EXPECT_EQ(store->incidents("credit", true, 10).value(), std::vector<IncidentRecord>{update.incidents[0]});
  EXPECT_TRUE(store->incidents("other", false, 10)->empty());

  // A resolve never overtakes its open.
  EXPECT_EQ(store->due_deliveries(4, 10)->size(), 0u);
  EXPECT_EQ(store->due_deliveries(10, 10).value(), std::vector<DeliveryRecord>{update.deliveries[0]});
  auto tried = update.deliveries[0];
  tried.attempts = 1;
  tried.due = 30;
  tried.last_error = "503";
  ASSERT_TRUE(store->put({.deliveries = {tried}}));
  EXPECT_TRUE(store->due_deliveries(10, 10)->empty());
  tried.state = DeliveryRecord::State::delivered;
  ASSERT_TRUE(store->put({.deliveries = {tried}}));
  EXPECT_EQ(store->due_deliveries(10, 10).value(), std::vector<DeliveryRecord>{update.deliveries[1]});
  EXPECT_EQ(store->due_deliveries(60, 10)->size(), 2u);
  EXPECT_EQ(store->deliveries("leeway:i1")->size(), 3u);

  auto acknowledged = update.incidents[0];
  acknowledged.incident.state = alerts::State::acknowledged;
  acknowledged.incident.acknowledged = 77;
  acknowledged.incident.acknowledged_by = "ada";
  ASSERT_TRUE(store->put({.incidents = {acknowledged}}));
  EXPECT_EQ(store->incident("i1").value(), acknowledged);
}

TEST_P(Monitoring, OneHolderOfTheLeaseAtATime) {
  EXPECT_TRUE(store->take_lease("monitor", "first", hour).value());
  EXPECT_TRUE(store->take_lease("monitor", "first", hour).value());
  EXPECT_FALSE(store->take_lease("monitor", "second", hour).value());
  EXPECT_TRUE(store->take_lease("other", "second", hour).value());
  EXPECT_TRUE(store->put({.lease_holder = "first", .windows = {window(0, 1)}}));
  EXPECT_EQ(store->put({.lease_holder = "second", .windows = {window(hour, 1)}}).error().code,
            Code::failed_precondition);
  EXPECT_EQ(store->windows({"credit", "1", "", 0, 24 * hour}, hour, 0)->size(), 1u);
  // It ran out: another takes it, and the one that thinks it still holds it writes nothing.
  EXPECT_TRUE(store->take_lease("monitor", "first", -1).value());
  EXPECT_TRUE(store->take_lease("monitor", "second", hour).value());
  EXPECT_EQ(store->put({.lease_holder = "first", .windows = {window(hour, 1)}}).error().code,
            Code::failed_precondition);
  ASSERT_TRUE(store->release_lease("monitor", "second"));
  EXPECT_TRUE(store->take_lease("monitor", "third", hour).value());
}

TEST_P(Monitoring, AnUpdateIsAllOrNothing) {
  MonitoringUpdate update{.windows = {window(0, 1)}};
  update.deliveries = {{.id = "x", .channel = "slack"}};
  update.lease_holder = "nobody";
  EXPECT_FALSE(store->put(update));
  EXPECT_TRUE(store->windows({"credit", "1", "", 0, 24 * hour}, 0, 0)->empty());
  EXPECT_TRUE(store->due_deliveries(100, 10)->empty());
}

TEST_P(Monitoring, DecisionsAndTheChainedAuditLog) {
  ASSERT_TRUE(store->put_decision({"d1", "credit", 1, "{}"}));
  ASSERT_TRUE(store->put_decision({"d2", "credit", 2, "{}"}));
  EXPECT_EQ(store->decisions("credit", 1).value(), (std::vector<DecisionRecord>{{"d2", "credit", 2, "{}"}}));
  ASSERT_TRUE(store->append_audit({.time = 1, .actor = "key1", .action = "alias", .document = "{}", .hash = "h1"}));
  EXPECT_EQ(store->append_audit({.time = 2, .actor = "key1", .action = "alias", .hash = "h2"}).error().code,
            Code::failed_precondition);
  ASSERT_TRUE(
      store->append_audit({.time = 2, .actor = "key2", .action = "alias", .previous_hash = "h1", .hash = "h2"}));
  const auto log = store->audit(0, 10).value();
  ASSERT_EQ(log.size(), 2u);
  EXPECT_EQ(log[1], (AuditRecord{2, 2, "key2", "alias", "", "h1", "h2"}));
  EXPECT_EQ(store->audit(1, 10)->size(), 1u);
}

INSTANTIATE_TEST_SUITE_P(Both, Monitoring, ::testing::Values("duckdb", "postgres"),
                         [](const auto& of) { return std::string(of.param); });

TEST(ShownAddress, HoldsNoSecret) {
  EXPECT_EQ(shown_address("postgresql://leeway:s3cr@et@db:5432/leeway?sslmode=require&password=x"),
            "postgresql://leeway@db:5432/leeway");
  EXPECT_EQ(shown_address("postgres://db/leeway"), "postgres://db/leeway");
  EXPECT_EQ(shown_address("data/leeway.db"), "data/leeway.db");
}

}  // namespace
}  // namespace leeway::store
