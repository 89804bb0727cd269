// Runs in a thread of its own (png.ts): draws one SVG and ends. Everything it needs comes as workerData, so that it has
// no paths to find, packed or not.
const { parentPort, workerData } = require('node:worker_threads');

const { code, wasm, fonts, svg, scale } = workerData;
const resvg = { exports: {} };
new Function('module', 'exports', 'require', code)(resvg, resvg.exports, require);

resvg.exports
  .initWasm(wasm)
  .then(() => {
    const drawing = new resvg.exports.Resvg(svg, {
      fitTo: { mode: 'zoom', value: scale },
      font: {
        fontBuffers: fonts,
        defaultFontFamily: 'Inter',
        sansSerifFamily: 'Inter',
        monospaceFamily: 'JetBrains Mono',
      },
    });
    const png = drawing.render().asPng();
    parentPort.postMessage({ png }, [png.buffer]);
  })
  .catch((error) => parentPort.postMessage({ failed: String(error?.message ?? error) }));
