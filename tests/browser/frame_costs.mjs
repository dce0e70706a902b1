/**
 * Runs in the page: what its own code does in each frame while the waterfall is scrolled by steps, thrown about, zoomed
 * and pointed at, the middle one and the 95th of a hundred; and how many frames there were in a second.
 */
export async function frameCosts() {
  const box = document.querySelector(".waterfall-box");
  const request = window.requestAnimationFrame.bind(window);
  let cost = 0;
  window.requestAnimationFrame = (callback) =>
    request((time) => {
      const begin = performance.now();
      callback(time);
      cost += performance.now() - begin;
    });
  // Each frame does one step, as when somebody keeps scrolling.
  const measure = async (act) => {
    const perFrame = [];
    await new Promise(request);
    const begin = performance.now();
    for (let index = 0; index < 120; index++) {
      cost = 0;
      act(index);
      await new Promise(request);
      perFrame.push(cost);
    }
    const perSecond = (perFrame.length * 1000) / (performance.now() - begin);
    perFrame.sort((left, right) => left - right);
    return { median: perFrame[60], p95: perFrame[114], perSecond };
  };
  const wheel = (deltaY) => box.dispatchEvent(new WheelEvent("wheel", { deltaY, ctrlKey: true, clientX: 1000, clientY: 500, bubbles: true, cancelable: true }));
  const costs = {
    scroll: await measure(() => (box.scrollTop += 130)),
    jump: await measure((index) => (box.scrollTop = (index * 7919 * 24) % box.scrollHeight)),
    zoom: await measure((index) => wheel(index < 60 ? -70 : 70)),
    hover: await measure((index) => box.dispatchEvent(new PointerEvent("pointermove", { clientX: 600 + index * 4, clientY: 320 + index * 3, bubbles: true }))),
  };
  window.requestAnimationFrame = request;
  return costs;
}
