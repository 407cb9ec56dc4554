// look.mjs CHROMIUM DECK.html...: does each slide fit, and does a deck ask for anything from outside?
// One sentence for each that does not, on the standard output.
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
const puppeteer = createRequire(path.join(process.cwd(), 'package.json'))('puppeteer-core')

const [chromium, ...decks] = process.argv.slice(2)
const patience = 600_000 // milliseconds: a loaded machine is no fault of the slides
const browser = await puppeteer.launch({
  executablePath: chromium,
  timeout: patience,
  protocolTimeout: patience,
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run', '--disable-sync'],
})
for (const deck of decks) {
  const name = path.basename(deck, '.html')
  const page = await browser.newPage()
  page.setDefaultTimeout(patience)
  await page.setViewport({ width: 1280, height: 720 })
  page.on('request', r => {
    if (!/^(file|data|blob):/.test(r.url())) console.log(`${name}: asks for ${r.url()}`)
  })
  await page.goto(pathToFileURL(deck).href)
  const found = await page.evaluate(() => {
    const wide = (inner, outer) => inner.scrollWidth > outer.clientWidth + 1
    // beside a background picture Marp puts more sections into the drawing of the one slide
    const real = 'section:not([data-marpit-advanced-background]), section[data-marpit-advanced-background=content]'
    return [...document.querySelectorAll(real)].flatMap((s, i) => {
      const said = []
      for (const img of s.querySelectorAll('img'))
        if (!img.src.startsWith('data:')) said.push(`slide ${i + 1} has a picture that is not inside the page`)
      if (s.clientHeight === 0) said.push(`slide ${i + 1} is not drawn, so nobody knows whether it fits`)
      if (s.scrollHeight > s.clientHeight + 1) said.push(`slide ${i + 1} is ${s.scrollHeight - s.clientHeight} px too high`)
      for (const pre of s.querySelectorAll('pre')) if (wide(pre, pre)) said.push(`slide ${i + 1} has code that is too wide`)
      const footer = s.querySelector('footer')
      for (const child of s.children)
        if (footer && child !== footer && child.getBoundingClientRect().bottom > footer.getBoundingClientRect().top + 1)
          said.push(`slide ${i + 1} runs into its footer`)
      if (wide(s, s)) said.push(`slide ${i + 1} is too wide`)
      for (const img of s.querySelectorAll('img'))
        if (img.naturalWidth === 0) said.push(`slide ${i + 1} has a picture that does not load`)
      return said
    })
  })
  for (const f of found) console.log(`${name}: ${f}`)
  if (await page.evaluate(() => document.querySelectorAll('section').length) === 0) console.log(`${name}: has no slides`)
  await page.close()
}
await browser.close()
