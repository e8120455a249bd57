#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include "server/http/websocket_session.h"

namespace leeway::http {

void start_websocket(TlsStream stream, UpgradeRequest head, WebSocketEvents events, Shard& shard, Place place) {
  std::make_shared<WebSocketSession<TlsStream>>(std::move(stream), std::move(events), shard, std::move(place))
      ->start(std::move(head));
}

}  // namespace leeway::http
