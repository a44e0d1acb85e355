// Running a launcher that is on no disk.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace immure {

struct Launch {
  std::string name;               // argv[0]
  std::vector<std::string> args;  // argv[1..]
  bool dies_with_caller = false;  // what the profile wants of the launcher holds for who stands between
};

/// Runs it to its end, and stops, continues and passes signals on as if it were this process. Its exit status, or the errno of what failed.
struct Ended {
  int status = 0;
};
struct NotStarted {
  int error = 0;
};
[[nodiscard]] std::variant<Ended, NotStarted> execute(const Launch& launch, std::string_view launcher);

}  // namespace immure
