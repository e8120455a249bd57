#include "server/metrics.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <unordered_map>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include "base/text.h"

namespace leeway::server {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

constexpr size_t series_cap = 5000;
constexpr std::array<int, 26> known_statuses = {101, 200, 201, 202, 204, 304, 308, 400, 401, 403, 404, 405, 406,
                                                408, 409, 412, 413, 415, 421, 422, 429, 431, 500, 501, 503, 505};
constexpr std::array<double, 14> request_buckets = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                    0.1,    0.25,  0.5,    1,     2.5,  5,     10};
constexpr std::array<double, 11> acknowledge_buckets = {0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01,
                                                        0.02,   0.05,   0.1,   0.5,   1};

prometheus::Histogram::BucketBoundaries boundaries(std::span<const double> buckets) {
  return {buckets.begin(), buckets.end()};
}

struct GaugeHelp {
  std::string_view name, help;
};
constexpr std::array gauge_help = {
    GaugeHelp{"leeway_build_info", "Always 1; the labels say which build this is."},
    GaugeHelp{"leeway_http_connections", "Open connections."},
    GaugeHelp{"leeway_http_queue_length", "Requests that wait for a worker."},
    GaugeHelp{"leeway_journal_bytes", "Bytes of the journal on the disk."},
    GaugeHelp{"leeway_journal_apply_lag_seconds",
              "Age of the oldest acknowledged record that the store does not have yet."},
    GaugeHelp{"leeway_journal_unapplied_records", "Acknowledged records that the store does not have yet."},
    GaugeHelp{"leeway_storage_free_bytes", "Free bytes on the disk of the data directory."},
    GaugeHelp{"leeway_monitoring_last_pass_timestamp_seconds",
              "End of the last pass over the models that this process led."},
    GaugeHelp{"leeway_monitoring_pass_seconds", "How long that pass took."},
    GaugeHelp{"leeway_monitoring_windows", "Windows judged since the start."},
    GaugeHelp{"leeway_monitoring_alarms", "Alarms since the start."},
    GaugeHelp{"leeway_monitoring_troubles", "Models and windows that could not be judged in the last pass."},
    GaugeHelp{"process_resident_memory_bytes", "Resident memory."},
    GaugeHelp{"process_open_fds", "Open file descriptors."},
    GaugeHelp{"process_max_fds", "File descriptors that may be open."},
    GaugeHelp{"process_start_time_seconds", "Start of the process since the epoch."},
    GaugeHelp{"process_threads", "Threads of the process."},
};

std::string help_of(const std::string& name) {
  const auto found = std::ranges::find(gauge_help, std::string_view(name), &GaugeHelp::name);
  return found != gauge_help.end() ? std::string(found->help) : "See docs/server.md.";
}

std::string_view type_word(MetricType type) {
  switch (type) {
    case MetricType::Counter: return "counter";
    case MetricType::Gauge: return "gauge";
    case MetricType::Histogram: return "histogram";
    default: return "untyped";
  }
}

void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (c == '\\') out += "\\\\";
    else if (c == '"') out += "\\\"";
    else if (c == '\n') out += "\\n";
    else out += c;
  }
}

std::string label_text(const std::vector<ClientMetric::Label>& labels, std::string_view bound = {}) {
  if (labels.empty() && bound.empty()) return {};
  std::string out = "{";
  for (const auto& label : labels) {
    out += label.name + "=\"";
    append_escaped(out, label.value);
    out += "\",";
  }
  if (!bound.empty()) out += "le=\"" + std::string(bound) + "\",";
  out.back() = '}';
  return out;
}

std::string number_text(double value) {
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  return exact_number(value);
}

void append_histogram(std::string& out, const std::string& name, const ClientMetric& metric) {
  for (const auto& bucket : metric.histogram.bucket)
    out += fmt::format("{}_bucket{} {}\n", name, label_text(metric.label, number_text(bucket.upper_bound)),
                       bucket.cumulative_count);
  out += fmt::format("{}_sum{} {}\n{}_count{} {}\n", name, label_text(metric.label),
                     number_text(metric.histogram.sample_sum), name, label_text(metric.label),
                     metric.histogram.sample_count);
}

bool about_a_model(const ClientMetric& metric) {
  return std::ranges::any_of(metric.label, [](const auto& label) { return label.name == "model"; });
}

void append_family(std::string& out, MetricFamily& family, Metrics::Format format, bool models) {
  if (!models) std::erase_if(family.metric, about_a_model);
  if (family.metric.empty()) return;
  for (auto& metric : family.metric) std::sort(metric.label.begin(), metric.label.end());
  std::sort(family.metric.begin(), family.metric.end(), [](const auto& a, const auto& b) { return a.label < b.label; });
  std::string name = family.name;  // OpenMetrics names a counter without its suffix
  std::string_view type = type_word(family.type);
  if (format == Metrics::Format::open_metrics) {
    if (family.type == MetricType::Counter && name.ends_with("_total")) name.resize(name.size() - 6);
    if (name.ends_with("_info")) name.resize(name.size() - 5), type = "info";
  }
  out += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, family.help, name, type);
  for (const auto& metric : family.metric) {
    if (family.type == MetricType::Histogram) append_histogram(out, family.name, metric);
    else
      out += fmt::format("{}{} {}\n", family.name, label_text(metric.label),
                         number_text(family.type == MetricType::Counter ? metric.counter.value : metric.gauge.value));
  }
}

}  // namespace

