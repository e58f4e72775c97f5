#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/drop_reason.h"
#include "engine/base/endpoint.h"
#include "engine/base/result.h"
#include "net/limits.h"
#include "net/runtime.h"

namespace nym::net {

struct HttpRequest {
  std::string method;  ///< `GET`
  std::string target;  ///< path and query
  std::string body;
};

struct HttpAnswer {
  unsigned status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;  ///< further ones
};

struct HttpServerOptions {
  std::size_t max_connections = limits::kServedConnections;  ///< more are closed at once
  std::size_t body_max = limits::kServedBodyBytes;
  Duration idle_timeout = limits::kServedIdle;
  std::string allowed_origin;  ///< `*` or one origin: pages that may read answers; empty: none
  /// What no handler saw: too_many_connections, malformed_frame, slow_frame (a request that was begun and not ended in
  /// time). May be empty.
  std::function<void(DropReason)> on_refused{};
};

/// A small HTTP/1.1 server with keep-alive. HEAD is answered as GET without a body. Requests that are no HTTP are
/// answered with 400, with too large a body with 413. Destroying it closes its connections.
class HttpServer {
 public:
  using Handler = std::function<HttpAnswer(const HttpRequest&)>;

  /// Port 0 takes a free one. Error: cannot_listen.
  static Result<std::unique_ptr<HttpServer>> listen(Runtime& runtime, const Endpoint& where, Handler handler,
                                                    HttpServerOptions options = {});
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  const Endpoint& local_endpoint() const;

 private:
  struct Parts;
  explicit HttpServer(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace nym::net
