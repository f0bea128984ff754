// CloudFront Function (viewer request, cloudfront-js-2.0): which object of which version a URL asks for.
//
//   /            -> index.html        /docs/  -> docs/index.html        below versions/<version>/
//   /about       -> about.html        /app.js -> app.js
//
// A last path segment with a dot is taken for a file, and so is everything in /.well-known/, where standards put
// files without an extension (RFC 8615). In a single-page application every page is index.html. What is no file is
// answered by the fallback origin (fallback/handler.py), which is told the version and the path in a header field.
//
// Pages are the live version's. What is no page is of the version that the visitor's page was of, which
// viewer_response.js has left in a cookie: no page gets the style sheet of another version. One read of the
// KeyValueStore per request; publisher/pointer.py writes it and explains its values.
import cf from 'cloudfront';

const SINGLE_PAGE = false; // distribution.py sets it, and these three
const TRAILING_SLASH = 'by-file';
const REDIRECTED_HOST = '';
const PRIMARY_HOST = '';
const COOKIE = 'site-version';
const ASKED = 'x-site-request';
const PAGE = 'x-site-page';
const WELL_KNOWN = '/.well-known/';
const VERSION = /^\d{8}T\d{6}Z-[0-9a-f]{8}$/;
const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

const store = cf.kvs();

function isFile(uri) {
  return uri.slice(uri.lastIndexOf('/') + 1).includes('.');
}

// The same as canonical in rules/urls.py. Of two slashes, or a backslash, a browser would make another host.
function canonical(uri) {
  if (TRAILING_SLASH === 'by-file' || uri === '/' || isFile(uri) || uri.startsWith(WELL_KNOWN)) {
    return uri;
  }
  const bare = uri.replace(/^[\/\\]+/, '').replace(/\/+$/, '');
  if (bare === '') {
    return '/';
  }
  return TRAILING_SLASH === 'always' ? '/' + bare + '/' : '/' + bare;
}

// The same as file_of in rules/urls.py.
function fileOf(uri) {
  if (uri.startsWith(WELL_KNOWN)) {
    return uri;
  }
  if (SINGLE_PAGE) {
    return isFile(uri) ? uri : '/index.html';
  }
  if (uri.endsWith('/')) {
    return uri + 'index.html';
  }
  return isFile(uri) ? uri : uri + '.html';
}

// The same as path_hash in publisher/pointer.py: FNV-1a, folded to 24 bits, as four characters.
function hashOf(path) {
  let hash = 0x811c9dc5;
  for (var i = 0; i < path.length; i++) {
    hash = Math.imul(hash ^ path.charCodeAt(i), 0x01000193);
  }
  const bits = (hash >>> 24) ^ (hash & 0xffffff);
  return BASE64URL[bits >>> 18] + BASE64URL[(bits >>> 12) & 63] + BASE64URL[(bits >>> 6) & 63] + BASE64URL[bits & 63];
}

function isAmong(hashes, hash) {
  let at = hashes.indexOf(hash);
  while (at > 0 && at % 4) {
    at = hashes.indexOf(hash, at + 1);
  }
  return at >= 0;
}

function keyOf(file) {
  try {
    return decodeURIComponent(file.slice(1));
  } catch (malformed) {
    return file.slice(1); // no file is named so: a 404
  }
}

function queryOf(querystring) {
  const pairs = [];
  Object.keys(querystring).forEach(function (name) {
    const given = querystring[name];
    (given.multiValue || [given]).forEach(function (one) {
      pairs.push(one.value === '' ? name : name + '=' + one.value);
    });
  });
  return pairs.length ? '?' + pairs.join('&') : '';
}

async function handler(event) {
  const request = event.request;
  const elsewhere = REDIRECTED_HOST && request.headers.host.value.toLowerCase() === REDIRECTED_HOST;
  const uri = canonical(request.uri);
  if (elsewhere || uri !== request.uri) {
    const host = elsewhere ? 'https://' + PRIMARY_HOST : '';
    return {
      statusCode: 301,
      statusDescription: 'Moved Permanently',
      headers: {
        location: { value: host + uri + queryOf(request.querystring) },
        'cache-control': { value: 'max-age=3600' }, // so that a changed mind gets through
      },
    };
  }
  const file = fileOf(uri);
  const isPage = /\.html?$/i.test(file);
  const cookie = request.cookies[COOKIE];
  const pinned = !isPage && cookie !== undefined && VERSION.test(cookie.value);
  let value;
  try {
    value = await store.get(pinned ? cookie.value : 'live');
  } catch (missing) {
    if (pinned) {
      // That version is not kept any more. To look for the live one too would be a second read: ask again.
      const cookies = {};
      cookies[COOKIE] = { value: '', attributes: 'Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax' };
      return {
        statusCode: 307,
        statusDescription: 'Temporary Redirect',
        headers: {
          location: { value: request.uri + queryOf(request.querystring) },
          'cache-control': { value: 'no-store' },
        },
        cookies: cookies,
      };
    }
    return {
      statusCode: 503,
      statusDescription: 'Service Unavailable',
      headers: { 'retry-after': { value: '30' }, 'cache-control': { value: 'no-store' } },
    };
  }
  const parts = value.split(' ');
  const owner = parts[2] === undefined || isAmong(parts[2], hashOf(keyOf(file))) ? parts[0] : parts[1];
  request.headers[ASKED] = { value: parts[0] + ' ' + uri };
  // S3 takes a plus sign in a path for a space.
  request.uri = '/versions/' + owner + file.replace(/\+/g, '%2B');
  delete request.headers[PAGE];
  if (isPage) {
    request.headers[PAGE] = { value: parts[0] }; // for viewer_response.js; it reaches no origin and no cache key
  }
  return request;
}
