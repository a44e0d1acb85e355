// What init tells the supervisor while the sandbox runs: stops of the program, for the shell's job control, and what the status descriptor reports.
//
// A pair of sockets that exists only where one of the two is needed. Messages raise SIGIO at the supervisor, so that it sleeps in one place only, waiting for signals. The kernel
// adds the sender's pid, translated to the supervisor's namespace: that is how the outside learns the program's number.
#pragma once

#include "initrt/context.h"

namespace initrt {

enum class News : int {
  Child = 1,    // the program's process exists; the message comes from it
  Running = 2,  // the program was executed; value: Missing bits
  Stopped = 3,  // the program was stopped
  Ended = 4,    // value: wait status of the program, or kTimedOut
};
inline constexpr int kTimedOut = -1;

struct Message {
  News news;
  int value;
};

/// Makes the pair; init's end goes into Context::channel, the supervisor's is returned.
int make_channel(Context& ctx);
/// Does nothing where there is no channel.
void tell(const Context& ctx, News news, int value);
/// The next message, and who sent it; false when there is none.
bool next_message(int channel, Message& message, int& sender);

}  // namespace initrt
