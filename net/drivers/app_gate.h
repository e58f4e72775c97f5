#pragma once

#include "net/websocket.h"

namespace nym::net {

/// Who may use the application socket (docs/api.md).
class AppGate {
 public:
  struct Rules {
    std::vector<std::string> allowed_origins;  ///< beside none and those of this machine; `*`: all
    std::string token_file;                    ///< empty: no token is asked for
  };
  /// Reads the token. Errors: not_found, file_failed, bad_key_file (empty, no single word, or readable by others).
  static Result<AppGate> open(const Rules& rules);

  /// 403 for a page of another origin, 401 for a missing or wrong token.
  std::optional<UpgradeRefusal> judge(const UpgradeHead& head) const;
  /// As judge, but without a token: who can open a unix socket need not show one.
  std::optional<UpgradeRefusal> judge_origin(const UpgradeHead& head) const;

 private:
  AppGate(std::vector<std::string> allowed_origins, std::string token)
      : allowed_origins_(std::move(allowed_origins)), token_(std::move(token)) {}
  bool is_allowed(const std::string& origin) const;

  std::vector<std::string> allowed_origins_;
  std::string token_;
};

/// An origin of this machine: `scheme://host` or `scheme://host:port` with localhost or a loopback address.
bool is_loopback_origin(std::string_view origin);

/// What a client presents: `Authorization: Bearer <token>`, else `?token=<token>`, percent-encoded; empty if neither.
std::string presented_token(const UpgradeHead& head);

}  // namespace nym::net
