// Which threads wait when there are not enough cores: questions for sealing and merging, and these for what
// comes in: a question waits a little, a sender that is turned away may lose what it has.
#pragma once

namespace clew {

// Values of nice(2); the doors have 0.
enum class ThreadPriority : int { background = 5, question = 9 };

void set_priority_of_this_thread(ThreadPriority priority);

// For a thread that others wait for and that is soon done. Priority alone only gives it a larger share: what
// runs when it wakes may go on for milliseconds. With short turns of its own it interrupts (since Linux
// 6.12; before that nothing changes).
void take_short_turns();

}  // namespace clew
