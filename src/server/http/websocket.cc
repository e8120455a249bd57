#include "server/http/websocket_session.h"

namespace leeway::http {

void start_websocket(tcp::socket stream, UpgradeRequest head, WebSocketEvents events, Shard& shard, Place place) {
  std::make_shared<WebSocketSession<tcp::socket>>(std::move(stream), std::move(events), shard, std::move(place))
      ->start(std::move(head));
}

}  // namespace leeway::http
