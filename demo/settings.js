const texts = require('./texts');

/** Node-RED as the demo runs it: on this machine only, nothing loaded from the internet, nothing reported to anybody. */
module.exports = {
  uiHost: '127.0.0.1',
  httpStatic: [texts],
  flowFile: 'flows.json',
  credentialSecret: false,
  telemetry: { enabled: false, updateNotification: false },
  editorTheme: {
    page: { title: 'Edge Trainer' },
    tours: false,
    projects: { enabled: false },
  },
  externalModules: { palette: { allowInstall: false } },
  logging: { console: { level: 'info', metrics: false, audit: false } },
};
