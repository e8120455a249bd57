#pragma once
// Long lists a page at a time: ?limit= and an opaque, signed ?cursor= that names the last item given.

#include <string>
#include <string_view>

#include "server/problem.h"
#include "server/route.h"

namespace leeway::server {

struct Page {
  size_t limit = 100;
  std::string after;  ///< The last item's key; empty at the beginning.
};
/// Problems: 400 (a limit that is not 1 to 1000, a cursor that was not given for this address).
std::expected<Page, Problem> read_page(const Service& service, const Call& call);
/// For the answer's next_cursor.
std::string cursor_of(const Service& service, const Call& call, std::string_view key);

/// Writes {"data": [...], "next_cursor": …}: the items of `list`, sorted by `key` (distinct), that the page asks for.
template <class List, class Key, class Write>
std::string page_of(const Service& service, const Call& call, const Page& page, const List& list, Key key, Write write);

}  // namespace leeway::server

#include "base/json_writer.h"

namespace leeway::server {

template <class List, class Key, class Write>
std::string page_of(const Service& service, const Call& call, const Page& page, const List& list, Key key,
                    Write write) {
  JsonWriter w;
  w.begin_object();
  w.key("data");
  w.begin_array();
  size_t written = 0;
  std::string last;
  bool more = false;
  for (const auto& item : list) {
    const std::string name = key(item);
    if (!page.after.empty() && name <= page.after) continue;
    if ((more = written == page.limit)) break;
    write(w, item);
    last = name;
    ++written;
  }
  w.end_array();
  w.key("next_cursor");
  if (more) w.value(cursor_of(service, call, last));
  else w.null();
  w.end_object();
  return w.take();
}

}  // namespace leeway::server