struct Metrics::State {
  std::vector<std::string> routes;
  prometheus::Registry registry;
  prometheus::Family<prometheus::Counter>& requests;
  std::vector<std::array<std::atomic<prometheus::Counter*>, known_statuses.size()>> request_counts;
  std::vector<prometheus::Histogram*> request_seconds;
  prometheus::Histogram& acknowledge_seconds;
  prometheus::Family<prometheus::Counter>& rejected_rows;
  prometheus::Family<prometheus::Counter>& prediction_rows;
  prometheus::Family<prometheus::Counter>& outcome_rows;
  prometheus::Counter& dropped;
  std::mutex mutex;  // guards what follows
  std::unordered_map<std::string, prometheus::Family<prometheus::Gauge>*> gauges;
  size_t series = 0;
  std::vector<std::function<void(Metrics&)>> refreshers;

  explicit State(const std::vector<std::string>& names);
  bool room(const auto& family, const std::map<std::string, std::string>& labels) {
    if (family.Has(labels)) return true;
    const std::lock_guard lock(mutex);
    if (series >= series_cap) {
      dropped.Increment();
      return false;
    }
    ++series;
    return true;
  }
};

Metrics::State::State(const std::vector<std::string>& names)
    : routes(names),
      requests(prometheus::BuildCounter()
                   .Name("leeway_http_requests_total")
                   .Help("Requests answered, by operation and status.")
                   .Register(registry)),
      request_counts(names.size() + 1),
      acknowledge_seconds(prometheus::BuildHistogram()
                              .Name("leeway_ingest_ack_seconds")
                              .Help("From a request's arrival until its rows are on the disk.")
                              .Register(registry)
                              .Add({}, boundaries(acknowledge_buckets))),
      rejected_rows(prometheus::BuildCounter()
                        .Name("leeway_ingest_rows_rejected_total")
                        .Help("Rows that were not stored, by reason.")
                        .Register(registry)),
      prediction_rows(prometheus::BuildCounter()
                          .Name("leeway_predictions_total")
                          .Help("Predictions acknowledged.")
                          .Register(registry)),
      outcome_rows(prometheus::BuildCounter()
                       .Name("leeway_ground_truth_total")
                       .Help("Outcomes acknowledged.")
                       .Register(registry)),
      dropped(prometheus::BuildCounter()
                  .Name("leeway_series_dropped_total")
                  .Help("Series left out because there are too many.")
                  .Register(registry)
                  .Add({})) {
  auto& seconds = prometheus::BuildHistogram()
                      .Name("leeway_http_request_seconds")
                      .Help("From a request's first byte to its answer.")
                      .Register(registry);
  routes.push_back("none");
  for (const auto& name : routes)
    request_seconds.push_back(&seconds.Add({{"route", name}}, boundaries(request_buckets)));
}

Metrics::Metrics(const std::vector<std::string>& routes) : state_(std::make_unique<State>(routes)) {}
Metrics::~Metrics() = default;

void Metrics::request(size_t route, int status, double seconds) {
  route = std::min(route, state_->routes.size() - 1);
  state_->request_seconds[route]->Observe(seconds);
  const auto known = std::ranges::find(known_statuses, status);
  const size_t place =
      known == known_statuses.end() ? known_statuses.size() - 1 : static_cast<size_t>(known - known_statuses.begin());
  auto& slot = state_->request_counts[route][place];
  prometheus::Counter* counter = slot.load(std::memory_order_acquire);
  if (!counter) {  // adding the same labels again gives the same counter
    counter =
        &state_->requests.Add({{"route", state_->routes[route]}, {"code", std::to_string(known_statuses[place])}});
    slot.store(counter, std::memory_order_release);
  }
  counter->Increment();
}

void Metrics::acknowledged(double seconds) { state_->acknowledge_seconds.Observe(seconds); }

void Metrics::rejected(std::string_view reason, uint64_t rows) {
  state_->rejected_rows.Add({{"reason", std::string(reason)}}).Increment(static_cast<double>(rows));
}

void Metrics::predictions(const std::string& model, const std::string& version, uint64_t rows) {
  const std::map<std::string, std::string> labels = {{"model", model}, {"version", version}};
  if (state_->room(state_->prediction_rows, labels))
    state_->prediction_rows.Add(labels).Increment(static_cast<double>(rows));
}

void Metrics::outcomes(const std::string& model, const std::string& version, uint64_t rows) {
  const std::map<std::string, std::string> labels = {{"model", model}, {"version", version}};
  if (state_->room(state_->outcome_rows, labels)) state_->outcome_rows.Add(labels).Increment(static_cast<double>(rows));
}

void Metrics::set(const std::string& gauge, const Labels& labels, double value) {
  prometheus::Family<prometheus::Gauge>* family;
  {
    const std::lock_guard lock(state_->mutex);
    auto& known = state_->gauges[gauge];
    if (!known) known = &prometheus::BuildGauge().Name(gauge).Help(help_of(gauge)).Register(state_->registry);
    family = known;
  }
  const std::map<std::string, std::string> map(labels.begin(), labels.end());
  if (state_->room(*family, map)) family->Add(map).Set(value);
}

void Metrics::on_scrape(std::function<void(Metrics&)> refresh) {
  const std::lock_guard lock(state_->mutex);
  state_->refreshers.push_back(std::move(refresh));
}

std::string Metrics::expose(Format format, bool models) {
  std::vector<std::function<void(Metrics&)>> refreshers;
  {
    const std::lock_guard lock(state_->mutex);
    refreshers = state_->refreshers;
  }
  for (const auto& refresh : refreshers) refresh(*this);
  auto families = state_->registry.Collect();
  std::ranges::sort(families, {}, &MetricFamily::name);
  std::string out;
  for (auto& family : families) append_family(out, family, format, models);
  if (format == Format::open_metrics) out += "# EOF\n";
  return out;
}

}  // namespace leeway::server
