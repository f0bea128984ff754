// CloudFront Function (viewer request, cloudfront-js-2.0): a clean URL becomes the key of the page in S3.
//   /            -> /index.html        /docs/  -> /docs/index.html
//   /about       -> /about.html        /app.js -> /app.js
// A last path segment with a dot is taken for a file, and so is everything in /.well-known/, where standards
// put files without an extension (RFC 8615). The query string is not touched.
function handler(event) {
  var request = event.request;
  var uri = request.uri;
  if (uri.startsWith('/.well-known/')) {
    return request;
  }
  if (uri.endsWith('/')) {
    request.uri = uri + 'index.html';
  } else if (!uri.slice(uri.lastIndexOf('/') + 1).includes('.')) {
    request.uri = uri + '.html';
  }
  return request;
}
