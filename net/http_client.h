#pragma once

#include <functional>
#include <memory>
#include <string>

#include "engine/base/result.h"
#include "net/limits.h"
#include "net/runtime.h"
#include "net/url.h"

namespace nym::net {

struct HttpResponse {
  unsigned status = 0;
  std::string body;
};

struct HttpClientOptions {
  Duration timeout = limits::kHttpTimeout;  ///< redirections included
  std::size_t body_max = limits::kHttpBodyBytes;
  int redirects_max = limits::kHttpRedirects;
};

/// GET over http:// and https:// (with the system's trusted roots), one connection a request. Destroying it ends its
/// requests without callbacks.
class HttpClient {
 public:
  using OnResponse = std::function<void(Result<HttpResponse>)>;

  explicit HttpClient(Runtime& runtime, HttpClientOptions options = {});
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;
  ~HttpClient();

  /// Redirections are followed, but not from https to http. Any other status is a response, also 404. The callback
  /// comes once. Errors: bad_url, unresolved, unreachable, timed_out, tls_failed, bad_response, too_large,
  /// too_many_redirects, too_many_requests; their texts name the address.
  void get(const Url& url, OnResponse on_response);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace nym::net
