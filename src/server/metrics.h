#pragma once
// What the server counts and measures, and its text forms for Prometheus.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leeway::server {

using Labels = std::vector<std::pair<std::string, std::string>>;

/// Thread safe. Names, types and labels are those of docs/server.md; series beyond the cap are counted, not kept.
class Metrics {
 public:
  /// `routes` are the operations that requests are counted by.
  explicit Metrics(const std::vector<std::string>& routes);
  ~Metrics();

  /// `route` is a place in the list; its size stands for requests that no route took.
  void request(size_t route, int status, double seconds);
  void acknowledged(double seconds);
  void rejected(std::string_view reason, uint64_t rows);
  void predictions(const std::string& model, const std::string& version, uint64_t rows);
  void outcomes(const std::string& model, const std::string& version, uint64_t rows);
  void set(const std::string& gauge, const Labels& labels, double value);
  /// Called before each exposition, to set gauges.
  void on_scrape(std::function<void(Metrics&)> refresh);

  enum class Format : uint8_t { text, open_metrics };
  /// Families sorted by name, series by labels. Without `models`, series with the label model are left out.
  std::string expose(Format format, bool models);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace leeway::server
