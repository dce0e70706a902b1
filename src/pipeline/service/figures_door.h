// FiguresDoor: a small HTTP server of GET pages, for extensions that show something.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "net/http.h"

namespace clew::pipeline {

class FiguresDoor {
 public:
  // `page` is called for each request, on the server's thread.
  static Result<std::unique_ptr<FiguresDoor>> open(const std::string& address,
                                                   std::function<net::Response(const net::Request&)> page);
  virtual ~FiguresDoor() = default;
};

}  // namespace clew::pipeline
