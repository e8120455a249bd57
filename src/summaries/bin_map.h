#pragma once
// Bins made from a reference, on which later windows are counted, so that any two profiles of one reference compare.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/result.h"
#include "summaries/cell_map.h"

namespace leeway {

class ByteReader;
class ByteWriter;
class NumericReference;

/// The next double above a finite `x`: [x, next_double(x)) is the bin of the atom x. Zero counts as +0.
double next_double(double x);   // +infinity stays

/// Makes any numbers into edges: finite ones only, -0 as 0, strictly ascending.
void tidy_edges(std::vector<double>& edges);

/// Bins over the real line, half open: bin 0 is (-inf, e_0), bin i is [e_{i-1}, e_i), the last is [e_last, +inf), with
/// edges e ascending. A value `v` that carries much mass has the bin [v, next_double(v)) for itself: an *atom*.
/// Immutable once made; `const` use is thread safe.
class BinMap {
 public:
  struct Options {
    int bins = 256;              ///< Equal-mass bins asked for; 1024 for scores.
    int psi_bins = 10;           ///< Lowered to m/50 (but at least 2) for small references.
    std::vector<double> edges;   ///< Further edges: decision thresholds t (rows with x >= t lie above), grades.
  };

  /// Edges: the reference's minimum and the double after its maximum (so that the end bins are "outside the
  /// reference"); order statistics at i/bins, a row equal to the cut point lying below it; geometric tail ranks
  /// bins·2^k; every atom with more than 1/bins of the mass; the PSI cut points; `edges`.
  static BinMap from_reference(const NumericReference& reference, const Options& options);
  static BinMap from_reference(const NumericReference& reference) { return from_reference(reference, Options{}); }
  /// Any strictly ascending finite edges (at least one). `psi_edges` must be among them. `centre` is subtracted before
  /// sums are formed; `unit`, a power of two, is about the scale of the data. Errors: invalid_argument.
  static Result<BinMap> from_edges(std::vector<double> edges, std::vector<double> psi_edges, double centre,
                                   double unit);

  size_t bins() const { return edges_.size() + 1; }
  std::span<const double> edges() const { return edges_; }
  double lower(size_t bin) const;   ///< -infinity for the first bin.
  double upper(size_t bin) const;   ///< +infinity for the last; not part of the bin.
  bool atom(size_t bin) const;      ///< The bin holds the single value lower(bin).

  /// Edges of the PSI bins (statistics: order-statistic cut points, atoms above 1/B alone), ascending.
  std::span<const double> psi_edges() const { return psi_edges_; }

  double centre() const { return centre_; }
  double unit() const { return unit_; }

  /// The bin of a finite x. O(1) expected.
  uint32_t find(double x) const { return bin_in_cell(x, map_.cell(x)); }
  /// bins[i] = find(values[i]) for exactly CellMap::block_size finite values; about 1.5 ns each.
  void find_block(const double* values, uint32_t* bins) const;
  /// The position of `edge` in edges(), if it is one.
  std::optional<size_t> edge_index(double edge) const;

  /// Names the bins: equal maps have equal ids.
  uint64_t id() const { return id_; }

  void write(ByteWriter& out) const;
  static Result<BinMap> read(ByteReader& in);
  bool operator==(const BinMap& other) const;

 private:
  BinMap() = default;
  void index();
  uint32_t bin_in_cell(double x, uint32_t cell) const {
    uint32_t bin = first_[cell];
    while (bin < first_[cell + 1] && edges_[bin] <= x) ++bin;
    return bin;
  }

  std::vector<double> edges_;
  std::vector<double> psi_edges_;
  double centre_ = 0;
  double unit_ = 1;
  uint64_t id_ = 0;
  // A monotone map to cells in front of a search; first_[c] is the number of edges in the cells before c.
  CellMap map_;
  std::shared_ptr<const CellMapTables> tables_;
  std::vector<uint32_t> first_;
};

/// Adds up `counts` (one per bin of `edges`, so edges.size() + 1 of them) into the bins of `coarse`, whose edges must
/// all be among `edges`. Exact: this is how PSI and the report's histogram come from stored bins.
std::vector<int64_t> coarsen(std::span<const int64_t> counts, std::span<const double> edges,
                             std::span<const double> coarse);

}  // namespace leeway
