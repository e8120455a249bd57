#include "summaries/bin_map.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/hash.h"
#include "summaries/bytes.h"
#include "summaries/numeric_reference.h"

namespace leeway {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

bool strictly_ascending(std::span<const double> values) {
  for (size_t i = 0; i < values.size(); ++i)
    if (!std::isfinite(values[i]) || (i > 0 && !(values[i - 1] < values[i]))) return false;
  return true;
}

}  // namespace

double next_double(double x) { return std::nextafter(x, infinity); }

void tidy_edges(std::vector<double>& edges) {
  std::erase_if(edges, [](double edge) { return !std::isfinite(edge); });
  for (double& edge : edges) edge += 0.0;
  std::sort(edges.begin(), edges.end());
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
}

BinMap BinMap::from_reference(const NumericReference& reference, const Options& options) {
  BinMap map;
  auto& edges = map.edges_;
  const int64_t m = reference.size();
  map.centre_ = reference.moments().centre();
  map.unit_ = reference.moments().unit();
  if (m > 0) {
    map.psi_edges_ = reference.psi_edges(options.psi_bins);
    edges = map.psi_edges_;
    edges.push_back(reference.min());
    edges.push_back(next_double(reference.max()));
    const auto cut_below_rank = [&](int64_t rank) {
      if (rank >= 1 && rank < m) edges.push_back(next_double(reference.order_statistic(rank)));
    };
    for (int i = 1; i < options.bins; ++i) cut_below_rank((m * i + options.bins - 1) / options.bins);
    for (int64_t tail = m / options.bins / 2; tail >= 1; tail /= 2) {
      cut_below_rank(tail);
      cut_below_rank(m - tail);
    }
    for (const double atom : reference.atoms(1.0 / options.bins)) {
      edges.push_back(atom);
      edges.push_back(next_double(atom));
    }
  }
  edges.insert(edges.end(), options.edges.begin(), options.edges.end());
  tidy_edges(edges);
  if (edges.empty()) edges = {0};  // no rows, no wishes: any bins will do
  map.index();
  return map;
}

Result<BinMap> BinMap::from_edges(std::vector<double> edges, std::vector<double> psi_edges, double centre, double unit) {
  if (edges.empty() || !strictly_ascending(edges))
    return fail(Code::invalid_argument, "bin edges must be finite and strictly ascending");
  if (!strictly_ascending(psi_edges) || !std::includes(edges.begin(), edges.end(), psi_edges.begin(), psi_edges.end()))
    return fail(Code::invalid_argument, "PSI edges must be among the bin edges, in ascending order");
  int exponent;
  if (!std::isfinite(centre) || !std::isnormal(unit) || std::frexp(unit, &exponent) != 0.5)
    return fail(Code::invalid_argument, "the centre must be finite and the unit a power of two");
  BinMap map;
  map.edges_ = std::move(edges);
  map.psi_edges_ = std::move(psi_edges);
  map.centre_ = centre;
  map.unit_ = unit;
  map.index();
  return map;
}

void BinMap::index() {
  auto tables = std::make_shared<CellMapTables>();
  map_ = choose_cell_map(edges_, {}, 4096, false, *tables);
  tables_ = tables;
  first_.assign(map_.cells() + 1, 0);
  for (const double edge : edges_) ++first_[map_.cell(edge) + 1];
  for (size_t c = 1; c < first_.size(); ++c) first_[c] += first_[c - 1];
  ByteWriter bytes;
  write(bytes);
  id_ = hash64(bytes.bytes());
}

double BinMap::lower(size_t bin) const { return bin == 0 ? -infinity : edges_[bin - 1]; }
double BinMap::upper(size_t bin) const { return bin == edges_.size() ? infinity : edges_[bin]; }
bool BinMap::atom(size_t bin) const { return bin > 0 && bin < edges_.size() && edges_[bin] == next_double(edges_[bin - 1]); }

void BinMap::find_block(const double* values, uint32_t* bins) const {
  map_.cells_of_block(values, bins);
  for (size_t i = 0; i < CellMap::block_size; ++i) bins[i] = bin_in_cell(values[i], bins[i]);
}

std::optional<size_t> BinMap::edge_index(double edge) const {
  const auto at = std::lower_bound(edges_.begin(), edges_.end(), edge);
  if (at == edges_.end() || *at != edge) return std::nullopt;
  return static_cast<size_t>(at - edges_.begin());
}

void BinMap::write(ByteWriter& out) const {
  out.fixed(centre_);
  out.fixed(unit_);
  out.varint(edges_.size());
  out.array(std::span(edges_));
  out.varint(psi_edges_.size());
  for (const double edge : psi_edges_) out.varint(*edge_index(edge));
}

Result<BinMap> BinMap::read(ByteReader& in) {
  const auto centre = in.fixed<double>(), unit = in.fixed<double>();
  auto edges = in.array<double>(in.length(sizeof(double)));
  std::vector<double> psi_edges;
  for (size_t left = in.length(1); left > 0; --left) {
    const uint64_t index = in.varint();
    if (index >= edges.size()) in.fail();
    else psi_edges.push_back(edges[index]);
  }
  LEEWAY_CHECK(in.check("bins"));
  auto map = from_edges(std::move(edges), std::move(psi_edges), centre, unit);
  if (!map) in.fail();
  LEEWAY_CHECK(in.check("bins"));
  return map;
}

bool BinMap::operator==(const BinMap& other) const {
  return id_ == other.id_ && edges_ == other.edges_ && psi_edges_ == other.psi_edges_ && centre_ == other.centre_ &&
         unit_ == other.unit_;
}

std::vector<int64_t> coarsen(std::span<const int64_t> counts, std::span<const double> edges,
                             std::span<const double> coarse) {
  std::vector<int64_t> out(coarse.size() + 1, 0);
  size_t bin = 0;
  for (size_t i = 0; i < counts.size(); ++i) {
    while (bin < coarse.size() && i > 0 && edges[i - 1] >= coarse[bin]) ++bin;
    out[bin] += counts[i];
  }
  return out;
}

}  // namespace leeway
