// Only pointers are collected: to strings of the plan, to bound templates and to the launcher's own arguments and environment, none of which is copied.
#include "initrt/environment.h"

#include "initrt/report.h"
#include "initrt/text.h"

namespace initrt {
namespace {

std::size_t count_environment(const Startup& start) {
  std::size_t n = 0;
  while (start.envp[n] != nullptr) ++n;
  return n;
}

const char* name_end(const char* entry) {
  while (*entry != 0 && *entry != '=') ++entry;
  return entry;
}

bool is_set(const Context& ctx, const char* entry, const char* end) {
  for (const wire::EnvEntry& set : ctx.plan.list<wire::EnvEntry>(ctx.image().env_set)) {
    const char* name = ctx.plan.str(set.name);
    if (length(name) == static_cast<std::size_t>(end - entry) && starts_with(entry, name)) return true;
  }
  return false;
}

bool is_inherited(const Context& ctx, const char* entry) {
  const char* end = name_end(entry);
  if (*end != '=') return false;
  for (const wire::Ref& glob : ctx.plan.list<wire::Ref>(ctx.image().env_inherit))
    if (matches(ctx.plan.str(glob), entry, end)) return !is_set(ctx, entry, end);
  return false;
}

}  // namespace

bool matches(const char* glob, const char* name, const char* end) {
  const char* star = nullptr;  // the last `*`, and where in the name its match ends so far
  const char* resume = nullptr;
  while (name != end) {
    if (*glob == '*') {
      star = glob++;
      resume = name;
    } else if (*glob == '?' || *glob == *name) {
      ++glob;
      ++name;
    } else if (star != nullptr) {
      glob = star + 1;
      name = ++resume;
    } else {
      return false;
    }
  }
  while (*glob == '*') ++glob;
  return *glob == 0;
}

Counts count_strings(const Context& ctx, const wire::Exec& exec) {
  const std::size_t own = static_cast<std::size_t>(ctx.start->argc);
  const std::size_t inherited = ctx.image().env_inherit.count.get() == 0 ? 0 : count_environment(*ctx.start);
  return {1 + exec.args.count.get() + own, ctx.image().env_set.count.get() + inherited};
}

void fill_arguments(const Context& ctx, const wire::Exec& exec, bool pass_own, const char** argv) {
  *argv++ = ctx.text(exec.argv0);
  for (const wire::Text& argument : ctx.plan.list<wire::Text>(exec.args)) *argv++ = ctx.text(argument);
  if (pass_own)
    for (int i = 1; i < ctx.start->argc; ++i) *argv++ = ctx.arguments[i - 1];
  *argv = nullptr;
}

void fill_environment(const Context& ctx, const char** envp) {
  for (const wire::EnvEntry& set : ctx.plan.list<wire::EnvEntry>(ctx.image().env_set)) *envp++ = ctx.text(set.assignment);
  if (ctx.image().env_inherit.count.get() != 0)
    for (char** entry = ctx.start->envp; *entry != nullptr; ++entry)
      if (is_inherited(ctx, *entry)) *envp++ = *entry;
  *envp = nullptr;
}

}  // namespace initrt
