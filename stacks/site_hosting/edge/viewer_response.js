// CloudFront Function (viewer response, cloudfront-js-2.0): a page takes its version along, in a cookie, so that
// viewer_request.js gives what the page names from the same version. It says nothing about the visitor.
const COOKIE = 'site-version';

function handler(event) {
  const response = event.response;
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
