#pragma once
// Many small blocks of rows → few large ones.

#include <vector>

#include "store/records.h"

namespace leeway::server {

/// Blocks of one model version whose columns have the same names and types, in the same order, become one block, in
/// order of arrival among themselves. Blocks of different versions keep no order: the store keeps rows by id and time.
class BlockMerger {
 public:
  void add(store::RowBlock block);
  std::vector<store::RowBlock> take();

 private:
  std::vector<std::vector<store::RowBlock>> groups_;
};

/// The columns one below the other. Requires equal types, at least one.
Column concatenate(const std::vector<const Column*>& parts);

}  // namespace leeway::server
