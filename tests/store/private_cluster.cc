#include "store/private_cluster.h"

#include <cstdlib>
#include <filesystem>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <pwd.h>
#include <unistd.h>

namespace leeway {
namespace {

constexpr std::string_view programs = "/usr/lib/postgresql/15/bin/";

/// In memory where there is room: the tests kill programs, not the machine, and syncs cost nothing there.
std::string parent_directory() {
  std::error_code error;
  const auto space = std::filesystem::space("/dev/shm", error);
  return !error && space.available > (512u << 20) ? "/dev/shm/" : ::testing::TempDir();
}

}  // namespace

PrivateCluster* PrivateCluster::shared() {
  static const std::unique_ptr<PrivateCluster> cluster = make();
  return cluster.get();
}

std::unique_ptr<PrivateCluster> PrivateCluster::make() {
  if (!std::filesystem::exists(fmt::format("{}initdb", programs))) return nullptr;
  auto cluster = std::make_unique<PrivateCluster>();
  std::string name = parent_directory() + "leeway_pg.XXXXXX";
  if (!::mkdtemp(name.data())) return nullptr;
  cluster->directory_ = name;
  if (::getuid() == 0) {   // which PostgreSQL refuses to run as
    const passwd* owner = ::getpwnam("postgres");
    if (!owner || ::chown(name.c_str(), owner->pw_uid, owner->pw_gid) != 0) return nullptr;
    cluster->as_user_ = "runuser -u postgres -- ";
  }
  if (!cluster->run(
          fmt::format("{}initdb -D {}/data -A trust -U postgres --no-locale -E UTF8 --no-sync", programs, name)))
    return nullptr;
  return cluster->start() ? std::move(cluster) : nullptr;
}

PrivateCluster::~PrivateCluster() {
  run(fmt::format("{}pg_ctl -D {}/data -m immediate stop", programs, directory_));
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

bool PrivateCluster::run(const std::string& command) const {
  return std::system(fmt::format("cd / && {}{} > /dev/null 2>&1", as_user_, command).c_str()) == 0;
}

bool PrivateCluster::start() {
  return run(fmt::format(
      "{0}pg_ctl -D {1}/data -w -l {1}/log -o \"-c listen_addresses='' -c unix_socket_directories={1}\" start",
      programs, directory_));
}

bool PrivateCluster::stop() { return run(fmt::format("{}pg_ctl -D {}/data -w -m fast stop", programs, directory_)); }

bool PrivateCluster::restart_at_once() {
  return run(fmt::format("{}pg_ctl -D {}/data -w -m immediate stop", programs, directory_)) && start();
}

bool PrivateCluster::sql(const std::string& statement, const std::string& database) {
  return run(fmt::format("{}psql -h {} -U postgres -d {} -v ON_ERROR_STOP=1 -c \"{}\"", programs, directory_, database,
                         statement));
}

std::string PrivateCluster::new_database() {
  const std::string name = fmt::format("test_{}", ++databases_);
  if (!sql("CREATE DATABASE " + name)) ADD_FAILURE() << "no database can be made";
  return fmt::format("postgresql://postgres@/{}?host={}", name, directory_);
}

}  // namespace leeway
