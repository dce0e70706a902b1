import { checkout } from "./checkout";

document.querySelector("button")!.addEventListener("click", function pay() {
  checkout(["thread"]);
});
