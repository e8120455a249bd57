#include "server/http/session.h"

namespace leeway::http {

void start_plain(tcp::socket socket, Shard& shard, Place place) {
  std::make_shared<Session<tcp::socket>>(std::move(socket), shard, std::move(place))->start();
}

}  // namespace leeway::http
