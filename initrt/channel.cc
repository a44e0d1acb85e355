// See channel.h.
#include "initrt/channel.h"

#include "initrt/report.h"

namespace initrt {

int make_channel(Context& ctx) {
  int ends[2] = {-1, -1};
  must(ctx, sys::socket_pair(ends), "make the channel");
  must(ctx, sys::pass_credentials(ends[0]), "ask the channel for senders");
  must(ctx, sys::fcntl(ends[0], F_SETOWN, sys::getpid()), "own the channel");
  must(ctx, sys::fcntl(ends[0], F_SETFL, O_NONBLOCK | FASYNC), "ask the channel for signals");
  ctx.channel = ends[1];
  return ends[0];
}

void tell(const Context& ctx, News news, int value) {
  if (ctx.channel < 0) return;
  const Message message = {news, value};
  // Where the supervisor is gone nobody is left to be told.
  (void)traced(ctx, sys::write(ctx.channel, &message, sizeof message), "tell the supervisor");
}

bool next_message(int channel, Message& message, int& sender) { return sys::receive(channel, &message, sizeof message, &sender).raw == sizeof message; }

}  // namespace initrt
