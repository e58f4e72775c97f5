#include <fmt/format.h>

#include "cli/documents.h"
#include "cli/help_text.h"
#include "cli/option_table.h"
#include "cli/version.h"

namespace nym::cli {
namespace {

// For roff: hyphens that can be copied, and no line that begins like a request.
std::string roff(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  bool is_request = out.starts_with('.') || out.starts_with('\'');
  return is_request ? "\\&" + out : out;
}

std::string roff_option(const OptionSpec& option) {
  std::string tag;
  if (option.letter != '\0') tag = fmt::format("\\fB\\-{}\\fR, ", option.letter);
  tag += fmt::format("\\fB\\-\\-{}\\fR", roff(option.name));
  if (option.takes_value()) tag += fmt::format(" \\fI{}\\fR", roff(option.value_name));
  std::string text = roff(option.help);
  if (auto notes = value_notes(option); !notes.empty()) text += " " + roff(notes);
  return fmt::format(".TP\n{}\n{}.\n", tag, text);
}

std::string roff_options(const CommandSpec& command) {
  std::string out;
  for (const auto& option : command.options) {
    if (option.visibility != Visibility::outdated) out += roff_option(option);
  }
  return out;
}

std::string roff_commands() {
  std::string out;
  for (const auto& command : command_specs()) {
    if (command.visibility != Visibility::shown) continue;
    auto usage = usage_of(command, {}).substr(std::string_view("Usage: ").size());
    out += fmt::format(".SS {}\n.B {}\n.PP\n{}.\n{}", roff(command.name), roff(usage), roff(command.about),
                       roff_options(command));
    for (const auto& positional : command.positionals) {
      if (positional.choices.empty()) continue;
      out += fmt::format(".TP\n\\fI{}\\fR\n{}.\n", roff(positional.value_name), roff(value_notes(positional)));
    }
  }
  return out;
}

constexpr const char* kRest = R"(.SH ENVIRONMENT
.TP
.B CONFIGURED
When it is set, the following two count for every command, and a file given with \fB\-c\fR does not.
.TP
.BR NYM_API ", " NYXD
Directories and chain endpoints, separated by commas. They count before the configuration and after the options, but only
together with \fBCONFIGURED\fR or \fB\-c\fR.
.TP
.BR NYM_LOG ", " RUST_LOG
Which log lines are shown: off, error, warn, info (the usual), debug or trace, also for one target, as in
\fIwarn,nym_client=debug\fR. The first counts before the second.
.TP
.B NO_COLOR
When it is set, log lines have no colours.
.TP
.B HOME
Clients live below \fI.nym/clients\fR in it.
.SH FILES
.TP
.I ~/.nym/clients/ID/config/config.toml
The configuration; see docs/config.md.
.TP
.I ~/.nym/clients/ID/data/
Keys (*.pem), \fIgateway_details.json\fR and \fIpersistent_reply_store.sqlite\fR. Who reads them is the client: keep them
secret, and back them up together.
.SH EXIT STATUS
.TP
.B 0
Done; also after SIGINT, SIGTERM or SIGQUIT.
.TP
.B 1
It failed; the last line on stderr begins with \fIError:\fR.
.TP
.B 2
The arguments make no sense; stderr begins with \fIerror:\fR.
.SH EXAMPLES
.nf
nym\-client init \-\-id alice
nym\-client run \-\-id alice \-\-port 1977
nym\-client \-c private\-network.env init \-\-id alice
nym\-testnet up \-\- nym\-client init \-\-id alice
.fi
)";

}  // namespace

std::string manual_page() {
  const auto& program = program_spec();
  return fmt::format(
             ".\\\" made by `nym-client generate-docs man-page`; do not edit\n"
             ".TH NYM\\-CLIENT 1 \"\" \"nym\\-client {}\" \"User Commands\"\n"
             ".SH NAME\nnym\\-client \\- send and receive messages through a mixnet\n"
             ".SH SYNOPSIS\n.B {}\n"
             ".SH DESCRIPTION\n"
             "A client of a mixnet: it hides who talks to whom. Applications on the same machine use it through a "
             "websocket.\n"
             "\\fBinit\\fR creates a client once, \\fBrun\\fR lets it work.\n"
             ".SH OPTIONS\n{}.SH COMMANDS\n",
             kVersion, roff(usage_of(program, {}).substr(std::string_view("Usage: ").size())), roff_options(program)) +
         roff_commands() + kRest;
}

}  // namespace nym::cli
