// CloudFront Function (viewer response, cloudfront-js-2.0).
//
// A page takes its version along, in a cookie, so that viewer_request.js gives what the page names from the same
// version. It says nothing about the visitor.
//
// The rules of a file are metadata of its object (rules/fields.py): x-amz-meta-h-<name> is the header field
// <name>, stronger than the response headers policy, which CloudFront has applied before. x-amz-meta-redirect is
// `<status> <target>`. No metadata gets out. Every redirect, those of the fallback origin too, takes the visitor's
// query string along unless the target has one.
const COOKIE = 'site-version';
const PAGE = 'x-site-page';
const METADATA = 'x-amz-meta-';
const FIELD = 'x-amz-meta-h-';
const REDIRECT = 'x-amz-meta-redirect';
const DESCRIPTIONS = {
  301: 'Moved Permanently',
  302: 'Found',
  303: 'See Other',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
};

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

function withQuery(target, query) {
  if (target.includes('?')) {
    return target;
  }
  const at = target.indexOf('#');
  return at < 0 ? target + query : target.slice(0, at) + query + target.slice(at);
}

function handler(event) {
  const response = event.response;
  const headers = response.headers;
  if (headers[REDIRECT] !== undefined) {
    const rule = headers[REDIRECT].value;
    response.statusCode = Number(rule.slice(0, 3));
    response.statusDescription = DESCRIPTIONS[response.statusCode];
    headers.location = { value: rule.slice(4) };
  }
  if (headers.location !== undefined) {
    headers.location = { value: withQuery(headers.location.value, queryOf(event.request.querystring)) };
  }
  Object.keys(headers).forEach(function (name) {
    if (name.startsWith(FIELD)) {
      headers[name.slice(FIELD.length)] = { value: headers[name].value };
    }
    if (name.startsWith(METADATA)) {
      delete headers[name];
    }
  });
  const version = event.request.headers[PAGE]; // set by viewer_request.js
  if (version !== undefined) {
    // with every page, so that its time begins anew
    response.cookies[COOKIE] = {
      value: version.value,
      attributes: 'Path=/; Max-Age=86400; Secure; HttpOnly; SameSite=Lax',
    };
  }
  return response;
}
