// The page's one animation loop: what is on screen and has news is painted, once a frame.

/** @type {Map<Element, (nowMs: number) => void>} */
const painters = new Map();
/** @type {WeakSet<Element>} */
const visible = new WeakSet();

const watcher = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting) visible.add(target);
    else visible.delete(target);
  }
});

/** @param {number} nowMs */
function tick(nowMs) {
  for (const [element, paint] of painters) if (visible.has(element)) paint(nowMs);
  requestAnimationFrame(tick);
}

/**
 * Calls `paint` every animation frame while `element` is on screen.
 * @param {Element} element
 * @param {(nowMs: number) => void} paint
 */
export function onFrame(element, paint) {
  if (painters.size === 0) requestAnimationFrame(tick);
  painters.set(element, paint);
  watcher.observe(element);
}

/**
 * The canvas's context in CSS pixels, its bitmap made to fit the screen's; null while it has no size.
 * @param {HTMLCanvasElement} canvas
 */
export function contextOf(canvas) {
  const { clientWidth: width, clientHeight: height } = canvas;
  const context = canvas.getContext("2d");
  if (!context || width === 0 || height === 0) return null;
  const scale = devicePixelRatio;
  const [w, h] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
  }
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height };
}

/**
 * Colours of the theme in force, by the name of their custom property.
 * @template {string} N
 * @param {Element} element
 * @param {readonly N[]} names
 * @returns {Record<N, string>}
 */
export function paletteOf(element, names) {
  const style = getComputedStyle(element);
  const entries = names.map((name) => [name, style.getPropertyValue(`--${name}`)]);
  return /** @type {Record<N, string>} */ (Object.fromEntries(entries));
}
