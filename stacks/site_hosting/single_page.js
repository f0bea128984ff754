// CloudFront Function (viewer request, cloudfront-js-2.0): every page is the one page of the application.
//   / and /orders/17 -> /index.html        /assets/app.js -> /assets/app.js
// A last path segment with a dot is taken for a file, and so is everything in /.well-known/ (RFC 8615): a file
// that is missing stays a 404, so that a script tag never receives HTML.
function handler(event) {
  var request = event.request;
  var uri = request.uri;
  if (!uri.startsWith('/.well-known/') && !uri.slice(uri.lastIndexOf('/') + 1).includes('.')) {
    request.uri = '/index.html';
  }
  return request;
}
