#include "store/session.h"

#include "base/text.h"

namespace leeway::store {

Result<Transaction> Transaction::begin(std::shared_ptr<Session> session) {
  LEEWAY_CHECK(session->run("BEGIN"));
  return Transaction(std::move(session));
}

Transaction::~Transaction() {
  if (session_) (void)session_->run("ROLLBACK");
}

Status Transaction::commit() {
  auto done = session_->run("COMMIT");
  if (!done) return fail(std::move(done).error());
  session_.reset();
  return {};
}

std::string clean(std::string text) {
  if (valid_utf8(text) && text.find('\0') == std::string::npos) return text;
  return printable(text);
}

}  // namespace leeway::store
