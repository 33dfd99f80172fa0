/**
 * The words of the demo's pages: GET /demo/texts is `locales/<language>/pages.json` in the language that the browser asks for, English where
 * it asks for none that is there. The header Content-Language says which it is.
 */
const { readdirSync } = require('node:fs');
const { join } = require('node:path');

const FOLDER = join(__dirname, 'locales');
const ENGLISH = 'en-US';
const LANGUAGES = [ENGLISH, ...readdirSync(FOLDER).filter((language) => language !== ENGLISH)];

/** Setting `httpStatic` of Node-RED. */
module.exports = {
  path: FOLDER,
  root: '/demo/texts',
  middleware(request, response) {
    const language = request.acceptsLanguages(LANGUAGES) || ENGLISH;
    response.vary('Accept-Language');
    response.set('Content-Language', language);
    response.sendFile(join(FOLDER, language, 'pages.json'));
  },
};
