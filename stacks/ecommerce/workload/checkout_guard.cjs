// Loaded before the retail store sample's checkout (NODE_OPTIONS=--require): answers 404 to every path but its own
// API, its health and its metrics. What is left out would tell the cache's password to whoever asks (/topology) or
// let him make the service fail (/chaos). Network policies cannot close a path, and do not reach Fargate at all.
'use strict';

const http = require('node:http');

const OPEN = /^\/(checkout\/[^/]+(\/(update|submit))?|health|metrics)\/?(\?.*)?$/;
const emit = http.Server.prototype.emit;

http.Server.prototype.emit = function guarded(event, request, response, ...rest) {
  if (event === 'request' && !OPEN.test(request.url)) {
    request.resume();
    response.writeHead(404, { 'content-type': 'application/json' });
    response.end('{"statusCode":404,"message":"Not Found"}');
    return true;
  }
  return emit.call(this, event, request, response, ...rest);
};
