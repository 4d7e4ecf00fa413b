/** n8n-core of another version. */
module.exports = require('n8n-core');
