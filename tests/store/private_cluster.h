#pragma once
// A PostgreSQL of the tests' own: a new cluster in a temporary directory, reached by a unix socket only, gone at the
// end.

#include <memory>
#include <optional>
#include <string>

namespace leeway {

class PrivateCluster {
 public:
  /// The one of this test program, started at its first use; nullptr where PostgreSQL 15 is not installed.
  static PrivateCluster* shared();
  ~PrivateCluster();

  /// The address of a new, empty database.
  std::string new_database();
  /// Runs SQL as the superuser; false if it fails.
  bool sql(const std::string& statement, const std::string& database = "postgres");
  /// As a crash of the server would: no shutdown checkpoint, all connections cut.
  bool restart_at_once();
  bool stop();
  bool start();

 private:
  static std::unique_ptr<PrivateCluster> make();
  bool run(const std::string& command) const;

  std::string directory_;
  std::string as_user_;   // what a command must begin with to run as the cluster's owner
  int databases_ = 0;
};

}  // namespace leeway
