// RewritingProcessor: a processor that is one Rewriter. Smallest example: resource.cpp.
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "pipeline/component.h"
#include "pipeline/otlp/rewrite.h"

namespace clew::pipeline {

class RewritingProcessor final : public Processor {
 public:
  // A rewriter of its own for each batch, since batches come on many threads.
  using MakeRewriter = std::function<std::unique_ptr<Rewriter>(const Batch&)>;

  RewritingProcessor(MakeRewriter make_rewriter, Consumer& next)
      : make_rewriter_(std::move(make_rewriter)), next_(next) {}

  void consume(Batch batch, std::function<void(Outcome)> done) override {
    const std::unique_ptr<Rewriter> rewriter = make_rewriter_(batch);
    Result<Batch> rewritten = rewrite(std::move(batch), *rewriter);
    if (!rewritten.ok()) return done({.status = std::move(rewritten).status()});
    if (rewritten->otlp.empty()) return done({});  // all of it was dropped, as the configuration asks
    next_.consume(std::move(*rewritten), std::move(done));
  }

 private:
  const MakeRewriter make_rewriter_;
  Consumer& next_;
};

// What configure() of such a processor returns. `make_rewriter` is copied into each pipeline.
inline MakeProcessor rewriting_processor(RewritingProcessor::MakeRewriter make_rewriter) {
  return [make_rewriter = std::move(make_rewriter)](const Site&,
                                                    Consumer& next) -> Result<std::unique_ptr<Processor>> {
    return std::unique_ptr<Processor>(std::make_unique<RewritingProcessor>(make_rewriter, next));
  };
}

}  // namespace clew::pipeline
