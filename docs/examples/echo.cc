// Sends every anonymous message back to whoever sent it, without knowing who that is.
#include <boost/asio/io_context.hpp>
#include <cstdio>

#include "net/client/client.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: echo DIRECTORY_URL\n");
    return 2;
  }
  boost::asio::io_context context;
  nym::ClientOptions options;
  options.directories = {argv[1]};
  auto client = nym::Client::connect(context, options);
  if (!client) {
    std::fprintf(stderr, "echo: %s\n", client.error().text().c_str());
    return 1;
  }
  std::printf("%s\n", (*client)->address().c_str());
  std::fflush(stdout);
  (*client)->on_message([&](const nym::Message& message) {
    if (!message.reply_tag) return;
    auto sent = (*client)->reply(*message.reply_tag, message.data);
    if (!sent) std::fprintf(stderr, "echo: %s\n", sent.error().text().c_str());
  });
  context.run();
}
