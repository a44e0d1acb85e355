// Work on many things at once, with the results taken in their order: what a command prints does not depend on how many threads it has.
//
// Threads run ahead of the one who takes by a bounded number of results, so that memory does not grow with the number of things.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace immure {

/// Calls make(0) to make(count - 1) on `jobs` threads (with one: on this one), and take(result) in that order on this one. What a call throws is thrown here.
template <class T>
void in_order(std::size_t count, std::size_t jobs, const std::function<T(std::size_t)>& make, const std::function<void(T)>& take) {
  struct Slot {
    std::optional<T> result;
    std::exception_ptr error;
  };
  const std::size_t threads = std::min(count, std::max<std::size_t>(jobs, 1)), ahead = threads * 64;
  // One thread is this one: a second would cost its making, and a heap of its own.
  if (threads <= 1) {
    for (std::size_t i = 0; i < count; ++i) take(make(i));
    return;
  }
  std::vector<Slot> slots(ahead);  // result i is in slot i % ahead until it is taken
  std::mutex mutex;
  std::condition_variable changed;
  std::size_t next = 0, taken = 0;
  bool stopped = false;

  const auto work = [&] {
    for (;;) {
      std::unique_lock lock(mutex);
      changed.wait(lock, [&] { return stopped || next >= count || next < taken + ahead; });
      if (stopped || next >= count) return;
      const std::size_t index = next++;
      lock.unlock();
      Slot slot;
      try {
        slot.result = make(index);
      } catch (...) {
        slot.error = std::current_exception();
      }
      lock.lock();
      slots[index % ahead] = std::move(slot);
      changed.notify_all();
    }
  };
  std::vector<std::jthread> pool;
  const auto stop = [&] {
    const std::lock_guard lock(mutex);
    stopped = true;
    changed.notify_all();
  };
  try {
    for (std::size_t i = 0; i < threads; ++i) pool.emplace_back(work);
    for (std::size_t index = 0; index < count; ++index) {
      std::unique_lock lock(mutex);
      Slot& slot = slots[index % ahead];
      changed.wait(lock, [&] { return slot.result || slot.error; });
      Slot done = std::move(slot);
      slot = {};
      taken = index + 1;
      changed.notify_all();
      lock.unlock();
      if (done.error) std::rethrow_exception(done.error);
      take(*std::move(done.result));
    }
  } catch (...) {
    stop();
    throw;
  }
}

}  // namespace immure
