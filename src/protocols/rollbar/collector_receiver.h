// rollbar, a receiver of collectors: items as Rollbar's clients send them, at a door of its own.
#pragma once

#include "pipeline/component.h"

namespace clew::rollbar {

pipeline::MakeReceiver configure_collector_receiver(pipeline::Section& section);

}  // namespace clew::rollbar
