#pragma once
// The upgrade of a connection to a WebSocket. Declared for both kinds of stream, defined in a file for each, because
// each takes the compiler long.

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>

#include "server/http/connection.h"

namespace boost::asio::ssl {
template <class Stream>
class stream;
}

namespace leeway::http {

using TlsStream = asio::ssl::stream<tcp::socket>;
using UpgradeRequest = boost::beast::http::request<boost::beast::http::empty_body>;

void start_websocket(tcp::socket stream, UpgradeRequest head, WebSocketEvents events, Shard& shard, Place place);
void start_websocket(TlsStream stream, UpgradeRequest head, WebSocketEvents events, Shard& shard, Place place);

}  // namespace leeway::http
