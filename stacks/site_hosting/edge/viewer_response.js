// CloudFront Function (viewer response, cloudfront-js-2.0).
//
// A page takes its version along, in a cookie, so that viewer_request.js gives what the page names from the same
// version. It says nothing about the visitor.
//
// The rules of a file are metadata of its object (publisher/rules.py): x-amz-meta-h-<name> is the header field
// <name>, stronger than the response headers policy, which CloudFront has applied before. No metadata gets out.
const COOKIE = 'site-version';
const METADATA = 'x-amz-meta-';
const FIELD = 'x-amz-meta-h-';

function handler(event) {
  const response = event.response;
  const headers = response.headers;
  Object.keys(headers).forEach(function (name) {
    if (name.startsWith(FIELD)) {
      headers[name.slice(FIELD.length)] = { value: headers[name].value };
    }
    if (name.startsWith(METADATA)) {
      delete headers[name];
    }
  });
  const version = event.request.querystring[COOKIE];
  const cookie = event.request.cookies[COOKIE];
  if (version !== undefined && (cookie === undefined || cookie.value !== version.value)) {
    response.cookies[COOKIE] = {
      value: version.value,
      attributes: 'Path=/; Max-Age=86400; Secure; HttpOnly; SameSite=Lax',
    };
  }
  return response;
}
